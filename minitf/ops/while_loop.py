"""tf.while_loop: a body that runs again and again while its condition holds."""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.graph import add_to_collection, name_scope
from minitf.graph_keys import GraphKeys
from minitf.op import convert_to_tensor
from minitf.ops.constants import constant
from minitf.ops.logic import logical_and
from minitf.ops.tensor_array import flow_of
from minitf.ops.while_context import WhileContext
from minitf.shape import TensorShape


def while_loop(
    cond: Any,
    body: Any,
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
    maximum_iterations: Any = None,
    return_same_structure: bool = False,
) -> Any:
    """What `loop_vars` are after `body(*loop_vars)` has run while `cond(*loop_vars)` held.

    Both functions are called once, to build the loop. `body` returns the nesting, types and
    shapes it was given; `shape_invariants` say what of a shape stays where not all of it does.
    Raises TypeError and ValueError for functions, variables and results that don't fit.
    """
    if not callable(cond):
        raise TypeError("'cond' must be callable.")
    if not callable(body):
        raise TypeError("'body' must be callable.")
    if parallel_iterations < 1:
        raise TypeError("'parallel_iterations' must be a positive integer.")
    with name_scope(name, "while", _tensors(loop_vars)):
        if not loop_vars:
            raise ValueError("'loop_vars' must be provided.")
        counted = maximum_iterations is not None
        if counted:
            maximum_iterations = convert_to_tensor(maximum_iterations, name="maximum_iterations")
            if maximum_iterations.shape.ndims != 0:
                raise ValueError(
                    "'maximum_iterations' must be a scalar. Received shape: "
                    f"{maximum_iterations.shape}"
                )
            alone = len(loop_vars) == 1 and not return_same_structure
            cond, body = _counting(cond, body, maximum_iterations, alone)
            counter = constant(0, dtype=maximum_iterations.dtype, name="iteration_counter")
            loop_vars = (counter, loop_vars[0] if alone else loop_vars)
            if shape_invariants is not None:
                shape_invariants = (TensorShape([]), shape_invariants)
        context = WhileContext(maximum_iterations, parallel_iterations, back_prop, swap_memory)
        if context.outer_context is None:
            add_to_collection(GraphKeys.WHILE_CONTEXT, context)
        result = context.build_loop(cond, body, loop_vars, shape_invariants, return_same_structure)
        return result[1] if counted else result


def _tensors(loop_vars: Any) -> list[Any]:
    return [flow_of(leaf) for leaf in nest.flatten(loop_vars)]


def _counting(cond: Any, body: Any, most: Any, alone: bool) -> tuple[Any, Any]:
    """The loop's functions with a counter before the variables, of which there may be one."""
    if alone:
        return (
            lambda i, value: logical_and(i < most, cond(value)),
            lambda i, value: (i + 1, body(value)),
        )
    return (
        lambda i, values: logical_and(i < most, cond(*values)),
        lambda i, values: (i + 1, body(*values)),
    )
