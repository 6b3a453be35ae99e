"""tf.cond: two branches of which one runs."""

from __future__ import annotations

from typing import Any

from minitf import dtypes, nest
from minitf.graph import add_to_collection, name_scope
from minitf.graph_keys import GraphKeys
from minitf.indexed_slices import IndexedSlices
from minitf.ops.casts import cast
from minitf.ops.constants import identity
from minitf.ops.contexts import CondContext
from minitf.ops.flow import merge, switch
from minitf.ops.tensor_array import array_like
from minitf.tensor import Tensor
from minitf.user_lines import tells_lines


def cond(
    pred: Any,
    true_fn: Any = None,
    false_fn: Any = None,
    strict: bool = False,
    name: str | None = None,
    fn1: Any = None,
    fn2: Any = None,
) -> Any:
    """What `true_fn()` returns if `pred` is true, else what `false_fn()` does.

    Both return the same nesting of tensors of the same types. Both are called once, to build
    their branches; a run takes one branch, but what was built outside runs anyway. Raises
    TypeError for a Python bool and what is not callable, ValueError for results that differ.
    """
    true_fn = _one_of(true_fn, fn1, "true_fn", "fn1")
    false_fn = _one_of(false_fn, fn2, "false_fn", "fn2")
    with name_scope(name, "cond", [pred]):
        if isinstance(pred, bool):
            raise TypeError("'pred' must not be a Python bool.")
        sides = switch(pred, pred)
        pivots = [identity(sides[1], name="switch_t"), identity(sides[0], name="switch_f")]
        pred = identity(pred, name="pred_id")
        for tensor in (*sides, *pivots, pred):
            tensor.graph.prevent_fetching(tensor.op)
        context_t, (original_t, results_t) = _branch(pred, pivots[0], 1, true_fn, "true_fn")
        context_f, (original_f, results_f) = _branch(pred, pivots[1], 0, false_fn, "false_fn")
        if not strict:
            original_t, original_f = _unpacked(original_t), _unpacked(original_f)
        _check_structures(original_t, original_f, results_t, results_f)
        merges = _merged(results_t, results_f)
        if context_t.outer_context is None:
            add_to_collection(GraphKeys.COND_CONTEXT, context_t)
            add_to_collection(GraphKeys.COND_CONTEXT, context_f)
        leaves = nest.flatten(original_t, expand_composites=True)
        merges = [array_like(leaf, m) for leaf, m in zip(leaves, merges, strict=True)]
        result = nest.pack_sequence_as(original_t, merges, expand_composites=True)
        return result if strict else _unpacked(result)


def _one_of(function: Any, old: Any, name: str, old_name: str) -> Any:
    """The function, which may be given under its old name."""
    if old is not None:
        if function is not None:
            raise TypeError(f"cond(): '{name}' and '{old_name}' may not be set simultaneously.")
        function = old
    if function is None:
        raise TypeError(f"cond(): '{name}' argument required")
    if not callable(function):
        raise TypeError(f"'{name}' must be callable.")
    return function


def _branch(pred: Tensor, pivot: Tensor, branch: int, function: Any, name: str) -> Any:
    context = CondContext(pred, pivot, branch)
    context.enter()
    try:
        built = context.build_branch(function)
        if built[0] is None:
            raise ValueError(f"'{name}' must have a return value.")
        context.exit_result(built[1])
    finally:
        context.exit()
    return context, built


def _unpacked(result: Any) -> Any:
    if isinstance(result, (list, tuple)) and len(result) == 1:
        return result[0]
    return result


@tells_lines
def _check_structures(original_t: Any, original_f: Any, results_t: Any, results_f: Any) -> None:
    """Raises TypeError or ValueError where the branches return different nestings."""
    for pair in ((original_t, original_f), (results_t, results_f)):
        leaves = zip(nest.flatten(pair[0]), nest.flatten(pair[1]), strict=False)
        for a, b in leaves:
            _same_index_type(a, b)
    try:
        nest.assert_same_structure(original_t, original_f, expand_composites=True)
    except TypeError as error:
        raise TypeError(f"Incompatible return types of 'true_fn' and 'false_fn': {error}") from None
    except ValueError as error:
        raise ValueError(
            f"Incompatible return values of 'true_fn' and 'false_fn': {error}"
        ) from None


def _same_index_type(a: Any, b: Any) -> None:
    both = isinstance(a, IndexedSlices) and isinstance(b, IndexedSlices)
    if both and a.indices.dtype != b.indices.dtype:
        a._indices, b._indices = cast(a.indices, dtypes.int64), cast(b.indices, dtypes.int64)


@tells_lines
def _merged(results_t: Any, results_f: Any) -> list[Tensor]:
    if not results_t:
        raise ValueError("'true_fn' and 'false_fn' must return at least one result.")
    flat_t = nest.flatten(results_t, expand_composites=True)
    flat_f = nest.flatten(results_f, expand_composites=True)
    pairs = list(zip(flat_f, flat_t, strict=True))
    for y, x in pairs:
        if x.dtype.base_dtype != y.dtype.base_dtype:
            raise ValueError(
                "Outputs of 'true_fn' and 'false_fn' must have the same type(s). Received "
                f"{x.dtype.name} from 'true_fn' and {y.dtype.name} from 'false_fn'."
            )
    return [merge(list(pair))[0] for pair in pairs]
