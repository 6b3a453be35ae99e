"""What a summary at every step costs a small training: `make bench BENCH_ARGS=--watching`."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from statistics import median

import minitf as tf
from tests.benchmarks.workloads import mlp_parts

MOST = 0.05  # of a step


def _steps(folder: str, sizes: list[int], batch: int) -> tuple[Callable[[], None], ...]:
    """A training step, and the same with a summary of the loss, written."""
    optimizer = tf.train.GradientDescentOptimizer(0.01)
    sess, train, loss, feeds = mlp_parts(tf, sizes, batch, optimizer)
    merged = tf.summary.merge([tf.summary.scalar("loss", loss)])
    writer = tf.summary.FileWriter(folder)

    def watched() -> None:
        writer.add_summary(sess.run([train, loss, merged], feeds)[2], 1)

    return lambda: sess.run([train, loss], feeds), watched


def compare(
    sizes: list[int], batch: int, blocks: int, steps_in_block: int
) -> tuple[list[float], list[float]]:
    """Seconds of a step without and with a summary, in turn.

    By blocks of steps, so that each kind finds its own data in the caches.
    """
    found: tuple[list[float], list[float]] = ([], [])
    with tf.Graph().as_default(), tempfile.TemporaryDirectory() as folder:
        steps = _steps(folder, sizes, batch)
        for block in range(-5, blocks):  # the first ones compile
            for step, times in zip(steps, found, strict=True):
                for _ in range(steps_in_block // 4):
                    step()
                began = time.perf_counter()
                for _ in range(steps_in_block):
                    step()
                if block >= 0:
                    times.append((time.perf_counter() - began) / steps_in_block)
    return found


def report(blocks: int = 60) -> int:
    """Prints how much slower the step of the MLP becomes; 1 if that is too much."""
    plain, watched = compare([784, 256, 256, 10], 128, blocks, 40)
    slower = median(b / a for a, b in zip(plain, watched, strict=True)) - 1
    times = f"{median(plain) * 1e3:.3f} ms, with a summary {median(watched) * 1e3:.3f} ms"
    print(f"a step of the MLP 784-256-256-10: {times}: {slower:+.1%} (at most {MOST:.0%})")
    return int(slower > MOST)
