"""Learning rates that fall as the global step grows."""

from __future__ import annotations

import math
from typing import Any

from minitf import dtypes, nest
from minitf.dtypes import DType
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import add, minimum, multiply, negative
from minitf.ops.array import constant, where_v2
from minitf.ops.casts import cast
from minitf.ops.control import case, cond
from minitf.ops.division import divide
from minitf.ops.elementwise import ceil, exp, floor, log, sqrt
from minitf.ops.logic import equal, logical_and
from minitf.ops.powers import pow
from minitf.ops.random import random_normal
from minitf.ops.trigonometry import cos
from minitf.tensor import Tensor


def exponential_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """`learning_rate * decay_rate ** (global_step / decay_steps)`, in whole steps if staircase."""
    with name_scope(name or "ExponentialDecay") as name:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        decay, passed = _decays(rate.dtype, global_step, decay_steps, decay_rate, staircase)
        return multiply(rate, pow(decay, passed), name=name)


def natural_exp_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """`learning_rate * exp(-decay_rate * global_step / decay_steps)`."""
    natural = exp(negative(decay_rate))
    return exponential_decay(learning_rate, global_step, decay_steps, natural, staircase, name)


def inverse_time_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """`learning_rate / (1 + decay_rate * global_step / decay_steps)`."""
    with name_scope(name or "InverseTimeDecay") as name:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        decay, passed = _decays(rate.dtype, global_step, decay_steps, decay_rate, staircase)
        one = cast(constant(1), rate.dtype)
        return divide(rate, add(one, multiply(decay, passed)), name=name)


def _decays(
    dtype: DType, global_step: Any, decay_steps: Any, decay_rate: Any, staircase: bool
) -> tuple[Tensor, Tensor]:
    """The rate of decay, and how many times it has applied; in whole steps if staircase."""
    steps = cast(decay_steps, dtype)
    decay = cast(decay_rate, dtype)
    passed = divide(cast(global_step, dtype), steps)
    return decay, floor(passed) if staircase else passed


def polynomial_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    end_learning_rate: Any = 0.0001,
    power: Any = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> Tensor:
    """From `learning_rate` to `end_learning_rate` in `decay_steps`, along a power of the step.

    With `cycle` it starts anew once it is there, each time over more steps.
    """
    with name_scope(name or "PolynomialDecay") as name:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        end = cast(end_learning_rate, rate.dtype)
        power = cast(power, rate.dtype)
        step = cast(global_step, rate.dtype)
        steps = cast(decay_steps, rate.dtype)
        if cycle:
            rounds = where_v2(equal(step, 0), 1.0, ceil(step / decay_steps))
            steps = multiply(steps, rounds)
        else:
            step = minimum(step, steps)
        passed = divide(step, steps)
        return add(multiply(rate - end, pow(1 - passed, power)), end, name=name)


def cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    alpha: Any = 0.0,
    name: str | None = None,
) -> Tensor:
    """Along half a cosine from `learning_rate` to `alpha * learning_rate` in `decay_steps`."""
    with name_scope(name or "CosineDecay"):
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        steps = cast(decay_steps, rate.dtype)
        step = minimum(cast(global_step, rate.dtype), steps)
        passed = step / steps
        falling = 0.5 * (1.0 + cos(constant(math.pi) * passed))
        return multiply(rate, (1 - alpha) * falling + alpha)


def piecewise_constant(x: Any, boundaries: Any, values: Any, name: str | None = None) -> Tensor:
    """`values[0]` while `x <= boundaries[0]`, `values[1]` up to the next boundary, and so on.

    Raises ValueError where boundaries and `x`, or the values, are of different types.
    """
    boundaries = [convert_to_tensor(item) for item in nest.flatten(boundaries)]
    values = [convert_to_tensor(item) for item in nest.flatten(values)]
    x = convert_to_tensor(x)
    boundaries = [_like(boundary, x) for boundary in boundaries]
    for value in values[1:]:
        if value.dtype.base_dtype != values[0].dtype.base_dtype:
            raise ValueError(
                "Values must have elements all with the same dtype "
                f"({values[0].dtype.base_dtype} vs {value.dtype.base_dtype})."
            )
    if len(boundaries) != len(values) - 1:
        raise ValueError("The length of boundaries should be 1 less than the length of values")
    with name_scope(name or "PiecewiseConstant"):
        branches: list[Any] = [(x <= boundaries[0], lambda: values[0])]
        branches.append((x > boundaries[-1], lambda: values[-1]))
        for low, high, value in zip(boundaries[:-1], boundaries[1:], values[1:-1], strict=True):
            inside = logical_and(x > low, x <= high, name="and")
            branches.append((inside, lambda value=value: value))
        return case(branches, lambda: values[0], exclusive=True)


