"""The Bernoulli distribution: 1 or 0."""

from __future__ import annotations

from typing import Any

from minitf import dtypes, math
from minitf.distributions.checks import integers_of, logits_and_probs
from minitf.distributions.distribution import NOT_REPARAMETERIZED, ScalarEvents
from minitf.distributions.divergences import RegisterKL
from minitf.graph import name_scope
from minitf.ops import array
from minitf.ops.activations import softplus
from minitf.ops.casts import cast
from minitf.ops.cross_entropy import sigmoid_cross_entropy_with_logits
from minitf.ops.random import random_uniform
from minitf.shape import TensorShape
from minitf.tensor import Tensor


class Bernoulli(ScalarEvents):
    """1 with probability `probs`, which is `sigmoid(logits)`, else 0; ValueError for both given."""

    _PARAMETERS = ("logits",)

    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = dtypes.int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Bernoulli",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name) as name:
            self._logits, self._probs = logits_and_probs(logits, probs, validate_args, name)
        super().__init__(
            dtype=dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._logits, self._probs],
            name=name,
        )

    @property
    def logits(self) -> Tensor:
        return self._logits

    @property
    def probs(self) -> Tensor:
        return self._probs

    def _batch_shape_tensor(self) -> Tensor:
        return array.shape(self._logits)

    def _batch_shape(self) -> TensorShape:
        return self._logits.shape

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        shape = array.concat([[n], self.batch_shape_tensor()], 0)
        drawn = random_uniform(shape, seed=seed, dtype=self.probs.dtype)
        return cast(math.less(drawn, self.probs), self.dtype)

    def _log_prob(self, event: Tensor) -> Tensor:
        if self.validate_args:
            event = integers_of(event, dtypes.bool)
        event, logits = cast(event, self.logits.dtype), self.logits
        known = event.shape.is_fully_defined() and logits.shape.is_fully_defined()
        if not known or event.shape.as_list() != logits.shape.as_list():
            wide = array.ones_like(event) * logits
            event = array.ones_like(logits) * event
            logits = wide
        return -sigmoid_cross_entropy_with_logits(labels=event, logits=logits)

    def _entropy(self) -> Tensor:
        scaled = -self.logits * (math.sigmoid(self.logits) - 1)
        return scaled + softplus(-self.logits)

    def _mean(self) -> Tensor:
        return array.identity(self.probs)

    def _variance(self) -> Tensor:
        return self._mean() * (1.0 - self.probs)

    def _mode(self) -> Tensor:
        return cast(self.probs > 0.5, self.dtype)


@RegisterKL(Bernoulli, Bernoulli)
def _of_bernoullis(a: Bernoulli, b: Bernoulli, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_bernoulli_bernoulli", values=[a.logits, b.logits]):
        of_0 = softplus(-b.logits) - softplus(-a.logits)
        of_1 = softplus(b.logits) - softplus(a.logits)
        return math.sigmoid(a.logits) * of_0 + math.sigmoid(-a.logits) * of_1
