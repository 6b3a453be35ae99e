"""Ops that change some rows or elements of a variable."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import merged
from minitf.op import op
from minitf.ops.state import NUMBERS
from minitf.shape import TensorShape, as_shape, brackets
from minitf.tensor import Tensor

_ORDERED = "{half, bfloat16, float, double, int32, int64}"


def _rows_shape(ref, indices, updates):
    shape, sizes = ref.shape, ref.shape._sizes
    if updates.shape._sizes != ():
        row = TensorShape(None) if sizes is None else as_shape(sizes[1:])
        merged(updates.shape, indices.shape.concatenate(row))
    return shape


def _positions(indices, size):
    """The indices as a flat vector; InvalidArgumentError when one is out of range."""
    flat = np.asarray(indices).reshape(-1)
    bad = np.flatnonzero((flat < 0) | (flat >= size))
    if bad.size:
        place = np.unravel_index(bad[0], np.shape(indices))
        raise InvalidArgumentError(
            None,
            None,
            f"indices[{','.join(map(str, place))}] = {flat[bad[0]]} is not in [0, {size})",
        )
    return flat


def _rows(change):
    """The `bind` of an op that changes a variable's rows by `change(array, rows, updates)`."""

    def bind(op, session):
        def kernel(slot, indices, updates):
            def put(array):
                if not array.ndim:
                    raise InvalidArgumentError(
                        None, None, "params must be at least 1-D, got shape []"
                    )
                rows = _positions(indices, array.shape[0])
                wanted = np.shape(indices) + array.shape[1:]
                if np.ndim(updates) and np.shape(updates) != wanted:
                    raise InvalidArgumentError(
                        None,
                        None,
                        "Must have updates.shape = indices.shape + params.shape[1:] or "
                        f"updates.shape = [], got updates.shape {_shape(updates)}, indices.shape "
                        f"{_shape(indices)}, params.shape {_shape(array)}",
                    )
                values = np.broadcast_to(updates, wanted).reshape(-1, *array.shape[1:])
                change(array, rows, values)

            return slot.update(put, op)

        return kernel

    return bind


def _shape(array):
    return brackets(TensorShape(np.shape(array)))


_TURNS = 4  # after so many, row by row is quicker; either is far faster than ufunc.at


def _put(array, where, values):
    array[where] = values


def _combining(ufunc):
    """A change of rows by a NumPy function, which a row named twice goes through twice."""

    def change(array, where, values):
        if array.ndim == 1:
            ufunc.at(array, where, values)
            return
        # Rows that are named once go together; then those named twice have their second turn ...
        for _ in range(_TURNS):
            _, first = np.unique(where, return_index=True)
            rows = where[first]
            array[rows] = ufunc(array[rows], values[first])
            if len(first) == len(where):
                return
            where, values = np.delete(where, first), np.delete(values, first, axis=0)
        for row, value in zip(where.tolist(), values, strict=True):
            ufunc(array[row], value, out=array[row])

    return change


def _divide(array, where, values):
    if array.dtype.kind not in "iu":
        _combining(np.divide)(array, where, values)
        return
    for row, value in zip(where.tolist(), values, strict=True):
        if not np.all(value):
            raise InvalidArgumentError(None, None, "Integer division by zero")
        # Integers are cut towards zero, as in C.
        quotient = np.abs(array[row]) // np.abs(value)
        array[row] = quotient * np.sign(array[row]) * np.sign(value)


@op
class ScatterUpdate:
    """Rows of the variable take new values."""

    inputs = "ref: Ref(T), indices: Tindices, updates: T"
    outputs = "output_ref: Ref(T)"
    attrs = "T: type, Tindices: {int32, int64}, use_locking: bool = true"
    infer = _rows_shape
    bind = _rows(_put)
    gradient = LookupError


