"""How variables' first values are made: constants, and random draws of the right size."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.arrays import filled, make_array
from minitf.dtypes import DType
from minitf.op import add_constant
from minitf.ops import diagonals, filling, linalg, random, rearranging, shapes, slicing
from minitf.tensor import Tensor


class Initializer:
    """A function of a shape that gives a tensor: `initializer(shape, dtype, partition_info)`.

    `partition_info` tells of which larger variable this one is a part.
    """

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """The arguments that make this initializer again, by name."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Initializer:
        """The initializer with these arguments."""
        return cls(**config)

    def _type(self, dtype: Any) -> Any:
        return self.dtype if dtype is None else dtype  # type: ignore[attr-defined]


def _float_type(dtype: Any) -> DType:
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"Argument `dtype` is expected to be floating point. Received: {dtype}.")
    return dtype


class Zeros(Initializer):
    """Zeros, empty strings or False."""

    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        return filling.zeros(shape, self._type(dtype))

    def get_config(self) -> dict[str, Any]:
        return {"dtype": self.dtype.name}


class Ones(Initializer):
    """Ones."""

    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        return filling.ones(shape, self._type(dtype))

    def get_config(self) -> dict[str, Any]:
        return {"dtype": self.dtype.name}


class Constant(Initializer):
    """Given values in row-major order, the last of which fills the places that are left.

    Raises TypeError for a value that is neither scalar, list, tuple nor array.
    """

    def __init__(
        self, value: Any = 0, dtype: Any = dtypes.float32, verify_shape: bool = False
    ) -> None:
        if not (np.isscalar(value) or isinstance(value, (list, tuple, np.ndarray))):
            raise TypeError(
                f"Invalid type for initial value={value} of type: {type(value).__name__}. Expected "
                "Python scalar, list or tuple of values, or numpy.ndarray."
            )
        self.value = value
        self.dtype = dtypes.as_dtype(dtype)
        self._verify_shape = verify_shape

    def __call__(
        self,
        shape: Any,
        dtype: Any = None,
        partition_info: Any = None,
        verify_shape: bool | None = None,
    ) -> Tensor:
        array = make_array(self.value, dtypes.as_dtype(self._type(dtype)))
        verify_shape = self._verify_shape if verify_shape is None else verify_shape
        if shape is not None:
            array = filled(array, shape, verify_shape)
        return add_constant(array, "Const")

    def get_config(self) -> dict[str, Any]:
        return {"value": self.value, "dtype": self.dtype.name}


