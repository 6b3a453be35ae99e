"""Errors in a notebook show the learner's own lines, without the engine's inner ones."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import minitf as tf

_ROOMS = (str(Path(tf.__file__).parent), str(Path(__file__).parent), "<minitf")
_MAGICS = str(Path(__file__).with_name("magics.py"))


def own_lines(error: BaseException) -> BaseException:
    """The error with the engine's and the widgets' frames taken out of its traceback.

    What it was raised from goes too, where that was the engine's own affair.
    """
    frames = []
    at = error.__traceback__
    while at is not None:
        frames.append(at)
        at = at.tb_next
    # Above a magic's own frame stands only the call of the magic.
    magics = [i for i, frame in enumerate(frames) if _file(frame) == _MAGICS]
    if not frames or not (magics or _inner(frames[-1])):
        return error
    frames = frames[magics[-1] + 1 :] if magics else frames
    kept: TracebackType | None = None
    for frame in reversed(frames):
        if not _inner(frame):
            kept = TracebackType(kept, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    error.__suppress_context__ = True
    error.__cause__ = None
    return error.with_traceback(kept)


def shorten(shell: Any) -> None:
    """From now on `shell` shows errors that the engine raises by the learner's lines alone."""

    def show(
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        trace: Any,
        tb_offset: Any = None,
    ) -> Any:
        error = own_lines(error)
        shell.showtraceback((kind, error, error.__traceback__), tb_offset=tb_offset)
        return None

    shell.set_custom_exc((Exception,), show)


def _inner(frame: TracebackType) -> bool:
    return _file(frame).startswith(_ROOMS)


def _file(frame: TracebackType) -> str:
    return frame.tb_frame.f_code.co_filename
