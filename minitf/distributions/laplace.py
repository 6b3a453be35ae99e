"""The Laplace distribution."""

from __future__ import annotations

import math as numbers
from typing import Any

import numpy as np

from minitf import debugging, math
from minitf.distributions import special
from minitf.distributions.distribution import FULLY_REPARAMETERIZED, OfTwoParameters
from minitf.graph import control_dependencies, name_scope
from minitf.ops import array
from minitf.ops.random import random_uniform
from minitf.tensor import Tensor


class Laplace(OfTwoParameters):
    """Around `loc`, falling off to both sides exponentially by `scale`."""

    _PARAMETERS = ("loc", "scale")

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Laplace",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale]) as name:
            checks = [debugging.assert_positive(scale)] if validate_args else []
            with control_dependencies(checks):
                self._loc = array.identity(loc, name="loc")
                self._scale = array.identity(scale, name="scale")
                debugging.assert_same_float_dtype([self._loc, self._scale])
            super().__init__(
                dtype=self._loc.dtype,
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
        kind = self.dtype.as_numpy_dtype
        # From just above -1 on: at -1 the logarithm would be infinite.
        least = np.nextafter(kind(-1.0), kind(0.0))
        drawn = random_uniform(shape, minval=least, maxval=1.0, dtype=self.dtype, seed=seed)
        return self.loc - self.scale * math.sign(drawn) * math.log1p(-math.abs(drawn))

    def _log_prob(self, x: Tensor) -> Tensor:
        unnormalized = -math.abs(self._z(x))
        return unnormalized - (numbers.log(2.0) + math.log(self.scale))

    def _prob(self, x: Tensor) -> Tensor:
        return math.exp(self._log_prob(x))

    def _log_cdf(self, x: Tensor) -> Tensor:
        return special.log_cdf_laplace(self._z(x))

    def _log_survival_function(self, x: Tensor) -> Tensor:
        return special.log_cdf_laplace(-self._z(x))

    def _cdf(self, x: Tensor) -> Tensor:
        z = self._z(x)
        return 0.5 + 0.5 * math.sign(z) * (1.0 - math.exp(-math.abs(z)))

    def _entropy(self) -> Tensor:
        scale = self.scale + array.zeros_like(self.loc)
        return numbers.log(2.0) + 1.0 + math.log(scale)

    def _mean(self) -> Tensor:
        return self.loc + array.zeros_like(self.scale)

    def _stddev(self) -> Tensor:
        return numbers.sqrt(2.0) * self.scale + array.zeros_like(self.loc)

    def _mode(self) -> Tensor:
        return self._mean()

    def _z(self, x: Tensor) -> Tensor:
        return (x - self.loc) / self.scale
