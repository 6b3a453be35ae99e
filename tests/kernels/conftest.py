"""Both halves of every kernel: the NumPy one and the compiled one."""

import json
import pathlib

import numpy as np
import pytest

from minitf.kernels import jit

RECORDED = pathlib.Path(__file__).parent / "recorded"


@pytest.fixture(params=["numpy", "compiled"])
def half(request, monkeypatch):
    """Force one half; with Numba's JIT disabled there is only NumPy's."""
    compiled = request.param == "compiled" and not jit.disabled()
    monkeypatch.setattr(jit.Hot, "worth", lambda self, elements: compiled)
    return request.param


def recorded(name: str) -> list[dict]:
    """What real TensorFlow said, as the script beside the file recorded it."""
    return json.loads((RECORDED / f"{name}.json").read_text())


def decode(entry: dict) -> np.ndarray:
    """The array that a recording holds in full."""
    data = np.frombuffer(bytes.fromhex(entry["hex"]), entry["dtype"])
    return data.reshape(entry["shape"])
