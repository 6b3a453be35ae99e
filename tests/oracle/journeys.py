"""Trainings that go from one library to the other and back: `make oracle` runs them.

Each is begun in one library, saved, continued in the other from nothing but the files, saved
there and continued in the first. Its losses have to be those of one uninterrupted run, and what
is restored has to be, bit for bit, what was saved. ORACLE_PYTHON names TensorFlow's Python.
"""

import hashlib
import importlib
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

STEPS = 4
THEIRS = "tensorflow.compat.v1"
ROUTES = (("minitf", THEIRS, "minitf"), (THEIRS, "minitf", THEIRS))
_PYTHON = ".venv-oracle/bin/python"
CLOSE = 2e-5  # as far as sums of floats in another order may lead in so few steps


def _line(*shape):
    size = int(np.prod(shape))
    return (np.sin(np.arange(size)) * 0.5).astype(np.float32).reshape(shape)


def _weights(tf, name, *shape):
    return tf.get_variable(name, initializer=_line(*shape))


def perceptron(tf):
    """Parts of a variable, text, Adam and moving averages."""
    x = tf.constant(_line(20, 3))
    with tf.variable_scope("net", partitioner=tf.fixed_size_partitioner(2)):
        parts = tf.get_variable("parts", [4, 2], initializer=tf.ones_initializer())
    tf.Variable(["a", "bc"], name="text", trainable=False)
    hidden = tf.nn.relu(tf.matmul(x, _weights(tf, "w1", 3, 4)) + _weights(tf, "b1", 4))
    y = tf.matmul(hidden, _weights(tf, "w2", 4, 1)) + 0.1 * tf.reduce_sum(parts)
    loss = tf.reduce_mean(tf.square(y - _line(20, 1)))
    step = tf.train.get_or_create_global_step()
    train = tf.train.AdamOptimizer(0.05).minimize(loss, step)
    with tf.control_dependencies([train]):
        average = tf.train.ExponentialMovingAverage(0.9, step)
        return loss, average.apply(tf.trainable_variables())


def convolutions(tf):
    """Convolutions, pooling, batch normalization, momentum and a rate that decays."""
    x = tf.constant(_line(4, 8, 8, 1))
    with tf.variable_scope("conv"):
        h = tf.nn.conv2d(x, _weights(tf, "w", 3, 3, 1, 6), [1, 1, 1, 1], "SAME")
        mean, variance = tf.nn.moments(h, [0, 1, 2])
        moving = tf.get_variable("moving", initializer=tf.zeros([6]), trainable=False)
        scale = _weights(tf, "scale", 6)
        h = tf.nn.batch_normalization(h, mean, variance, None, 1.0 + scale, 1e-3)
    kept = tf.assign(moving, 0.9 * moving + 0.1 * mean)
    h = tf.nn.max_pool(tf.nn.relu(h), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    logits = tf.matmul(tf.reshape(h, [4, 96]), _weights(tf, "out", 96, 3))
    loss = tf.losses.sparse_softmax_cross_entropy([0, 1, 2, 0], logits)
    step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.05, step, 3, 0.7)
    with tf.control_dependencies([kept]):
        return loss, tf.train.MomentumOptimizer(rate, 0.9, use_nesterov=True).minimize(loss, step)


def loops(tf):
    """A loop and a branch with their gradients, clipped, and RMSProp."""
    x, w = tf.constant(_line(5, 3)), _weights(tf, "w", 3, 3)
    step = tf.train.get_or_create_global_step()

    def once(i, state):
        state = tf.tanh(tf.matmul(state, w))
        return i + 1, tf.cond(tf.reduce_sum(state) > 0, lambda: state * 0.9, lambda: state + 0.1)

    _, last = tf.while_loop(lambda i, _: i < 4, once, [tf.constant(0), x])
    loss = tf.reduce_mean(tf.square(last - 0.3))
    optimizer = tf.train.RMSPropOptimizer(0.01, momentum=0.5)
    gradients, variables = zip(*optimizer.compute_gradients(loss))
    clipped, _ = tf.clip_by_global_norm(gradients, 0.5)
    return loss, optimizer.apply_gradients(zip(clipped, variables), step)


MODELS = {"perceptron": (perceptron, False), "convolutions": (convolutions, True)}
MODELS |= {"loops": (loops, False)}


def _digest(tf, sess):
    """All that a saver would save."""
    digest = hashlib.sha256()
    for variable in sorted(tf.global_variables(), key=lambda v: v.name):
        value = sess.run(variable)
        plain = repr(value.tolist()).encode() if value.dtype == object else value.tobytes()
        digest.update(variable.name.encode() + plain)
    return digest.hexdigest()[:16]


def _trained(sess, steps):
    return [float(sess.run(["the_loss:0", "the_step"])[0]) for _ in range(steps)]


def leg(library, name, folder, steps):
    """One part of a journey, in this process: begins it where the folder is empty."""
    tf = importlib.import_module(library)
    if library == THEIRS:
        tf.disable_v2_behavior()
    latest = tf.train.latest_checkpoint(folder)
    config = tf.ConfigProto(device_count={"CPU": 2})
    model, sharded = MODELS[name]
    if latest is None:
        loss, train = model(tf)
        tf.identity(loss, name="the_loss")
        tf.group(train, name="the_step")
        saver = tf.train.Saver(sharded=sharded)
        start = tf.global_variables_initializer()
    else:
        saver = tf.train.import_meta_graph(latest + ".meta")
    with tf.Session(config=config) as sess:
        sess.run(start) if latest is None else saver.restore(sess, latest)
        said = {"begins": _digest(tf, sess), "losses": _trained(sess, steps)}
        said["ends"] = _digest(tf, sess)
        saver.save(sess, os.path.join(folder, "m"), global_step=tf.train.get_global_step())
    print(json.dumps(said))


def _run(library, *arguments):
    python = os.environ.get("ORACLE_PYTHON", _PYTHON) if library == THEIRS else sys.executable
    command = [python, "-m", "tests.oracle.journeys", library, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{library} fails at {arguments}:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _wrong(name, route):
    """What is wrong with one journey, and how far its losses are from an uninterrupted run's."""
    with tempfile.TemporaryDirectory() as folder:
        legs = [_run(library, name, folder, STEPS) for library in route]
    wrong = [
        f"{name}: {route[i + 1]} restores something else than {route[i]} saved"
        for i in range(len(legs) - 1)
        if legs[i]["ends"] != legs[i + 1]["begins"]
    ]
    with tempfile.TemporaryDirectory() as folder:
        whole = _run(route[0], name, folder, len(route) * STEPS)["losses"]
    losses = [loss for said in legs for loss in said["losses"]]
    apart = max(abs(a - b) / abs(b) for a, b in zip(losses, whole, strict=True))
    if apart > CLOSE:
        wrong.append(f"{name}, {' -> '.join(route)}: losses {losses}, uninterrupted {whole}")
    return wrong, apart


def main():
    """Makes all journeys; an exit status for any that went wrong."""
    problems = []
    for name in MODELS:
        for route in ROUTES:
            wrong, apart = _wrong(name, route)
            problems += wrong
            print(f"{name}, {' -> '.join(route)}: losses within {apart:.1e}", flush=True)
    sys.exit("\n".join(problems))


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if len(sys.argv) == 5:
        leg(*sys.argv[1:4], int(sys.argv[4]))
    else:
        main()
