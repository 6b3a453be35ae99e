"""What becomes of freed memory: it is kept for the next arrays.

The C library gives memory back to the system as soon as a little of it is free at the end of the
heap. A session makes and frees arrays of the same sizes run after run; to get their memory anew
each time costs a page fault for every 4096 bytes, up to a third of a training step.
"""

import contextlib
import ctypes
import functools
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # parameters of glibc's mallopt
_KEPT_BYTES = 128 << 20
# glibc takes no more; what is larger is got from the system, and given back, by itself.
_LARGEST_KEPT_BYTES = 32 << 20


@functools.cache
def keep_freed() -> None:
    """Keeps some freed memory in this process, where the C library is one that can be told to."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(_MMAP_THRESHOLD, _LARGEST_KEPT_BYTES)
            mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
