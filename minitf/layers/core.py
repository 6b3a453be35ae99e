"""Dense layers, flattening and dropout."""

from __future__ import annotations

from typing import Any

from minitf.dtypes import as_dtype
from minitf.initial_values import zeros_initializer
from minitf.layers.base import Layer, check_rank, smart_cond
from minitf.ops.biases import bias_add
from minitf.ops.constants import identity
from minitf.ops.dropout import dropout as drop
from minitf.ops.matmul import MatMul
from minitf.ops.products import tensordot
from minitf.ops.rearranging import transpose
from minitf.ops.shapes import reshape, shape
from minitf.shape import TensorShape, as_shape
from minitf.tensor import Tensor


class Dense(Layer):
    """activation(inputs kernel + bias), along the inputs' last dimension."""

    base_name = "dense"

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(trainable, name, activity_regularizer=activity_regularizer, **more)
        self.units = int(units)
        self.activation = activation
        self.use_bias = use_bias
        self.kernel_initializer = kernel_initializer
        self.kernel_regularizer = kernel_regularizer
        self.kernel_constraint = kernel_constraint
        self.bias_initializer = bias_initializer or zeros_initializer()
        self.bias_regularizer = bias_regularizer
        self.bias_constraint = bias_constraint

    def build(self, input_shape: Any) -> None:
        if self.dtype is not None:
            dtype = as_dtype(self.dtype)
            if not (dtype.is_floating or dtype.is_complex):
                raise TypeError(
                    "A Dense layer can only be built with a floating-point dtype. "
                    f"Received: dtype={dtype!r}"
                )
        input_shape = as_shape(input_shape)
        check_rank(self, input_shape, 2, at_least=True)
        width = None if input_shape.rank is None else input_shape.as_list()[-1]
        if width is None:
            raise ValueError(
                "The last dimension of the inputs to `Dense` should be defined. Found `None`."
            )
        self.kernel = self._add_own("kernel", [width, self.units])
        self.bias = self._add_own("bias", [self.units]) if self.use_bias else None

    def call(self, inputs: Tensor) -> Tensor:
        rank = inputs.shape.rank
        if rank is not None and rank > 2:
            outputs = tensordot(inputs, self.kernel, [[rank - 1], [0]])
            outputs.set_shape([*inputs.shape.as_list()[:-1], self.units])
        else:
            outputs = MatMul(inputs, self.kernel)
        if self.bias is not None:
            outputs = bias_add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The outputs' shape; ValueError for inputs of unknown width, or that are no rows."""
        sizes = as_shape(input_shape).with_rank_at_least(2).dims
        if sizes is None or sizes[-1].value is None:
            raise ValueError(
                "The innermost dimension of input_shape must be defined, but saw: "
                f"{as_shape(input_shape)}"
            )
        return TensorShape([*sizes[:-1], self.units])


class Flatten(Layer):
    """Each example as a vector."""

    base_name = "flatten"

    def __init__(self, data_format: str | None = None, **more: Any) -> None:
        super().__init__(**more)
        self.data_format = data_format or "channels_last"

    def call(self, inputs: Tensor) -> Tensor:
        if self.data_format == "channels_first":
            inputs = transpose(inputs, perm=[0, *range(2, len(inputs.shape)), 1])
        rows = inputs.shape.as_list()[0] or shape(inputs)[0]
        outputs = reshape(inputs, (rows, -1))
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        return outputs

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The outputs' shape: one row of each example's numbers."""
        sizes = as_shape(input_shape).as_list()
        width: int | None = 1
        for size in sizes[1:]:
            width = None if width is None or size is None else width * size
        return TensorShape([sizes[0], width])


class Dropout(Layer):
    """Random zeros while training, the inputs themselves otherwise."""

    base_name = "dropout"

    def __init__(
        self,
        rate: Any = 0.5,
        noise_shape: Any = None,
        seed: int | None = None,
        name: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(name=name, **more)
        self.rate, self.noise_shape, self.seed = rate, noise_shape, seed

    def call(self, inputs: Tensor, training: Any = False) -> Tensor:
        return smart_cond(
            training,
            lambda: drop(inputs, noise_shape=self.noise_shape, seed=self.seed, rate=self.rate),
            lambda: identity(inputs),
        )


def dense(
    inputs: Any,
    units: int,
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = None,
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """activation(inputs kernel + bias); ValueError where the last dimension is unknown."""
    return Dense(
        units, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
        bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, trainable,
        name=name, _scope=name, _reuse=reuse,
    )(inputs)  # fmt: skip


def flatten(inputs: Any, name: str | None = None, data_format: str = "channels_last") -> Tensor:
    """Each example as a vector."""
    return Flatten(data_format, name=name)(inputs)


def dropout(
    inputs: Any,
    rate: Any = 0.5,
    noise_shape: Any = None,
    seed: int | None = None,
    training: Any = False,
    name: str | None = None,
) -> Tensor:
    """Random zeros at probability `rate` if `training`, which may be a tensor."""
    return Dropout(rate, noise_shape, seed, name=name)(inputs, training=training)
