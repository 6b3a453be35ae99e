"""Functions of elements: built once as a graph of their own, run for each element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.data.structure import Spec, as_tensors, flat, packed, spec_of
from minitf.function_graph import FunctionGraph
from minitf.graph import get_default_graph
from minitf.runtime.compiled import Program
from minitf.runtime.plan import Plan
from minitf.runtime.session import Session
from minitf.tensor import Tensor


class Function:
    """A function's graph, with its arguments, the outer tensors that it uses, and its results."""

    def __init__(self, purpose: str, function: Callable[..., Any], spec: Spec) -> None:
        """Calls `function` once, with placeholders like the elements that `spec` describes.

        A tuple is handed over as several arguments. What comes back stands in `returned`.
        Raises ValueError for what is not callable.
        """
        if not callable(function):
            raise ValueError(
                f"Argument `func` must be a callable. Received func={function!r} (of type "
                f"{type(function)})"
            )
        outer = get_default_graph()
        self.graph = FunctionGraph(outer)
        with self.graph.as_default():
            arguments = [
                self.graph.argument(f"args_{i}", dtype, shape)
                for i, (dtype, shape) in enumerate(
                    zip(spec.flat_types, spec.flat_shapes, strict=True)
                )
            ]
            element = packed(spec.types, arguments)
            given = element if type(element) is tuple else (element,)
            if hasattr(element, "_fields"):
                given = (element,)
            self.returned = function(*given)
            self.results = self._results(self.returned)
        self._arguments = arguments
        self.name = _unique_name(outer, purpose, function)
        outer._functions[self.name] = self

    def _results(self, returned: Any) -> list[Tensor]:
        variant = getattr(returned, "_variant_tensor", None)
        if variant is not None:
            return [self.graph.capture(variant)]
        if isinstance(returned, list):
            returned = tuple(returned)
        self.returned = as_tensors(returned)
        return [self.graph.capture(tensor) for tensor in flat(self.returned)]

    @property
    def spec(self) -> Spec:
        """The spec of what it returns."""
        return spec_of(self.returned)

    @property
    def captures(self) -> list[Tensor]:
        """The outer graph's tensors that it uses, in the order of its further arguments."""
        return list(self.graph.captures)

    def bound(self) -> Callable[..., list[Any]]:
        """A function of arrays: an element's, then the captures'."""
        feeds = (*self._arguments, *self.graph.captures.values())
        program = Program(Plan(tuple(self.results), (), feeds, None), Session(graph=self.graph))

        def call(*arrays: Any) -> list[Any]:
            with np.errstate(all="ignore"):
                return [_own(value) for value in program(*arrays)]

        return call


def _own(value: Any) -> Any:
    """A result that the next call leaves as it is."""
    is_view = isinstance(value, np.ndarray) and not (value.flags.owndata and value.flags.writeable)
    return value.copy() if is_view else value


def _unique_name(graph: Any, purpose: str, function: Any) -> str:
    own = getattr(function, "__name__", type(function).__name__).strip("<>")
    method = purpose if purpose.startswith("tf_data_") else f"Dataset_{purpose}"
    name = f"__inference_{method}_{own}"
    return f"{name}_{len(graph._functions)}"
