"""Activations: relu and its kin, softplus, softsign, crelu, each with its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import control_dependencies, name_scope
from minitf.infer import merged, unchanged
from minitf.op import convert_to_tensor, op
from minitf.ops.arithmetic import Neg
from minitf.ops.casts import cast
from minitf.ops.elementwise import exp, sigmoid
from minitf.ops.filling import zeros_like
from minitf.ops.joining import concat
from minitf.ops.selecting import where
from minitf.ops.wrappers import REALS
from minitf.tensor import Tensor

_FLOATS = "{half, bfloat16, float, double}"
_SELU_SCALE = 1.0507009873554804934193349852946
_SELU_SCALE_ALPHA = 1.7580993408473768599402175208123


def _of_one_shape(gradients: Tensor, features: Tensor) -> Any:
    return merged(gradients._shape, features._shape)


@op
class Relu:
    """max(x, 0)."""

    inputs = "features: T"
    outputs = "activations: T"
    attrs = f"T: {REALS[:-1]}, qint8}}"
    infer = unchanged
    scalar = "0 if features < 0 else features"

    def kernel(features):
        return np.maximum(features, features.dtype.type(0))

    def gradient(op, grad):
        return ReluGrad(grad, op.outputs[0])


@op
class ReluGrad:
    """The gradient of relu: what came, where the features (or the activations) are positive."""

    inputs = "gradients: T, features: T"
    outputs = "backprops: T"
    attrs = f"T: {REALS}"
    infer = _of_one_shape
    scalar = "gradients * (1 if features > 0 else 0)"

    def kernel(gradients, features):
        return gradients * (features > 0)

    def gradient(op, grad):
        x = op.inputs[1]
        return ReluGrad(grad, x), zeros_like(x)


@op
class Relu6:
    """min(max(x, 0), 6)."""

    inputs = "features: T"
    outputs = "activations: T"
    attrs = f"T: {REALS}"
    infer = unchanged
    scalar = "0 if features < 0 else (6 if features > 6 else features)"

    def kernel(features):
        number = features.dtype.type
        return np.minimum(np.maximum(features, number(0)), number(6))

    def gradient(op, grad):
        return Relu6Grad(grad, op.outputs[0])


@op
class Relu6Grad:
    """The gradient of relu6: what came, where the features are between 0 and 6."""

    inputs = "gradients: T, features: T"
    outputs = "backprops: T"
    attrs = f"T: {REALS}"
    infer = _of_one_shape
    scalar = "gradients * (1 if features > 0 else 0) * (1 if features < 6 else 0)"

    def kernel(gradients, features):
        return gradients * ((features > 0) & (features < 6))

    def gradient(op, grad):
        x = op.inputs[1]
        return Relu6Grad(grad, x), zeros_like(x)


@op
class LeakyRelu:
    """x, or `alpha` x where x is not positive."""

    inputs = "features: T"
    outputs = "activations: T"
    attrs = f"alpha: float = 0.2, T: {_FLOATS} = DT_FLOAT"
    infer = unchanged

    def kernel(features, *, alpha):
        return np.where(features > 0, features, features * features.dtype.type(alpha))[()]

    def gradient(op, grad):
        return LeakyReluGrad(grad, op.inputs[0], alpha=op.get_attr("alpha"))


@op
class LeakyReluGrad:
    """The gradient of leaky relu."""

    inputs = "gradients: T, features: T"
    outputs = "backprops: T"
    attrs = f"alpha: float = 0.2, T: {_FLOATS} = DT_FLOAT"
    infer = _of_one_shape

    def kernel(gradients, features, *, alpha):
        return np.where(features > 0, gradients, gradients * features.dtype.type(alpha))[()]

    def gradient(op, grad):
        x = op.inputs[1]
        return LeakyReluGrad(grad, x, alpha=op.get_attr("alpha")), zeros_like(x)


@op
class Elu:
    """x, or exp(x) - 1 where x is negative."""

    inputs = "features: T"
    outputs = "activations: T"
    attrs = f"T: {_FLOATS}"
    infer = unchanged
    scalar = "exp(features) - 1 if features < 0 else features"

    def kernel(features):
        one, zero = features.dtype.type(1), features.dtype.type(0)
        below = np.exp(np.minimum(features, zero)) - one
        return np.where(features < 0, below, features)[()]

    def gradient(op, grad):
        return EluGrad(grad, op.outputs[0])


@op
class EluGrad:
    """The gradient of elu, from its outputs."""

    inputs = "gradients: T, outputs: T"
    outputs = "backprops: T"
    attrs = f"T: {_FLOATS}"
    infer = _of_one_shape
    scalar = "(outputs + 1) * gradients if outputs < 0 else gradients"

    def kernel(gradients, outputs):
        below = (outputs + outputs.dtype.type(1)) * gradients
        return np.where(outputs < 0, below, gradients)[()]

    def gradient(op, grad):
        y = op.inputs[1]
        through = EluGrad(grad, y)
        return through, where(y < 0, grad * op.inputs[0], zeros_like(y))


@op
class Selu:
    """A scaled x, or a scaled exp(x) - 1 where x is negative."""

    inputs = "features: T"
    outputs = "activations: T"
    attrs = f"T: {_FLOATS}"
    infer = unchanged
    scalar = (
        f"{_SELU_SCALE_ALPHA} * (exp(features) - 1) if features < 0 else {_SELU_SCALE} * features"
    )

    def kernel(features):
        number = features.dtype.type
        below = number(_SELU_SCALE_ALPHA) * (np.exp(np.minimum(features, number(0))) - number(1))
        return np.where(features < 0, below, number(_SELU_SCALE) * features)[()]

    def gradient(op, grad):
        return SeluGrad(grad, op.outputs[0])


@op
class SeluGrad:
    """The gradient of selu, from its outputs."""

    inputs = "gradients: T, outputs: T"
    outputs = "backprops: T"
    attrs = f"T: {_FLOATS}"
    infer = _of_one_shape
    scalar = (
        f"gradients * (outputs + {_SELU_SCALE_ALPHA}) if outputs < 0 else gradients * {_SELU_SCALE}"
    )

    def kernel(gradients, outputs):
        number = outputs.dtype.type
        below = gradients * (outputs + number(_SELU_SCALE_ALPHA))
        return np.where(outputs < 0, below, gradients * number(_SELU_SCALE))[()]

    def gradient(op, grad):
        y = op.inputs[1]
        through = SeluGrad(grad, y)
        return through, where(y < 0.0, grad * op.inputs[0], zeros_like(y))


@op
class Softplus:
    """log(1 + exp(x)), safe for large and small x."""

    inputs = "features: T"
    outputs = "activations: T"
    attrs = f"T: {_FLOATS}"
    infer = unchanged

    def kernel(features):
        zero = features.dtype.type(0)
        return np.maximum(features, zero) + np.log1p(np.exp(-np.abs(features)))

    def gradient(op, grad):
        return grad * sigmoid(op.inputs[0])


@op
class SoftplusGrad:
    """The gradient of softplus: what came, times the sigmoid."""

    inputs = "gradients: T, features: T"
    outputs = "backprops: T"
    attrs = f"T: {_FLOATS}"
    infer = _of_one_shape
    scalar = "gradients * sigmoid(features)"

    def kernel(gradients, features):
        return gradients / (features.dtype.type(1) + np.exp(-features))

    def gradient(op, grad):
        dy, x = op.inputs
        with control_dependencies([grad]):
            through = SoftplusGrad(grad, x)
            return through, grad * dy / (exp(-x) + 2.0 + exp(x))


@op
class Softsign:
    """x / (1 + |x|)."""

    inputs = "features: T"
    outputs = "activations: T"
    attrs = f"T: {_FLOATS}"
    infer = unchanged
    scalar = "features / (1 + abs(features))"

    def kernel(features):
        return features / (features.dtype.type(1) + np.abs(features))

    def gradient(op, grad):
        return SoftsignGrad(grad, op.inputs[0])


@op
class SoftsignGrad:
    """The gradient of softsign: what came, over (1 + |x|)²."""

    inputs = "gradients: T, features: T"
    outputs = "backprops: T"
    attrs = f"T: {_FLOATS}"
    infer = _of_one_shape
    scalar = "gradients / ((1 + abs(features)) * (1 + abs(features)))"

    def kernel(gradients, features):
        return gradients / np.square(features.dtype.type(1) + np.abs(features))

    gradient = LookupError


def _public(op: Any, name: str) -> Any:
    def function(features: Any, name: str | None = None) -> Tensor:
        return op(features, name=name)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = op.__doc__
    return function


relu, elu, selu = _public(Relu, "relu"), _public(Elu, "elu"), _public(Selu, "selu")
softplus, softsign = _public(Softplus, "softplus"), _public(Softsign, "softsign")


def log_sigmoid(x: Any, name: str | None = None) -> Tensor:
    """log(sigmoid(x)), exact for large and small x too."""
    with name_scope(name, "LogSigmoid", [x]) as name:
        x = convert_to_tensor(x, name="x")
        return Neg(Softplus(-x), name=name)


def relu6(features: Any, name: str | None = None) -> Tensor:
    """min(max(x, 0), 6)."""
    with name_scope(name, "Relu6", [features]) as name:
        return Relu6(convert_to_tensor(features, name="features"), name=name)


def leaky_relu(features: Any, alpha: Any = 0.2, name: str | None = None) -> Tensor:
    """x, or `alpha` x where x is not positive; integers become float32."""
    with name_scope(name, "LeakyRelu", [features, alpha]) as name:
        features = convert_to_tensor(features, name="features")
        if features.dtype.is_integer:
            features = cast(features, dtypes.float32)
        if isinstance(alpha, np.ndarray):
            alpha = alpha.item()
        return LeakyRelu(features, alpha=alpha, name=name)


def crelu(features: Any, name: str | None = None, axis: int = -1) -> Tensor:
    """The positive parts of x and of -x, one after the other along `axis`."""
    with name_scope(name, "CRelu", [features]) as name:
        features = convert_to_tensor(features, name="features")
        return relu(concat([features, -features], axis, name=name))
