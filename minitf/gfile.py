"""Files and folders (tf.gfile); errors are TensorFlow's classes."""

from __future__ import annotations

import glob as _glob
import os
import shutil
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from minitf.errors import AlreadyExistsError, NotFoundError
from minitf.train.files import file_error


def _with_our_errors(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(path: Any, *arguments: Any, **options: Any) -> Any:
        try:
            return function(os.fspath(path), *arguments, **options)
        except OSError as error:
            raise file_error(error, os.fspath(path)) from None

    return call


@_with_our_errors
def Open(name: str, mode: str = "r") -> Any:
    """The file, opened; NotFoundError where there is none to read."""
    text = None if "b" in mode else "utf-8"
    return open(name, mode, encoding=text)


GFile = FastGFile = Open


@_with_our_errors
def Exists(filename: str) -> bool:
    """Whether there is a file or folder of this name."""
    return os.path.exists(filename)


@_with_our_errors
def IsDirectory(dirname: str) -> bool:
    """Whether this is a folder."""
    return os.path.isdir(dirname)


@_with_our_errors
def MakeDirs(dirname: str) -> None:
    """Makes a folder and those above it; no error if it is there."""
    os.makedirs(dirname, exist_ok=True)


@_with_our_errors
def MkDir(dirname: str) -> None:
    """Makes a folder; NotFoundError where the one above is missing."""
    os.mkdir(dirname)


@_with_our_errors
def ListDirectory(dirname: str) -> list[str]:
    """The names in a folder."""
    return os.listdir(dirname)


@_with_our_errors
def Glob(filename: str) -> list[str]:
    """The files that match a pattern."""
    return sorted(_glob.glob(filename))


@_with_our_errors
def Remove(filename: str) -> None:
    """Deletes a file."""
    os.remove(filename)


@_with_our_errors
def DeleteRecursively(dirname: str) -> None:
    """Deletes a folder and all in it; NotFoundError where there is none."""
    if not os.path.isdir(dirname):
        raise NotFoundError(None, None, f"{dirname}; No such file or directory")
    shutil.rmtree(dirname)


@_with_our_errors
def Copy(oldpath: str, newpath: str, overwrite: bool = False) -> None:
    """Copies a file; AlreadyExistsError where `newpath` is there and may not be overwritten."""
    if not overwrite and os.path.exists(newpath):
        raise AlreadyExistsError(None, None, f"file already exists: {newpath}")
    shutil.copyfile(oldpath, newpath)


@_with_our_errors
def Rename(oldname: str, newname: str, overwrite: bool = False) -> None:
    """Renames a file; AlreadyExistsError where `newname` is there and may not be overwritten."""
    if not overwrite and os.path.exists(newname):
        raise AlreadyExistsError(None, None, f"file already exists: {newname}")
    os.replace(oldname, newname)


def Walk(top: str, in_order: bool = True) -> Iterator[Any]:
    """Each folder below `top` with the names of its folders and files; the inner ones later."""
    return os.walk(os.fspath(top), topdown=in_order)
