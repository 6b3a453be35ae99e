"""From what `run` is asked for, in any nesting, to a flat list of graph elements and back."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from minitf.graph import Graph
from minitf.indexed_slices import IndexedSlices, IndexedSlicesValue
from minitf.runtime.feeds import register_feed_expansion
from minitf.sparse_tensor import SparseTensor, SparseTensorValue
from minitf.tensor import Operation, Tensor


class InaccessibleTensorError(ValueError):
    """A tensor was fetched that only the branch or loop around it can use."""


def _expand_slices(slices: IndexedSlices) -> Any:
    parts = [slices.values, slices.indices]
    if slices.dense_shape is not None:
        parts.append(slices.dense_shape)
    return parts, lambda values: IndexedSlicesValue(*(values + [None])[:3])


def _expand_sparse(sparse: SparseTensor) -> Any:
    parts = [sparse.indices, sparse.values, sparse.dense_shape]
    return parts, lambda values: SparseTensorValue(*values)


_expansions: list[tuple[Any, Callable[..., Any]]] = [
    (IndexedSlices, _expand_slices),
    (SparseTensor, _expand_sparse),
]


def register_session_run_conversion_functions(
    tensor_type: Any,
    fetch_function: Callable[..., Any],
    feed_function: Callable[..., Any] | None = None,
    feed_function_for_partial_run: Callable[..., Any] | None = None,
) -> None:
    """Lets `run` fetch, and where `feed_function` is given feed, values of a type.

    `fetch_function(value)` returns a list of fetches and a function from the list of their
    values to the value that `run` returns; `feed_function(key, value)` returns pairs of what is
    fed; `feed_function_for_partial_run(key)` returns what the pairs' keys will be. ValueError for
    a type that is a registered one.
    """
    for registered, _ in _expansions:
        if isinstance(tensor_type, type) and issubclass(tensor_type, registered):
            raise ValueError(f"{tensor_type} has already been registered so ignore it.")
    _expansions.insert(0, (tensor_type, fetch_function))
    if feed_function is not None:
        register_feed_expansion(tensor_type, feed_function, feed_function_for_partial_run)


class Fetches:
    """What one `run` fetches: the tensors and operations, each once, and how to nest the values."""

    def __init__(self, graph: Graph, fetches: Any) -> None:
        self._graph = graph
        self._index: dict[Tensor, int] = {}
        self.targets: list[Operation] = []
        self.rebuild = self._mapper(fetches)
        self.tensors = tuple(self._index)

    def _mapper(self, fetch: Any) -> Callable[[Sequence[Any]], Any]:
        """A function from the flat values to the value that stands for `fetch`."""
        if fetch is None:
            raise TypeError(
                f'Argument `fetch` = {fetch} has invalid type "NoneType". Cannot be None'
            )
        if isinstance(fetch, (list, tuple)):
            return self._sequence(fetch)
        if isinstance(fetch, Mapping):
            mappers = [self._mapper(value) for value in fetch.values()]
            keys, kind = list(fetch.keys()), _constructor(fetch)
            return lambda values: kind((k, m(values)) for k, m in zip(keys, mappers, strict=True))
        if hasattr(type(fetch), "__attrs_attrs__"):
            names = [attribute.name for attribute in type(fetch).__attrs_attrs__]
            mappers = [self._mapper(getattr(fetch, name)) for name in names]
            return lambda values: type(fetch)(*[m(values) for m in mappers])
        for kind, expand in _expansions:
            if isinstance(fetch, kind):
                parts, contract = expand(fetch)
                mappers = [self._mapper(part) for part in parts]
                return lambda values: contract([m(values) for m in mappers])
        return self._element(fetch)

    def _sequence(self, fetch: Any) -> Callable[[Sequence[Any]], Any]:
        mappers = [self._mapper(item) for item in fetch]
        kind = list if isinstance(fetch, list) else type(fetch)
        if kind not in (list, tuple):  # a named tuple
            return lambda values: kind(*[m(values) for m in mappers])
        return lambda values: kind([m(values) for m in mappers])

    def _element(self, fetch: Any) -> Callable[[Sequence[Any]], Any]:
        try:
            element = self._graph.as_graph_element(fetch)
        except TypeError as error:
            raise TypeError(
                f'Argument `fetch` = {fetch} has invalid type "{type(fetch).__name__}" must be a '
                f"string or Tensor. ({error})"
            ) from None
        except (ValueError, KeyError) as error:
            text = error.args[0]
            raise ValueError(
                f"Argument `fetch` = {fetch} cannot be interpreted as a Tensor. ({text})"
            ) from None
        if not self._graph.is_fetchable(element):
            raise InaccessibleTensorError(
                f"Operation {element.name} has been marked as not fetchable. Typically this "
                "happens when it is defined in another function or code block. Use return values, "
                "explicit Python locals or TensorFlow collections to access it."
            )
        if isinstance(element, Operation):
            self.targets.append(element)
            return lambda values: None
        index = self._index.setdefault(element, len(self._index))
        return lambda values: values[index]


def _constructor(mapping: Any) -> Callable[[Any], Any]:
    """What makes a mapping of the same type from pairs."""
    kind: Callable[..., Any] = type(mapping)
    if hasattr(mapping, "default_factory"):
        return functools.partial(kind, mapping.default_factory)
    return kind
