"""Freed memory is kept for the next run, up to a bound; large arrays may be on small pages."""

import resource
import subprocess
import sys
from contextlib import nullcontext

import numpy as np
import pytest

from minitf.runtime.memory import on_small_pages

BYTES = 96 << 20

PROGRAM = """
import resource
import minitf as tf
import numpy as np

def counted():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

x = tf.placeholder(tf.float32, [None])
y = x
for _ in range(40):
    y = tf.concat([y[1:], y[:1]], 0)
arrays = np.ones(100_000, np.float32)
with tf.Session() as session:
    for _ in range(5):
        session.run([y] * 2 + [y + float(i) for i in range(9)], {x: arrays})
    fetches = [y + float(i) for i in range(20)]
    session.run(fetches, {x: arrays})
    before = counted()
    for _ in range(10):
        session.run(fetches, {x: arrays})
    print((counted() - before) / 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="what other systems do is not ours to say")
def test_a_run_again_needs_no_new_memory():
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 100  # a run makes 24 million bytes: 5 900 pages


@pytest.mark.skipif(sys.platform != "linux", reason="what other systems do is not ours to say")
def test_an_array_on_small_pages_is_not_got_in_large_ones():
    large, small = faults_of_filling(nullcontext), faults_of_filling(on_small_pages)
    assert small >= BYTES // 4096 > large or large >= BYTES // 4096  # where there are none at all


def faults_of_filling(context):
    array = np.empty(BYTES, np.uint8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    with context(array):
        array[:] = 1
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before + 1  # part of a page: none


def test_a_small_array_may_be_put_on_small_pages_too():
    array = np.empty(3)
    with on_small_pages(array):
        array[:] = 1
    assert array.tolist() == [1, 1, 1]
