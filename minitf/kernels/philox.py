"""TensorFlow's CPU random numbers: the Philox 4x32-10 generator and the uniform and normal draws.

Philox is J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011). Each 128-bit
counter value gives one block of four 32-bit words, whatever was drawn before, so any part of an
output can be computed on its own: by NumPy for a few numbers, by compiled threads for many.
"""

import ctypes
import math
import os
import secrets
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from minitf.kernels.jit import Hot
from minitf.kernels.threads import parallel

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10
WORDS = 4  # 32-bit words in a block
RESERVED = 256  # blocks that TensorFlow sets aside for each output element
MASK32, MASK64, MASK128 = (1 << 32) - 1, (1 << 64) - 1, (1 << 128) - 1
FEW = 32  # blocks that Python's own integers compute sooner than NumPy starts
CHUNK = 1 << 13  # blocks at a time in NumPy: its temporaries then stay in cache
GRAIN = 1 << 14  # blocks worth a thread

_MODULE = "minitf.kernels.philox_compiled"
_fill_words = Hot(_MODULE, "fill_words", saves_ns=12)
_fill_normal = {
    4: Hot(_MODULE, "fill_normal32", saves_ns=80),
    8: Hot(_MODULE, "fill_normal64", saves_ns=120),
}
_fill_truncated = {
    4: Hot(_MODULE, "fill_truncated32", saves_ns=100),
    8: Hot(_MODULE, "fill_truncated64", saves_ns=150),
}


class Stream(NamedTuple):
    """Where one draw reads: a 64-bit key and the 128-bit counter of its first block."""

    key: int
    counter: int

    def skip(self, blocks: int) -> "Stream":
        return Stream(self.key, (self.counter + blocks) & MASK128)