@op
class ScatterAdd:
    """Adds to rows of the variable; a row named twice is added to twice."""

    inputs = "ref: Ref(T), indices: Tindices, updates: T"
    outputs = "output_ref: Ref(T)"
    attrs = f"T: {NUMBERS}, Tindices: {{int32, int64}}, use_locking: bool = false"
    infer = _rows_shape
    bind = _rows(_combining(np.add))
    gradient = None


@op
class ScatterSub:
    """Subtracts from rows of the variable."""

    inputs = "ref: Ref(T), indices: Tindices, updates: T"
    outputs = "output_ref: Ref(T)"
    attrs = f"T: {NUMBERS}, Tindices: {{int32, int64}}, use_locking: bool = false"
    infer = _rows_shape
    bind = _rows(_combining(np.subtract))
    gradient = None


@op
class ScatterMul:
    """Multiplies rows of the variable."""

    inputs = "ref: Ref(T), indices: Tindices, updates: T"
    outputs = "output_ref: Ref(T)"
    attrs = f"T: {NUMBERS}, Tindices: {{int32, int64}}, use_locking: bool = false"
    infer = _rows_shape
    bind = _rows(_combining(np.multiply))
    gradient = None


@op
class ScatterDiv:
    """Divides rows of the variable."""

    inputs = "ref: Ref(T), indices: Tindices, updates: T"
    outputs = "output_ref: Ref(T)"
    attrs = f"T: {NUMBERS}, Tindices: {{int32, int64}}, use_locking: bool = false"
    infer = _rows_shape
    bind = _rows(_divide)
    gradient = None


@op
class ScatterMin:
    """Rows of the variable become the smaller of what they were and the update."""

    inputs = "ref: Ref(T), indices: Tindices, updates: T"
    outputs = "output_ref: Ref(T)"
    attrs = f"T: {_ORDERED}, Tindices: {{int32, int64}}, use_locking: bool = false"
    infer = _rows_shape
    bind = _rows(_combining(np.minimum))
    gradient = LookupError


@op
class ScatterMax:
    """Rows of the variable become the larger of what they were and the update."""

    inputs = "ref: Ref(T), indices: Tindices, updates: T"
    outputs = "output_ref: Ref(T)"
    attrs = f"T: {_ORDERED}, Tindices: {{int32, int64}}, use_locking: bool = false"
    infer = _rows_shape
    bind = _rows(_combining(np.maximum))
    gradient = LookupError


def _elements_shape(ref, indices, updates):
    places, params, news = indices.shape._sizes, ref.shape._sizes, updates.shape._sizes
    if places == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if places is None or params is None or news is None or places[-1] is None:
        return ref.shape
    outer, depth = len(places) - 1, places[-1]
    if depth > len(params):
        return ref.shape
    _match("indices", indices.shape, 0, outer, updates.shape, 0, outer)
    _match("input", ref.shape, depth, len(params), updates.shape, outer, len(news))
    return ref.shape


def _match(name, shape, start, stop, updates, first, last):
    """ValueError unless these dimensions of `shape` are those of the updates."""
    part, other = as_shape(shape._sizes[start:stop]), as_shape(updates._sizes[first:last])
    try:
        merged(part, other)
    except ValueError as error:
        raise ValueError(
            f"Dimensions [{start},{stop}) of {name}[shape={brackets(shape)}] = {brackets(part)} "
            f"must match dimensions [{first},{last}) of updates[shape={brackets(updates)}] = "
            f"{brackets(other)}: {error}"
        ) from None


def _elements(change):
    """The `bind` of an op that changes elements or slices that index vectors name."""

    def bind(op, session):
        def kernel(slot, indices, updates):
            def put(array):
                depth = indices.shape[-1]
                if depth > array.ndim:
                    raise InvalidArgumentError(
                        None,
                        None,
                        "index innermost dimension length must be <= params rank; saw: "
                        f"{depth} vs. {array.ndim}",
                    )
                flat = indices.reshape(-1, depth)
                bad = ((flat < 0) | (flat >= array.shape[:depth])).any(axis=1)
                if bad.any():
                    row = int(np.argmax(bad))
                    raise InvalidArgumentError(
                        None,
                        None,
                        f"indices[{row}] = [{', '.join(map(str, flat[row]))}] does not index into "
                        f"shape {_shape(array)}",
                    )
                values = np.reshape(updates, (len(flat), *array.shape[depth:]))
                change(array, tuple(flat.T), values)

            return slot.update(put, op)

        return kernel

    return bind


