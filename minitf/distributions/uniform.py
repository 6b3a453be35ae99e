"""The uniform distribution."""

from __future__ import annotations

import math as numbers
from typing import Any

from minitf import debugging, math
from minitf.distributions.distribution import FULLY_REPARAMETERIZED, OfTwoParameters
from minitf.graph import control_dependencies, name_scope
from minitf.ops import array
from minitf.ops.random import random_uniform
from minitf.tensor import Tensor


class Uniform(OfTwoParameters):
    """From `low` up to, but without, `high`."""

    _PARAMETERS = ("low", "high")

    def __init__(
        self,
        low: Any = 0.0,
        high: Any = 1.0,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Uniform",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[low, high]) as name:
            message = "uniform not defined when low >= high."
            checks = [debugging.assert_less(low, high, message=message)] if validate_args else []
            with control_dependencies(checks):
                self._low = array.identity(low, name="low")
                self._high = array.identity(high, name="high")
                debugging.assert_same_float_dtype([self._low, self._high])
        super().__init__(
            dtype=self._low.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._low, self._high],
            name=name,
        )

    @property
    def low(self) -> Tensor:
        return self._low

    @property
    def high(self) -> Tensor:
        return self._high

    def range(self, name: str = "range") -> Tensor:
        """`high - low`."""
        with self._name_scope(name):
            return self.high - self.low

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        shape = array.concat([[n], self.batch_shape_tensor()], 0)
        drawn = random_uniform(shape, dtype=self.dtype, seed=seed)
        return self.low + self.range() * drawn

    def _prob(self, x: Tensor) -> Tensor:
        x = x * array.ones(self.batch_shape_tensor(), dtype=x.dtype)
        no_number = math.is_nan(x)
        outside = math.logical_or(x < self.low, x >= self.high)
        nothing, density = array.zeros_like(x), array.ones_like(x) / self.range()
        return array.where_v2(no_number, x, array.where_v2(outside, nothing, density))

    def _cdf(self, x: Tensor) -> Tensor:
        shape = array.broadcast_dynamic_shape(array.shape(x), self.batch_shape_tensor())
        zeros = array.zeros(shape, dtype=self.dtype)
        ones = array.ones(shape, dtype=self.dtype)
        wide = x * ones
        is_low, share = x < self.low, (wide - self.low) / self.range()
        below = array.where_v2(is_low, zeros, share)
        return array.where_v2(x >= self.high, ones, below)

    def _entropy(self) -> Tensor:
        return math.log(self.range())

    def _mean(self) -> Tensor:
        return (self.low + self.high) / 2.0

    def _variance(self) -> Tensor:
        return math.square(self.range()) / 12.0

    def _stddev(self) -> Tensor:
        return self.range() / numbers.sqrt(12.0)