class Philox:
    """One random op's generator, in one session: each draw continues where the last one ended.

    Two zero seeds ask for numbers that differ from run to run. Safe to use from many threads.
    """

    def __init__(self, seed: int, seed2: int) -> None:
        if seed == 0 and seed2 == 0:
            seed, seed2 = secrets.randbits(64), secrets.randbits(64)
        self._next = Stream(seed & MASK64, (seed2 & MASK64) << 64)
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Philox key={self._next.key:#x} counter={self._next.counter:#x}>"

    def reserve(self, blocks: int) -> Stream:
        """Take this many blocks out of the sequence and say where they start."""
        with self._lock:
            stream = self._next
            self._next = stream.skip(blocks)
        return stream

    def reserve_outputs(self, count: int) -> Stream:
        """Take what TensorFlow reserves for this many output elements."""
        return self.reserve(count * RESERVED)


def block(stream: Stream, offset: int) -> tuple[int, int, int, int]:
    """One block of a stream, in Python's integers."""
    counter = (stream.counter + offset) & MASK128
    x0, x1 = counter & MASK32, counter >> 32 & MASK32
    x2, x3 = counter >> 64 & MASK32, counter >> 96
    key0, key1 = stream.key & MASK32, stream.key >> 32
    for _ in range(ROUNDS):
        left, right = x0 * MULTIPLIERS[0], x2 * MULTIPLIERS[1]
        x0, x1 = right >> 32 ^ x1 ^ key0, right & MASK32
        x2, x3 = left >> 32 ^ x3 ^ key1, left & MASK32
        key0, key1 = (key0 + KEY_STEPS[0]) & MASK32, (key1 + KEY_STEPS[1]) & MASK32
    return x0, x1, x2, x3


def blocks_at(stream: Stream, offsets: np.ndarray) -> np.ndarray:
    """The blocks at these offsets (uint64, [n]) of a stream: uint32, [n, 4]."""
    if len(offsets) <= FEW:
        found = [block(stream, offset) for offset in offsets.tolist()]
        return np.array(found, np.uint32).reshape(-1, WORDS)
    first = np.uint64(stream.counter & MASK64)
    low = offsets + first
    high = np.uint64(stream.counter >> 64) + (low < first)
    mask, shift = np.uint64(MASK32), np.uint64(32)
    x0, x1, x2, x3 = low & mask, low >> shift, high & mask, high >> shift
    key0, key1 = stream.key & MASK32, stream.key >> 32
    for _ in range(ROUNDS):
        left, right = x0 * np.uint64(MULTIPLIERS[0]), x2 * np.uint64(MULTIPLIERS[1])
        x0 = (right >> shift) ^ x1 ^ np.uint64(key0)
        x2 = (left >> shift) ^ x3 ^ np.uint64(key1)
        x1, x3 = right & mask, left & mask
        key0, key1 = (key0 + KEY_STEPS[0]) & MASK32, (key1 + KEY_STEPS[1]) & MASK32
    return np.stack([x0, x1, x2, x3], axis=1).astype(np.uint32)


def words(stream: Stream, blocks: int) -> np.ndarray:
    """The first blocks of a stream: uint32, [blocks, 4]."""
    out = np.empty((blocks, WORDS), np.uint32)
    if _fill_words.worth(blocks * WORDS):
        _compiled(_fill_words, stream, out, blocks)
        return out
    for start in range(0, blocks, CHUNK):
        stop = min(start + CHUNK, blocks)
        out[start:stop] = blocks_at(stream, np.arange(start, stop, dtype=np.uint64))
    return out


def uniform(generator: Philox, shape: Sequence[int], dtype: np.dtype) -> np.ndarray:
    """Uniform in [0, 1), as op RandomUniform: float16, float32 or float64."""
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    stream = generator.reserve_outputs(count)
    group = _group(dtype)
    bits = words(stream, -(-count // group))
    return to_unit(bits, dtype).reshape(-1)[:count].reshape(shape)


def uniform_int(
    generator: Philox, shape: Sequence[int], low: int, high: int, dtype: np.dtype
) -> np.ndarray:
    """Integers in [low, high), as op RandomUniformInt: int32 or int64; needs low < high."""
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    stream = generator.reserve_outputs(count)
    unsigned = np.dtype(f"u{dtype.itemsize}")
    bits = words(stream, -(-count * dtype.itemsize // (4 * WORDS)))
    numbers = bits.view("<u8" if dtype.itemsize == 8 else "<u4").reshape(-1)[:count]
    span = unsigned.type((int(high) - int(low)) & (MASK64 if dtype.itemsize == 8 else MASK32))
    # The sum wraps round, which is what adding an unsigned offset to a signed start means.
    start = np.array(low, dtype).view(unsigned)
    return (numbers % span + start).view(dtype).reshape(shape)


def normal(generator: Philox, shape: Sequence[int], dtype: np.dtype) -> np.ndarray:
    """Standard normal by Box and Muller, as op RandomStandardNormal: float16, float32, float64."""
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    stream = generator.reserve_outputs(count)
    work, group = _work_dtype(dtype), _group(dtype)
    blocks = -(-count // group)
    out = np.empty((blocks, group), work)
    fill = _fill_normal[work.itemsize]
    if fill.worth(count):
        _compiled(fill, stream, out, blocks)
    else:
        for start in range(0, blocks, CHUNK):
            stop = min(start + CHUNK, blocks)
            bits = blocks_at(stream, np.arange(start, stop, dtype=np.uint64))
            out[start:stop] = to_normal(bits, work)
    return out.reshape(-1)[:count].astype(dtype, copy=False).reshape(shape)


def truncated_normal(generator: Philox, shape: Sequence[int], dtype: np.dtype) -> np.ndarray:
    """Standard normal redrawn until within 2, as op TruncatedNormal: float16, float32, float64.

    Every group of outputs reads a stretch of the stream of its own, as long as it needs.
    """
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    stream = generator.reserve_outputs(count)
    work, group = _work_dtype(dtype), _group(dtype)
    groups = -(-count // group)
    out = np.empty((groups, group), work)
    fill = _fill_truncated[work.itemsize]
    if fill.worth(count):
        _compiled(fill, stream, out, groups)
    else:
        for start in range(0, groups, CHUNK):
            _truncated_chunk(stream, out, start, min(start + CHUNK, groups))
    return out.reshape(-1)[:count].astype(dtype, copy=False).reshape(shape)


def _truncated_chunk(stream: Stream, out: np.ndarray, start: int, stop: int) -> None:
    group = out.shape[1]
    stretch = group * RESERVED // WORDS
    pending = np.arange(start, stop, dtype=np.uint64)
    blocks = 1
    while pending.size:
        offsets = pending[:, None] * np.uint64(stretch) + np.arange(blocks, dtype=np.uint64)
        bits = blocks_at(stream, offsets.reshape(-1))
        found = to_normal(bits, out.dtype).reshape(pending.size, -1)
        kept = np.abs(found) < 2
        rank = np.cumsum(kept, axis=1)
        done = rank[:, -1] >= group
        first = kept & (rank <= group) & done[:, None]
        out[pending[done]] = found[first].reshape(-1, group)
        pending = pending[~done]
        blocks *= 2


def to_unit(bits: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Words (uint32, [n, 4]) as numbers in [0, 1): the low bits become the mantissa of [1, 2)."""
    if dtype == np.float64:
        high = (bits[:, 0::2] & np.uint32(0xFFFFF)).astype(np.uint64)
        mantissa = (high << np.uint64(32)) | bits[:, 1::2]
        return (mantissa | np.uint64(1023 << 52)).view(np.float64) - 1.0
    if dtype == np.float16:
        mantissa = bits.astype(np.uint16) & np.uint16(0x3FF)
        return (mantissa | np.uint16(15 << 10)).view(np.float16) - np.float16(1)
    mantissa = bits & np.uint32(0x7FFFFF)
    mantissa |= np.uint32(127 << 23)
    numbers = mantissa.view(np.float32)
    numbers -= np.float32(1)
    return numbers


def to_normal(bits: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Words (uint32, [n, 4]) as normal numbers: [n, 4] in float32, [n, 2] in float64."""
    unit = to_unit(bits, dtype)
    radius = unit[:, 0::2]
    radius = np.maximum(radius, radius.dtype.type(1e-7))
    radius = np.sqrt(radius.dtype.type(-2) * _log(radius))
    # exp(i angle) calls the C library's sincos, which NumPy's own sin and cos do not.
    turn = np.zeros(radius.shape, np.complex64 if dtype == np.float32 else np.complex128)
    turn.imag = (2 * math.pi * unit[:, 1::2].astype(np.float64)).astype(dtype)
    turn = np.exp(turn)
    out = np.empty_like(unit)
    out[:, 0::2] = turn.imag * radius
    out[:, 1::2] = turn.real * radius
    return out


def _log(x: np.ndarray) -> np.ndarray:
    # The C library's logarithm, as TensorFlow uses it: NumPy's own differs in the last bit.
    if x.dtype == np.float64:
        return np.array([math.log(each) for each in x.ravel().tolist()]).reshape(x.shape)
    exact = np.log(x.astype(np.float64))
    log = exact.astype(np.float32)
    # The C library's float is the nearest one except close to half way between two: glibc's own
    # error is below 2**-28.7, or 2**-31.2 for logs within 0.5 of 0 (tried on all 2**23 arguments).
    half_way = 0.5 * np.spacing(-log) - np.abs(exact - log)
    doubtful = half_way < np.where(log < -0.5, 2.0**-28.5, 2.0**-31)
    call = _libm_logf()
    log[doubtful] = [call(each) for each in x[doubtful].tolist()]
    return log


def _libm_logf() -> Callable[[float], float]:
    global _logf
    if _logf is None:
        # PyDLL keeps the GIL, which halves the time of so short a call.
        _logf = ctypes.PyDLL("ucrtbase" if os.name == "nt" else None).logf
        _logf.argtypes, _logf.restype = [ctypes.c_float], ctypes.c_float
    return _logf


_logf: Any = None


def _group(dtype: np.dtype) -> int:
    return 2 if dtype.itemsize == 8 else 4


def _work_dtype(dtype: np.dtype) -> np.dtype:
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def _compiled(fill: Hot, stream: Stream, out: np.ndarray, groups: int) -> None:
    key = np.uint64(stream.key)
    low, high = np.uint64(stream.counter & MASK64), np.uint64(stream.counter >> 64)
    parallel(lambda start, stop: fill(key, low, high, out, start, stop), groups, GRAIN)
