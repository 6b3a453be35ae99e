"""tf.map_fn, foldl, foldr and scan: a function of one row after another, as a loop."""

from __future__ import annotations

from typing import Any

from minitf import dtypes, nest
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.constants import constant
from minitf.ops.shapes import shape
from minitf.ops.tensor_array import TensorArray
from minitf.ops.while_loop import while_loop
from minitf.shape import TensorShape
from minitf.tensor import Tensor


def _check_callable(fn: Any) -> None:
    if not callable(fn):
        raise TypeError(f"The provided function {fn!r} is not callable. fn must be callable.")


def _rows(tensors: list[Tensor]) -> int | None:
    """The static number of rows; ValueError where two tensors differ, or one is a scalar."""
    rows = TensorShape([None])
    for tensor in tensors:
        if tensor.shape.ndims == 0:
            raise ValueError("Elements in elems must be 1+ dimensional Tensors, not scalars")
        if tensor.shape.ndims is not None:
            rows = rows.merge_with(tensor.shape[:1])
    return rows.as_list()[0]


def _set_rows(results: list[Tensor], rows: int | None) -> None:
    for result in results:
        result.set_shape(TensorShape([rows]).concatenate(result.shape[1:]))


def map_fn(
    fn: Any,
    elems: Any,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: str | None = None,
    fn_output_signature: Any = None,
) -> Any:
    """`fn` of each row of `elems` (a tensor or a nesting of them), stacked.

    `dtype` gives the types, and nesting, of what `fn` returns where they are not those of `elems`.
    Raises TypeError and ValueError for functions, rows and results that don't fit.
    """
    signature = dtype if fn_output_signature is None else fn_output_signature
    _check_callable(fn)
    flat = nest.flatten(elems)
    if not flat:
        raise ValueError(
            "elems must be a Tensor or (possibly nested) sequence of Tensors. Got "
            f"{elems}, which does not contain any Tensors."
        )
    with name_scope(name, "map", flat):
        flat = [convert_to_tensor(elem, name="elem") for elem in flat]
        rows = _rows(flat)
        n = rows or shape(flat[0])[0]
        arrays = [TensorArray(elem.dtype, size=n, dynamic_size=False) for elem in flat]
        arrays = [array.unstack(elem) for array, elem in zip(arrays, flat, strict=True)]
        i = constant(0)
        kinds = [elem.dtype for elem in flat] if signature is None else nest.flatten(signature)
        results = [
            TensorArray(dtypes.as_dtype(kind), size=n, dynamic_size=False, infer_shape=infer_shape)
            for kind in kinds
        ]

        def compute(i: Any, written: Any) -> Any:
            values = nest.pack_sequence_as(elems, [array.read(i) for array in arrays])
            value = fn(values)
            nest.assert_same_structure(elems if signature is None else signature, value)
            pairs = zip(written, nest.flatten(value), strict=True)
            written = [array.write(i, part) for array, part in pairs]
            return i + 1, written

        _, results = while_loop(
            lambda i, _: i < n,
            compute,
            (i, results),
            parallel_iterations=parallel_iterations or 10,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=n,
        )
        stacked = [array.stack() for array in results]
        _set_rows(stacked, rows)
        return nest.pack_sequence_as(elems if signature is None else signature, stacked)


