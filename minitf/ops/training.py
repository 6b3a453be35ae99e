"""The optimizers' ops: each updates a variable and its slots in place, in one pass over memory."""

from __future__ import annotations

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import merged, with_rank
from minitf.kernels import optimizers
from minitf.op import op
from minitf.shape import TensorShape, shape_of

NUMBERS = (
    "{float, double, int32, uint8, int16, int8, complex64, int64, qint8, quint8, qint32, bfloat16, "
    "qint16, quint16, uint16, complex128, half, uint32, uint64}"
)
_DENSE = f"T: {NUMBERS}, use_locking: bool = false"
_SPARSE = f"T: {NUMBERS}, Tindices: {{int32, int64}}, use_locking: bool = false"


def _with_rows(shape, rows):
    """The variable's shape, the gradient holding any number of its rows."""
    if rows.ndims is None or shape.ndims is None:
        return shape
    return merged(shape, TensorShape([None, *rows.dims[1:]]))


def _infer(variables, grad, rows=False):
    """The `infer` of an op: the first `variables` inputs and, but for `rows`, `grad` are alike."""

    def infer(*inputs):
        shape = inputs[0].shape
        for t in inputs[1:variables]:
            shape = merged(shape, t.shape)
        for i, t in enumerate(inputs[variables:], variables):
            if i == grad:
                shape = _with_rows(shape, t.shape) if rows else merged(shape, t.shape)
            elif not (rows and i == grad + 1):
                with_rank(t, 0)
        return shape

    return infer


def _options(op):
    """The attributes that a rule takes by keyword."""
    names = ("use_nesterov", "update_slots", "multiply_linear_by_lr")
    return {name: op._attrs[name] for name in names if name in op._attrs}


def _bind_dense(rule, variables, grad):
    """The `bind` of an op whose first `variables` inputs change; input `grad` is the gradient."""

    def bind(op, session):
        options = _options(op)
        names = [arg.name for arg in op.definition.inputs]

        def kernel(*inputs):
            slots, rest = inputs[:variables], inputs[variables:]
            shape = np.shape(inputs[grad])
            for i, slot in enumerate(slots):
                if slot.read().shape != shape:
                    raise InvalidArgumentError(
                        None,
                        None,
                        f"{names[i]} and {names[grad]} do not have the same shape"
                        f"{shape_of(slot.value)} {shape_of(inputs[grad])}",
                    )
            slots[0].update(lambda *arrays: rule(*arrays, *rest, **options), op, slots[1:])
            return slots[0]

        return kernel

    return bind


def _bind_sparse(rule, variables, grad):
    """The same for a gradient of some rows, whose numbers are the input after it."""

    def bind(op, session):
        options = _options(op)

        def kernel(*inputs):
            slots, rest = inputs[:variables], list(inputs[variables:])
            indices = rest.pop(grad + 1 - variables)
            rows = rest[grad - variables]
            limit = np.shape(slots[0].read())[0]
            outside = np.flatnonzero((indices < 0) | (indices >= limit))
            if outside.size:
                at = outside[0]
                raise InvalidArgumentError(
                    None, None, f"Index {indices[at]} at offset {at} in indices is out of range"
                )
            slots[0].update(
                lambda *arrays: _update_rows(
                    rule, arrays, rest, grad - variables, indices, rows, options
                ),
                op,
                slots[1:],
            )
            return slots[0]

        return kernel

    return bind


def _update_rows(rule, arrays, rest, place, indices, rows, options):
    """Applies the dense rule to the rows in `indices`, one after the other if one repeats."""
    unique = len(np.unique(indices)) == len(indices)
    for some in [slice(None)] if unique else [slice(i, i + 1) for i in range(len(indices))]:
        chosen = indices[some]
        parts = [array[chosen] for array in arrays]
        arguments = list(rest)
        arguments[place] = np.ascontiguousarray(rows[some])
        rule(*parts, *arguments, **options)
        for array, part in zip(arrays, parts, strict=True):
            array[chosen] = part


@op
class ApplyGradientDescent:
    """var -= alpha * delta."""

    inputs = "var: Ref(T), alpha: T, delta: T"
    outputs = "out: Ref(T)"
    attrs = _DENSE
    infer = _infer(1, 2)
    bind = _bind_dense(optimizers.apply_gradient_descent, 1, 2)
    gradient = LookupError


@op
class ApplyMomentum:
    """accum = accum * momentum + grad; var -= lr * accum."""

    inputs = "var: Ref(T), accum: Ref(T), lr: T, grad: T, momentum: T"
    outputs = "out: Ref(T)"
    attrs = _DENSE + ", use_nesterov: bool = false"
    infer = _infer(2, 3)
    bind = _bind_dense(optimizers.apply_momentum, 2, 3)
    gradient = LookupError


