"""tf.app and tf.flags: a script that reads its flags and runs its main, as under TensorFlow."""

import subprocess
import sys

SCRIPT = """
import sys
import minitf as tf

tf.app.flags.DEFINE_string("name", "x", docstring="a name")
tf.app.flags.DEFINE_integer("size", default_value=1, docstring="a size")
FLAGS = tf.app.flags.FLAGS
print(FLAGS.size, FLAGS.name, "name" in FLAGS)  # read before anything parsed them
FLAGS.size = 7
print(FLAGS.size)

def main(argv):
    print(argv[1:], FLAGS.size)
    return 3

sys.argv = ["prog", "--size=4", "--unknown=1", "rest"]
tf.app.run()
"""


def test_main_of_the_script_runs_with_its_flags():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, "--size=2"], capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["2 x True", "7", "['--unknown=1', 'rest'] 4"]
    assert done.returncode == 3, done.stderr


def test_a_flag_that_nobody_defined():
    script = "import minitf as tf\ntf.app.run(lambda _: print(tf.flags.FLAGS.size))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 1
    assert "AttributeError: size" in done.stderr
