"""Layers, initializers and regularizers under their former names (tf.contrib.layers)."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from typing import Any

from minitf import dtypes
from minitf.graph import name_scope
from minitf.initial_values import zeros_initializer
from minitf.layers import core
from minitf.op import convert_to_tensor
from minitf.ops.activations import relu
from minitf.ops.arithmetic import multiply
from minitf.ops.biases import bias_add
from minitf.ops.complex_numbers import abs as absolute
from minitf.ops.matmul import matmul
from minitf.ops.moments import l2_loss
from minitf.ops.products import tensordot
from minitf.ops.random import random_uniform, truncated_normal
from minitf.ops.reductions import reduce_sum
from minitf.tensor import Tensor
from minitf.user_lines import tells_lines
from minitf.variable_scope import get_variable, variable_scope

__all__ = [
    "dropout", "flatten", "fully_connected", "l1_regularizer", "l2_regularizer",
    "variance_scaling_initializer", "xavier_initializer", "xavier_initializer_conv2d",
]  # fmt: skip


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


@tells_lines
def flatten(inputs: Any, outputs_collections: Any = None, scope: str | None = None) -> Tensor:
    """Each example of a batch as one row."""
    with name_scope(scope, "Flatten", [inputs]):
        return core.flatten(convert_to_tensor(inputs))


def dropout(
    inputs: Any,
    keep_prob: Any = 0.5,
    noise_shape: Any = None,
    is_training: Any = True,
    outputs_collections: Any = None,
    scope: Any = None,
    seed: int | None = None,
) -> Tensor:
    """Each element with probability `keep_prob`, scaled up, and zero otherwise, in training."""
    with variable_scope(scope, "Dropout", [inputs]):
        return core.dropout(inputs, 1 - keep_prob, noise_shape, seed, is_training)


@tells_lines
def fully_connected(
    inputs: Any,
    num_outputs: int,
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = None,
    weights_regularizer: Any = None,
    biases_initializer: Any = zeros_initializer,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """`activation_fn(inputs @ weights + biases)`; no biases where there is a `normalizer_fn`.

    Raises ValueError where the inputs' last dimension is unknown.
    """
    if isinstance(biases_initializer, type):
        biases_initializer = biases_initializer()
    with variable_scope(scope, "fully_connected", [inputs], reuse=reuse):
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.rank
        features = None if not rank else inputs.shape.as_list()[-1]
        if features is None:
            raise ValueError("The last dimension of the inputs should be defined. Found `None`.")

        def variable(name: str, shape: Any, initializer: Any, regularizer: Any) -> Any:
            return get_variable(
                name, shape, inputs.dtype.base_dtype, initializer, regularizer,
                trainable=trainable, collections=variables_collections,
            )  # fmt: skip

        first = weights_initializer or xavier_initializer()
        weights = variable("weights", [features, num_outputs], first, weights_regularizer)
        outputs = matmul(inputs, weights) if rank == 2 else (
            tensordot(inputs, weights, [[rank - 1], [0]]))  # fmt: skip
        if normalizer_fn is not None:
            outputs = normalizer_fn(outputs, **(normalizer_params or {}))
        elif biases_initializer is not None:
            biases = variable("biases", [num_outputs], biases_initializer, biases_regularizer)
            outputs = bias_add(outputs, biases)
        return outputs if activation_fn is None else activation_fn(outputs)
