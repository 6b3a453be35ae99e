"""What all distributions share: names, shapes, and the public side of each question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from minitf import dtypes, math
from minitf.distributions import divergences
from minitf.distributions.checks import pick_vector
from minitf.graph import name_scope
from minitf.infer import get_static_value
from minitf.op import convert_to_tensor
from minitf.ops import array
from minitf.shape import TensorShape, as_shape
from minitf.tensor import Tensor


class ReparameterizationType:
    """Whether draws are differentiable functions of a distribution's parameters."""

    def __init__(self, rep_type: str) -> None:
        self._rep_type = rep_type

    def __repr__(self) -> str:
        return f"<Reparameterization Type: {self._rep_type}>"


FULLY_REPARAMETERIZED = ReparameterizationType("FULLY_REPARAMETERIZED")
NOT_REPARAMETERIZED = ReparameterizationType("NOT_REPARAMETERIZED")


class Distribution:
    """A probability distribution, or a batch of them with different parameters.

    A draw has shape `sample_shape + batch_shape + event_shape`. A subclass answers what it can by
    methods `_sample_n`, `_log_prob`, `_mean` and so on; what it cannot is a NotImplementedError.
    """

    _PARAMETERS: tuple[str, ...] = ()  # those whose shape follows from the draws'

    def __init__(
        self,
        dtype: Any,
        reparameterization_type: Any,
        validate_args: bool,
        allow_nan_stats: bool,
        parameters: dict[str, Any] | None = None,
        graph_parents: Any = None,
        name: str | None = None,
    ) -> None:
        graph_parents = graph_parents or []
        for index, parent in enumerate(graph_parents):
            if not isinstance(parent, Tensor):
                raise ValueError(f"Graph parent item {index} is not a Tensor; {parent}.")
        if not name or name[-1] != "/":
            with name_scope(name or type(self).__name__) as scope:
                name = scope
        self._dtype = dtype
        self._reparameterization_type = reparameterization_type
        self._allow_nan_stats = allow_nan_stats
        self._validate_args = validate_args
        self._parameters = parameters or {}
        self._graph_parents = graph_parents
        self._name = name

    def __str__(self) -> str:
        batch = "" if self.batch_shape.ndims is None else f", batch_shape={self.batch_shape}"
        event = "" if self.event_shape.ndims is None else f", event_shape={self.event_shape}"
        kind, dtype = type(self).__name__, self.dtype.name
        return f'tfp.distributions.{kind}("{self.name}"{batch}{event}, dtype={dtype})'

    def __repr__(self) -> str:
        return (
            f"<tfp.distributions.{type(self).__name__} '{self.name}' "
            f"batch_shape={self.batch_shape} event_shape={self.event_shape} "
            f"dtype={self.dtype.name}>"
        )

    # what it is

    @property
    def name(self) -> str:
        return self._name

    @property
    def dtype(self) -> Any:
        return self._dtype

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            key: value
            for key, value in self._parameters.items()
            if key != "self" and not key.startswith("__")
        }

    @property
    def reparameterization_type(self) -> Any:
        return self._reparameterization_type

    @property
    def allow_nan_stats(self) -> bool:
        return self._allow_nan_stats

    @property
    def validate_args(self) -> bool:
        return self._validate_args

    def copy(self, **override_parameters_kwargs: Any) -> Any:
        """Another one of the same parameters, but for those given here."""
        return type(self)(**{**self.parameters, **override_parameters_kwargs})

    @classmethod
    def param_shapes(cls, sample_shape: Any, name: str = "DistributionParamShapes") -> Any:
        """The shapes, tensors, that parameters need for draws of `sample_shape`."""
        with name_scope(name, values=[sample_shape]):
            return cls._param_shapes(sample_shape)

    @classmethod
    def param_static_shapes(cls, sample_shape: Any) -> dict[str, TensorShape]:
        """Those shapes as TensorShapes; ValueError where `sample_shape` is not known."""
        if isinstance(sample_shape, TensorShape):
            if not sample_shape.is_fully_defined():
                raise ValueError("TensorShape sample_shape must be fully defined")
            sample_shape = sample_shape.as_list()
        shapes = {}
        for key, shape in cls.param_shapes(sample_shape).items():
            known = get_static_value(shape)
            if known is None:
                raise ValueError("sample_shape must be a fully-defined TensorShape or list/tuple")
            shapes[key] = TensorShape(known.tolist())
        return shapes

    @classmethod
    def _param_shapes(cls, sample_shape: Any) -> dict[str, Tensor]:
        if not cls._PARAMETERS:
            raise NotImplementedError("_param_shapes not implemented")
        return dict.fromkeys(cls._PARAMETERS, convert_to_tensor(sample_shape, dtype=dtypes.int32))

    # shapes

    def _batch_shape_tensor(self) -> Tensor:
        raise self._missing("batch_shape_tensor")

    def _batch_shape(self) -> Any:
        return TensorShape(None)

    def _event_shape_tensor(self) -> Tensor:
        raise self._missing("event_shape_tensor")

    def _event_shape(self) -> Any:
        return TensorShape(None)

    @property
    def batch_shape(self) -> TensorShape:
        return as_shape(self._batch_shape())

    @property
    def event_shape(self) -> TensorShape:
        return as_shape(self._event_shape())

    def batch_shape_tensor(self, name: str = "batch_shape_tensor") -> Tensor:
        """The shape of one draw's events."""
        with self._name_scope(name):
            return _known_or(self.batch_shape, "batch_shape", self._batch_shape_tensor)

    def event_shape_tensor(self, name: str = "event_shape_tensor") -> Tensor:
        """The shape of one event."""
        with self._name_scope(name):
            return _known_or(self.event_shape, "event_shape", self._event_shape_tensor)

    def is_scalar_event(self, name: str = "is_scalar_event") -> Tensor:
        """Whether an event is one number."""
        with self._name_scope(name):
            answer = _is_scalar(self.event_shape, self.event_shape_tensor)
            return convert_to_tensor(answer, name="is_scalar_event")

    def is_scalar_batch(self, name: str = "is_scalar_batch") -> Tensor:
        """Whether this is one distribution and no batch."""
        with self._name_scope(name):
            answer = _is_scalar(self.batch_shape, self.batch_shape_tensor)
            return convert_to_tensor(answer, name="is_scalar_batch")

    # draws

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        raise self._missing("sample_n")

    def sample(
        self, sample_shape: Any = (), seed: int | None = None, name: str = "sample"
    ) -> Tensor:
        """Draws of shape `sample_shape + batch_shape + event_shape`."""
        with self._name_scope(name, [sample_shape]):
            sample_shape = convert_to_tensor(sample_shape, dtypes.int32, "sample_shape")
            sample_shape, n = _as_vector(sample_shape)
            samples = self._sample_n(n, seed)
            rest = array.shape(samples)[1:]
            samples = array.reshape(samples, array.concat([sample_shape, rest], 0))
            self._set_static_shape(samples, get_static_value(sample_shape))
            return samples

    def _set_static_shape(self, samples: Tensor, sample_sizes: Any) -> None:
        """Tells the draws what is known of their shape."""
        sample = TensorShape(None if sample_sizes is None else sample_sizes.tolist())
        batch, event = self.batch_shape, self.event_shape
        ranks = [shape.ndims for shape in (sample, batch, event) if shape.ndims is not None]
        if samples.shape.ndims is None and len(ranks) == 3:
            samples.set_shape([None] * sum(ranks))
        ndims = samples.shape.ndims
        if ndims is None:
            return
        if sample.ndims is not None:
            samples.set_shape(sample.concatenate([None] * (ndims - sample.ndims)))
        if event.ndims is not None:
            samples.set_shape(TensorShape([None] * (ndims - event.ndims)).concatenate(event))
        before = sample.ndims
        if before is None and batch.ndims is not None and event.ndims is not None:
            before = ndims - batch.ndims - event.ndims
        if before is not None and batch.ndims is not None:
            after = [None] * (ndims - batch.ndims - before)
            samples.set_shape(TensorShape([None] * before).concatenate(batch).concatenate(after))

    # probabilities

    def _log_prob(self, value: Tensor) -> Tensor:
        raise self._missing("log_prob")

    def _prob(self, value: Tensor) -> Tensor:
        raise self._missing("prob")

    def _log_cdf(self, value: Tensor) -> Tensor:
        raise self._missing("log_cdf")

    def _cdf(self, value: Tensor) -> Tensor:
        raise self._missing("cdf")

    def _log_survival_function(self, value: Tensor) -> Tensor:
        raise self._missing("log_survival_function")

    def _survival_function(self, value: Tensor) -> Tensor:
        raise self._missing("survival_function")

    def _quantile(self, value: Tensor) -> Tensor:
        raise self._missing("quantile")

    def log_prob(self, value: Any, name: str = "log_prob") -> Tensor:
        """The logarithm of the density, or of the probability, at `value`."""
        return self._asked(value, name, self._log_prob, lambda v: math.log(self._prob(v)))

    def prob(self, value: Any, name: str = "prob") -> Tensor:
        """The density, or the probability, at `value`."""
        return self._asked(value, name, self._prob, lambda v: math.exp(self._log_prob(v)))

    def log_cdf(self, value: Any, name: str = "log_cdf") -> Tensor:
        """The logarithm of the probability of a draw up to `value`."""
        return self._asked(value, name, self._log_cdf, lambda v: math.log(self._cdf(v)))

    def cdf(self, value: Any, name: str = "cdf") -> Tensor:
        """The probability of a draw up to `value`."""
        return self._asked(value, name, self._cdf, lambda v: math.exp(self._log_cdf(v)))

    def log_survival_function(self, value: Any, name: str = "log_survival_function") -> Tensor:
        """The logarithm of the probability of a draw above `value`."""
        other = self._log_survival_function
        return self._asked(value, name, other, lambda v: math.log1p(-self.cdf(v)))

    def survival_function(self, value: Any, name: str = "survival_function") -> Tensor:
        """The probability of a draw above `value`."""
        return self._asked(value, name, self._survival_function, lambda v: 1.0 - self.cdf(v))

    def quantile(self, value: Any, name: str = "quantile") -> Tensor:
        """Up to where a draw lies with probability `value`."""
        return self._asked(value, name, self._quantile, None)

    def _asked(
        self,
        value: Any,
        name: str,
        answer: Callable[[Tensor], Tensor],
        otherwise: Callable[[Tensor], Tensor] | None,
    ) -> Tensor:
        with self._name_scope(name, [value]):
            value = convert_to_tensor(value, name="value", preferred_dtype=self.dtype)
            return _first_of(
                lambda: answer(value), None if otherwise is None else lambda: otherwise(value)
            )

    # numbers about it

    def _entropy(self) -> Tensor:
        raise self._missing("entropy")

    def _mean(self) -> Tensor:
        raise self._missing("mean")

    def _variance(self) -> Tensor:
        raise self._missing("variance")

    def _stddev(self) -> Tensor:
        raise self._missing("stddev")

    def _covariance(self) -> Tensor:
        raise self._missing("covariance")

    def _mode(self) -> Tensor:
        raise self._missing("mode")

    def entropy(self, name: str = "entropy") -> Tensor:
        """Shannon's entropy in nats."""
        with self._name_scope(name):
            return self._entropy()

    def mean(self, name: str = "mean") -> Tensor:
        """The mean of a draw."""
        with self._name_scope(name):
            return self._mean()

    def variance(self, name: str = "variance") -> Tensor:
        """The variance of a draw."""
        with self._name_scope(name):
            return _first_of(self._variance, lambda: math.square(self._stddev()))

    def stddev(self, name: str = "stddev") -> Tensor:
        """The standard deviation of a draw."""
        with self._name_scope(name):
            return _first_of(self._stddev, lambda: math.sqrt(self._variance()))

    def covariance(self, name: str = "covariance") -> Tensor:
        """The covariances between an event's numbers."""
        with self._name_scope(name):
            return self._covariance()

    def mode(self, name: str = "mode") -> Tensor:
        """Where the density, or the probability, is highest."""
        with self._name_scope(name):
            return self._mode()

    def cross_entropy(self, other: Distribution, name: str = "cross_entropy") -> Tensor:
        """The nats that draws from this one cost in a code made for `other`."""
        with self._name_scope(name):
            return divergences.cross_entropy(self, other, allow_nan_stats=self.allow_nan_stats)

    def kl_divergence(self, other: Distribution, name: str = "kl_divergence") -> Tensor:
        """The nats that this costs beyond the entropy: Kullback and Leibler's divergence."""
        with self._name_scope(name):
            return divergences.kl_divergence(self, other, allow_nan_stats=self.allow_nan_stats)

    def _missing(self, what: str) -> NotImplementedError:
        return NotImplementedError(f"{what} is not implemented: {type(self).__name__}")

    @contextmanager
    def _name_scope(self, name: str | None = None, values: Any = None) -> Iterator[str]:
        with (
            name_scope(self.name),
            name_scope(name, values=(values or []) + self._graph_parents) as scope,
        ):
            yield scope


