"""The gamma distribution, and the exponential one, which is one of its kind."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import debugging, math
from minitf.distributions.distribution import FULLY_REPARAMETERIZED, OfTwoParameters
from minitf.distributions.divergences import RegisterKL
from minitf.graph import control_dependencies, name_scope
from minitf.op import convert_to_tensor
from minitf.ops import array
from minitf.ops.control import with_dependencies
from minitf.ops.random import random_gamma, random_uniform
from minitf.tensor import Tensor


class Gamma(OfTwoParameters):
    """Of shape `concentration` and inverse scale `rate`."""

    _PARAMETERS: tuple[str, ...] = ("concentration", "rate")

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Gamma",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as name:
            checked = [concentration, rate] if validate_args else []
            with control_dependencies([debugging.assert_positive(x) for x in checked]):
                self._concentration = array.identity(concentration, name="concentration")
                self._rate = array.identity(rate, name="rate")
                debugging.assert_same_float_dtype([self._concentration, self._rate])
        super().__init__(
            dtype=self._concentration.dtype,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            reparameterization_type=FULLY_REPARAMETERIZED,
            parameters=parameters,
            graph_parents=[self._concentration, self._rate],
            name=name,
        )

    @property
    def concentration(self) -> Tensor:
        return self._concentration

    @property
    def rate(self) -> Tensor:
        return self._rate

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        return random_gamma([n], self.concentration, self.rate, dtype=self.dtype, seed=seed)

    def _log_prob(self, x: Tensor) -> Tensor:
        x = self._checked(x)
        unnormalized = math.xlogy(self.concentration - 1.0, x) - self.rate * x
        return unnormalized - self._log_normalization()

    def _log_normalization(self) -> Tensor:
        return math.lgamma(self.concentration) - self.concentration * math.log(self.rate)

    def _cdf(self, x: Tensor) -> Tensor:
        x = self._checked(x)
        return math.igamma(self.concentration, self.rate * x)

    def _entropy(self) -> Tensor:
        k = self.concentration
        return k - math.log(self.rate) + math.lgamma(k) + (1.0 - k) * math.digamma(k)

    def _mean(self) -> Tensor:
        return self.concentration / self.rate

    def _variance(self) -> Tensor:
        return self.concentration / math.square(self.rate)

    def _stddev(self) -> Tensor:
        return math.sqrt(self.concentration) / self.rate

    def _mode(self) -> Tensor:
        mode = (self.concentration - 1.0) / self.rate
        if self.allow_nan_stats:
            nan = np.array(np.nan, dtype=self.dtype.as_numpy_dtype)
            nan = array.fill(self.batch_shape_tensor(), nan, name="nan")
            return array.where_v2(self.concentration > 1.0, mode, nan)
        one, message = array.ones([], self.dtype), "mode not defined when any concentration <= 1"
        check = debugging.assert_less(one, self.concentration, message=message)
        return with_dependencies([check], mode)

    def _checked(self, x: Tensor) -> Tensor:
        debugging.assert_same_float_dtype([x], self.dtype)
        if not self.validate_args:
            return x
        return with_dependencies([debugging.assert_positive(x)], x)


class Exponential(Gamma):
    """Waiting times of `rate`: a gamma distribution of concentration 1."""

    _PARAMETERS = ("rate",)

    def __init__(
        self,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Exponential",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[rate]) as name:
            given = convert_to_tensor(rate, name="rate")
        super().__init__(
            concentration=array.ones([], dtype=given.dtype),
            rate=given,
            allow_nan_stats=allow_nan_stats,
            validate_args=validate_args,
            name=name,
        )
        self._parameters = parameters
        self._graph_parents += [self._rate]

    def _log_survival_function(self, value: Tensor) -> Tensor:
        return self._log_prob(value) - math.log(self._rate)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        shape = array.concat([[n], array.shape(self._rate)], 0)
        least = np.finfo(self.dtype.as_numpy_dtype).tiny  # the logarithm of 0 is infinite
        drawn = random_uniform(shape, minval=least, maxval=1.0, seed=seed, dtype=self.dtype)
        return -math.log(drawn) / self._rate


@RegisterKL(Gamma, Gamma)
def _of_gammas(a: Gamma, b: Gamma, name: str | None = None) -> Tensor:
    k_a, k_b = a.concentration, b.concentration
    with name_scope(name, "kl_gamma_gamma", values=[k_a, a.rate, k_b, b.rate]):
        return (
            (k_a - k_b) * math.digamma(k_a)
            + math.lgamma(k_b)
            - math.lgamma(k_a)
            + k_b * math.log(a.rate)
            - k_b * math.log(b.rate)
            + k_a * (b.rate / a.rate - 1.0)
        )
