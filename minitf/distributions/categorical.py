"""The categorical distribution: one of several classes, by its number."""

from __future__ import annotations

from typing import Any

from minitf import dtypes, math
from minitf.distributions.checks import categories, integers_of, logits_and_probs
from minitf.distributions.distribution import NOT_REPARAMETERIZED, ScalarEvents
from minitf.distributions.divergences import RegisterKL
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops import array
from minitf.ops.casts import cast
from minitf.ops.cross_entropy import sparse_softmax_cross_entropy_with_logits
from minitf.ops.random import multinomial
from minitf.ops.softmax import log_softmax, softmax
from minitf.shape import TensorShape
from minitf.tensor import Tensor


class Categorical(ScalarEvents):
    """Class `i` with probability `probs[..., i]`, which are `softmax(logits)`."""

    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = dtypes.int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Categorical",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as name:
            self._logits, self._probs = logits_and_probs(
                logits, probs, validate_args, name, multidimensional=True
            )
            if validate_args:
                self._logits = categories(self._logits)
            self._make_shapes()
        super().__init__(
            dtype=dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._logits, self._probs],
            name=name,
        )

    def _make_shapes(self) -> None:
        """The rank and shape of the batch and the number of classes as tensors."""
        known = self._logits.shape.with_rank_at_least(1)
        if known.ndims is not None:
            rank = convert_to_tensor(known.ndims - 1, dtype=dtypes.int32, name="batch_rank")
        else:
            with name_scope("batch_rank"):
                rank = array.rank(self._logits) - 1
        self._batch_rank = rank
        shape = array.shape(self._logits, name="logits_shape")
        size = None if known.ndims is None else known.as_list()[-1]
        if size is not None:
            self._event_size = convert_to_tensor(size, dtype=dtypes.int32, name="event_size")
        else:
            with name_scope("event_size"):
                self._event_size = shape[rank]
        batch = known[:-1]
        if batch.is_fully_defined():
            sizes = batch.as_list()
            self._batch_sizes = array.constant(sizes, dtype=dtypes.int32, name="batch_shape")
        else:
            with name_scope("batch_shape"):
                self._batch_sizes = shape[:-1]

    @property
    def event_size(self) -> Tensor:
        return self._event_size

    @property
    def logits(self) -> Tensor:
        return self._logits

    @property
    def probs(self) -> Tensor:
        return self._probs

    def _batch_shape_tensor(self) -> Tensor:
        return array.identity(self._batch_sizes)

    def _batch_shape(self) -> TensorShape:
        return self.logits.shape[:-1]

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        logits = self.logits
        if logits.shape.ndims != 2:
            logits = array.reshape(logits, [-1, self.event_size])
        kind = dtypes.int64 if self.dtype.size > 4 else dtypes.int32
        drawn = array.transpose(multinomial(logits, n, seed=seed, output_dtype=kind))
        shape = array.concat([[n], self.batch_shape_tensor()], 0)
        return cast(array.reshape(drawn, shape), self.dtype)

    def _checked(self, k: Any) -> Tensor:
        k = convert_to_tensor(k, name="k")
        return integers_of(k, dtypes.int32) if self.validate_args else k

    def _cdf(self, k: Tensor) -> Tensor:
        k, probs = _broadcast(self._checked(k), self.probs, self.dtype.base_dtype)
        probs = array.reshape(probs, (-1, self._event_size))
        flat = array.reshape(k, [-1])
        up_to = array.sequence_mask(flat, self._event_size)
        parts = array.where(up_to, probs, array.zeros_like(probs))
        total = math.reduce_sum(parts, axis=-1)
        return array.reshape(total, array.shape(k))

    def _log_prob(self, k: Tensor) -> Tensor:
        k, logits = _broadcast(self._checked(k), self.logits, self.dtype.base_dtype)
        return -sparse_softmax_cross_entropy_with_logits(labels=k, logits=logits)

    def _entropy(self) -> Tensor:
        return -math.reduce_sum(log_softmax(self.logits) * self.probs, axis=-1)

    def _mode(self) -> Tensor:
        mode = cast(math.argmax(self.logits, axis=self._batch_rank), self.dtype)
        mode.set_shape(self.batch_shape)
        return mode


def _broadcast(event: Tensor, parameter: Tensor, dtype: Any) -> tuple[Tensor, Tensor]:
    """Class numbers and a parameter with one more axis, for the classes, in a common shape."""
    if event.dtype.is_floating:
        event = cast(event, dtypes.int32)
    elif not event.dtype.is_integer:
        raise TypeError(f"`value` should have integer `dtype` or `self.dtype` ({dtype})")
    shape = parameter.shape
    known = shape.ndims is not None and shape[:-1].is_fully_defined()
    if known and event.shape.is_fully_defined() and shape[:-1] == event.shape:
        return event, parameter
    parameter *= array.ones_like(event[..., array.newaxis], dtype=parameter.dtype)
    event *= array.ones(array.shape(parameter)[:-1], dtype=event.dtype)
    if parameter.shape.ndims is not None:
        event.set_shape(parameter.shape[:-1])
    return event, parameter


@RegisterKL(Categorical, Categorical)
def _of_categoricals(a: Categorical, b: Categorical, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_categorical_categorical", values=[a.logits, b.logits]):
        differences = log_softmax(a.logits) - log_softmax(b.logits)
        return math.reduce_sum(softmax(a.logits) * differences, axis=-1)
