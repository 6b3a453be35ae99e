"""The optimizers' updates of variables and slots, in place: TensorFlow's Apply* ops.

Arrays come in the ops' own order, the changed ones first, all of one floating dtype;
learning rates and the like are scalars. Each update is one pass over memory.
"""

from collections.abc import Callable, Sequence

import numpy as np

from minitf.kernels import update_rules
from minitf.kernels.jit import Hot
from minitf.kernels.threads import parallel, whole

BLOCK = 1 << 14  # elements that stay in cache with a rule's temporaries
GRAIN = 1 << 18  # elements worth a thread
SMALL = 1 << 10  # elements for which every microsecond of preparation counts
Scalar = float | np.ndarray | np.floating

_hot = {
    rule: Hot("minitf.kernels.optimizers_compiled", rule, saves_ns=2)
    for rule in (
        "gradient_descent",
        "momentum",
        "nesterov",
        "adagrad",
        "adadelta",
        "rms_prop",
        "centered_rms_prop",
        "adam",
        "nesterov_adam",
    )
}


def apply_gradient_descent(var: np.ndarray, alpha: Scalar, delta: np.ndarray) -> None:
    """var -= alpha * delta."""
    _update("gradient_descent", (var,), delta, alpha)


def apply_momentum(
    var: np.ndarray,
    accum: np.ndarray,
    lr: Scalar,
    grad: np.ndarray,
    momentum: Scalar,
    *,
    use_nesterov: bool = False,
) -> None:
    """Polyak's heavy ball, or Nesterov's look ahead."""
    _update("nesterov" if use_nesterov else "momentum", (var, accum), grad, lr, momentum)


def apply_adagrad(
    var: np.ndarray, accum: np.ndarray, lr: Scalar, grad: np.ndarray, *, update_slots: bool = True
) -> None:
    """Duchi et al. (2011)."""
    _update("adagrad", (var, accum), grad, lr, 0, float(update_slots))


def apply_adagrad_v2(
    var: np.ndarray,
    accum: np.ndarray,
    lr: Scalar,
    epsilon: Scalar,
    grad: np.ndarray,
    *,
    update_slots: bool = True,
) -> None:
    """Adagrad with an epsilon beside the root."""
    _update("adagrad", (var, accum), grad, lr, epsilon, float(update_slots))


def apply_adadelta(
    var: np.ndarray,
    accum: np.ndarray,
    accum_update: np.ndarray,
    lr: Scalar,
    rho: Scalar,
    epsilon: Scalar,
    grad: np.ndarray,
) -> None:
    """Zeiler (2012)."""
    _update("adadelta", (var, accum, accum_update), grad, lr, rho, _rest(var, rho), epsilon)


def apply_rms_prop(
    var: np.ndarray,
    ms: np.ndarray,
    mom: np.ndarray,
    lr: Scalar,
    rho: Scalar,
    momentum: Scalar,
    epsilon: Scalar,
    grad: np.ndarray,
) -> None:
    """Tieleman and Hinton (2012)."""
    _update("rms_prop", (var, ms, mom), grad, lr, _rest(var, rho), momentum, epsilon)


def apply_centered_rms_prop(
    var: np.ndarray,
    mg: np.ndarray,
    ms: np.ndarray,
    mom: np.ndarray,
    lr: Scalar,
    rho: Scalar,
    momentum: Scalar,
    epsilon: Scalar,
    grad: np.ndarray,
) -> None:
    """RMSProp that divides by an estimate of the gradient's variance."""
    arrays = (var, mg, ms, mom)
    _update("centered_rms_prop", arrays, grad, lr, _rest(var, rho), momentum, epsilon)


def apply_adam(
    var: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    beta1_power: Scalar,
    beta2_power: Scalar,
    lr: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    epsilon: Scalar,
    grad: np.ndarray,
    *,
    use_nesterov: bool = False,
) -> None:
    """Kingma and Ba (2015), the form before section 2.1 of their paper."""
    number = var.dtype.type
    root = np.sqrt(_rest(var, beta2_power))
    alpha = number(lr) * root / _rest(var, beta1_power)
    rest1, rest2 = _rest(var, beta1), _rest(var, beta2)
    if use_nesterov:
        _update("nesterov_adam", (var, m, v), grad, alpha, beta1, rest1, rest2, epsilon)
    else:
        _update("adam", (var, m, v), grad, alpha, rest1, rest2, epsilon)


