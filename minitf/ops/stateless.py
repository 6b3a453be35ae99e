"""Random draws that only depend on a seed of two numbers: the same at every run."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_shape, with_rank
from minitf.kernels import philox
from minitf.op import convert_to_tensor, op
from minitf.ops.random import (
    class_dtype,
    drawn_classes,
    drawn_sizes,
    shape_of_classes,
    shape_tensor,
)
from minitf.shape import SCALAR, as_shape
from minitf.tensor import Tensor

_SCRAMBLING_KEY = 0x02461E293EC8F720  # TensorFlow's
_ALGORITHMS = {"philox": 1, "auto_select": 3}  # TensorFlow's numbers; both are Philox on CPUs
_ATTRS = "dtype: {half, bfloat16, float, double} = DT_FLOAT, Tshape: {int32, int64} = DT_INT32"
_INPUTS = "shape: Tshape, key: uint64, counter: uint64, alg: int32"


@op
class StatelessRandomGetKeyCounter:
    """A Philox key and counter from a seed of two numbers, which may be weak ones."""

    inputs = "seed: Tseed"
    outputs = "key: uint64, counter: uint64"
    attrs = "Tseed: {int32, int64} = DT_INT64"

    def infer(seed):
        sizes = with_rank(seed, 1)._sizes
        if sizes[0] not in (None, 2):
            raise ValueError(f"Dimension must be 2 but is {sizes[0]}")
        return as_shape([1]), as_shape([2])

    def kernel(seed):
        return _key_and_counter(seed)

    gradient = LookupError


def _key_and_counter(seed: Any) -> tuple[np.ndarray, np.ndarray]:
    first, second = (int(x) & philox.MASK64 for x in np.asarray(seed).astype(np.int64))
    words = philox.block(philox.Stream(_SCRAMBLING_KEY, first | second << 64), 0)
    key, counter = words[0] | words[1] << 32, words[2] | words[3] << 32
    return np.array([key], np.uint64), np.array([0, counter], np.uint64)


class _Fixed:
    """A generator that always starts at the same place."""

    def __init__(self, key: np.ndarray, counter: np.ndarray) -> None:
        low, high = (int(x) for x in counter)
        self._stream = philox.Stream(int(key[0]), low | high << 64)

    def reserve_outputs(self, count: int) -> philox.Stream:
        return self._stream


def _from_seed(draw: Any) -> Any:
    def kernel(shape: Any, key: Any, counter: Any, alg: Any, *, dtype: Any) -> Any:
        return draw(_Fixed(key, counter), drawn_sizes(shape), dtype.as_numpy_dtype)[()]

    return kernel


def _shape(shape: Tensor, key: Tensor, counter: Tensor, alg: Tensor) -> Any:
    with_rank(key, 1)
    with_rank(counter, 1)
    with_rank(alg, 0)
    return constant_shape(shape)


@op
class StatelessRandomUniformV2:
    """Uniform in [0, 1), by key and counter."""

    inputs = _INPUTS
    outputs = "output: dtype"
    attrs = _ATTRS
    infer = _shape
    kernel = _from_seed(philox.uniform)
    gradient = None


@op
class StatelessRandomNormalV2:
    """Standard normal, by key and counter."""

    inputs = _INPUTS
    outputs = "output: dtype"
    attrs = _ATTRS
    infer = _shape
    kernel = _from_seed(philox.normal)
    gradient = None


@op
class StatelessTruncatedNormalV2:
    """Standard normal redrawn until within 2, by key and counter."""

    inputs = _INPUTS
    outputs = "output: dtype"
    attrs = _ATTRS
    infer = _shape
    kernel = _from_seed(philox.truncated_normal)
    gradient = None


@op
class StatelessRandomUniformIntV2:
    """Integers in [minval, maxval), by key and counter."""

    inputs = _INPUTS + ", minval: dtype, maxval: dtype"
    outputs = "output: dtype"
    attrs = "dtype: {int32, int64, uint32, uint64}, Tshape: {int32, int64} = DT_INT32"

    def infer(shape, key, counter, alg, minval, maxval):
        if minval.shape != SCALAR or maxval.shape != SCALAR:
            raise ValueError("minval and maxval must be scalars")
        return constant_shape(shape)

    def kernel(shape, key, counter, alg, minval, maxval, *, dtype):
        if minval >= maxval:
            raise InvalidArgumentError(
                None, None, f"Need minval < maxval, got {minval} >= {maxval}"
            )
        generator = _Fixed(key, counter)
        sizes, low, high = drawn_sizes(shape), int(minval), int(maxval)
        return philox.uniform_int(generator, sizes, low, high, dtype.as_numpy_dtype)[()]

    gradient = None


@op
class StatelessMultinomial:
    """Class numbers, drawn by unnormalised log-probabilities and a seed alone."""

    inputs = "logits: T, num_samples: int32, seed: Tseed"
    outputs = "output: output_dtype"
    attrs = (
        "T: {float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, "
        "uint64}, Tseed: {int32, int64} = DT_INT64, output_dtype: {int32, int64} = DT_INT64"
    )

    def infer(logits, num_samples, seed):
        if seed.shape.rank is not None and seed.shape.as_list() not in ([2], [None]):
            raise ValueError(f"seed must have shape [2], not {seed.shape}")
        return shape_of_classes(logits, num_samples)

    def kernel(logits, num_samples, seed, *, output_dtype):
        generator = _Fixed(*_key_and_counter(seed))
        return drawn_classes(generator, logits, num_samples, output_dtype.as_numpy_dtype)

    gradient = None


def stateless_multinomial(
    logits: Any,
    num_samples: Any,
    seed: Any,
    output_dtype: Any = dtypes.int64,
    name: str | None = None,
) -> Tensor:
    """`num_samples` class numbers for each row; they depend on `seed`, two integers, alone."""
    with name_scope(name, "stateless_multinomial", [logits, seed]):
        logits = convert_to_tensor(logits, name="logits")
        dtype = class_dtype(output_dtype)
        return StatelessMultinomial(logits, num_samples, seed, output_dtype=dtype)


def stateless_categorical(
    logits: Any,
    num_samples: Any,
    seed: Any,
    dtype: Any = dtypes.int64,
    name: str | None = None,
) -> Tensor:
    """`num_samples` class numbers for each row; they depend on `seed`, two integers, alone."""
    with name_scope(name, "stateless_categorical", [logits, seed]):
        logits = convert_to_tensor(logits, name="logits")
        return StatelessMultinomial(logits, num_samples, seed, output_dtype=class_dtype(dtype))


def _place(seed: Any, alg: Any) -> list[Any]:
    if isinstance(alg, str):
        if alg not in _ALGORITHMS:
            raise ValueError(f"Argument `alg` must be one of {list(_ALGORITHMS)}. Received: {alg}")
        alg = _ALGORITHMS[alg]
    key, counter = StatelessRandomGetKeyCounter(seed)
    return [key, counter, alg]


def stateless_random_uniform(
    shape: Any,
    seed: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
    alg: Any = "auto_select",
) -> Tensor:
    """Uniform draws in [minval, maxval) that depend on `seed`, two integers, alone.

    Raises ValueError for integers without `maxval`.
    """
    dtype = dtypes.as_dtype(dtype)
    if maxval is None:
        if dtype.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
        maxval = 1
    with name_scope(name, "stateless_random_uniform", [shape, seed, minval, maxval]) as name:
        shape = shape_tensor(shape)
        minval = convert_to_tensor(minval, dtype, "min")
        maxval = convert_to_tensor(maxval, dtype, "max")
        place = _place(seed, alg)
        if dtype.is_integer:
            return StatelessRandomUniformIntV2(shape, *place, minval, maxval, name=name)
        drawn = StatelessRandomUniformV2(shape, *place, dtype=dtype)
        return registry.get("AddV2")(drawn * (maxval - minval), minval, name=name)


def _scaled(
    draw: Any,
    scope: str,
    shape: Any,
    seed: Any,
    mean: Any,
    stddev: Any,
    dtype: Any,
    name: str | None,
    alg: Any,
) -> Tensor:
    with name_scope(name, scope, [shape, seed, mean, stddev]) as name:
        shape = shape_tensor(shape)
        mean = convert_to_tensor(mean, dtype, "mean")
        stddev = convert_to_tensor(stddev, dtype, "stddev")
        drawn = draw(shape, *_place(seed, alg), dtype=dtype)
        return registry.get("AddV2")(drawn * stddev, mean, name=name)


def stateless_random_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
    alg: Any = "auto_select",
) -> Tensor:
    """Normal draws that depend on `seed`, two integers, alone."""
    draw, scope = StatelessRandomNormalV2, "stateless_random_normal"
    return _scaled(draw, scope, shape, seed, mean, stddev, dtype, name, alg)


def stateless_truncated_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
    alg: Any = "auto_select",
) -> Tensor:
    """Truncated normal draws that depend on `seed`, two integers, alone."""
    draw, scope = StatelessTruncatedNormalV2, "stateless_truncated_normal"
    return _scaled(draw, scope, shape, seed, mean, stddev, dtype, name, alg)