def _like(boundary: Tensor, x: Tensor) -> Tensor:
    have, want = boundary.dtype.base_dtype, x.dtype.base_dtype
    if have == want:
        return boundary
    if have == dtypes.int32 and want == dtypes.int64:
        return cast(boundary, want)
    raise ValueError(f"Boundaries ({have}) must have the same dtype as x ({want}).")


piecewise_constant_decay = piecewise_constant


def cosine_decay_restarts(
    learning_rate: Any,
    global_step: Any,
    first_decay_steps: Any,
    t_mul: Any = 2.0,
    m_mul: Any = 1.0,
    alpha: Any = 0.0,
    name: str | None = None,
) -> Tensor:
    """Half a cosine again and again: each `t_mul` times as long and `m_mul` times as high.

    After Loshchilov and Hutter, "SGDR: Stochastic gradient descent with warm restarts", 2017.
    """
    with name_scope(name or "SGDRDecay") as name:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        first, alpha, longer, higher = (
            cast(value, rate.dtype) for value in (first_decay_steps, alpha, t_mul, m_mul)
        )
        passed = cast(global_step, rate.dtype) / first

        def after_equal_rounds() -> tuple[Tensor, Tensor]:
            rounds = floor(passed)
            return rounds, passed - rounds

        def after_growing_rounds() -> tuple[Tensor, Tensor]:
            rounds = floor(log(1.0 - passed * (1.0 - longer)) / log(longer))
            earlier = (1.0 - longer**rounds) / (1.0 - longer)
            return rounds, (passed - earlier) / longer**rounds

        rounds, within = cond(equal(longer, 1.0), after_equal_rounds, after_growing_rounds)
        falling = 0.5 * higher**rounds * (1.0 + cos(constant(math.pi) * within))
        return multiply(rate, (1 - alpha) * falling + alpha, name=name)


def linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Tensor:
    """`num_periods` of a cosine under a line from 1 to 0, raised by `alpha` and `beta`."""
    with name_scope(name or "LinearCosineDecay") as name:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        steps, periods, alpha, beta = (
            cast(value, rate.dtype) for value in (decay_steps, num_periods, alpha, beta)
        )
        step = minimum(cast(global_step, rate.dtype), steps)
        line = (steps - step) / steps
        return multiply(rate, _waves(line, step / steps, periods, alpha, beta), name=name)


def noisy_linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    initial_variance: Any = 1.0,
    variance_decay: Any = 0.55,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Tensor:
    """The same with noise, whose variance falls from `initial_variance` as steps go by."""
    with name_scope(name or "NoisyLinearCosineDecay") as name:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        given = (decay_steps, initial_variance, variance_decay, num_periods, alpha, beta)
        steps, variance, decay, periods, alpha, beta = (cast(value, rate.dtype) for value in given)
        step = minimum(cast(global_step, rate.dtype), steps)
        line = (steps - step) / steps
        deviation = sqrt(variance / pow(1.0 + step, decay))
        line = line + random_normal(line.shape, stddev=deviation)
        return multiply(rate, _waves(line, step / steps, periods, alpha, beta), name=name)


def _waves(line: Tensor, passed: Tensor, periods: Tensor, alpha: Tensor, beta: Tensor) -> Tensor:
    turns = 2.0 * periods * passed
    wave = 0.5 * (1.0 + cos(constant(math.pi) * turns))
    return (alpha + line) * wave + beta
