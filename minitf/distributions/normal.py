"""The normal distribution."""

from __future__ import annotations

import math as numbers
from typing import Any

from minitf import debugging, math
from minitf.distributions import special
from minitf.distributions.distribution import FULLY_REPARAMETERIZED, OfTwoParameters
from minitf.distributions.divergences import RegisterKL
from minitf.graph import control_dependencies, name_scope
from minitf.ops import array
from minitf.ops.random import random_normal
from minitf.tensor import Tensor


class Normal(OfTwoParameters):
    """Of mean `loc` and standard deviation `scale`."""

    _PARAMETERS = ("loc", "scale")

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Normal",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale]) as name:
            checks = [debugging.assert_positive(scale)] if validate_args else []
            with control_dependencies(checks):
                self._loc = array.identity(loc, name="loc")
                self._scale = array.identity(scale, name="scale")
                debugging.assert_same_float_dtype([self._loc, self._scale])
        super().__init__(
            dtype=self._scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._loc, self._scale],
            name=name,
        )

    @property
    def loc(self) -> Tensor:
        return self._loc

    @property
    def scale(self) -> Tensor:
        return self._scale

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        shape = array.concat([[n], self.batch_shape_tensor()], 0)
        drawn = random_normal(shape, mean=0.0, stddev=1.0, dtype=self.loc.dtype, seed=seed)
        return drawn * self.scale + self.loc

    def _log_prob(self, x: Tensor) -> Tensor:
        return -0.5 * math.square(self._z(x)) - self._log_normalization()

    def _log_normalization(self) -> Tensor:
        return 0.5 * numbers.log(2.0 * numbers.pi) + math.log(self.scale)

    def _log_cdf(self, x: Tensor) -> Tensor:
        return special.log_ndtr(self._z(x))

    def _cdf(self, x: Tensor) -> Tensor:
        return special.ndtr(self._z(x))

    def _log_survival_function(self, x: Tensor) -> Tensor:
        return special.log_ndtr(-self._z(x))

    def _survival_function(self, x: Tensor) -> Tensor:
        return special.ndtr(-self._z(x))

    def _quantile(self, p: Tensor) -> Tensor:
        z = special.ndtri(p)
        with name_scope("reconstruct", values=[z]):
            return z * self.scale + self.loc

    def _entropy(self) -> Tensor:
        scale = self.scale * array.ones_like(self.loc)
        return 0.5 * numbers.log(2.0 * numbers.pi * numbers.e) + math.log(scale)

    def _mean(self) -> Tensor:
        return self.loc * array.ones_like(self.scale)

    def _stddev(self) -> Tensor:
        return self.scale * array.ones_like(self.loc)

    def _mode(self) -> Tensor:
        return self._mean()

    def _z(self, x: Tensor) -> Tensor:
        with name_scope("standardize", values=[x]):
            return (x - self.loc) / self.scale


@RegisterKL(Normal, Normal)
def _of_normals(a: Normal, b: Normal, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_normal_normal", [a.loc, b.loc]):
        one = array.constant(1, dtype=a.dtype)
        two = array.constant(2, dtype=a.dtype)
        half = array.constant(0.5, dtype=a.dtype)
        square_a, square_b = math.square(a.scale), math.square(b.scale)
        ratio = square_a / square_b
        distance = math.squared_difference(a.loc, b.loc) / (two * square_b)
        return distance + half * (ratio - one - math.log(ratio))
