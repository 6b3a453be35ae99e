"""Large files are written and read without a copy of them in the system's file cache.

What a program writes waits in that cache until `fsync`, and what it reads stays there. For a
checkpoint of 1 GB that is a second copy of all variables, in memory that has to be found page by
page while the disk idles. On a virtual machine whose free memory goes back to its host, that makes
a save five times slower. Where the system cannot be asked, all here does nothing.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import os
from collections.abc import Callable

WINDOW = 1 << 25  # bytes dealt with at a time; what is smaller stays in the cache
_START, _FINISH = 2, 7  # flags of Linux's sync_file_range: write; wait, write, wait
_NOT_HERE = {errno.ENOSYS, errno.EINVAL, errno.ESPIPE, errno.EOPNOTSUPP}  # file systems that can't


class WriteBehind:
    """Follows the writing of the file `descriptor` from its beginning.

    One window is on its way to the disk while the next is written. Errors of the disk come as
    OSError.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._sent = 0

    def reached(self, position: int) -> None:
        """So much has been written: starts sending it, and lets go of what was sent before."""
        while position - self._sent >= WINDOW:
            self._sync(self._sent, _START)
            if self._sent:
                self._sync(self._sent - WINDOW, _FINISH)
                _forget(self._descriptor, self._sent - WINDOW, WINDOW)
            self._sent += WINDOW

    def _sync(self, start: int, what: int) -> None:
        sync_file_range = _sync_file_range()
        if sync_file_range is None or not sync_file_range(self._descriptor, start, WINDOW, what):
            return
        number = ctypes.get_errno()
        if number not in _NOT_HERE:
            raise OSError(number, os.strerror(number))


class ReadBehind:
    """Follows the reading of a tensor in the file `descriptor` from `start` on.

    A file that was `cached` before stays so: others may want it again.
    """

    def __init__(self, descriptor: int, start: int, cached: bool) -> None:
        self._descriptor = descriptor
        self._kept = start
        self._cached = cached

    def reached(self, position: int, ended: bool) -> None:
        """So much has been read: lets go of it."""
        if not self._cached and (ended or position - self._kept >= WINDOW):
            _forget(self._descriptor, self._kept, position - self._kept)
            self._kept = position


def is_cached(descriptor: int) -> bool:
    """Whether a file is in the cache, by a look at its middle; True where it is small."""
    size = os.fstat(descriptor).st_size
    if size < 2 * WINDOW or not hasattr(os, "RWF_NOWAIT"):
        return True
    try:
        os.preadv(descriptor, [bytearray(1)], size // 2, os.RWF_NOWAIT)
    except BlockingIOError:
        return False
    except OSError:  # file systems that cannot say
        return True
    return True


def _forget(descriptor: int, start: int, length: int) -> None:
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(descriptor, start, length, os.POSIX_FADV_DONTNEED)


@functools.cache
def _sync_file_range() -> Callable[..., int] | None:
    """Linux's function of that name; None on other systems."""
    try:
        function = ctypes.CDLL(None, use_errno=True).sync_file_range
    except (AttributeError, OSError, TypeError):  # TypeError: Windows needs a library's name
        return None
    function.argtypes = [ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint]
    return function
