"""Files that are whole or not there: written under another name, flushed, then renamed."""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from minitf import errors
from minitf.kernels.file_errors import file_error as file_error  # where others look for it
from minitf.proto import as_bytes

try:
    import fcntl
except ImportError:  # not on Windows: there, what killed saves leave behind stays
    fcntl = None  # type: ignore[assignment]

_TEMPORARY = ".saving-"


def path_text(path: Any) -> str:
    """A path given as text, bytes or a path object, as text; TypeError for anything else."""
    path = os.fspath(path) if isinstance(path, os.PathLike) else path
    return path if isinstance(path, str) else os.fsdecode(as_bytes(path))


def make_folders(path: str) -> None:
    """Makes the folder and those above it; FailedPreconditionError where one of them is a file."""
    try:
        os.makedirs(path or ".", exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        while path and not os.path.exists(path):
            path = os.path.dirname(path)
        raise errors.FailedPreconditionError(None, None, f"{path} is not a directory") from None
    except OSError as error:
        raise file_error(error, path) from None


def new_suffix() -> str:
    """What to append to a file's name for a temporary file that `remove_abandoned` knows."""
    return _TEMPORARY + secrets.token_hex(4)


def lock(descriptor: int, wait: bool = False) -> bool:
    """Hold the file for this process alone, until it is closed; False if another one holds it."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def remove_abandoned(path: str) -> None:
    """Remove the temporary files in `path`'s folder whose writers were killed: nobody holds them.

    To be called with the folder locked: who creates such a file locks one or the other.
    """
    everything = os.path.join(glob.escape(os.path.dirname(path)), f"*{_TEMPORARY}????????")
    for name in [*glob.glob(everything), *glob.glob(everything + "-*")]:
        with contextlib.suppress(OSError), open(name, "rb") as file:
            if lock(file.fileno()):
                os.unlink(name)


def write_synced(path: str, data: bytes) -> None:
    """Write a new file and wait until the disk has it."""
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_atomically(path: str, data: bytes) -> None:
    """Put `data` in the place of the file `path`: at any moment it is the old one or the new one.

    Raises TensorFlow's exceptions: ResourceExhaustedError, PermissionDeniedError, NotFoundError.
    """
    temporary = path + new_suffix()
    try:
        with locked_folder(path) as sync:
            remove_abandoned(path)
            try:
                write_synced(temporary, data)
                os.replace(temporary, path)
            except BaseException:
                remove(temporary)
                raise
            sync()
    except OSError as error:
        raise file_error(error, path) from error


def remove(path: str) -> None:
    """Remove the file if that is possible."""
    with contextlib.suppress(OSError):
        os.unlink(path)


@contextlib.contextmanager
def locked_folder(path: str) -> Iterator[Callable[[], None]]:
    """The folder of `path` for one writer alone; gives what flushes its names to the disk."""
    try:
        folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY)
    except OSError:  # Windows opens no folders; where there is none, opening the file will say so
        yield lambda: None
        return

    def sync() -> None:
        with contextlib.suppress(OSError):  # some network file systems cannot
            os.fsync(folder)

    try:
        lock(folder, wait=True)
        yield sync
    finally:
        os.close(folder)
