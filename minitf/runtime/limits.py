"""How long a run may wait: what RunOptions and ConfigProto say about it, and for which thread."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf.errors import InvalidArgumentError

_threads = threading.local()


def check_options(options: Any, run_metadata: Any) -> None:
    """AttributeError for what are no protocol buffers, InvalidArgumentError for unknown pools."""
    for message, method in ((options, "SerializeToString"), (run_metadata, "ParseFromString")):
        if message:
            getattr(message, method)
    pool = getattr(options, "inter_op_thread_pool", 0)
    if isinstance(pool, int) and pool > 0:
        raise InvalidArgumentError(None, None, f"Invalid inter_op_thread_pool: {pool}")


@contextmanager
def limited_to(milliseconds: int) -> Iterator[None]:
    """A block in which this thread's runs wait no longer than that, all together; 0: no limit."""
    before = getattr(_threads, "until", math.inf)
    if milliseconds > 0:
        _threads.until = min(before, time.monotonic() + milliseconds / 1000)
    try:
        yield
    finally:
        _threads.until = before


def deadline(milliseconds: int) -> float:
    """When a wait that begins now must end, by `time.monotonic`; each may take `milliseconds`."""
    until: float = getattr(_threads, "until", math.inf)
    return min(until, time.monotonic() + milliseconds / 1000) if milliseconds > 0 else until
