"""Three hashes of strings, 64 bits each: MurmurHash64A, FarmHash's fingerprint and SipHash-2-4.

Murmur is Austin Appleby's, FarmHash Geoff Pike's (its fingerprints never change), SipHash Jean-
Philippe Aumasson's and Daniel J. Bernstein's.
"""

from __future__ import annotations

_MASK = (1 << 64) - 1
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F
_MURMUR, _MURMUR_SEED = 0xC6A4A7935BD1E995, 0xDECAFCAFFE


def _word(data: bytes, start: int, size: int = 8) -> int:
    return int.from_bytes(data[start : start + size], "little")


def _right(x: int, by: int) -> int:
    """A rotation to the right."""
    x &= _MASK
    return (x >> by | x << (64 - by)) & _MASK


def _mixed(x: int) -> int:
    x &= _MASK
    return x ^ x >> 47


def murmur(data: bytes) -> int:
    """MurmurHash64A under TensorFlow's seed."""
    whole = len(data) // 8 * 8
    h = _MURMUR_SEED ^ (len(data) * _MURMUR & _MASK)
    for start in range(0, whole, 8):
        k = _mixed(_word(data, start) * _MURMUR) * _MURMUR & _MASK
        h = (h ^ k) * _MURMUR & _MASK
    if whole < len(data):
        h = (h ^ _word(data, whole)) * _MURMUR & _MASK
    return _mixed(_mixed(h) * _MURMUR)


def _pair(u: int, v: int, mul: int) -> int:
    """Two words mixed into one."""
    a = _mixed(((u ^ v) & _MASK) * mul)
    return _mixed(((v & _MASK) ^ a) * mul) * mul & _MASK


def farm(data: bytes) -> int:
    """FarmHash's Fingerprint64."""
    size = len(data)
    if size > 64:
        return _farm_long(data)
    if size > 32:
        return _farm_64(data)
    if size > 16:
        return _farm_32(data)
    mul = _K2 + 2 * size
    if size >= 8:
        a, b = _word(data, 0) + _K2, _word(data, size - 8)
        return _pair(_right(b, 37) * mul + a, (_right(a, 25) + b) * mul, mul)
    if size >= 4:
        return _pair(size + (_word(data, 0, 4) << 3), _word(data, size - 4, 4), mul)
    if size:
        y, z = data[0] + (data[size >> 1] << 8), size + (data[-1] << 2)
        return _mixed(y * _K2 ^ z * _K0) * _K2 & _MASK
    return _K2


def _of_ends(data: bytes, factor: int) -> tuple[int, int]:
    """A sum over the first and the last sixteen bytes, and what it is mixed to."""
    size = len(data)
    mul = _K2 + 2 * size
    a, b = _word(data, 0) * factor, _word(data, 8)
    c, d = _word(data, size - 8) * mul, _word(data, size - 16) * _K2
    total = _right(a + b, 43) + _right(c, 30) + d
    return total, _pair(total, a + _right(b + _K2, 18) + c, mul)


def _farm_32(data: bytes) -> int:
    return _of_ends(data, _K1)[1]


def _farm_64(data: bytes) -> int:
    size = len(data)
    mul = _K2 + 2 * size
    y, z = _of_ends(data, _K2)
    e, f = _word(data, 16) * mul, _word(data, 24)
    g, h = (y + _word(data, size - 32)) * mul, (z + _word(data, size - 24)) * mul
    first = _right(e + f, 43) + _right(g, 30) + h
    return _pair(first, e + _right(f + _word(data, 0) * _K2, 18) + g, mul)


def _weak(data: bytes, start: int, a: int, b: int) -> tuple[int, int]:
    """A quick hash of 32 bytes, seeded by two words."""
    w, x, y, z = (_word(data, start + i) for i in (0, 8, 16, 24))
    a += w
    b = _right(b + a + z, 21)
    return a + x + y + z & _MASK, b + _right(a + x + y, 44) + a & _MASK


def _round(data: bytes, at: int, state: tuple, mul: int, scale: int) -> tuple:
    """One block of 64 bytes taken into the state; the last block has its own `scale`."""
    x, y, z, v, w = state
    x = _right(x + y + v[0] + _word(data, at + 8), 37) * mul & _MASK
    y = _right(y + v[1] + _word(data, at + 48), 42) * mul & _MASK
    x ^= w[1] * scale & _MASK
    y = y + v[0] * scale + _word(data, at + 40) & _MASK
    z = _right(z + w[0], 33) * mul & _MASK
    v = _weak(data, at, v[1] * mul, x + w[0])
    w = _weak(data, at + 32, z + w[1], y + _word(data, at + 16))
    return z, y, x, v, w


def _farm_long(data: bytes) -> int:
    seed = 81
    y = seed * _K1 + 113 & _MASK
    z = _mixed(y * _K2 + 113) * _K2 & _MASK
    state = (seed * _K2 + _word(data, 0) & _MASK, y, z, (0, 0), (0, 0))
    end = (len(data) - 1) // 64 * 64
    for at in range(0, end, 64):
        state = _round(data, at, state, _K1, 1)
    x, y, z, v, w = state
    mul = _K1 + ((z & 0xFF) << 1)
    w = (w[0] + (len(data) - 1 & 63), w[1])
    v = (v[0] + w[0], v[1])
    w = (w[0] + v[0], w[1])
    x, y, z, v, w = _round(data, len(data) - 64, (x, y, z, v, w), mul, 9)
    # _round has exchanged x and z, as every block does.
    first = _pair(v[0], w[0], mul) + _mixed(y) * _K0 + z
    return _pair(first, _pair(v[1], w[1], mul) + x, mul)


def _sip_round(v: list[int]) -> None:
    def add_rotate(i: int, j: int, by: int) -> None:
        v[i] = v[i] + v[j] & _MASK
        v[j] = _right(v[j], 64 - by) ^ v[i]

    add_rotate(0, 1, 13)
    v[0] = _right(v[0], 32)
    add_rotate(2, 3, 16)
    add_rotate(0, 3, 21)
    add_rotate(2, 1, 17)
    v[2] = _right(v[2], 32)


def sip(data: bytes, key: tuple[int, int]) -> int:
    """SipHash-2-4 under a key of two words."""
    k0, k1 = (part & _MASK for part in key)
    v = [
        k0 ^ 0x736F6D6570736575,
        k1 ^ 0x646F72616E646F6D,
        k0 ^ 0x6C7967656E657261,
        k1 ^ 0x7465646279746573,
    ]
    whole = len(data) // 8 * 8
    words = [_word(data, start) for start in range(0, whole, 8)]
    for word in [*words, _word(data, whole) | (len(data) & 0xFF) << 56]:
        v[3] ^= word
        _sip_round(v)
        _sip_round(v)
        v[0] ^= word
    v[2] ^= 0xFF
    for _ in range(4):
        _sip_round(v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]
