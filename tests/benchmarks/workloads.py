"""What is timed. Each workload takes the library as `tf` and returns a function of no arguments.

`WORKLOADS` gives each workload its target: TensorFlow's time over ours that it should reach.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

Run = Callable[[], Any]


class Workload(NamedTuple):
    """A workload, its target ratio, and whether only its first call counts."""

    make: Callable[[Any], Run]
    target: float
    once: bool = False


def _random(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def _session(tf: Any) -> Any:
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    return sess


def tiny_graph(tf: Any) -> Run:
    a = tf.constant(5)
    c = a + (5 + a)
    sess = tf.Session()
    return lambda: sess.run(c)


def tiny_graph_with_a_feed(tf: Any) -> Run:
    x = tf.placeholder(tf.float32, [None, 3])
    y = x + 1.0
    sess, fed = tf.Session(), _random(2, 3)
    return lambda: sess.run(y, {x: fed})


def variable_update(tf: Any) -> Run:
    v = tf.Variable(0.0)
    update = tf.assign_add(v, 1.0)
    sess = _session(tf)
    return lambda: sess.run(update)


def _chain(tf: Any) -> tuple[Any, Any]:
    x = tf.placeholder(tf.float32, [])
    y = x
    for i in range(2500):
        y = y * 0.999 + float(i % 7)
    return x, y


def chain_first_run(tf: Any) -> Run:
    x, y = _chain(tf)
    sess = tf.Session()
    return lambda: sess.run(y, {x: 1.0})


def chain_later_run(tf: Any) -> Run:
    x, y = _chain(tf)
    sess = tf.Session()
    return lambda: sess.run(y, {x: 1.0})


def building(tf: Any) -> Run:
    def build() -> None:
        with tf.Graph().as_default():
            x = y = tf.placeholder(tf.float32, [])
            for _ in range(10_000):
                y = y + x

    return build


def elementwise(tf: Any) -> Run:
    x = tf.placeholder(tf.float32, [None])
    gelu = 0.5 * x * (1.0 + tf.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
    swish = gelu * tf.sigmoid(gelu)
    sess, fed = tf.Session(), _random(4_000_000)
    return lambda: sess.run(swish.op, {x: fed})


def normalisation(tf: Any) -> Run:
    x = tf.placeholder(tf.float32, [4096, 1024])
    mean, variance = tf.nn.moments(x, [1], keep_dims=True)
    normal = (x - mean) * tf.rsqrt(variance + 1e-5)
    out = [tf.nn.softmax(normal).op, tf.reduce_max(x, axis=0).op, tf.reduce_sum(x, axis=1).op]
    sess, fed = tf.Session(), _random(4096, 1024)
    return lambda: sess.run(out, {x: fed})


def moving_data(tf: Any) -> Run:
    x = tf.placeholder(tf.float32, [2048, 1024])
    ids = tf.constant(np.random.default_rng(1).integers(0, 2048, 4096).astype(np.int32))
    parts = [
        tf.transpose(x),
        tf.concat([x, x], 0),
        tf.gather(x, ids),
        tf.one_hot(ids, 256),
        tf.nn.embedding_lookup(x, ids),
        tf.nn.top_k(x, 1024).values,
    ]
    out = [part.op for part in parts]
    sess, fed = tf.Session(), _random(2048, 1024)
    return lambda: sess.run(out, {x: fed})


def _dense(tf: Any, x: Any, inputs: int, outputs: int, name: str) -> Any:
    w = tf.Variable(_random(inputs, outputs) / np.float32(np.sqrt(inputs)), name=name)
    return tf.matmul(x, w) + tf.Variable(np.zeros(outputs, np.float32))


def mlp_parts(tf: Any, sizes: list[int], batch: int, optimizer: Any) -> tuple[Any, Any, Any, Any]:
    """A started session, the step of a multilayer perceptron, its loss and what to feed."""
    x = tf.placeholder(tf.float32, [None, sizes[0]])
    labels = tf.placeholder(tf.int64, [None])
    h = x
    for i, (inputs, outputs) in enumerate(pairwise(sizes[:-1])):
        h = tf.nn.relu(_dense(tf, h, inputs, outputs, f"w{i}"))
    logits = _dense(tf, h, sizes[-2], sizes[-1], "out")
    loss = tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    )
    train = optimizer.minimize(loss)
    sess = _session(tf)
    answers = np.random.default_rng(2).integers(0, sizes[-1], batch)
    return sess, train, loss, {x: _random(batch, sizes[0]), labels: answers}


def _mlp(tf: Any, sizes: list[int], batch: int, optimizer: Any) -> Run:
    sess, train, loss, feeds = mlp_parts(tf, sizes, batch, optimizer)
    return lambda: sess.run([train, loss], feeds)


def mlp_sgd(tf: Any) -> Run:
    return _mlp(tf, [784, 256, 256, 10], 128, tf.train.GradientDescentOptimizer(0.01))


def mlp_adam(tf: Any) -> Run:
    return _mlp(tf, [784, 512, 512, 10], 128, tf.train.AdamOptimizer())


def small_mlp_momentum(tf: Any) -> Run:
    return _mlp(tf, [8, 16, 16, 2], 32, tf.train.MomentumOptimizer(0.01, 0.9))


def unrolled_rnn(tf: Any) -> Run:
    x = tf.placeholder(tf.float32, [32, 40, 4])
    w, u = tf.Variable(_random(4, 16)), tf.Variable(_random(16, 16) / np.float32(4))
    bias = tf.Variable(np.zeros(16, np.float32))
    state = tf.zeros([32, 16])
    for step in tf.unstack(x, axis=1):
        state = tf.tanh(tf.matmul(step, w) + tf.matmul(state, u) + bias)
    loss = tf.reduce_mean(tf.square(_dense(tf, state, 16, 1, "out")))
    train = tf.train.AdamOptimizer().minimize(loss)
    sess, fed = _session(tf), _random(32, 40, 4)
    return lambda: sess.run([train, loss], {x: fed})


def convolution(tf: Any) -> Run:
    x = tf.placeholder(tf.float32, [64, 28, 28, 1])
    labels = tf.placeholder(tf.int64, [64])
    h = x
    for inputs, outputs in ((1, 32), (32, 64)):
        w = tf.Variable(_random(5, 5, inputs, outputs) / np.float32(10))
        h = tf.nn.relu(tf.nn.conv2d(h, w, [1, 1, 1, 1], "SAME"))
        h = tf.nn.max_pool(h, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    h = tf.nn.relu(_dense(tf, tf.reshape(h, [64, 7 * 7 * 64]), 7 * 7 * 64, 128, "d"))
    logits = _dense(tf, h, 128, 10, "out")
    loss = tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    )
    train = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
    sess = _session(tf)
    feeds = {x: _random(64, 28, 28, 1), labels: np.arange(64) % 10}
    return lambda: sess.run([train, loss], feeds)


WORKLOADS = {
    "tiny graph": Workload(tiny_graph, 10),
    "tiny graph with a feed": Workload(tiny_graph_with_a_feed, 10),
    "variable update": Workload(variable_update, 10),
    "chain of 5000 scalar ops, first run": Workload(chain_first_run, 5, once=True),
    "chain of 5000 scalar ops, later runs": Workload(chain_later_run, 1),
    "building 10 000 additions": Workload(building, 10),
    "gelu and swish on 4 million floats": Workload(elementwise, 3),
    "reductions and normalisation, 4096 x 1024": Workload(normalisation, 2),
    "transpose, concat, gather, one-hot, embedding, sort": Workload(moving_data, 1),
    "MLP 784-256-256-10, SGD": Workload(mlp_sgd, 1.4),
    "MLP 784-512-512-10, Adam": Workload(mlp_adam, 1.2),
    "MLP 8-16-16-2, momentum": Workload(small_mlp_momentum, 5),
    "RNN of 40 unrolled steps, Adam": Workload(unrolled_rnn, 3),
    "two 5x5 conv layers, SGD": Workload(convolution, 0),
}
