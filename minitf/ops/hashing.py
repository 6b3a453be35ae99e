"""Strings sorted into buckets by their hashes."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import unchanged
from minitf.kernels import hashes
from minitf.op import op
from minitf.ops.strings import each_number
from minitf.tensor import Tensor


@op
class StringToHashBucket:
    """The bucket of each string, by MurmurHash64A."""

    inputs = "string_tensor: string"
    outputs = "output: int64"
    attrs = "num_buckets: int >= 1"
    infer = unchanged

    def kernel(strings, *, num_buckets):
        return each_number(lambda s: hashes.murmur(s) % num_buckets, strings, np.int64)

    gradient = None


def string_to_hash_bucket(
    string_tensor: Any = None,
    num_buckets: int | None = None,
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The bucket, from 0 to `num_buckets` - 1, of each string."""
    if string_tensor is not None and input is not None:
        raise ValueError("Cannot specify both 'string_tensor' and 'input'.")
    strings = input if string_tensor is None else string_tensor
    return StringToHashBucket(strings, num_buckets=num_buckets, name=name)


@op
class StringToHashBucketFast:
    """The bucket of each string, by FarmHash's fingerprint, which never changes."""

    inputs = "input: string"
    outputs = "output: int64"
    attrs = "num_buckets: int >= 1"
    infer = unchanged

    def kernel(input, *, num_buckets):
        return each_number(lambda s: hashes.farm(s) % num_buckets, input, np.int64)

    gradient = None


def string_to_hash_bucket_fast(input: Any, num_buckets: int, name: str | None = None) -> Tensor:
    """The bucket, from 0 to `num_buckets` - 1, of each string; the same in every version."""
    return StringToHashBucketFast(input, num_buckets=num_buckets, name=name)


@op
class StringToHashBucketStrong:
    """The bucket of each string, by SipHash under a key of two integers."""

    inputs = "input: string"
    outputs = "output: int64"
    attrs = "num_buckets: int >= 1, key: list(int)"
    infer = unchanged

    def kernel(input, *, num_buckets, key):
        if len(key) != 2:
            raise InvalidArgumentError(None, None, "Key must have 2 elements")
        return each_number(lambda s: hashes.sip(s, tuple(key)) % num_buckets, input, np.int64)

    gradient = None


def string_to_hash_bucket_strong(
    input: Any, num_buckets: int, key: list[int], name: str | None = None
) -> Tensor:
    """The bucket of each string by a hash that only who knows `key` (two integers) can foresee."""
    return StringToHashBucketStrong(input, num_buckets=num_buckets, key=key, name=name)
