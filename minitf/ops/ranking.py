"""The largest of each row: top_k and in_top_k."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_value
from minitf.kernels.ranking import largest
from minitf.op import op
from minitf.ops.casts import cast
from minitf.ops.filling import range_of, zeros
from minitf.ops.gathering import gather
from minitf.ops.joining import stack
from minitf.ops.reductions import reduce_prod
from minitf.ops.scattering import scatter_nd
from minitf.ops.shapes import expand_dims, reshape, shape, size
from minitf.ops.sizes import at_least_rank, same_size, sizes, with_size
from minitf.ops.wrappers import REALS
from minitf.tensor import Tensor


class TopKOutput(NamedTuple):
    """The largest values, and where they stand."""

    values: Tensor
    indices: Tensor


TopKOutput.__name__ = "TopKV2"


@op
class TopKV2:
    """The k largest numbers of each row, largest first, and where they stand."""

    inputs = "input: T, k: Tk"
    outputs = "values: T, indices: index_type"
    attrs = (
        f"sorted: bool = true, T: {REALS}, Tk: {{int16, int32, int64}} = DT_INT32, "
        "index_type: {int16, int32, int64} = DT_INT32"
    )

    def infer(input, k):
        shape = at_least_rank(input, 1)
        known = constant_value(k)
        count = None if known is None else int(known)
        if count is not None and count < 0:
            raise ValueError(
                f"Dimension size, given by scalar input 1, must be non-negative but is {count}"
            )
        last = None if shape._sizes is None else shape._sizes[-1]
        if None not in (last, count) and last < count:
            raise ValueError(f"input must have last dimension >= k = {count} but is {last}")
        found = with_size(shape, -1, count)
        return found, found

    def kernel(input, k, *, index_type):
        if k < 0:
            raise InvalidArgumentError(None, None, f"Need k >= 0, got {k}")
        if input.shape[-1] < k:
            raise InvalidArgumentError(
                None, None, f"input must have at least k columns. Had {input.shape[-1]}, needed {k}"
            )
        values, places = largest(input, int(k))
        return values, places.astype(index_type.as_numpy_dtype)

    def gradient(op, grad, unused):
        in_shape, found_shape = shape(op.inputs[0]), shape(op.outputs[1])
        found_last = gather(cast(found_shape, dtypes.int64), size(found_shape) - 1)
        rows = reshape(op.outputs[1], stack([-1, found_last]))
        in_last = gather(cast(in_shape, dtypes.int64), size(in_shape) - 1)
        count = shape(rows)[0]
        starts = range_of(0, cast(count, dtypes.int64) * in_last, in_last)
        starts = cast(expand_dims(starts, -1), dtypes.int32)
        places = reshape(rows + starts, [-1])
        scattered = scatter_nd(
            expand_dims(places, -1), reshape(grad, [-1]), [reduce_prod(in_shape)]
        )
        return reshape(scattered, in_shape), zeros([], dtype=dtypes.int32)


def top_k(
    input: Any,
    k: Any = 1,
    sorted: bool = True,
    index_type: Any = dtypes.int32,
    name: str | None = None,
) -> TopKOutput:
    """The k largest numbers of each row, largest first, and where they stand."""
    return TopKOutput(*TopKV2(input, k, sorted=sorted, index_type=index_type, name=name))


@op
class InTopKV2:
    """Whether each row's target is among its k largest predictions."""

    inputs = "predictions: float, targets: T, k: T"
    outputs = "precision: bool"
    attrs = "T: {int32, int64} = DT_INT32"

    def infer(predictions, targets, k):
        return [same_size(sizes(predictions, 2)[0], sizes(targets, 1)[0])]

    def kernel(predictions, targets, k):
        if len(predictions) != len(targets):
            raise InvalidArgumentError(
                None,
                None,
                f"First dimension of predictions {len(predictions)} must match length of targets "
                f"{len(targets)}",
            )
        inside = (targets >= 0) & (targets < predictions.shape[1])
        rows = np.arange(len(targets))
        wanted = predictions[rows, np.where(inside, targets, 0)]
        above = (predictions > wanted[:, None]).sum(axis=1)
        finite = np.isfinite(wanted) & ~np.isnan(predictions).any(axis=1)
        return inside & finite & (above < k)

    gradient = LookupError


def in_top_k(predictions: Any, targets: Any, k: Any, name: str | None = None) -> Tensor:
    """Whether each row's target is among its k largest predictions; ties count as among them."""
    with name_scope(name, "in_top_k"):
        return InTopKV2(predictions, targets, k, name=name)
