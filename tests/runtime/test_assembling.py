"""Elements that change places in a tape: as blocks where they lie in blocks, and the same ones."""

import numpy as np
import pytest

from minitf.runtime import assembling
from minitf.runtime.assembling import _blocks

X = np.arange(6 * 20).reshape(6, 20)
Y = 500 + np.arange(6 * 8).reshape(6, 8)
Z = 900 + np.arange(4 * 5 * 8).reshape(4, 5, 8)


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch):
    monkeypatch.setattr(assembling, "_SHORTEST_BLOCK", 4)


def _expanded(blocks, size):
    """Where each element of the result is taken from, block by block."""
    found = np.full(size, -1)
    for start, source, count, length, down, across in blocks:
        for i in range(count):
            for j in range(length):
                found[start + i * down + j] = source + i * across + j
    return found


@pytest.mark.parametrize(
    ("places", "series"),
    [
        (X, 1),
        (X[:, 4:9], 1),
        (X[::2], 1),
        (X[::-1], 1),
        (np.concatenate([X, Y], 1), 2),
        (np.concatenate([Y[:, :6], X[:, 3:], Y[:, 2:7]], 1), 3),
        (np.concatenate([X[:, 12:], Y[:, :4]], 1), 2),
        (np.broadcast_to(Y[:1], (6, 8)), 1),
        (Z.swapaxes(0, 1)[0], 1),
        (Z[:, 1:3, :5][0], 1),
        (np.tile(X[:, :8], (1, 2)), 2),
        (np.concatenate([X[0, :8], X[2, :8], X[5, :9]]), 3),
    ],
)
def test_blocks_are_the_places(places, series):
    flat = np.ravel(places)
    blocks = _blocks(flat)
    assert len(blocks) == series
    np.testing.assert_array_equal(_expanded(blocks, flat.size), flat)


@pytest.mark.parametrize(
    "places",
    [
        X[:0],
        X.T,
        np.broadcast_to(X[:, :1], (6, 20)),
        np.concatenate([X[0, :8], X[2, :8], X[3, :8], X[1, :8], X[5, :8]]),
        np.concatenate([X[0, :8], X[1, :7], X[2, :8], X[3, :7], X[4, :9], X[5, :7]]),
        np.concatenate([X, Y, X, Y, X], 1),
    ],
)
def test_what_lies_in_no_order_is_moved_one_by_one(places):
    assert _blocks(np.ravel(places)) == []
