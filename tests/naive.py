"""Slow, obvious twins of the kernels, written from their definitions."""


def philox_block(key: int, counter: int) -> list[int]:
    """Philox 4x32-10: ten rounds of two 32 x 32 bit products (Salmon et al., 2011)."""
    x = [counter >> (32 * i) & 0xFFFFFFFF for i in range(4)]
    k = [key & 0xFFFFFFFF, key >> 32]
    for _ in range(10):
        high0, low0 = divmod(x[0] * 0xD2511F53, 2**32)
        high1, low1 = divmod(x[2] * 0xCD9E8D57, 2**32)
        x = [high1 ^ x[1] ^ k[0], low1, high0 ^ x[3] ^ k[1], low0]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return x
