"""Random draws: TensorFlow's own numbers for the same seeds, run after run in one session."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_shape, constant_value, unchanged, with_rank
from minitf.kernels import draws, philox
from minitf.op import convert_to_tensor, op
from minitf.random_seed import get_seed
from minitf.shape import as_shape, brackets
from minitf.tensor import Tensor

_SEEDS = "seed: int = 0, seed2: int = 0"
_FLOATS = "{half, bfloat16, float, double}"


def _generator(op: Any, session: Any) -> philox.Philox:
    """Where this op's numbers come from in this session: each draw goes on after the last one."""
    states = session._op_state
    if op not in states:
        states[op] = philox.Philox(op._attrs["seed"], op._attrs["seed2"])
    return states[op]


def drawn_sizes(shape: np.ndarray) -> list[int]:
    """A shape that is known at run time; InvalidArgumentError for negative sizes."""
    sizes = np.asarray(shape).tolist()
    for size in sizes:
        if size < 0:
            raise InvalidArgumentError(None, None, f"Dimension {size} must be >= 0")
    return sizes


def _drawing(draw: Any) -> Any:
    """The `bind` of an op that draws floating numbers by `draw(generator, shape, dtype)`."""

    def bind(op: Any, session: Any) -> Any:
        generator = _generator(op, session)
        dtype = op._attrs["dtype"].as_numpy_dtype

        def kernel(shape: Any) -> Any:
            return draw(generator, drawn_sizes(shape), dtype)[()]

        return kernel

    return bind


def _shape_of_draw(shape: Tensor) -> Any:
    return constant_shape(shape)


@op
class RandomUniform:
    """Uniform in [0, 1)."""

    inputs = "shape: T"
    outputs = "output: dtype"
    attrs = f"{_SEEDS}, dtype: {_FLOATS}, T: {{int32, int64}}"
    stateful = True
    infer = _shape_of_draw
    bind = _drawing(philox.uniform)
    gradient = None


@op
class RandomStandardNormal:
    """Normal of mean 0 and standard deviation 1."""

    inputs = "shape: T"
    outputs = "output: dtype"
    attrs = f"{_SEEDS}, dtype: {_FLOATS}, T: {{int32, int64}}"
    stateful = True
    infer = _shape_of_draw
    bind = _drawing(philox.normal)
    gradient = None


@op
class TruncatedNormal:
    """Standard normal, redrawn until within 2."""

    inputs = "shape: T"
    outputs = "output: dtype"
    attrs = f"{_SEEDS}, dtype: {_FLOATS}, T: {{int32, int64}}"
    stateful = True
    infer = _shape_of_draw
    bind = _drawing(philox.truncated_normal)
    gradient = None


@op
class RandomUniformInt:
    """Integers in [minval, maxval)."""

    inputs = "shape: T, minval: Tout, maxval: Tout"
    outputs = "output: Tout"
    attrs = f"{_SEEDS}, Tout: {{int32, int64}}, T: {{int32, int64}}"
    stateful = True

    def infer(shape, minval, maxval):
        for name, limit in (("minval", minval), ("maxval", maxval)):
            if limit.shape.rank not in (None, 0):
                raise ValueError(
                    f"{name} must be a scalar; got a tensor of shape {brackets(limit.shape)}"
                )
        return constant_shape(shape)

    def bind(op, session):
        generator = _generator(op, session)
        dtype = op._attrs["Tout"].as_numpy_dtype

        def kernel(shape, low, high):
            sizes = drawn_sizes(shape)
            if low >= high and 0 not in sizes:
                raise InvalidArgumentError(None, None, f"Need minval < maxval, got {low} >= {high}")
            if 0 in sizes:
                return np.zeros(sizes, dtype)
            return philox.uniform_int(generator, sizes, int(low), int(high), dtype)[()]

        return kernel

    gradient = LookupError


def shape_tensor(shape: Any) -> Tensor:
    """A shape as an integer vector named `shape`; an empty one is int32."""
    if isinstance(shape, (tuple, list)):
        if not shape:
            return convert_to_tensor(shape, dtypes.int32, "shape")
        shape = [getattr(size, "value", size) if _is_dimension(size) else size for size in shape]
    return convert_to_tensor(shape, name="shape")


def _is_dimension(size: Any) -> bool:
    return type(size).__name__ == "Dimension"


