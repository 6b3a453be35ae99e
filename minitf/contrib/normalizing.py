"""Normalization as a layer under its former names."""

from __future__ import annotations

from typing import Any

from minitf.contrib.framework import (
    add_arg_scope,
    add_to_named_collections,
    model_variable,
    renaming_getter,
)
from minitf.dtypes import float16
from minitf.graph import add_to_collections, control_dependencies
from minitf.graph_keys import GraphKeys
from minitf.initial_values import ones_initializer, zeros_initializer
from minitf.layers.base import known_bool, smart_cond
from minitf.layers.normalization import BatchNormalization
from minitf.op import convert_to_tensor
from minitf.ops.constants import constant, identity
from minitf.ops.moments import batch_normalization, moments
from minitf.ops.normalization import fused_batch_norm
from minitf.ops.shapes import reshape
from minitf.ops.shapes import shape as shape_of
from minitf.tensor import Tensor
from minitf.train.moving_averages import assign_moving_average
from minitf.variable_scope import get_variable_scope, variable_scope

_PARTS = ("beta", "gamma", "moving_mean", "moving_variance")


@add_arg_scope
def batch_norm(
    inputs: Any,
    decay: float = 0.999,
    center: bool = True,
    scale: bool = False,
    epsilon: float = 0.001,
    activation_fn: Any = None,
    param_initializers: Any = None,
    param_regularizers: Any = None,
    updates_collections: Any = GraphKeys.UPDATE_OPS,
    is_training: Any = True,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    batch_weights: Any = None,
    fused: bool | None = None,
    data_format: str = "NHWC",
    zero_debias_moving_mean: bool = False,
    scope: Any = None,
    renorm: bool = False,
    **unused: Any,
) -> Tensor:
    """Inputs normalized by each channel's mean and variance: the batch's own while training.

    Run the ops in `updates_collections` with each step of training; with None for it, the running
    means move whenever the outputs are computed. Raises ValueError for inputs of unknown rank.
    """
    if batch_weights is not None or renorm:
        raise NotImplementedError("minitf normalizes without batch_weights and renorm")
    if data_format not in ("NCHW", "NHWC"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    initializers, regularizers = param_initializers or {}, param_regularizers or {}
    inputs = convert_to_tensor(inputs)
    rank = inputs.shape.rank
    if rank is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank")
    own_updates = updates_collections is not GraphKeys.UPDATE_OPS
    special = zero_debias_moving_mean or rank == 2 or own_updates
    if fused is not False and rank in (2, 4) and special:
        return _Fused(
            inputs, decay, center, scale, epsilon, initializers, updates_collections, is_training,
            variables_collections, trainable, data_format, zero_debias_moving_mean,
        ).built(scope, reuse, activation_fn, outputs_collections)  # fmt: skip
    if own_updates:
        raise NotImplementedError("minitf moves the means of ranks 2 and 4 only by itself")
    names = {part: part for part in _PARTS}
    getter = renaming_getter(names)
    with variable_scope(scope, "BatchNorm", [inputs], reuse=reuse, custom_getter=getter) as sc:
        layer = BatchNormalization(
            axis=1 if data_format == "NCHW" else -1, momentum=decay, epsilon=epsilon,
            center=center, scale=scale, beta_initializer=initializers.get("beta"),
            gamma_initializer=initializers.get("gamma"),
            moving_mean_initializer=initializers.get("moving_mean"),
            moving_variance_initializer=initializers.get("moving_variance"),
            beta_regularizer=regularizers.get("beta"), gamma_regularizer=regularizers.get("gamma"),
            trainable=trainable, name=sc.name, _scope=sc, _reuse=reuse,
            fused=rank == 4 and fused is not False,
        )  # fmt: skip
        outputs = layer.apply(inputs, training=is_training)
        for part in _PARTS:
            add_to_named_collections(getattr(layer, part), variables_collections, part)
        return _finished(outputs, activation_fn, outputs_collections)


def _finished(outputs: Tensor, activation_fn: Any, collections: Any) -> Tensor:
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    if collections:
        add_to_collections(collections, outputs)
    return outputs


class _Fused:
    """Batch normalization by one op that does it all, of images and of matrices."""

    def __init__(
        self, inputs: Tensor, decay: float, center: bool, scale: bool, epsilon: float,
        initializers: Any, updates_collections: Any, is_training: Any, variables_collections: Any,
        trainable: bool, data_format: str, zero_debias: bool,
    ) -> None:  # fmt: skip
        self._inputs, self._decay, self._epsilon = inputs, decay, epsilon
        self._center, self._scale, self._trainable = center, scale, trainable
        self._initializers, self._training = initializers, is_training
        self._updates_collections, self._zero_debias = updates_collections, zero_debias
        self._collections, self._format = variables_collections, data_format

    def built(self, scope: Any, reuse: Any, activation_fn: Any, collections: Any) -> Tensor:
        with variable_scope(scope, "BatchNorm", [self._inputs], reuse=reuse):
            x, flat = self._inputs, self._inputs.shape.rank == 2
            channels = x.shape.as_list()[1 if self._format == "NCHW" or flat else -1]
            if channels is None:
                raise ValueError(f"Inputs {x.name} has undefined channels dimension {x.shape}.")
            if flat:
                sizes = [-1, 1, 1, channels] if self._format == "NHWC" else [-1, channels, 1, 1]
                x = reshape(x, sizes)
            outputs, mean, variance = self._normalized(x, channels)
            outputs = self._moved(outputs, mean, variance)
            outputs.set_shape(x.shape)
            if flat:
                outputs = reshape(outputs, shape_of(self._inputs))
            return _finished(outputs, activation_fn, collections)

    def _made(self, name: str, channels: int) -> Any:
        initial = zeros_initializer() if name in ("beta", "moving_mean") else ones_initializer()
        wanted = self._collections
        return model_variable(
            name, shape=[channels], dtype=self._inputs.dtype.base_dtype,
            initializer=self._initializers.get(name, initial),
            collections=wanted.get(name) if isinstance(wanted, dict) else wanted,
            trainable=self._trainable and name in ("beta", "gamma"),
        )  # fmt: skip

    def _normalized(self, x: Tensor, channels: int) -> Any:
        beta = self._made("beta", channels) if self._center else constant(0.0, shape=[channels])
        gamma = self._made("gamma", channels) if self._scale else constant(1.0, shape=[channels])
        with variable_scope(get_variable_scope()) as inner:
            inner.set_partitioner(None)
            self._mean = self._made("moving_mean", channels)
            self._variance = self._made("moving_variance", channels)
        options = {"epsilon": self._epsilon, "data_format": self._format}

        def of_batch() -> Any:
            return fused_batch_norm(x, gamma, beta, **options)

        def of_all() -> Any:
            running = self._mean, self._variance
            return fused_batch_norm(x, gamma, beta, *running, is_training=False, **options)

        return smart_cond(self._training, of_batch, of_all)

    def _moved(self, outputs: Tensor, mean: Any, variance: Any) -> Tensor:
        """The outputs, once or while the running means move."""
        if known_bool(self._training) is False:
            return outputs

        def updates() -> Any:
            debias = self._zero_debias
            return (
                assign_moving_average(self._mean, mean, self._decay, zero_debias=debias),
                assign_moving_average(self._variance, variance, self._decay, zero_debias=False),
            )

        def forced() -> Tensor:
            with control_dependencies(updates()):
                return identity(outputs)

        if self._updates_collections is None:
            return smart_cond(self._training, forced, lambda: outputs)
        unmoved = convert_to_tensor
        for update in smart_cond(
            self._training, updates, lambda: (unmoved(self._mean), unmoved(self._variance))
        ):
            add_to_collections(self._updates_collections, update)
        return outputs


@add_arg_scope
def layer_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    activation_fn: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    begin_norm_axis: int = 1,
    begin_params_axis: int = -1,
    scope: Any = None,
) -> Tensor:
    """Each example normalized by its own mean and variance, from `begin_norm_axis` on (Ba 2016).

    Raises ValueError for inputs whose rank or last sizes are unknown.
    """
    with variable_scope(scope, "LayerNorm", [inputs], reuse=reuse):
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.rank
        if rank is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank.")
        first = begin_norm_axis % rank
        sizes = inputs.shape[begin_params_axis % rank :]
        if not sizes.is_fully_defined():
            raise ValueError(f"Inputs {inputs.name}: shape(inputs)[{begin_params_axis}:] unknown")

        def made(name: str, initializer: Any) -> Any:
            variable = model_variable(
                name, shape=sizes, dtype=inputs.dtype.base_dtype, initializer=initializer,
                trainable=trainable,
            )  # fmt: skip
            add_to_named_collections(variable, variables_collections, name)
            return variable

        beta = made("beta", zeros_initializer()) if center else None
        gamma = made("gamma", ones_initializer()) if scale else None
        mean, variance = moments(inputs, list(range(first, rank)), keep_dims=True)
        small = 1e-12 if inputs.dtype.base_dtype != float16 else 1e-3
        outputs = batch_normalization(inputs, mean, variance, beta, gamma, small)
        outputs.set_shape(inputs.shape)
        return _finished(outputs, activation_fn, outputs_collections)
