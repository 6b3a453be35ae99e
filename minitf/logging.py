"""Messages to whoever runs a program (tf.logging), on a logger named "tensorflow"."""

from __future__ import annotations

import logging as _logging
from typing import Any

from minitf.messages import logger as _logger

DEBUG = _logging.DEBUG
INFO = _logging.INFO
WARN = _logging.WARNING
ERROR = _logging.ERROR
FATAL = _logging.FATAL

debug = _logger.debug
info = _logger.info
warn = warning = _logger.warning
error = _logger.error
fatal = _logger.fatal
log = _logger.log


def set_verbosity(level: int) -> None:
    """Shows messages of this level and above."""
    _logger.setLevel(level)


def get_verbosity() -> int:
    """The level from which messages are shown."""
    return _logger.getEffectiveLevel()


def log_every_n(level: int, message: str, n: int, *arguments: Any) -> None:
    """Logs a message at the first of every `n` calls with this text."""
    count = _counts[message] = _counts.get(message, -1) + 1
    if count % n == 0:
        _logger.log(level, message, *arguments)


def log_first_n(level: int, message: str, n: int, *arguments: Any) -> None:
    """Logs a message at the first `n` calls with this text."""
    count = _counts[message] = _counts.get(message, -1) + 1
    if count < n:
        _logger.log(level, message, *arguments)


def flush() -> None:
    """Writes out what handlers hold back."""
    for handler in _logger.handlers:
        handler.flush()


_counts: dict[str, int] = {}
