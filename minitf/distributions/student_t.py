"""Student's t distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import debugging, math
from minitf.distributions.checks import new_seed
from minitf.distributions.distribution import FULLY_REPARAMETERIZED, ScalarEvents
from minitf.graph import control_dependencies, name_scope
from minitf.ops import array
from minitf.ops.control import with_dependencies
from minitf.ops.random import random_gamma, random_normal
from minitf.shape import TensorShape
from minitf.tensor import Tensor


class StudentT(ScalarEvents):
    """Of `df` degrees of freedom, moved to `loc` and stretched by `scale`."""

    _PARAMETERS = ("df", "loc", "scale")

    def __init__(
        self,
        df: Any,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "StudentT",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[df, loc, scale]) as name:
            checks = [debugging.assert_positive(df)] if validate_args else []
            with control_dependencies(checks):
                self._df = array.identity(df, name="df")
                self._loc = array.identity(loc, name="loc")
                self._scale = array.identity(scale, name="scale")
                debugging.assert_same_float_dtype((self._df, self._loc, self._scale))
        super().__init__(
            dtype=self._scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._df, self._loc, self._scale],
            name=name,
        )

    @property
    def df(self) -> Tensor:
        return self._df

    @property
    def loc(self) -> Tensor:
        return self._loc

    @property
    def scale(self) -> Tensor:
        return self._scale

    def _batch_shape_tensor(self) -> Tensor:
        of_df = array.shape(self.df)
        inner = array.broadcast_dynamic_shape(array.shape(self.loc), array.shape(self.scale))
        return array.broadcast_dynamic_shape(of_df, inner)

    def _batch_shape(self) -> TensorShape:
        inner = array.broadcast_static_shape(self.df.shape, self.loc.shape)
        return array.broadcast_static_shape(inner, self.scale.shape)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        shape = array.concat([[n], self.batch_shape_tensor()], 0)
        normal = random_normal(shape, dtype=self.dtype, seed=seed)
        df = self.df * array.ones(self.batch_shape_tensor(), dtype=self.dtype)
        salted = new_seed(seed, "student_t")
        gamma = random_gamma([n], 0.5 * df, beta=0.5, dtype=self.dtype, seed=salted)
        return normal * math.rsqrt(gamma / df) * self.scale + self.loc

    def _log_prob(self, x: Tensor) -> Tensor:
        y = (x - self.loc) / self.scale
        unnormalized = -0.5 * (self.df + 1.0) * math.log1p(y**2.0 / self.df)
        return unnormalized - self._log_normalization()

    def _log_normalization(self) -> Tensor:
        return (
            math.log(math.abs(self.scale))
            + 0.5 * math.log(self.df)
            + 0.5 * np.log(np.pi)
            + math.lgamma(0.5 * self.df)
            - math.lgamma(0.5 * (self.df + 1.0))
        )

    def _cdf(self, x: Tensor) -> Tensor:
        y = (x - self.loc) / math.abs(self.scale)
        share = self.df / (y**2.0 + self.df)
        tail = 0.5 * math.betainc(0.5 * self.df, 0.5, share)
        return array.where_v2(math.less(y, 0.0), tail, 1.0 - tail)

    def _entropy(self) -> Tensor:
        one = array.ones(self.batch_shape_tensor(), dtype=self.dtype)[..., array.newaxis]
        wide = one * self.df[..., array.newaxis]
        halves = array.concat([wide, one], -1) / 2.0
        df = self.df
        return (
            math.log(math.abs(self.scale))
            + 0.5 * math.log(df)
            + math.lbeta(halves)
            + 0.5 * (df + 1.0) * (math.digamma(0.5 * (df + 1.0)) - math.digamma(0.5 * df))
        )

    def _mean(self) -> Tensor:
        mean = self.loc * array.ones(self.batch_shape_tensor(), dtype=self.dtype)
        return self._where_above_1(mean, "mean")

    def _variance(self) -> Tensor:
        above_2, less_2 = math.greater(self.df, 2.0), self.df - 2.0
        divisor = array.where_v2(above_2, less_2, array.ones_like(self.df))
        ones = array.ones(self.batch_shape_tensor(), dtype=self.dtype)
        variance = ones * math.square(self.scale) * self.df / divisor
        infinite = np.array(np.inf, dtype=self.dtype.as_numpy_dtype)
        exists = self.df > array.fill(self.batch_shape_tensor(), 2.0)
        infinite = array.fill(self.batch_shape_tensor(), infinite, name="inf")
        return self._where_above_1(array.where_v2(exists, variance, infinite), "variance")

    def _where_above_1(self, value: Tensor, what: str) -> Tensor:
        """`value`, but NaN or a failure where there is at most one degree of freedom."""
        if self.allow_nan_stats:
            nan = np.array(np.nan, dtype=self.dtype.as_numpy_dtype)
            ones = array.ones(self.batch_shape_tensor(), dtype=self.dtype)
            exists = math.greater(self.df, ones)
            nan = array.fill(self.batch_shape_tensor(), nan, name="nan")
            return array.where_v2(exists, value, nan)
        message = f"{what} not defined for components of df <= 1"
        one = array.ones([], dtype=self.dtype)
        return with_dependencies([debugging.assert_less(one, self.df, message=message)], value)

    def _mode(self) -> Tensor:
        return array.identity(self.loc)
