"""The compiled half of philox.py: the same numbers, bit for bit, for large draws."""

import math

import numpy as np

from minitf.kernels.jit import jit

U32 = np.uint32
U64 = np.uint64
MULTIPLIER0, MULTIPLIER1 = U64(0xD2511F53), U64(0xCD9E8D57)
STEP0, STEP1 = U32(0x9E3779B9), U32(0xBB67AE85)
SHIFT = U64(32)
UNIT32 = np.float32(2.0**-23)
UNIT64 = 2.0**-52
TINY32, TINY64 = np.float32(1e-7), 1e-7
TURN = 2 * math.pi
MINUS2 = np.float32(-2)
CUT = np.float32(2)


@jit
def block(key, low, high, offset):
    """The four words of the block this far into the stream."""
    position = low + offset
    if position < low:
        high = high + U64(1)
    x0, x1 = U32(position), U32(position >> SHIFT)
    x2, x3 = U32(high), U32(high >> SHIFT)
    key0, key1 = U32(key), U32(key >> SHIFT)
    for _ in range(10):
        left, right = U64(x0) * MULTIPLIER0, U64(x2) * MULTIPLIER1
        x0 = U32(right >> SHIFT) ^ x1 ^ key0
        x2 = U32(left >> SHIFT) ^ x3 ^ key1
        x1, x3 = U32(right), U32(left)
        key0, key1 = U32(key0 + STEP0), U32(key1 + STEP1)
    return x0, x1, x2, x3


@jit
def fill_words(key, low, high, out, start, stop):
    for row in range(start, stop):
        out[row, 0], out[row, 1], out[row, 2], out[row, 3] = block(key, low, high, U64(row))


@jit
def box_muller32(word0, word1):
    """Two normal numbers from two words, in float32 but for the angle's product."""
    # 23 bits times a power of two is exact, so this is the mantissa trick of the NumPy half.
    radius = max(np.float32(word0 & U32(0x7FFFFF)) * UNIT32, TINY32)
    radius = np.float32(math.sqrt(MINUS2 * np.float32(math.log(radius))))
    angle = np.float32(TURN * np.float64(np.float32(word1 & U32(0x7FFFFF)) * UNIT32))
    return np.float32(math.sin(angle)) * radius, np.float32(math.cos(angle)) * radius


@jit
def box_muller64(word0, word1, word2, word3):
    mantissa = (U64(word0 & U32(0xFFFFF)) << SHIFT) | U64(word1)
    radius = max(np.float64(mantissa) * UNIT64, TINY64)
    radius = math.sqrt(-2.0 * math.log(radius))
    mantissa = (U64(word2 & U32(0xFFFFF)) << SHIFT) | U64(word3)
    angle = TURN * (np.float64(mantissa) * UNIT64)
    return math.sin(angle) * radius, math.cos(angle) * radius


@jit
def fill_normal32(key, low, high, out, start, stop):
    for row in range(start, stop):
        word0, word1, word2, word3 = block(key, low, high, U64(row))
        out[row, 0], out[row, 1] = box_muller32(word0, word1)
        out[row, 2], out[row, 3] = box_muller32(word2, word3)


@jit
def fill_normal64(key, low, high, out, start, stop):
    for row in range(start, stop):
        word0, word1, word2, word3 = block(key, low, high, U64(row))
        out[row, 0], out[row, 1] = box_muller64(word0, word1, word2, word3)


@jit
def fill_truncated32(key, low, high, out, start, stop):
    for row in range(start, stop):
        offset = U64(row) * U64(256)
        found = 0
        while found < 4:
            words = block(key, low, high, offset)
            offset += U64(1)
            for pair in range(2):
                if pair == 0:
                    first, second = box_muller32(words[0], words[1])
                else:
                    first, second = box_muller32(words[2], words[3])
                if found < 4 and abs(first) < CUT:
                    out[row, found] = first
                    found += 1
                if found < 4 and abs(second) < CUT:
                    out[row, found] = second
                    found += 1


@jit
def fill_truncated64(key, low, high, out, start, stop):
    for row in range(start, stop):
        offset = U64(row) * U64(128)
        found = 0
        while found < 2:
            word0, word1, word2, word3 = block(key, low, high, offset)
            offset += U64(1)
            first, second = box_muller64(word0, word1, word2, word3)
            if abs(first) < 2.0:
                out[row, found] = first
                found += 1
            if found < 2 and abs(second) < 2.0:
                out[row, found] = second
                found += 1
