"""Initial weights and penalties on weights under their former names."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from typing import Any

from minitf import dtypes
from minitf.graph import add_to_collection, get_collection, name_scope
from minitf.graph_keys import GraphKeys
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import add_n, multiply
from minitf.ops.complex_numbers import abs as absolute
from minitf.ops.constants import constant
from minitf.ops.moments import l2_loss
from minitf.ops.random import random_uniform, truncated_normal
from minitf.ops.reductions import reduce_sum
from minitf.tensor import Tensor


def variance_scaling_initializer(
    factor: float = 2.0,
    mode: str = "FAN_IN",
    uniform: bool = False,
    seed: int | None = None,
    dtype: Any = dtypes.float32,
) -> Callable[..., Tensor]:
    """Random weights of variance `factor / n`, n being FAN_IN, FAN_OUT or their mean, FAN_AVG.

    Raises TypeError for types that are not floating and for another mode.
    """
    if not dtypes.as_dtype(dtype).is_floating:
        raise TypeError("Cannot create initializer for non-floating point type.")
    if mode not in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
        raise TypeError(f"Unknown mode {mode} [FAN_IN, FAN_OUT, FAN_AVG]")

    def initializer(shape: Any, dtype: Any = dtype, partition_info: Any = None) -> Tensor:
        sizes = [float(size) for size in shape]
        area = math.prod(sizes[:-2])
        fan_in = (sizes[-2] if len(sizes) > 1 else sizes[-1]) * area
        fan_out = sizes[-1] * area
        n = {"FAN_IN": fan_in, "FAN_OUT": fan_out, "FAN_AVG": (fan_in + fan_out) / 2.0}[mode]
        if uniform:
            limit = math.sqrt(3.0 * factor / n)
            return random_uniform(shape, -limit, limit, dtype, seed=seed)
        # Cutting a normal distribution off at two deviations takes this much of its variance.
        return truncated_normal(shape, 0.0, math.sqrt(1.3 * factor / n), dtype, seed=seed)

    return initializer


def xavier_initializer(
    uniform: bool = True, seed: int | None = None, dtype: Any = dtypes.float32
) -> Callable[..., Tensor]:
    """Random weights that keep a layer's values and gradients at one scale."""
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


xavier_initializer_conv2d = xavier_initializer


def _scaled(scale: Any, name: str, penalty: Callable[[Tensor], Tensor], scope: Any) -> Any:
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"scale cannot be an integer: {scale}")
    if isinstance(scale, numbers.Real):
        if scale < 0.0:
            raise ValueError(f"Setting a scale less than 0 on a regularizer: {scale:g}.")
        if scale == 0.0:
            return lambda _: None

    def regularizer(weights: Any) -> Tensor:
        with name_scope(scope, name, [weights]) as prefix:
            factor = convert_to_tensor(scale, weights.dtype.base_dtype, name="scale")
            return multiply(factor, penalty(weights), name=prefix)

    return regularizer


def l1_regularizer(scale: Any, scope: str | None = None) -> Any:
    """`scale` times the sum of the weights' magnitudes; ValueError for a scale below 0."""
    return _scaled(scale, "l1_regularizer", lambda w: reduce_sum(absolute(w)), scope)


def l2_regularizer(scale: Any, scope: str | None = None) -> Any:
    """`scale` times half the sum of the weights' squares; ValueError for a scale below 0."""
    return _scaled(scale, "l2_regularizer", l2_loss, scope)


def sum_regularizer(regularizer_list: list[Any], scope: str | None = None) -> Any:
    """The sum of several regularizers; None where there is none."""
    regularizers = [regularizer for regularizer in regularizer_list if regularizer is not None]
    if not regularizers:
        return None

    def summed(weights: Any) -> Tensor:
        with name_scope(scope, "sum_regularizer", [weights]) as prefix:
            found = [regularizer(weights) for regularizer in regularizers]
            penalties = [penalty for penalty in found if penalty is not None]
            return add_n(penalties, name=prefix)

    return summed


def l1_l2_regularizer(scale_l1: Any = 1.0, scale_l2: Any = 1.0, scope: str | None = None) -> Any:
    """Both penalties; ValueError for scales below 0."""
    for scale in (scale_l1, scale_l2):
        if isinstance(scale, numbers.Integral):
            raise ValueError(f"scale cannot be an integer: {scale}")
    scope = scope or "l1_l2_regularizer"
    if scale_l1 == 0.0:
        return l2_regularizer(scale_l2, scope)
    if scale_l2 == 0.0:
        return l1_regularizer(scale_l1, scope)
    both = [l1_regularizer(scale_l1), l2_regularizer(scale_l2)]
    return sum_regularizer(both, scope=scope)


def apply_regularization(regularizer: Any, weights_list: Any = None) -> Tensor:
    """The sum of a regularizer's penalties on weights, in the collection of losses, too.

    By default on the collection `WEIGHTS`. Raises ValueError for a penalty that is no scalar.
    """
    if not weights_list:
        weights_list = get_collection(GraphKeys.WEIGHTS)
    if not weights_list:
        raise ValueError("No weights to regularize.")
    with name_scope("get_regularization_penalty", values=weights_list) as scope:
        found = [regularizer(weights) for weights in weights_list]
        penalties = [constant(0.0) if penalty is None else penalty for penalty in found]
        for penalty in penalties:
            if penalty.shape.rank != 0:
                raise ValueError(
                    f"regularizer must return a scalar Tensor instead of a Tensor with rank "
                    f"{penalty.shape.rank}."
                )
        summed = add_n(penalties, name=scope)
        add_to_collection(GraphKeys.REGULARIZATION_LOSSES, summed)
        return summed
