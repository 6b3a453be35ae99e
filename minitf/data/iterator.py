"""Iterators: tensors that are a dataset's next element whenever they run."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.data.structure import Elements, Spec, flat, packed, spec_from
from minitf.graph import colocate_with, get_default_graph
from minitf.op import convert_to_tensor
from minitf.ops.iterators import (
    IteratorFromStringHandleV2,
    IteratorGetNext,
    IteratorToStringHandle,
    IteratorV2,
    MakeIterator,
    OneShotIterator,
)
from minitf.runtime.compiled import Program
from minitf.runtime.plan import Plan
from minitf.runtime.session import Session
from minitf.shape import TensorShape
from minitf.tensor import Operation, Tensor


class Iterator(Elements):
    """A place in a dataset, which each session has for itself.

    `make_initializable_iterator` and `make_one_shot_iterator` make one for a dataset,
    `from_structure` and `from_string_handle` one for any dataset of that structure.
    """

    def __init__(
        self,
        iterator_resource: Tensor,
        initializer: Operation | None,
        output_types: Any,
        output_shapes: Any,
        output_classes: Any,
    ) -> None:
        self._resource = iterator_resource
        self._initializer = initializer
        self._spec = spec_from(output_types, output_shapes)
        self._handle = IteratorToStringHandle(iterator_resource)

    @staticmethod
    def from_structure(
        output_types: Any,
        output_shapes: Any = None,
        shared_name: str | None = None,
        output_classes: Any = None,
    ) -> Iterator:
        """An iterator that `make_initializer` points to one dataset or another."""
        spec = spec_from(output_types, output_shapes)
        resource = IteratorV2(container="", shared_name=shared_name or "", **spec.attrs)
        return _of_spec(resource, None, spec)

    @staticmethod
    def from_string_handle(
        string_handle: Any,
        output_types: Any,
        output_shapes: Any = None,
        output_classes: Any = None,
    ) -> Iterator:
        """The iterator whose `string_handle()` is fed."""
        spec = spec_from(output_types, output_shapes)
        handle = convert_to_tensor(string_handle, dtypes.string)
        return _of_spec(IteratorFromStringHandleV2(handle, **spec.attrs), None, spec)

    @property
    def initializer(self) -> Operation:
        """The op that sends this iterator to its dataset's start."""
        if self._initializer is None:
            raise ValueError("Iterator does not have an initializer.")
        return self._initializer

    def make_initializer(self, dataset: Any, name: str | None = None) -> Operation:
        """An op that sends this iterator to the start of `dataset`.

        Raises TypeError for other types, ValueError for shapes that do not fit.
        """
        theirs = dataset._spec
        if self._spec.flat_types != theirs.flat_types or not _same_nesting(
            self._spec.types, theirs.types
        ):
            raise TypeError(
                f"Expected output types {self._spec.types!r} but got dataset with output types "
                f"{theirs.types!r}."
            )
        for ours, shape in zip(self._spec.flat_shapes, theirs.flat_shapes, strict=True):
            if not _as_general(ours, shape):
                raise TypeError(
                    f"Expected output shapes compatible with {self._spec.shapes!r} but got "
                    f"dataset with output shapes {theirs.shapes!r}."
                )
        with colocate_with(self._resource):
            return MakeIterator(
                dataset._variant_tensor, self._resource, name=name or "make_initializer"
            )

    def get_next(self, name: str | None = None) -> Any:
        """The next element, as tensors; OutOfRangeError in a run after the last one."""
        with colocate_with(self._resource):
            node = IteratorGetNext.node(self._resource, name=name, **self._spec.attrs)
        return packed(self._spec.types, node.outputs)

    def string_handle(self, name: str | None = None) -> Tensor:
        """This iterator's name in a session, for `from_string_handle`."""
        if name is None:
            return self._handle
        return IteratorToStringHandle(self._resource, name=name)


def _of_spec(resource: Tensor, initializer: Operation | None, spec: Spec) -> Iterator:
    return Iterator(resource, initializer, spec.types, spec.shapes, spec.classes)


def _same_nesting(a: Any, b: Any) -> bool:
    return str(packed(a, [0] * len(flat(a)))) == str(packed(b, [0] * len(flat(b))))


def _as_general(ours: TensorShape, shape: TensorShape) -> bool:
    """Whether every value of `shape` is one of ours."""
    if ours.rank is None:
        return True
    return shape.rank == ours.rank and all(
        size is None or size == other
        for size, other in zip(ours.as_list(), shape.as_list(), strict=True)
    )


def make_initializable_iterator(dataset: Any, shared_name: str | None = None) -> Iterator:
    """An iterator that starts when its `initializer` runs."""
    spec = dataset._spec
    with colocate_with(dataset._variant_tensor):
        resource = IteratorV2(container="", shared_name=shared_name or "", **spec.attrs)
        initializer = MakeIterator(dataset._variant_tensor, resource)
        return _of_spec(resource, initializer, spec)


def make_one_shot_iterator(dataset: Any) -> Iterator:
    """An iterator that needs no initializer; ValueError for a dataset that needs a session's state.

    Placeholders and variables are such state.
    """
    variant = dataset._variant_tensor
    _check_stateless(variant)
    graph, spec = get_default_graph(), dataset._spec
    name = f"_make_dataset_{len(graph._functions)}"
    graph._functions[name] = lambda: _evaluated(variant)
    with colocate_with(variant):
        resource = OneShotIterator(dataset_factory=name, **spec.attrs)
        return _of_spec(resource, None, spec)


def _evaluated(variant: Tensor) -> Any:
    program = Program(Plan((variant,), (), (), None), Session(graph=variant.graph))
    return program()[0]


def _check_stateless(variant: Tensor) -> None:
    todo, seen = [variant.op], set()
    for op in todo:
        if op in seen:
            continue
        seen.add(op)
        if op.type in ("Placeholder", "PlaceholderV2"):
            raise ValueError(
                f"Cannot capture a placeholder (name:{op.name}, type:{op.type}) by value."
            )
        if op.definition.stateful and not op.type.endswith("Dataset"):
            raise ValueError(
                f"Cannot capture a stateful node (name:{op.name}, type:{op.type}) by value.: A "
                "likely cause of this error is that the dataset for which you are calling "
                "`make_one_shot_iterator()` captures a stateful object, such as a `tf.Variable`, "
                "which is not supported. Use `make_initializable_iterator()` instead."
            )
        todo += [tensor.op for tensor in op._inputs]


def get_output_types(dataset_or_iterator: Any) -> Any:
    """The types of an element's parts."""
    return dataset_or_iterator._spec.types


def get_output_shapes(dataset_or_iterator: Any) -> Any:
    """What is known of the shapes of an element's parts."""
    return dataset_or_iterator._spec.shapes


def get_output_classes(dataset_or_iterator: Any) -> Any:
    """The classes of an element's parts, which are tensors."""
    return dataset_or_iterator._spec.classes