class ScalarEvents(Distribution):
    """A distribution of single numbers."""

    def _event_shape_tensor(self) -> Tensor:
        return array.constant([], dtype=dtypes.int32)

    def _event_shape(self) -> TensorShape:
        return TensorShape([])


class OfTwoParameters(ScalarEvents):
    """A distribution of single numbers whose batch is what its two parameters broadcast to.

    They are the first two of the graph's parents.
    """

    def _batch_shape_tensor(self) -> Tensor:
        first, second = self._graph_parents[:2]
        return array.broadcast_dynamic_shape(array.shape(first), array.shape(second))

    def _batch_shape(self) -> TensorShape:
        first, second = self._graph_parents[:2]
        return array.broadcast_static_shape(first.shape, second.shape)


def _first_of(answer: Callable[[], Tensor], otherwise: Callable[[], Tensor] | None) -> Tensor:
    """The answer, by the second way where a distribution does not know the first."""
    try:
        return answer()
    except NotImplementedError as missing:
        if otherwise is None:
            raise
        try:
            return otherwise()
        except NotImplementedError:
            raise missing from None


def _known_or(shape: TensorShape, name: str, otherwise: Callable[[], Tensor]) -> Tensor:
    if shape.is_fully_defined():
        return convert_to_tensor(shape.as_list(), dtype=dtypes.int32, name=name)
    return otherwise()


def _is_scalar(known: TensorShape, shape_tensor: Callable[[], Tensor]) -> Any:
    if known.ndims is not None:
        return known.ndims == 0
    shape = shape_tensor()
    if shape.shape.ndims is not None and shape.shape.as_list()[0] is not None:
        return shape.shape.as_list() == [0]
    return math.equal(array.shape(shape)[0], 0)


def _as_vector(shape: Tensor) -> tuple[Tensor, Any]:
    """A shape as a vector, which a single size is not yet, and how many draws it makes."""
    known = get_static_value(shape)
    count = math.reduce_prod(shape) if known is None else np.prod(known, dtype=np.int32)
    ndims = shape.shape.ndims
    if ndims is None:
        is_size = math.equal(array.rank(shape), 0)
        wide = pick_vector(is_size, np.array([1], np.int32), array.shape(shape))
        return array.reshape(shape, wide), count
    if ndims == 0 and known is not None:
        return convert_to_tensor(np.array([known], np.int32), name="sample_shape"), count
    if ndims == 0:
        return array.reshape(shape, [1]), count
    if ndims != 1:
        raise ValueError("Input is neither scalar nor vector.")
    return shape, count
