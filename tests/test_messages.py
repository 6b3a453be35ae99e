"""Where the messages of tf.logging go while nobody has said so."""

import subprocess
import sys

PROGRAM = """
import sys
{before}
import minitf as tf
tf.logging.info("first")
tf.logging.warn("second %d", 2)
tf.logging.set_verbosity(tf.logging.INFO)
tf.logging.info("third")
"""


def shown(before=""):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(before=before)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout, done.stderr


def test_a_program_shows_warnings_and_what_it_asks_for():
    assert shown() == ("", "WARNING:tensorflow:second 2\nINFO:tensorflow:third\n")


def test_at_a_prompt_all_stands_among_what_is_printed():
    lines = "INFO:tensorflow:first\nWARNING:tensorflow:second 2\nINFO:tensorflow:third\n"
    assert shown("sys.ps1 = '>>> '") == (lines, "")


def test_a_program_that_has_set_up_logging_is_left_alone():
    before = "import logging; logging.basicConfig(format='mine %(message)s')"
    assert shown(before) == ("", "mine second 2\nmine third\n")
