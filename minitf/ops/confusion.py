"""The confusion matrix: how often each class was taken for each other."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import maximum
from minitf.ops.casts import cast
from minitf.ops.checks import assert_less, assert_non_negative
from minitf.ops.filling import ones_like
from minitf.ops.grouping import with_dependencies
from minitf.ops.joining import stack
from minitf.ops.reductions import reduce_max
from minitf.ops.scattering import scatter_nd
from minitf.ops.weights import remove_squeezable_dimensions
from minitf.tensor import Tensor


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
    weights: Any = None,
) -> Tensor:
    """How often (or with what weight) class i, by `labels`, was predicted as class j.

    Negative classes, and ones beyond `num_classes`, fail the run.
    """
    with name_scope(name, "confusion_matrix", (predictions, labels, num_classes, weights)):
        labels, predictions = remove_squeezable_dimensions(
            convert_to_tensor(labels, name="labels"),
            convert_to_tensor(predictions, name="predictions"),
        )
        predictions, labels = cast(predictions, dtypes.int64), cast(labels, dtypes.int64)
        labels, predictions = _in_range(labels, predictions, num_classes)
        if num_classes is None:
            num_classes = maximum(reduce_max(predictions), reduce_max(labels)) + 1
        if weights is not None:
            weights = convert_to_tensor(weights, name="weights")
            predictions.shape.assert_is_compatible_with(weights.shape)
            weights = cast(weights, dtype)
        shape = stack([num_classes, num_classes])
        places = stack([labels, predictions], axis=1)
        values = ones_like(predictions, dtype) if weights is None else weights
        return scatter_nd(indices=places, updates=values, shape=cast(shape, dtypes.int64))


def _in_range(labels: Tensor, predictions: Tensor, num_classes: Any) -> tuple[Tensor, Tensor]:
    """Both, available only once they are known to be classes."""
    labels = _after(assert_non_negative(labels, message=_negative("labels")), labels)
    predictions = _after(
        assert_non_negative(predictions, message=_negative("predictions")), predictions
    )
    if num_classes is None:
        return labels, predictions
    limit = cast(num_classes, dtypes.int64)
    labels = _after(assert_less(labels, limit, message="`labels` out of bound"), labels)
    predictions = _after(
        assert_less(predictions, limit, message="`predictions` out of bound"), predictions
    )
    return labels, predictions


def _negative(name: str) -> str:
    return f"`{name}` contains negative values"


def _after(check: Any, x: Tensor) -> Tensor:
    return with_dependencies([check], x)
