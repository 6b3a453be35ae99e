"""The global step: the one variable that counts the steps of a training."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import Graph, GraphKeys, get_default_graph
from minitf.initial_values import Zeros
from minitf.initialization import is_variable_initialized
from minitf.ops.cond import cond
from minitf.tensor import Tensor
from minitf.variable_parts import VariableAggregation
from minitf.variable_scope import get_variable
from minitf.variables import Variable

_READS = "global_step_read_op_cache"


def global_step(sess: Any, global_step_tensor: Any) -> int:
    """The step's value in `sess` as a Python int."""
    return int(sess.run(global_step_tensor))


def get_global_step(graph: Graph | None = None) -> Any:
    """The graph's global step, or None; TypeError where what has its name cannot be one."""
    graph = graph or get_default_graph()
    found = graph.get_collection(GraphKeys.GLOBAL_STEP)
    if len(found) == 1:
        step = found[0]
    elif found:
        return None
    else:
        try:
            step = graph.get_tensor_by_name("global_step:0")
        except KeyError:
            return None
    assert_global_step(step)
    return step


def create_global_step(graph: Graph | None = None) -> Variable:
    """A new global step; ValueError where the graph has one."""
    graph = graph or get_default_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with graph.as_default() as graph, graph.name_scope(None):
        return get_variable(
            GraphKeys.GLOBAL_STEP,
            shape=[],
            dtype=dtypes.int64,
            initializer=Zeros(),
            trainable=False,
            aggregation=VariableAggregation.ONLY_FIRST_REPLICA,
            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
        )


def get_or_create_global_step(graph: Graph | None = None) -> Any:
    """The graph's global step, made if there is none."""
    graph = graph or get_default_graph()
    step = get_global_step(graph)
    return create_global_step(graph) if step is None else step


def assert_global_step(global_step_tensor: Any) -> None:
    """TypeError unless it is a scalar variable or tensor of integers."""
    if not isinstance(global_step_tensor, (Variable, Tensor)):
        raise TypeError(
            f'Existing "global_step" must be a Variable or Tensor: {global_step_tensor}.'
        )
    if not global_step_tensor.dtype.base_dtype.is_integer:
        raise TypeError(
            f'Existing "global_step" does not have integer type: {global_step_tensor.dtype}'
        )
    ndims = global_step_tensor.get_shape().ndims
    if ndims != 0 and ndims is not None:
        raise TypeError(f'Existing "global_step" is not scalar: {global_step_tensor.get_shape()}')


def global_step_read(graph: Graph | None = None) -> Any:
    """The step's value, made once for each graph; its initial one as long as it has none.

    None where the graph has no global step.
    """
    graph = graph or get_default_graph()
    reads = graph.get_collection(_READS)
    if len(reads) > 1:
        raise RuntimeError(
            f"There are multiple items in collection {_READS}. There should be only one."
        )
    step = get_global_step(graph)
    if reads or step is None:
        return reads[0] if reads else None
    with graph.as_default(), graph.name_scope(None), graph.name_scope(step.op.name + "/"):
        value = step
        if isinstance(step, Variable):
            initialized = is_variable_initialized(step)
            value = cond(initialized, step.read_value, lambda: step.initial_value)
        graph.add_to_collection(_READS, value + 0)
    return graph.get_collection(_READS)[0]
