"""The instructions of a tape: many ops of float32 that one compiled call runs.

Values lie in one array, the memory. An instruction is a row of whole numbers: its code, where its
result and its operands begin in memory, and their sizes. Where elements only change places, a table
says from where each comes. This module holds the codes, for whoever writes tapes; `tape_compiled`
runs them.
"""

import os
import sys
from typing import Any

import numpy as np

from minitf.kernels.jit import IMPORT_NS, Hot, disabled

READ_NS = 150_000_000  # reading the compiled code from disk

WIDTH = 12  # numbers in an instruction

# result, count, x, y
BINARY = {
    "AddV2": 0,
    "Sub": 1,
    "Mul": 2,
    "RealDiv": 3,
    "Maximum": 4,
    "Minimum": 5,
    "SquaredDifference": 6,
    "TanhGrad": 7,
    "SigmoidGrad": 8,
    "ReluGrad": 9,
    "Pow": 10,
    "Greater": 11,
    "GreaterEqual": 12,
    "Less": 13,
    "SqrtGrad": 14,
    "RsqrtGrad": 15,
    "LessEqual": 16,
    "ReciprocalGrad": 17,
}
# result, count, x
UNARY = {
    "Neg": 20,
    "Square": 21,
    "Tanh": 22,
    "Sigmoid": 23,
    "Relu": 24,
    "Exp": 25,
    "Log": 26,
    "Sqrt": 27,
    "Assign": 28,
    "Abs": 29,
    "Sign": 30,
    "Rsqrt": 31,
    "Log1p": 32,
    "Softplus": 33,
    "Reciprocal": 34,
}
MOVE = 40  # result, count, where the table says for each element where it is taken from
MATMUL = 41  # result, x, y, m, k, n, how far x moves down and across; y is [k, n]
BLOCKS = 48  # result, x, blocks, elements of one, how far result and x move from one to the next
REPEAT = 50  # result, x, numbers, how often each comes, one after the other
DOTS = 47  # the same for few columns: result, x, y, m, k, n; x is [m, k] and y [n, k]
LARGE_MATMUL = 49  # result, x, y, m, k, n, whether x and y are transposed; by the BLAS
SUM = 42  # result, x, outer, reduced, inner, and what the sums are divided by
SOFTMAX = 43  # result, x, rows, columns
CROSS_ENTROPY = 44  # slopes, logits, rows, columns, losses, labels
SELECT = 46  # result, count, condition, x, y
SPARSE_CROSS_ENTROPY = 45  # the same, the labels being class numbers
# count, the inputs in the op's own order
UPDATES = {
    "ApplyGradientDescent": 60,
    "ApplyMomentum": 61,
    "ApplyAdagrad": 62,
    "ApplyRMSProp": 63,
    "ApplyAdam": 64,
}


class Player(Hot):
    """Runs tapes, once loading the compiled code is worth while.

    Compiling takes long, so another process does it when half of the price is lost; until its
    code is on disk, nothing here is played, and nobody waits.
    """

    def __init__(self) -> None:
        super().__init__("minitf.kernels.tape_compiled", "run", saves_ns=0)
        self._compiling: Any = None
        self._asked_again_at = READ_NS / 2

    def ready(self, lost_ns: float) -> bool:
        """Whether tapes can be played, `lost_ns` more having been lost for want of them."""
        if self._function is not None:
            return True
        self.lost_ns += lost_ns
        if self.lost_ns < self._asked_again_at or disabled():
            return False
        price = READ_NS if "numba" in sys.modules else IMPORT_NS + READ_NS
        if self.lost_ns >= price and self._on_disk():
            self._load()
            return True
        if self.lost_ns >= price / 2 and self._compiling is None and not self._on_disk():
            self._compiling = _compile_apart()
        self._asked_again_at = 1.1 * self.lost_ns
        return False

    def play(self, memory: np.ndarray, rows: np.ndarray, table: np.ndarray) -> int:
        """Runs all rows; the number of the first that failed, or -1."""
        return (self._function or self._load())(memory, rows, table)


def _compile_apart() -> Any:
    import subprocess

    code = f"import sys; sys.path.insert(0, {_ROOT!r}); from {__name__} import *; compile_now()"
    try:
        return subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a stopped cell is no reason to stop
        )
    except OSError:
        return None


player = Player()
_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def compile_now() -> None:
    """Compiles what plays tapes, and leaves it on disk for other processes."""
    nothing: Any = np.zeros((0, WIDTH), np.int64)
    player.play(np.zeros(0, np.float32), nothing, np.zeros(0, np.int64))