@op
class SparseApplyMomentum:
    """ApplyMomentum on some rows."""

    inputs = "var: Ref(T), accum: Ref(T), lr: T, grad: T, indices: Tindices, momentum: T"
    outputs = "out: Ref(T)"
    attrs = _SPARSE + ", use_nesterov: bool = false"
    infer = _infer(2, 3, rows=True)
    bind = _bind_sparse(optimizers.apply_momentum, 2, 3)
    gradient = LookupError


@op
class ApplyAdagrad:
    """accum += grad²; var -= lr * grad / sqrt(accum)."""

    inputs = "var: Ref(T), accum: Ref(T), lr: T, grad: T"
    outputs = "out: Ref(T)"
    attrs = _DENSE + ", update_slots: bool = true"
    infer = _infer(2, 3)
    bind = _bind_dense(optimizers.apply_adagrad, 2, 3)
    gradient = LookupError


@op
class SparseApplyAdagrad:
    """ApplyAdagrad on some rows."""

    inputs = "var: Ref(T), accum: Ref(T), lr: T, grad: T, indices: Tindices"
    outputs = "out: Ref(T)"
    attrs = _SPARSE + ", update_slots: bool = true"
    infer = _infer(2, 3, rows=True)
    bind = _bind_sparse(optimizers.apply_adagrad, 2, 3)
    gradient = LookupError


@op
class ApplyAdadelta:
    """Steps of the size of earlier steps, over the size of earlier gradients."""

    inputs = "var: Ref(T), accum: Ref(T), accum_update: Ref(T), lr: T, rho: T, epsilon: T, grad: T"
    outputs = "out: Ref(T)"
    attrs = _DENSE
    infer = _infer(3, 6)
    bind = _bind_dense(optimizers.apply_adadelta, 3, 6)
    gradient = LookupError


@op
class SparseApplyAdadelta:
    """ApplyAdadelta on some rows."""

    inputs = (
        "var: Ref(T), accum: Ref(T), accum_update: Ref(T), lr: T, rho: T, epsilon: T, grad: T, "
        "indices: Tindices"
    )
    outputs = "out: Ref(T)"
    attrs = _SPARSE
    infer = _infer(3, 6, rows=True)
    bind = _bind_sparse(optimizers.apply_adadelta, 3, 6)
    gradient = LookupError


@op
class ApplyRMSProp:
    """Steps over the root of the mean square of earlier gradients."""

    inputs = "var: Ref(T), ms: Ref(T), mom: Ref(T), lr: T, rho: T, momentum: T, epsilon: T, grad: T"
    outputs = "out: Ref(T)"
    attrs = _DENSE
    infer = _infer(3, 7)
    bind = _bind_dense(optimizers.apply_rms_prop, 3, 7)
    gradient = LookupError


@op
class SparseApplyRMSProp:
    """ApplyRMSProp on some rows."""

    inputs = (
        "var: Ref(T), ms: Ref(T), mom: Ref(T), lr: T, rho: T, momentum: T, epsilon: T, grad: T, "
        "indices: Tindices"
    )
    outputs = "out: Ref(T)"
    attrs = _SPARSE
    infer = _infer(3, 7, rows=True)
    bind = _bind_sparse(optimizers.apply_rms_prop, 3, 7)
    gradient = LookupError


@op
class ApplyCenteredRMSProp:
    """ApplyRMSProp with the variance instead of the mean square."""

    inputs = (
        "var: Ref(T), mg: Ref(T), ms: Ref(T), mom: Ref(T), lr: T, rho: T, momentum: T, epsilon: T, "
        "grad: T"
    )
    outputs = "out: Ref(T)"
    attrs = _DENSE
    infer = _infer(4, 8)
    bind = _bind_dense(optimizers.apply_centered_rms_prop, 4, 8)
    gradient = LookupError


@op
class SparseApplyCenteredRMSProp:
    """ApplyCenteredRMSProp on some rows."""

    inputs = (
        "var: Ref(T), mg: Ref(T), ms: Ref(T), mom: Ref(T), lr: T, rho: T, momentum: T, epsilon: T, "
        "grad: T, indices: Tindices"
    )
    outputs = "out: Ref(T)"
    attrs = _SPARSE
    infer = _infer(4, 8, rows=True)
    bind = _bind_sparse(optimizers.apply_centered_rms_prop, 4, 8)
    gradient = LookupError


