"""What differs between versions: of Python its texts, of TensorFlow its behaviour (tf.compat).

`import minitf.compat.v1 as tf` is `import minitf as tf`.
"""

from __future__ import annotations

import sys
from typing import Any

from minitf.proto import as_bytes

__all__ = ["as_bytes", "as_str", "as_str_any", "as_text", "v1"]

v1 = sys.modules["minitf"]
sys.modules[f"{__name__}.v1"] = v1
__path__: list[str] = []


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


def executing_eagerly() -> bool:
    """False: ops make nodes here, and sessions run them."""
    return False


def _already_off() -> None:
    """Does nothing: what this turns off in TensorFlow 2 is not here."""


disable_control_flow_v2 = disable_eager_execution = disable_resource_variables = _already_off
disable_tensor_equality = disable_v2_behavior = disable_v2_tensorshape = _already_off


def control_flow_v2_enabled() -> bool:
    """False: branches and loops are made of Switch and Merge."""
    return False


def resource_variables_enabled() -> bool:
    """False: variables are reference variables."""
    return False