def random_uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Uniform draws in [minval, maxval): floating in [0, 1) by default, or integers.

    Raises ValueError for other types, and for integers without `maxval`.
    """
    dtype = dtypes.as_dtype(dtype)
    accepted = (
        dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64,
    )  # fmt: skip
    if dtype not in accepted:
        raise ValueError(
            f"Argument `dtype` got invalid value {dtype}. Accepted dtypes are {accepted}."
        )
    if maxval is None:
        if dtype.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
        maxval = 1
    with name_scope(name, "random_uniform", [shape, minval, maxval]) as name:
        shape = shape_tensor(shape)
        from_zero = isinstance(minval, int) and minval == 0
        to_one = isinstance(maxval, int) and maxval == 1
        if not from_zero or not to_one or dtype.is_integer:
            minval = convert_to_tensor(minval, dtype, "min")
            maxval = convert_to_tensor(maxval, dtype, "max")
        seed, seed2 = get_seed(seed)
        if dtype.is_integer:
            return RandomUniformInt(shape, minval, maxval, seed=seed, seed2=seed2, name=name)
        drawn = RandomUniform(shape, dtype=dtype, seed=seed, seed2=seed2)
        if from_zero:
            return drawn if to_one else registry.get("Mul")(drawn, maxval)
        return registry.get("AddV2")(drawn * (maxval - minval), minval, name=name)


def random_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Normal draws with this mean and standard deviation."""
    return _scaled(RandomStandardNormal, "random_normal", shape, mean, stddev, dtype, seed, name)


def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Normal draws, redrawn until within two standard deviations of the mean."""
    return _scaled(TruncatedNormal, "truncated_normal", shape, mean, stddev, dtype, seed, name)


def _scaled(
    draw: Any,
    default_name: str,
    shape: Any,
    mean: Any,
    stddev: Any,
    dtype: Any,
    seed: int | None,
    name: str | None,
) -> Tensor:
    """A standard draw times `stddev`, plus `mean`."""
    with name_scope(name, default_name, [shape, mean, stddev]) as name:
        shape = shape_tensor(shape)
        mean = convert_to_tensor(mean, dtype, "mean")
        stddev = convert_to_tensor(stddev, dtype, "stddev")
        seed, seed2 = get_seed(seed)
        drawn = draw(shape, dtype=dtype, seed=seed, seed2=seed2)
        return registry.get("AddV2")(drawn * stddev, mean, name=name)


@op
class RandomShuffle:
    """The rows in a random order."""

    inputs = "value: T"
    outputs = "output: T"
    attrs = f"{_SEEDS}, T: type"
    stateful = True
    infer = unchanged

    def bind(op, session):
        generator = _generator(op, session)
        return lambda value: draws.shuffle(generator, value)

    gradient = None


def random_shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """`value` with its rows in a random order."""
    seed, seed2 = get_seed(seed)
    return RandomShuffle(value, seed=seed, seed2=seed2, name=name)


@op
class Multinomial:
    """Class numbers, drawn by unnormalised log-probabilities: [rows, classes] -> [rows, n]."""

    inputs = "logits: T, num_samples: int32"
    outputs = "output: output_dtype"
    attrs = (
        f"{_SEEDS}, T: {{float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, "
        "uint32, uint64}, output_dtype: {int32, int64} = DT_INT64"
    )
    stateful = True

    def infer(logits, num_samples):
        return shape_of_classes(logits, num_samples)

    def bind(op, session):
        generator = _generator(op, session)
        dtype = op._attrs["output_dtype"].as_numpy_dtype
        return lambda logits, samples: drawn_classes(generator, logits, samples, dtype)

    gradient = None


def shape_of_classes(logits: Tensor, num_samples: Tensor) -> Any:
    """[rows, samples], as far as they are known; ValueError where they can't be."""
    rows = with_rank(logits, 2)._sizes[0]
    with_rank(num_samples, 0)
    samples = constant_value(num_samples)
    if samples is not None and samples < 0:
        raise ValueError(
            f"Dimension size, given by scalar input 1, must be non-negative but is {samples}"
        )
    return as_shape([rows, None if samples is None else int(samples)])


def drawn_classes(generator: Any, logits: Any, samples: Any, dtype: Any) -> np.ndarray:
    """Class numbers by log-probabilities; InvalidArgumentError for shapes that don't fit."""
    if np.ndim(logits) != 2:
        raise InvalidArgumentError(
            None, None, f"logits should be a matrix, got shape {list(np.shape(logits))}"
        )
    if samples < 0:
        raise InvalidArgumentError(None, None, f"num_samples should be nonnegative, got {samples}")
    if not np.shape(logits)[1]:
        raise InvalidArgumentError(None, None, "num_classes should be positive, got 0")
    return draws.multinomial(generator, logits, int(samples), dtype)


