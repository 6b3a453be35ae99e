"""The logger "tensorflow", and where its messages go while nobody has said so."""

from __future__ import annotations

import logging
import sys


def _set_up(logger: logging.Logger) -> None:
    """Shows messages as TensorFlow does, unless the program has set up logging itself.

    At a prompt and in a notebook that is from INFO on, among what is printed; in a program it is
    from WARNING on, on the error stream.
    """
    if logging.getLogger().handlers:
        return
    interactive = hasattr(sys, "ps1") or bool(sys.flags.interactive)
    if interactive:
        logger.setLevel(logging.INFO)
    handler = logging.StreamHandler(sys.stdout if interactive else sys.stderr)
    handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT))
    logger.addHandler(handler)


logger = logging.getLogger("tensorflow")
_set_up(logger)


def get_logger() -> logging.Logger:
    """The logger that messages go to."""
    return logger