@op
class ApplyAdam:
    """Steps along the mean of gradients, over the root of their mean square."""

    inputs = (
        "var: Ref(T), m: Ref(T), v: Ref(T), beta1_power: T, beta2_power: T, lr: T, beta1: T, "
        "beta2: T, epsilon: T, grad: T"
    )
    outputs = "out: Ref(T)"
    attrs = _DENSE + ", use_nesterov: bool = false"
    infer = _infer(3, 9)
    bind = _bind_dense(optimizers.apply_adam, 3, 9)
    gradient = LookupError


@op
class ApplyFtrl:
    """Follow the regularized leader."""

    inputs = "var: Ref(T), accum: Ref(T), linear: Ref(T), grad: T, lr: T, l1: T, l2: T, lr_power: T"
    outputs = "out: Ref(T)"
    attrs = _DENSE + ", multiply_linear_by_lr: bool = false"
    infer = _infer(3, 3)
    bind = _bind_dense(optimizers.apply_ftrl, 3, 3)
    gradient = LookupError


@op
class SparseApplyFtrl:
    """ApplyFtrl on some rows."""

    inputs = (
        "var: Ref(T), accum: Ref(T), linear: Ref(T), grad: T, indices: Tindices, lr: T, l1: T, "
        "l2: T, lr_power: T"
    )
    outputs = "out: Ref(T)"
    attrs = _SPARSE + ", multiply_linear_by_lr: bool = false"
    infer = _infer(3, 3, rows=True)
    bind = _bind_sparse(optimizers.apply_ftrl, 3, 3)
    gradient = LookupError


@op
class ApplyFtrlV2:
    """ApplyFtrl whose gradient is also shrunk towards zero."""

    inputs = (
        "var: Ref(T), accum: Ref(T), linear: Ref(T), grad: T, lr: T, l1: T, l2: T, "
        "l2_shrinkage: T, lr_power: T"
    )
    outputs = "out: Ref(T)"
    attrs = _DENSE + ", multiply_linear_by_lr: bool = false"
    infer = _infer(3, 3)
    bind = _bind_dense(optimizers.apply_ftrl_v2, 3, 3)
    gradient = LookupError


@op
class SparseApplyFtrlV2:
    """ApplyFtrlV2 on some rows."""

    inputs = (
        "var: Ref(T), accum: Ref(T), linear: Ref(T), grad: T, indices: Tindices, lr: T, l1: T, "
        "l2: T, l2_shrinkage: T, lr_power: T"
    )
    outputs = "out: Ref(T)"
    attrs = _SPARSE + ", multiply_linear_by_lr: bool = false"
    infer = _infer(3, 3, rows=True)
    bind = _bind_sparse(optimizers.apply_ftrl_v2, 3, 3)
    gradient = LookupError


@op
class ApplyProximalGradientDescent:
    """Gradient descent, then the shrinkage of its l1 and l2 terms."""

    inputs = "var: Ref(T), alpha: T, l1: T, l2: T, delta: T"
    outputs = "out: Ref(T)"
    attrs = _DENSE
    infer = _infer(1, 4)
    bind = _bind_dense(optimizers.apply_proximal_gradient_descent, 1, 4)
    gradient = LookupError


@op
class SparseApplyProximalGradientDescent:
    """ApplyProximalGradientDescent on some rows."""

    inputs = "var: Ref(T), alpha: T, l1: T, l2: T, grad: T, indices: Tindices"
    outputs = "out: Ref(T)"
    attrs = _SPARSE
    infer = _infer(1, 4, rows=True)
    bind = _bind_sparse(optimizers.apply_proximal_gradient_descent, 1, 4)
    gradient = LookupError


@op
class ApplyProximalAdagrad:
    """Adagrad, then the shrinkage of its l1 and l2 terms."""

    inputs = "var: Ref(T), accum: Ref(T), lr: T, l1: T, l2: T, grad: T"
    outputs = "out: Ref(T)"
    attrs = _DENSE
    infer = _infer(2, 5)
    bind = _bind_dense(optimizers.apply_proximal_adagrad, 2, 5)
    gradient = LookupError


@op
class SparseApplyProximalAdagrad:
    """ApplyProximalAdagrad on some rows."""

    inputs = "var: Ref(T), accum: Ref(T), lr: T, l1: T, l2: T, grad: T, indices: Tindices"
    outputs = "out: Ref(T)"
    attrs = _SPARSE
    infer = _infer(2, 5, rows=True)
    bind = _bind_sparse(optimizers.apply_proximal_adagrad, 2, 5)
    gradient = LookupError