def multinomial(
    logits: Any,
    num_samples: Any,
    seed: int | None = None,
    name: str | None = None,
    output_dtype: Any = None,
) -> Tensor:
    """`num_samples` class numbers for each row of log-probabilities."""
    with name_scope(name, "multinomial", [logits]):
        return _classes(logits, num_samples, output_dtype, seed)


def categorical(
    logits: Any,
    num_samples: Any,
    dtype: Any = None,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """`num_samples` class numbers for each row of log-probabilities."""
    with name_scope(name, "categorical", [logits]):
        return _classes(logits, num_samples, dtype, seed)


def _classes(logits: Any, num_samples: Any, dtype: Any, seed: int | None) -> Tensor:
    logits = convert_to_tensor(logits, name="logits")
    dtype = class_dtype(dtype)
    seed, seed2 = get_seed(seed)
    return Multinomial(logits, num_samples, seed=seed, seed2=seed2, output_dtype=dtype)


def class_dtype(dtype: Any) -> dtypes.DType:
    """The type for class numbers, int64 by default; ValueError for one they can't have."""
    dtype = dtypes.as_dtype(dtype) if dtype else dtypes.int64
    accepted = (dtypes.int32, dtypes.int64)
    if dtype not in accepted:
        raise ValueError(
            f"Argument `dtype` got invalid value {dtype}. Accepted dtypes are {accepted}."
        )
    return dtype


@op
class RandomGamma:
    """Gamma draws of unit scale: shape + alpha's shape."""

    inputs = "shape: S, alpha: T"
    outputs = "output: T"
    attrs = f"{_SEEDS}, S: {{int32, int64}}, T: {{half, float, double}}"
    stateful = True

    def infer(shape, alpha):
        return constant_shape(shape).concatenate(alpha.shape)

    def bind(op, session):
        generator = _generator(op, session)

        def kernel(shape, alpha):
            return draws.gamma(generator, drawn_sizes(shape), np.asarray(alpha))[()]

        return kernel

    def gradient(op, grad):
        from minitf.ops.gamma_gradient import by_alpha

        return None, by_alpha(op, grad)


@op
class RandomPoissonV2:
    """Poisson counts: shape + rate's shape."""

    inputs = "shape: S, rate: R"
    outputs = "output: dtype"
    attrs = (
        f"{_SEEDS}, S: {{int32, int64}}, R: {{half, float, double, int32, int64}} = DT_DOUBLE, "
        "dtype: {half, float, double, int32, int64} = DT_INT64"
    )
    stateful = True

    def infer(shape, rate):
        return constant_shape(shape).concatenate(rate.shape)

    def bind(op, session):
        generator = _generator(op, session)
        dtype = op._attrs["dtype"].as_numpy_dtype

        def kernel(shape, rate):
            return draws.poisson(generator, drawn_sizes(shape), np.asarray(rate), dtype)[()]

        return kernel

    gradient = LookupError


def random_gamma(
    shape: Any,
    alpha: Any,
    beta: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Gamma draws of shape `alpha` and inverse scale `beta`: `shape` of them for each parameter."""
    from minitf.ops import padding, shapes

    with name_scope(name, "random_gamma", [shape, alpha, beta]):
        shape = convert_to_tensor(shape, dtypes.int32, "shape")
        alpha = convert_to_tensor(alpha, dtype, "alpha")
        beta = convert_to_tensor(1 if beta is None else beta, dtype, "beta")
        wide = padding.broadcast_dynamic_shape(shapes.shape(alpha), shapes.shape(beta))
        alpha = registry.get("BroadcastTo")(alpha, wide)
        seed, seed2 = get_seed(seed)
        drawn = RandomGamma(shape, alpha, seed=seed, seed2=seed2)
        least = np.finfo(alpha.dtype.as_numpy_dtype).tiny
        return registry.get("Maximum")(least, drawn / beta)


def random_poisson(
    lam: Any,
    shape: Any,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Poisson counts of rate `lam`: `shape` of them for each rate."""
    with name_scope(name, "random_poisson", [lam, shape]):
        shape = convert_to_tensor(shape, dtypes.int32, "shape")
        seed, seed2 = get_seed(seed)
        return RandomPoissonV2(shape, lam, dtype=dtype, seed=seed, seed2=seed2)
