"""Where the largest numbers of each row stand."""

import numpy as np

from minitf.kernels.threads import parallel

_GRAIN = 1 << 14  # numbers: fewer are not worth a thread's start


def largest(rows: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Each row's `count` largest numbers, largest first, and their places; of equals, the first.

    `rows` is [..., n] of real numbers; the results [..., count], the places int64. NaNs count as
    the largest.
    """
    quick = rows.dtype in (np.float32, np.int32) and not np.isnan(np.min(rows, initial=0))
    if not quick or rows.size == 0:
        backwards = np.argsort(rows[..., ::-1], axis=-1, kind="stable")[..., ::-1][..., :count]
        places = rows.shape[-1] - 1 - backwards
        return np.take_along_axis(rows, places, axis=-1), places
    flat = np.ascontiguousarray(rows).reshape(-1, rows.shape[-1])
    places = np.empty((len(flat), count), np.int64)
    values = np.empty((len(flat), count), rows.dtype)
    first = np.arange(len(flat))[:, None] * rows.shape[-1]

    def work(start: int, stop: int) -> None:
        keys = _keys(flat[start:stop])
        if 0 < count < keys.shape[-1]:
            keys.partition(count - 1, axis=-1)
            keys = keys[:, :count]
        keys.sort(axis=-1)
        np.bitwise_and(keys[:, :count], 0xFFFFFFFF, out=places[start:stop])
        np.take(flat, places[start:stop] + first[start:stop], out=values[start:stop], mode="clip")

    parallel(work, len(flat), max(1, _GRAIN // rows.shape[-1]))
    shape = (*rows.shape[:-1], count)
    return values.reshape(shape), places.reshape(shape)


def _keys(rows: np.ndarray) -> np.ndarray:
    """One whole number for each number of 32 bits: smaller ones for larger and for earlier ones.

    The bits of floats, their lower ones turned round below zero, are in the floats' own order.
    """
    bits = rows
    if rows.dtype == np.float32:
        bits = (rows + np.float32(0)).view(np.int32)  # -0 becomes 0
        bits = bits ^ ((bits >> 31) & 0x7FFFFFFF)
    keys = (~bits).astype(np.int64)
    keys <<= 32
    keys |= np.arange(rows.shape[-1])
    return keys