def apply_ftrl(
    var: np.ndarray,
    accum: np.ndarray,
    linear: np.ndarray,
    grad: np.ndarray,
    lr: Scalar,
    l1: Scalar,
    l2: Scalar,
    lr_power: Scalar,
    *,
    multiply_linear_by_lr: bool = False,
) -> None:
    """McMahan et al. (2013): follow the regularized leader."""
    apply_ftrl_v2(
        var,
        accum,
        linear,
        grad,
        lr,
        l1,
        l2,
        0,
        lr_power,
        multiply_linear_by_lr=multiply_linear_by_lr,
    )


def apply_ftrl_v2(
    var: np.ndarray,
    accum: np.ndarray,
    linear: np.ndarray,
    grad: np.ndarray,
    lr: Scalar,
    l1: Scalar,
    l2: Scalar,
    l2_shrinkage: Scalar,
    lr_power: Scalar,
    *,
    multiply_linear_by_lr: bool = False,
) -> None:
    """Ftrl whose gradient is also shrunk towards zero."""
    number = var.dtype.type
    twice = number(2)
    scale = lr if multiply_linear_by_lr else 1
    numbers = (twice * number(l2), twice * number(l2_shrinkage), -number(lr_power), scale)
    _update("ftrl", (var, accum, linear), grad, lr, l1, *numbers)


def apply_proximal_gradient_descent(
    var: np.ndarray, alpha: Scalar, l1: Scalar, l2: Scalar, delta: np.ndarray
) -> None:
    """Gradient descent followed by the shrinkage of its l1 and l2 terms."""
    number = var.dtype.type
    shrink, divisor = number(alpha) * number(l1), number(1) + number(l2) * number(alpha)
    _update("proximal_gradient_descent", (var,), delta, alpha, shrink, divisor)


def apply_proximal_adagrad(
    var: np.ndarray, accum: np.ndarray, lr: Scalar, l1: Scalar, l2: Scalar, grad: np.ndarray
) -> None:
    """Adagrad followed by the shrinkage of its l1 and l2 terms."""
    _update("proximal_adagrad", (var, accum), grad, lr, l1, l2, 1)


def apply_adagrad_da(
    var: np.ndarray,
    gradient_accumulator: np.ndarray,
    gradient_squared_accumulator: np.ndarray,
    grad: np.ndarray,
    lr: Scalar,
    l1: Scalar,
    l2: Scalar,
    global_step: Scalar,
) -> None:
    """Adagrad's dual averaging, which makes sparse linear models."""
    number = var.dtype.type
    step = number(int(global_step))
    shrink, growth = number(l1) * step, number(l2) * step * number(lr)
    arrays = (var, gradient_accumulator, gradient_squared_accumulator)
    _update("adagrad_da", arrays, grad, lr, shrink, growth)


def sparse(
    update: Callable[..., None],
    arrays: Sequence[np.ndarray],
    indices: np.ndarray,
    *arguments: object,
    **options: object,
) -> None:
    """Do an update above for some rows: TensorFlow's SparseApply* ops.

    `arrays` are those it changes; `indices` [n], each once, say which rows `arguments`' gradient
    [n, ...] is for.
    """
    rows = [array[indices] for array in arrays]
    update(*rows, *arguments, **options)
    for array, row in zip(arrays, rows, strict=True):
        array[indices] = row


def _update(rule: str, arrays: tuple[np.ndarray, ...], grad: np.ndarray, *numbers: Scalar) -> None:
    var = arrays[0]
    kind = var.dtype.type
    values = [number if type(number) is kind else kind(number) for number in numbers]
    if var.size <= SMALL:
        _assign(arrays, getattr(update_rules, rule)(*arrays, grad, *values))
        return
    hot = _hot.get(rule)
    in_order = all(array.flags.c_contiguous for array in arrays)
    if in_order and hot and var.itemsize > 2 and hot.worth(var.size):
        flat = [np.ascontiguousarray(array).reshape(-1) for array in (*arrays, grad)]
        parallel(lambda start, stop: hot(*flat, *values, start, stop), var.size, GRAIN)
        return
    function = getattr(update_rules, rule)
    with np.errstate(all="ignore"):
        if var.size <= BLOCK or not in_order:
            _assign(arrays, function(*arrays, grad, *values))
            return
        with whole():
            _in_blocks(function, [array.reshape(-1) for array in (*arrays, grad)], values)


def _in_blocks(function: Callable, flat: list[np.ndarray], values: list) -> None:
    for start in range(0, flat[0].size, BLOCK):
        block = [array[start : start + BLOCK] for array in flat]
        _assign(block[:-1], function(*block, *values))


def _assign(arrays: Sequence[np.ndarray], results: Sequence[np.ndarray]) -> None:
    for array, result in zip(arrays, results, strict=True):
        array[...] = result


def _rest(var: np.ndarray, part: Scalar) -> np.floating:
    return var.dtype.type(1) - var.dtype.type(part)
