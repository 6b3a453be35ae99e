"""Metrics over many batches under their former names, predictions first (tf.contrib.metrics)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes, metrics
from minitf.graph import name_scope
from minitf.lazy import getter
from minitf.ops.arithmetic import multiply
from minitf.ops.casts import cast
from minitf.ops.division import div
from minitf.ops.filling import ones_like
from minitf.ops.logic import equal
from minitf.ops.reductions import reduce_mean, reduce_sum
from minitf.tensor import Tensor

__all__ = [
    "accuracy", "streaming_accuracy", "streaming_auc", "streaming_false_negatives",
    "streaming_false_positives", "streaming_mean", "streaming_mean_absolute_error",
    "streaming_mean_squared_error", "streaming_precision", "streaming_recall",
    "streaming_root_mean_squared_error", "streaming_true_negatives", "streaming_true_positives",
]  # fmt: skip
__getattr__ = getter(__name__, {})

streaming_mean = metrics.mean


def _streaming(metric: Callable[..., Any]) -> Callable[..., Any]:
    def streaming(
        predictions: Any, labels: Any, weights: Any = None, *args: Any, **kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        return metric(labels, predictions, weights, *args, **kwargs)

    streaming.__name__ = f"streaming_{metric.__name__}"
    streaming.__doc__ = f"`tf.metrics.{metric.__name__}` with predictions before labels."
    return streaming


streaming_accuracy = _streaming(metrics.accuracy)
streaming_auc = _streaming(metrics.auc)
streaming_false_negatives = _streaming(metrics.false_negatives)
streaming_false_positives = _streaming(metrics.false_positives)
streaming_mean_absolute_error = _streaming(metrics.mean_absolute_error)
streaming_mean_squared_error = _streaming(metrics.mean_squared_error)
streaming_precision = _streaming(metrics.precision)
streaming_recall = _streaming(metrics.recall)
streaming_root_mean_squared_error = _streaming(metrics.root_mean_squared_error)
streaming_true_negatives = _streaming(metrics.true_negatives)
streaming_true_positives = _streaming(metrics.true_positives)


def accuracy(
    predictions: Tensor, labels: Tensor, weights: Any = None, name: str | None = None
) -> Tensor:
    """The share of predictions that equal their labels, of this batch alone.

    Raises ValueError for other types than bool, string and integers, or for two types.
    """
    if not (labels.dtype.is_integer or labels.dtype in (dtypes.bool, dtypes.string)):
        raise ValueError(f"Labels should have bool, string, or integer dtype, not {labels.dtype}")
    if labels.dtype != predictions.dtype:
        raise ValueError(
            "Dtypes of predictions and labels should match. Given: predictions "
            f"({predictions.dtype}) and labels ({labels.dtype})"
        )
    predictions.shape.assert_is_compatible_with(labels.shape)
    with name_scope(name, "accuracy", [predictions, labels]):
        right = cast(equal(predictions, labels), dtypes.float32)
        if weights is None:
            return reduce_mean(right)
        right = multiply(right, weights)
        counted = multiply(weights, ones_like(right))
        return div(reduce_sum(right), reduce_sum(counted))
