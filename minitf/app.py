"""Programs with a `main` and flags (tf.app), run by absl as in TensorFlow."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import absl.app

from minitf import flags

__all__ = ["flags", "run"]


def run(main: Callable[[list[str]], Any] | None = None, argv: list[str] | None = None) -> NoReturn:
    """Parses the flags, calls `main` with what they leave of `argv`, and ends the process.

    `main` is the running script's function of that name where none is given. Words of the command
    line that are no flags of the program are passed on.
    """
    main = main or sys.modules["__main__"].main
    absl.app.run(main=main, argv=argv, flags_parser=_parsed)
    raise AssertionError("absl.app.run never returns")


def _parsed(argv: Sequence[str] | None) -> list[str]:
    return flags.FLAGS(sys.argv if argv is None else argv, known_only=True)
