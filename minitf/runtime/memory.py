"""Where arrays get their memory from.

What becomes of freed memory: it is kept for the next arrays. The C library gives memory back to the
system as soon as a little of it is free at the end of the heap. A session makes and frees arrays of
the same sizes run after run; to get their memory anew each time costs a page fault for every 4096
bytes, up to a third of a training step.

NumPy asks for pages of 2 MB for its large arrays. On a virtual machine whose free memory goes back
to its host, the whole ones among the free pages are those that the host has taken: 1 GB of them
costs 4 to 5 seconds of processor time at the first touch. Small pages are found among those still
there, in one second; where nothing was taken, they cost a third of a second more.
"""

import contextlib
import ctypes
import functools
import mmap
import sys
from collections.abc import Callable, Iterator

import numpy as np

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # parameters of glibc's mallopt
_KEPT_BYTES = 128 << 20
# glibc takes no more; what is larger is got from the system, and given back, by itself.
_LARGEST_KEPT_BYTES = 32 << 20
_LARGE_PAGE_BYTES = 2 << 20


@functools.cache
def keep_freed() -> None:
    """Keeps some freed memory in this process, where the C library is one that can be told to."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(_MMAP_THRESHOLD, _LARGEST_KEPT_BYTES)
            mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)


@contextlib.contextmanager
def on_small_pages(array: np.ndarray) -> Iterator[None]:
    """A fresh array of contiguous elements gets its memory in small pages if touched in here.

    They may be joined later: the system does that in the background.
    """
    start = -(-array.ctypes.data // mmap.PAGESIZE) * mmap.PAGESIZE
    length = array.ctypes.data + array.nbytes - start
    advise = _madvise() if length >= _LARGE_PAGE_BYTES else None
    if advise is None:
        yield
        return
    advise(start, length, mmap.MADV_NOHUGEPAGE)
    try:
        yield
    finally:
        advise(start, length, mmap.MADV_HUGEPAGE)


@functools.cache
def _madvise() -> Callable[[int, int, int], int] | None:
    """Linux's function of that name, for memory that is not Python's own; None elsewhere."""
    if not hasattr(mmap, "MADV_NOHUGEPAGE"):
        return None
    try:
        function = ctypes.CDLL(None).madvise
    except (AttributeError, OSError):
        return None
    function.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    return function