@op
class ScatterNdUpdate:
    """Elements or slices of the variable take new values."""

    inputs = "ref: Ref(T), indices: Tindices, updates: T"
    outputs = "output_ref: Ref(T)"
    attrs = (
        "T: type, Tindices: {int32, int64}, use_locking: bool = true, "
        "bad_indices_policy: string = ''"
    )
    infer = _elements_shape
    bind = _elements(_put)
    gradient = None


@op
class ScatterNdAdd:
    """Adds to elements or slices of the variable."""

    inputs = "ref: Ref(T), indices: Tindices, updates: T"
    outputs = "output_ref: Ref(T)"
    attrs = (
        f"T: {NUMBERS}, Tindices: {{int32, int64}}, use_locking: bool = false, "
        "bad_indices_policy: string = ''"
    )
    infer = _elements_shape
    bind = _elements(np.add.at)
    gradient = None


@op
class ScatterNdSub:
    """Subtracts from elements or slices of the variable."""

    inputs = "ref: Ref(T), indices: Tindices, updates: T"
    outputs = "output_ref: Ref(T)"
    attrs = (
        f"T: {NUMBERS}, Tindices: {{int32, int64}}, use_locking: bool = false, "
        "bad_indices_policy: string = ''"
    )
    infer = _elements_shape
    bind = _elements(np.subtract.at)
    gradient = None


def _checked(ref: Any) -> Any:
    """`ref`, which must be a variable: AttributeError, as in TensorFlow, for other tensors."""
    if not ref.dtype._is_ref_dtype:
        raise AttributeError(
            f"'{type(ref).__name__}' object has no attribute '_lazy_read': only variables can be "
            f"scattered to, not {ref!r}"
        )
    return ref


def scatter_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Tensor:
    """Rows `indices` of a variable become `updates`; of a row named twice the last one counts."""
    return ScatterUpdate(_checked(ref), indices, updates, use_locking=use_locking, name=name)


def scatter_add(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Adds `updates` to rows `indices` of a variable, as often as a row is named."""
    return ScatterAdd(_checked(ref), indices, updates, use_locking=use_locking, name=name)


def scatter_sub(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Subtracts `updates` from rows `indices` of a variable."""
    return ScatterSub(_checked(ref), indices, updates, use_locking=use_locking, name=name)


def scatter_mul(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Multiplies rows `indices` of a variable by `updates`."""
    return ScatterMul(_checked(ref), indices, updates, use_locking=use_locking, name=name)


def scatter_div(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Divides rows `indices` of a variable by `updates`."""
    return ScatterDiv(_checked(ref), indices, updates, use_locking=use_locking, name=name)


def scatter_min(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Rows `indices` of a variable become the smaller of themselves and `updates`."""
    return ScatterMin(_checked(ref), indices, updates, use_locking=use_locking, name=name)


def scatter_max(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Rows `indices` of a variable become the larger of themselves and `updates`."""
    return ScatterMax(_checked(ref), indices, updates, use_locking=use_locking, name=name)


def scatter_nd_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Tensor:
    """The elements or slices that the vectors `indices[..., :]` name become `updates`."""
    return ScatterNdUpdate(_checked(ref), indices, updates, use_locking=use_locking, name=name)


def scatter_nd_add(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Adds `updates` to the elements or slices that the vectors `indices[..., :]` name."""
    return ScatterNdAdd(_checked(ref), indices, updates, use_locking=use_locking, name=name)


def scatter_nd_sub(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Subtracts `updates` from the elements or slices that the vectors `indices[..., :]` name."""
    return ScatterNdSub(_checked(ref), indices, updates, use_locking=use_locking, name=name)
