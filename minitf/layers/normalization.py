"""Batch normalization as a layer, with running means of what it has seen."""

from __future__ import annotations

from functools import partial
from typing import Any

from minitf.graph import colocate_with, name_scope
from minitf.initial_values import ones_initializer, zeros_initializer
from minitf.layers.base import Layer, known_bool, smart_cond
from minitf.op import convert_to_tensor
from minitf.ops.casts import cast
from minitf.ops.constants import constant
from minitf.ops.moments import batch_normalization as normalized
from minitf.ops.moments import moments
from minitf.ops.normalization import fused_batch_norm
from minitf.ops.shapes import reshape
from minitf.ops.state import assign_sub
from minitf.tensor import Tensor


class BatchNormalization(Layer):
    """Inputs normalized by each channel's mean and variance: the batch's own while training.

    The updates of the running means are in `GraphKeys.UPDATE_OPS`: run them with each step.
    """

    base_name = "batch_normalization"

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = None,
        gamma_initializer: Any = None,
        moving_mean_initializer: Any = None,
        moving_variance_initializer: Any = None,
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        fused: bool | None = None,
        **more: Any,
    ) -> None:
        super().__init__(trainable, name, **more)
        self.axis, self.momentum, self.epsilon = axis, momentum, epsilon
        self.center, self.scale, self.fused = center, scale, fused
        zeros, ones = zeros_initializer(), ones_initializer()
        self._beta = beta_initializer or zeros, beta_regularizer, beta_constraint
        self._gamma = gamma_initializer or ones, gamma_regularizer, gamma_constraint
        self._moving = moving_mean_initializer or zeros, moving_variance_initializer or ones

    def build(self, input_shape: Any) -> None:
        rank = input_shape.rank
        if rank is None:
            raise ValueError(f"Input has undefined rank: {input_shape}")
        self.axis %= rank
        channels = input_shape.as_list()[self.axis]
        if channels is None:
            raise ValueError(f"Input has undefined `axis` dimension. Input shape: {input_shape}")
        if self.fused is None:
            self.fused = rank == 4 and self.axis in (1, 3)
        sizes = [channels]
        self.gamma = self._made("gamma", sizes, self._gamma) if self.scale else None
        self.beta = self._made("beta", sizes, self._beta) if self.center else None
        mean, variance = self._moving
        self.moving_mean = self.add_variable(
            "moving_mean", sizes, initializer=mean, trainable=False
        )
        self.moving_variance = self.add_variable(
            "moving_variance", sizes, initializer=variance, trainable=False
        )

    def _made(self, name: str, sizes: list[int], options: tuple[Any, Any, Any]) -> Any:
        initializer, regularizer, constraint = options
        return self.add_variable(
            name, sizes, initializer=initializer, regularizer=regularizer, constraint=constraint
        )

    def call(self, inputs: Tensor, training: Any = False) -> Tensor:
        if not self.fused:
            return self._plain(inputs, training)
        outputs, mean, variance, momentum = self._fused(inputs, training)
        if mean is not None:
            self.add_update(self._moved(self.moving_mean, mean, momentum))
            self.add_update(self._moved(self.moving_variance, variance, momentum))
        return outputs

    def _fused(self, inputs: Tensor, training: Any) -> tuple[Any, ...]:
        channels = [inputs.shape.as_list()[self.axis]]
        beta = _constant(0.0, channels) if self.beta is None else self.beta
        gamma = _constant(1.0, channels) if self.gamma is None else self.gamma
        options = {
            "epsilon": self.epsilon,
            "data_format": "NHWC" if self.axis == 3 else "NCHW",
        }

        def of_batch() -> Any:
            return fused_batch_norm(inputs, gamma, beta, **options)

        def of_all() -> Any:
            mean, variance = self.moving_mean, self.moving_variance
            return fused_batch_norm(
                inputs, gamma, beta, mean, variance, is_training=False, **options
            )

        outputs, mean, variance = smart_cond(training, of_batch, of_all)
        known = known_bool(training)
        if known is not None:
            momentum = convert_to_tensor(self.momentum)
            return outputs, mean if known else None, variance, momentum
        momentum = smart_cond(
            training, lambda: convert_to_tensor(self.momentum), lambda: convert_to_tensor(1.0)
        )
        return outputs, mean, variance, momentum

    def _plain(self, inputs: Tensor, training: Any) -> Tensor:
        rank = inputs.shape.rank or 0
        axes = [axis for axis in range(rank) if axis != self.axis]
        known = known_bool(training)
        mean, variance = self.moving_mean, self.moving_variance
        if known is not False:
            own_mean, own_variance = moments(inputs, axes)
            mean = smart_cond(
                training, lambda: own_mean, lambda: convert_to_tensor(self.moving_mean)
            )
            variance = smart_cond(
                training, lambda: own_variance, lambda: convert_to_tensor(self.moving_variance)
            )
            for variable, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
                moved = partial(self._moved, variable, value, self.momentum)
                unmoved = partial(convert_to_tensor, variable)
                self.add_update(smart_cond(training, moved, unmoved))
        vectors = [mean, variance, self.beta, self.gamma]
        if axes != list(range(rank - 1)):
            sizes: list[int | None] = [1] * rank
            sizes[self.axis] = inputs.shape.as_list()[self.axis]
            vectors = [None if v is None else reshape(v, sizes) for v in vectors]
        outputs = normalized(inputs, *vectors, self.epsilon)
        outputs.set_shape(inputs.shape)
        return outputs

    def _moved(self, variable: Any, value: Tensor, momentum: Any) -> Tensor:
        """A running mean, moved towards a new value."""
        with name_scope("AssignMovingAvg") as scope, colocate_with(variable):
            decay = convert_to_tensor(1.0 - momentum, name="decay")
            if decay.dtype != variable.dtype.base_dtype:
                decay = cast(decay, variable.dtype.base_dtype)
            step = (variable - cast(value, variable.dtype.base_dtype)) * decay
            return assign_sub(variable, step, name=scope)


def _constant(value: float, sizes: list[int | None]) -> Tensor:
    return constant(value, shape=sizes)


def batch_normalization(
    inputs: Any,
    axis: int = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
    beta_initializer: Any = None,
    gamma_initializer: Any = None,
    moving_mean_initializer: Any = None,
    moving_variance_initializer: Any = None,
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
    training: Any = False,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
    fused: bool | None = None,
) -> Tensor:
    """Inputs normalized by each channel's mean and variance: the batch's own if `training`.

    Run the ops in `GraphKeys.UPDATE_OPS` with each step of training.
    """
    return BatchNormalization(
        axis, momentum, epsilon, center, scale, beta_initializer, gamma_initializer,
        moving_mean_initializer, moving_variance_initializer, beta_regularizer, gamma_regularizer,
        beta_constraint, gamma_constraint, trainable, fused=fused,
        name=name, _scope=name, _reuse=reuse,
    )(inputs, training=training)  # fmt: skip