class RandomUniform(Initializer):
    """Uniform in [minval, maxval); integers if `dtype` is an integer type."""

    def __init__(
        self, minval: Any = 0.0, maxval: Any = None, seed: Any = None, dtype: Any = dtypes.float32
    ) -> None:
        self.minval = minval
        self.maxval = maxval
        self.seed = seed
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        dtype = self._type(dtype)
        return random.random_uniform(shape, self.minval, self.maxval, dtype, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        return {
            "minval": self.minval,
            "maxval": self.maxval,
            "seed": self.seed,
            "dtype": self.dtype.name,
        }


class RandomNormal(Initializer):
    """Normal with this mean and standard deviation."""

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 1.0, seed: Any = None, dtype: Any = dtypes.float32
    ) -> None:
        self.mean = mean
        self.stddev = stddev
        self.seed = seed
        self.dtype = _float_type(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        dtype = self._type(dtype)
        return random.random_normal(shape, self.mean, self.stddev, dtype, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        return {
            "mean": self.mean,
            "stddev": self.stddev,
            "seed": self.seed,
            "dtype": self.dtype.name,
        }


class TruncatedNormal(RandomNormal):
    """Normal, redrawn until within two standard deviations of the mean."""

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        dtype = self._type(dtype)
        return random.truncated_normal(shape, self.mean, self.stddev, dtype, seed=self.seed)


class UniformUnitScaling(Initializer):
    """Uniform, so that a layer keeps the scale of its inputs' variance; `factor` times that."""

    def __init__(self, factor: float = 1.0, seed: Any = None, dtype: Any = dtypes.float32) -> None:
        self.factor = factor
        self.seed = seed
        self.dtype = _float_type(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        full_shape = shape if partition_info is None else partition_info.full_shape
        inputs = max(math.prod(float(size) for size in full_shape[:-1]), 1.0)
        limit = math.sqrt(3 / inputs) * self.factor
        return random.random_uniform(shape, -limit, limit, self._type(dtype), seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        return {"factor": self.factor, "seed": self.seed, "dtype": self.dtype.name}


_MODES = ("fan_in", "fan_out", "fan_avg")
_DISTRIBUTIONS = ("normal", "uniform", "truncated_normal", "untruncated_normal")
_TRUNCATED_STDDEV = 0.8796256610342398  # of a standard normal, cut off at two


class VarianceScaling(Initializer):
    """Draws with variance `scale / n`, n the number of a unit's inputs, outputs or their mean.

    X. Glorot and Y. Bengio (2010), K. He et al. (2015), Y. LeCun et al. (1998) give the usual
    choices. Raises ValueError for a scale that is not positive and for unknown modes.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: Any = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        if scale <= 0.0:
            raise ValueError(f"Argument `scale` must be a positive float. Received: {scale}")
        if mode not in _MODES:
            raise ValueError(f"Argument `mode` should be one of {_MODES}. Received: {mode}")
        distribution = distribution.lower()
        if distribution not in _DISTRIBUTIONS:
            raise ValueError(
                f"Argument `distribution` should be one of {_DISTRIBUTIONS}. Received: "
                f"{distribution}"
            )
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.seed = seed
        self.dtype = _float_type(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        dtype = self._type(dtype)
        fan_in, fan_out = _fans(shape if partition_info is None else partition_info.full_shape)
        fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}
        variance = self.scale / max(1.0, fans[self.mode])
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return random.random_uniform(shape, -limit, limit, dtype, seed=self.seed)
        stddev = math.sqrt(variance)
        if self.distribution == "untruncated_normal":
            return random.random_normal(shape, 0.0, stddev, dtype, seed=self.seed)
        stddev /= _TRUNCATED_STDDEV
        return random.truncated_normal(shape, 0.0, stddev, dtype, seed=self.seed)

    def get_config(self) -> dict[str, Any]:
        return {
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "seed": self.seed,
            "dtype": self.dtype.name,
        }


def _fans(shape: Any) -> tuple[int, int]:
    """How many inputs and outputs a unit has; of a convolution, over its whole window."""
    if len(shape) < 2:
        size = int(shape[0]) if len(shape) else 1
        return size, size
    window = math.prod(int(size) for size in shape[:-2])
    return int(shape[-2]) * window, int(shape[-1]) * window


class GlorotUniform(VarianceScaling):
    """Uniform in +-sqrt(6 / (inputs + outputs)): X. Glorot and Y. Bengio (2010)."""

    def __init__(self, seed: Any = None, dtype: Any = dtypes.float32) -> None:
        super().__init__(mode="fan_avg", distribution="uniform", seed=seed)

    def get_config(self) -> dict[str, Any]:
        return {"seed": self.seed, "dtype": self.dtype.name}


class GlorotNormal(VarianceScaling):
    """Truncated normal of variance 2 / (inputs + outputs): X. Glorot and Y. Bengio (2010)."""

    def __init__(self, seed: Any = None, dtype: Any = dtypes.float32) -> None:
        super().__init__(mode="fan_avg", distribution="truncated_normal", seed=seed)

    def get_config(self) -> dict[str, Any]:
        return {"seed": self.seed, "dtype": self.dtype.name}


def lecun_normal(seed: Any = None) -> VarianceScaling:
    """Truncated normal of variance 1 / inputs."""
    return VarianceScaling(seed=seed)


def lecun_uniform(seed: Any = None) -> VarianceScaling:
    """Uniform of variance 1 / inputs."""
    return VarianceScaling(distribution="uniform", seed=seed)


def he_normal(seed: Any = None) -> VarianceScaling:
    """Truncated normal of variance 2 / inputs: K. He et al. (2015)."""
    return VarianceScaling(scale=2.0, seed=seed)


def he_uniform(seed: Any = None) -> VarianceScaling:
    """Uniform of variance 2 / inputs: K. He et al. (2015)."""
    return VarianceScaling(scale=2.0, distribution="uniform", seed=seed)


class Orthogonal(Initializer):
    """A matrix with orthonormal rows or columns, times `gain`: A. Saxe et al. (2013).

    Shapes of more than two dimensions are flattened but for the last one. Raises ValueError for
    those of less than two.
    """

    def __init__(self, gain: float = 1.0, seed: Any = None, dtype: Any = dtypes.float32) -> None:
        self.gain = gain
        self.seed = seed
        self.dtype = _float_type(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        if len(shape) < 2:
            raise ValueError(
                "The tensor to initialize, specified by argument `shape` must be at least "
                f"two-dimensional. Received shape={shape}"
            )
        rows, columns = math.prod(int(size) for size in shape[:-1]), int(shape[-1])
        flat = (max(rows, columns), min(rows, columns))
        drawn = random.random_normal(flat, dtype=self._type(dtype), seed=self.seed)
        q, r = linalg.qr(drawn)
        q *= registry.get("Sign")(diagonals.diag_part(r))
        if rows < columns:
            q = rearranging.matrix_transpose(q)
        return self.gain * shapes.reshape(q, shape)

    def get_config(self) -> dict[str, Any]:
        return {"gain": self.gain, "seed": self.seed, "dtype": self.dtype.name}


class Identity(Initializer):
    """The identity matrix, times `gain`; ValueError for what is not a matrix."""

    def __init__(self, gain: float = 1.0, dtype: Any = dtypes.float32) -> None:
        self.gain = gain
        self.dtype = _float_type(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        full_shape = list(shape if partition_info is None else partition_info.full_shape)
        if len(full_shape) != 2:
            raise ValueError(
                "The tensor to initialize, specified by argument `shape` must be at least "
                f"two-dimensional. Received shape={shape}"
            )
        matrix = diagonals.eye(*full_shape, dtype=self._type(dtype))
        if partition_info is not None:
            matrix = slicing.slice_of(matrix, partition_info.var_offset, shape)
        return self.gain * matrix

    def get_config(self) -> dict[str, Any]:
        return {"gain": self.gain, "dtype": self.dtype.name}


zeros_initializer = Zeros
ones_initializer = Ones
constant_initializer = Constant
random_uniform_initializer = RandomUniform
random_normal_initializer = RandomNormal
truncated_normal_initializer = TruncatedNormal
uniform_unit_scaling_initializer = UniformUnitScaling
variance_scaling_initializer = VarianceScaling
glorot_uniform_initializer = GlorotUniform
glorot_normal_initializer = GlorotNormal
orthogonal_initializer = Orthogonal
