"""Text and bytes (tf.compat)."""

from __future__ import annotations

from typing import Any

from minitf.proto import as_bytes

__all__ = ["as_bytes", "as_str", "as_str_any", "as_text"]


def as_text(bytes_or_text: Any, encoding: str = "utf-8") -> str:
    """Text or bytes as text; TypeError for anything else."""
    if isinstance(bytes_or_text, str):
        return bytes_or_text
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text.decode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


as_str = as_text


def as_str_any(value: Any, encoding: str = "utf-8") -> str:
    """Text, bytes as text, or what `str` makes of anything else."""
    return as_text(value, encoding) if isinstance(value, (str, bytes)) else str(value)