def foldl(
    fn: Any,
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """`fn(accumulated, row)` over the rows, first to last, from `initializer` or the first row."""
    _check_callable(fn)
    with name_scope(name, "foldl", nest.flatten(elems)):
        n, arrays = _unstacked(elems)
        start = initializer
        if initializer is None:
            start = nest.map_structure(lambda array: array.read(0), arrays)
        i = constant(1 if initializer is None else 0)

        def compute(i: Any, a: Any) -> Any:
            row = nest.map_structure(lambda array: array.read(i), arrays)
            a = fn(a, row)
            return [i + 1, a]

        return _folded(lambda i, a: i < n, compute, i, start, n, (parallel_iterations, back_prop, swap_memory))  # fmt: skip  # noqa: E501


def foldr(
    fn: Any,
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """`fn(accumulated, row)` over the rows, last to first, from `initializer` or the last row."""
    _check_callable(fn)
    with name_scope(name, "foldr", nest.flatten(elems)):
        n, arrays = _unstacked(elems)
        i, start = n, initializer
        if initializer is None:
            i = n - 1
            start = nest.map_structure(lambda array: array.read(i), arrays)

        def compute(i: Any, a: Any) -> Any:
            i -= 1
            row = nest.map_structure(lambda array: array.read(i), arrays)
            return [i, fn(a, row)]

        return _folded(lambda i, a: i > 0, compute, i, start, n, (parallel_iterations, back_prop, swap_memory))  # fmt: skip  # noqa: E501


def _unstacked(elems: Any) -> tuple[Any, Any]:
    """The number of rows, and a TensorArray of the rows for each tensor."""
    flat = [convert_to_tensor(elem, name="elem") for elem in nest.flatten(elems)]
    sizes = flat[0].shape.as_list() if flat[0].shape.ndims else [None]
    n = sizes[0] or shape(flat[0])[0]

    def array_of(elem: Any) -> TensorArray:
        return TensorArray(elem.dtype, size=n, dynamic_size=False).unstack(elem)

    return n, nest.map_structure(array_of, elems)


def _folded(test: Any, compute: Any, i: Any, start: Any, n: Any, options: Any) -> Any:
    parallel_iterations, back_prop, swap_memory = options
    _, result = while_loop(
        test,
        compute,
        [i, start],
        parallel_iterations=parallel_iterations,
        back_prop=back_prop,
        swap_memory=swap_memory,
        maximum_iterations=n,
    )
    return result


def scan(
    fn: Any,
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """All that `fn(accumulated, row)` returns over the rows, stacked.

    It starts from `initializer`, or from the first row, which then is the first result. With
    `reverse` the rows come last to first.
    """
    _check_callable(fn)
    like = elems if initializer is None else initializer
    flat = nest.flatten(elems)
    with name_scope(name, "scan", flat):
        flat = [convert_to_tensor(elem, name="elem") for elem in flat]
        rows = _rows(flat)
        n = shape(flat[0])[0] if rows is None else rows
        arrays = [
            TensorArray(elem.dtype, size=n, dynamic_size=False, element_shape=elem.shape[1:])
            for elem in flat
        ]
        arrays = [array.unstack(elem) for array, elem in zip(arrays, flat, strict=True)]
        if initializer is None:
            start = [array.read(n - 1 if reverse else 0) for array in arrays]
        else:
            start = [convert_to_tensor(value) for value in nest.flatten(initializer)]
        results = [
            TensorArray(
                value.dtype,
                size=n,
                element_shape=value.shape if infer_shape else None,
                dynamic_size=False,
                infer_shape=infer_shape,
            )
            for value in start
        ]
        i = 0
        if initializer is None:
            i = 1
            results = [
                array.write(n - 1 if reverse else 0, value)
                for array, value in zip(results, start, strict=True)
            ]

        def compute(i: Any, a: Any, written: Any) -> Any:
            row = nest.pack_sequence_as(elems, [array.read(i) for array in arrays])
            value = fn(nest.pack_sequence_as(like, a), row)
            nest.assert_same_structure(like, value)
            parts = nest.flatten(value)
            written = [array.write(i, part) for array, part in zip(written, parts, strict=True)]
            return (i - 1 if reverse else i + 1), parts, written

        _, _, results = while_loop(
            (lambda i, a, written: i >= 0) if reverse else (lambda i, a, written: i < n),
            compute,
            (n - 1 - i if reverse else i, start, results),
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=n,
        )
        stacked = [array.stack() for array in results]
        _set_rows(stacked, rows)
        return nest.pack_sequence_as(like, stacked)
