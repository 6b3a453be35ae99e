"""tf.custom_gradient: a function that brings its own gradient."""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.gradients import RegisterGradient
from minitf.graph import get_default_graph
from minitf.graph_keys import GraphKeys
from minitf.op import convert_to_tensor
from minitf.ops.array import identity, identity_n

_numbers = itertools.count()


def custom_gradient(f: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """A decorator for `f(*tensors)` that returns its results and a function of their gradients.

    That function returns the gradients of the arguments. Calling the decorated function raises
    ValueError for keyword arguments, TypeError where `f` makes variables.
    """
    if f is None:
        return custom_gradient

    @functools.wraps(f)
    def decorated(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            raise ValueError(
                "The custom_gradient decorator currently supports keywords arguments only when "
                "eager execution is enabled."
            )
        return _called(f, args)

    return decorated


def _called(f: Callable[..., Any], args: Any) -> Any:
    name = f"CustomGradient-{next(_numbers)}"
    graph = get_default_graph()
    args = nest.map_structure(convert_to_tensor, args)
    before = len(_variables(graph))
    result, gradient = f(*args)
    if len(_variables(graph)) > before:
        raise TypeError(
            "All variables used by a function wrapped with @custom_gradient must be "
            "`ResourceVariable`s. Ensure that no `variable_scope` is created with "
            "`use_resource=False`."
        )
    # TensorFlow makes these, and lets them lie unused.
    results = [convert_to_tensor(value) for value in nest.flatten(result)]
    for value in results:
        identity(value)
    takes_variables = "variables" in inspect.signature(gradient).parameters

    def rule(op: Any, *grads: Any) -> list[Any]:
        wanted = grads[: len(results)]
        found = gradient(*wanted, variables=[]) if takes_variables else gradient(*wanted)
        if takes_variables:
            found = found[0]
        return [None] * len(results) + nest.flatten(found)

    RegisterGradient(name)(rule)
    with graph.gradient_override_map({"IdentityN": name}):
        outputs = identity_n(results + nest.flatten(args))
    return nest.pack_sequence_as(result, outputs[: len(results)])


def _variables(graph: Any) -> list[Any]:
    keys = (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES)
    return [variable for key in keys for variable in graph.get_collection(key)]
