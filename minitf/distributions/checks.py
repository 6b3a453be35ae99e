"""What distributions check of their parameters, and small helpers that several of them use."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from minitf import debugging, dtypes, math
from minitf.graph import name_scope
from minitf.infer import get_static_value
from minitf.op import convert_to_tensor
from minitf.ops import array
from minitf.ops.casts import cast
from minitf.ops.control import no_op, with_dependencies
from minitf.ops.softmax import softmax
from minitf.tensor import Tensor

_INTEGER_OF = {
    dtypes.float16: dtypes.int16,
    dtypes.float32: dtypes.int32,
    dtypes.float64: dtypes.int64,
}


def new_seed(seed: int | None, salt: str) -> int | None:
    """A second seed made from the first, for another op of the same draw."""
    if seed is None:
        return None
    digest = hashlib.md5(f"{seed}{salt}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) & 0x7FFFFFFF


def _assert_integer_form(x: Any, message: str, int_dtype: Any = None) -> Any:
    name = "assert_integer_form"
    with name_scope(name, values=[x, None]):
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_integer:
            return no_op()
        int_dtype = int_dtype or _INTEGER_OF[x.dtype.base_dtype]
        whole = cast(cast(x, int_dtype), x.dtype)
        return debugging.assert_equal(x, whole, message=message, name=name)


def nonnegative_integers(x: Any) -> Tensor:
    """`x`, checked to hold whole numbers from 0 on."""
    with name_scope("embed_check_nonnegative_integer_form", values=[x]):
        x = convert_to_tensor(x, name="x")
        checks = [debugging.assert_non_negative(x, message=f"'{x}' must be non-negative.")]
        if not x.dtype.is_integer:
            message = f"'{x}' cannot contain fractional components."
            checks.append(_assert_integer_form(x, message))
        return with_dependencies(checks, x)


def _largest_integer(dtype: Any) -> int:
    """The integer up to which a type holds all of them."""
    if dtype == dtypes.bool:
        return 1
    if dtype.is_floating:
        return int(2 ** (np.finfo(dtype.as_numpy_dtype).nmant + 1))
    return int(np.iinfo(dtype.as_numpy_dtype).max)


def integers_of(x: Any, target: Any) -> Tensor:
    """`x`, checked to hold numbers that are the same as `target`, a type of integers or bool."""
    with name_scope("embed_check_casting_closed", values=[x]):
        x = convert_to_tensor(x, name="x")
        negative = "Elements must be non-negative."
        checks = [debugging.assert_non_negative(x, message=negative)]
        if x.dtype.is_floating:
            message = f"Elements must be {target.name}-equivalent."
            checks.append(_assert_integer_form(x, message, target))
        elif _largest_integer(x.dtype) > (most := _largest_integer(target)):
            message = f"Elements cannot exceed {most}."
            checks.append(debugging.assert_less_equal(x, most, message=message))
        return with_dependencies(checks, x)


def categories(parameter: Any) -> Tensor:
    """A parameter with a number for each class, checked to have two classes at least."""
    with name_scope("embed_check_categorical_event_shape", values=[parameter]):
        x = convert_to_tensor(parameter, name="categorical_param")
        dtype = x.dtype.base_dtype
        if not dtype.is_floating:
            raise TypeError(f"Unable to validate size of unrecognized dtype ({dtype.name}).")
        most = _largest_integer(dtype)
        least_rank = "A categorical-distribution parameter must have at least 1 dimension."
        least_size = "A categorical-distribution parameter must have at least 2 events."
        if x.shape.ndims == 0:
            raise ValueError(least_rank)
        size = None if x.shape.ndims is None else x.shape.as_list()[-1]
        if size is not None and size < 2:
            raise ValueError(least_size)
        if size is not None and size > most:
            raise ValueError(
                f"Number of classes exceeds `dtype` precision, i.e., {dtype.name} implies shape "
                f"({size}) cannot exceed {most}."
            )
        if size is not None:
            return x
        found = array.shape(x, name="x_shape")[-1]
        too_many = (
            f"Number of classes exceeds `dtype` precision, i.e., {dtype.name} dtype cannot exceed "
            f"{most} shape."
        )
        checks = [
            debugging.assert_rank_at_least(x, 1, message=least_rank),
            debugging.assert_greater_equal(array.shape(x)[-1], 2, message=least_size),
            debugging.assert_less_equal(found, most, message=too_many),
        ]
        return with_dependencies(checks, x)


def logits_and_probs(
    logits: Any, probs: Any, validate_args: bool, name: str, multidimensional: bool = False
) -> tuple[Tensor, Tensor]:
    """Both of what one of them is given; over classes along the last axis if `multidimensional`.

    Raises ValueError unless exactly one is given, TypeError for types other than floating ones.
    """
    with name_scope(name, values=[probs, logits]):
        if (probs is None) == (logits is None):
            raise ValueError("Must pass probs or logits, but not both.")
        given = convert_to_tensor(
            logits if probs is None else probs, name="logits" if probs is None else "probs"
        )
        if not given.dtype.is_floating:
            kind = "logits" if probs is None else "probs"
            raise TypeError(f"{kind} must having floating type.")
        if probs is None:
            if not multidimensional:
                return given, math.sigmoid(given, name="probs")
            if validate_args:
                given = categories(given)
            return given, softmax(given, name="probs")
        if validate_args:
            given = _checked_probs(given, multidimensional)
        with name_scope("logits"):
            if multidimensional:
                return math.log(given), given
            return math.log(given) - math.log1p(-1.0 * given), given


def _checked_probs(probs: Tensor, multidimensional: bool) -> Tensor:
    with name_scope("validate_probs"):
        one = array.constant(1.0, probs.dtype)
        checks = [debugging.assert_non_negative(probs)]
        if multidimensional:
            probs = categories(probs)
            total = math.reduce_sum(probs, -1)
            checks.append(debugging.assert_near(total, one, message="probs does not sum to 1."))
        else:
            message = "probs has components greater than 1."
            checks.append(debugging.assert_less_equal(probs, one, message=message))
        return with_dependencies(checks, probs)


def log_combinations(n: Any, counts: Any) -> Tensor:
    """The logarithm of in how many orders `n` draws can give these counts."""
    with name_scope("log_combinations", values=[n, counts]):
        n = convert_to_tensor(n, name="n")
        counts = convert_to_tensor(counts, name="counts")
        orders = math.lgamma(n + 1)
        same = math.lgamma(counts + 1)
        return orders - math.reduce_sum(same, axis=[-1])


def pick_vector(cond: Any, true_vector: Any, false_vector: Any) -> Any:
    """One of two vectors, which may differ in length."""
    with name_scope("pick_vector", values=[cond, true_vector, false_vector]):
        cond = convert_to_tensor(cond, name="cond")
        known = get_static_value(cond)
        if known is not None:
            return true_vector if known else false_vector
        true_vector = convert_to_tensor(true_vector, name="true_vector")
        false_vector = convert_to_tensor(false_vector, name="false_vector")
        n = array.shape(true_vector)[0]
        both = array.concat([true_vector, false_vector], 0)
        return array.slice(both, [array.where_v2(cond, 0, n)], [array.where(cond, n, -1)])
