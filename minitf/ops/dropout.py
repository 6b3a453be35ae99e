"""Dropout: random zeros, and the rest made larger so that sums stay what they were."""

from __future__ import annotations

import numbers
from typing import Any

from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import Mul, Sub
from minitf.ops.casts import Cast
from minitf.ops.constants import constant
from minitf.ops.division import RealDiv
from minitf.ops.random import random_uniform
from minitf.ops.selecting import where_v2
from minitf.ops.shapes import renamed_argument, shape
from minitf.random_seed import get_seed
from minitf.shape import TensorShape, as_shape
from minitf.tensor import Tensor
from minitf.user_lines import tells_lines


@tells_lines
def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Tensor:
    """`x` with each element zero at probability `rate`, the others divided by 1 - `rate`.

    `keep_prob` is 1 - `rate`. Along dimensions where `noise_shape` is 1, elements are kept or
    dropped together. ValueError for a rate outside [0, 1) and for integers.
    """
    try:
        from_keep_prob = None if keep_prob is None else 1.0 - keep_prob
    except TypeError:
        raise ValueError(
            "`keep_prob` must be a floating point number or Tensor. Received: "
            f"keep_prob={keep_prob}"
        ) from None
    rate = renamed_argument("rate", rate, "keep_prob", from_keep_prob)
    if rate is None:
        raise ValueError(f"`rate` must be provided. Received: rate={rate}")
    with name_scope(name, "dropout", [x]) as name:
        return _dropped(x, rate, noise_shape, seed)


def _dropped(x: Any, rate: Any, noise_shape: Any, seed: int | None) -> Tensor:
    is_number = isinstance(rate, numbers.Real)
    if is_number and not 0 <= rate < 1:
        raise ValueError(
            f"`rate` must be a scalar tensor or a float in the range [0, 1). Received: rate={rate}"
        )
    x = convert_to_tensor(x, name="x")
    dtype = x.dtype.base_dtype
    if not dtype.is_floating:
        raise ValueError(
            "`x.dtype` must be a floating point tensor as `x` will be scaled. Received: "
            f"x_dtype={x.dtype}"
        )
    if is_number and rate == 0:
        get_seed(seed)  # later ops get the seeds that they get at any other rate
        return x
    if isinstance(rate, Tensor) or hasattr(rate, "_as_graph_element"):
        rate, scaled = _divided(x, rate)
    elif is_number:
        scaled = Mul(x, convert_to_tensor(1 / (1 - rate), dtype=dtype))
    else:
        raise ValueError(f"`rate` must be a scalar or scalar tensor. Received: rate={rate}")
    noise = random_uniform(_noise_shape(x, noise_shape), dtype=dtype, seed=seed)
    kept = noise >= rate
    result = where_v2(kept, scaled, constant(0, dtype=dtype))
    result.set_shape(x.shape)
    return result


def _divided(x: Tensor, rate: Any) -> tuple[Any, Tensor]:
    """The rate in the type of x, and x / (1 - rate)."""
    rate.get_shape().assert_has_rank(0)
    dtype = x.dtype.base_dtype
    if rate.dtype.base_dtype != dtype:
        if not rate.dtype.is_compatible_with(dtype):
            raise ValueError(
                "`x.dtype` must be compatible with `rate.dtype`. Received: "
                f"x.dtype={x.dtype} and rate.dtype={rate.dtype}"
            )
        rate = Cast(rate, DstT=dtype, name="rate")
    one = constant(1, dtype=dtype)
    return rate, RealDiv(x, Sub(one, rate))


def _noise_shape(x: Tensor, noise_shape: Any) -> Any:
    """`noise_shape` with the sizes of x where it names none."""
    if noise_shape is None:
        return shape(x)
    try:
        wanted = as_shape(noise_shape)
    except (TypeError, ValueError):
        return noise_shape  # a tensor
    own = x.shape._sizes
    if own is None or wanted._sizes is None or len(own) != len(wanted._sizes):
        return noise_shape
    return TensorShape([o if w is None else w for w, o in zip(wanted._sizes, own, strict=True)])
