"""Reductions on several threads against NumPy's own."""

import numpy as np
import pytest

from minitf.kernels import reducing

SHAPES = [(3, 4, 5), (1, 7), (6, 1), (12,), (0, 3), (3, 0)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("keep_dims", [False, True])
@pytest.mark.parametrize("threads", ["1", "3"])
def test_every_choice_of_axes_gives_what_numpy_gives(monkeypatch, shape, keep_dims, threads):
    monkeypatch.setattr(reducing, "_GRAIN", 1)
    monkeypatch.setattr(reducing, "_BLOCK", 2)
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", threads)
    x = np.random.default_rng(0).integers(-9, 9, shape).astype(np.int64)
    for chosen in range(1 << len(shape)):
        axes = tuple(a - len(shape) * (a % 2) for a in range(len(shape)) if chosen >> a & 1)
        wanted = np.add.reduce(x, axes, keepdims=keep_dims)
        found = reducing.reduce_array(np.add, x, axes, keep_dims)
        assert np.shape(found) == np.shape(wanted)
        np.testing.assert_array_equal(found, wanted)
        if x.size:
            np.testing.assert_array_equal(
                reducing.reduce_array(np.maximum, x, axes, keep_dims),
                np.maximum.reduce(x, axes, keepdims=keep_dims),
            )
