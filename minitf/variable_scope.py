"""Variable scopes: names for `get_variable`, sharing, and what is inherited inside a block."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from minitf import dtypes
from minitf.graph import (
    Graph,
    GraphKeys,
    get_default_graph,
    get_name_scope,
    graph_from_inputs,
    name_scope,
)
from minitf.partitioned_variables import partitioned_variable
from minitf.variable_parts import VariableAggregation, VariableSynchronization
from minitf.variable_scope_object import VariableScope, or_inherited
from minitf.variable_store import AUTO_REUSE, VariableStore
from minitf.variables import creators


class VariableScopeStore(threading.local):
    """The scope that is open in this thread, those around it, and how often names were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.current_scope = VariableScope(False)
        self.open_scopes: list[VariableScope] = []
        self.counts: dict[str, int] = {}

    def open(self, scope_name: str) -> None:
        """Counts one more scope of this name."""
        self.counts[scope_name] = self.counts.get(scope_name, 0) + 1

    def close_subscopes(self, scope_name: str) -> None:
        """Forgets the scopes inside: entered again, the scope gives the same names inside."""
        for name in self.counts:
            if name.startswith(f"{scope_name}/"):
                self.counts[name] = 0


_SCOPES_KEY = ("__varscope",)
_VARIABLES_KEY = ("__variable_store",)


def _kept(key: Any, make: Callable[[], Any]) -> Any:
    """The default graph's only object in collection `key`, made on first use."""
    items = get_default_graph().get_collection_ref(key)
    if not items:
        items.append(make())
    return items[0]


def get_variable_scope_store() -> VariableScopeStore:
    """The default graph's scopes."""
    return _kept(_SCOPES_KEY, VariableScopeStore)


def get_variable_store() -> VariableStore:
    """The default graph's variables by name, as `get_variable` finds them."""
    return _kept(_VARIABLES_KEY, VariableStore)


def get_variable_scope() -> VariableScope:
    """The innermost open variable scope, or the root scope."""
    return get_variable_scope_store().current_scope


def get_variable_scope_stack() -> list[VariableScope]:
    """The open variable scopes of this thread, the root scope first."""
    store = get_variable_scope_store()
    return [*store.open_scopes, store.current_scope]


def get_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool | None = None,
    collections: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    validate_shape: bool = True,
    use_resource: bool | None = None,
    custom_getter: Any = None,
    constraint: Any = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
) -> Any:
    """The variable of this name in the current variable scope: a new one, or the one to share.

    Name scopes play no part in its name. Raises ValueError when the variable is there already
    and is not to be reused, is to be reused and is not there, or has another shape or type.
    """
    return get_variable_scope().get_variable(
        get_variable_store(),
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=collections,
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def get_local_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = False,
    collections: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    validate_shape: bool = True,
    use_resource: bool | None = None,
    custom_getter: Any = None,
    constraint: Any = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
) -> Any:
    """`get_variable` of a local variable: not saved, and never trained, whatever is asked."""
    return get_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=False,
        collections=[*(collections or []), GraphKeys.LOCAL_VARIABLES],
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    )


class OpenedScope:
    """A variable scope while its block is open; `variable_scope` without the name scope."""

    def __init__(self, name_or_scope: Any, name_scope: str | None, options: dict[str, Any]) -> None:
        self._target = name_or_scope
        self._name_scope = name_scope
        self._options = options
        self._store = get_variable_scope_store()
        if isinstance(name_or_scope, VariableScope):
            scope = name_or_scope
            self._scope: VariableScope | None = self._inheriting(
                scope, scope.name, scope.original_name_scope
            )
        else:
            self._scope = None

    def _inheriting(self, source: VariableScope, name: str, name_scope: str) -> VariableScope:
        """A scope with the options of the block, and those of `source` where it has none."""
        own = self._options
        getter = own["custom_getter"]
        if getter is None:
            getter = source.custom_getter
        elif source.custom_getter is not None:
            getter = _chained(getter, source.custom_getter)
        inherited = {
            key: or_inherited(own[key], getattr(source, key))
            for key in ("initializer", "regularizer", "caching_device", "partitioner", "dtype",
                        "use_resource")
        }  # fmt: skip
        return VariableScope(
            own["reuse"] or source.reuse,
            name=name,
            name_scope=name_scope,
            custom_getter=getter,
            constraint=own["constraint"],
            **inherited,
        )

    def __enter__(self) -> VariableScope:
        store = self._store
        self._outer = store.current_scope
        if isinstance(self._target, VariableScope):
            scope = self._scope
            store.open(scope.name)  # type: ignore[union-attr]
            self._outer_counts = dict(store.counts)
        else:
            outer = self._outer.name
            name = f"{outer}/{self._target}" if outer else self._target
            base = self._target if self._name_scope is None else self._name_scope
            scope = self._inheriting(self._outer, name, base)
            store.open(name)
        self._entered = scope
        store.open_scopes.append(self._outer)
        store.current_scope = scope  # type: ignore[assignment]
        return scope  # type: ignore[return-value]

    def __exit__(self, *exc_info: Any) -> None:
        store = self._store
        if store.current_scope is not self._entered:
            raise RuntimeError("Improper nesting of variable_scope.")
        if isinstance(self._target, VariableScope):
            store.counts = self._outer_counts
        else:
            store.close_subscopes(self._entered.name)
        store.current_scope = self._outer
        store.open_scopes.pop()


def _chained(custom_getter: Any, outer_getter: Any) -> Any:
    def chained(getter: Any, *args: Any, **kwargs: Any) -> Any:
        return custom_getter(partial(outer_getter, getter), *args, **kwargs)

    return chained


def unique_scope_name(prefix: str) -> str:
    """`prefix` with the first suffix that no variable scope here has been opened with."""
    counts = get_variable_scope_store().counts
    outer = get_variable_scope().name
    name = f"{outer}/{prefix}" if outer else prefix
    if not counts.get(name):
        return prefix
    number = 1
    while counts.get(f"{name}_{number}"):
        number += 1
    return f"{prefix}_{number}"


class variable_scope:
    """A block in which `get_variable` puts `name/` before its names, and shares if it is told to.

    `name_or_scope` is a name, or a scope to enter again; where it is None, `default_name` is taken
    and made unique. A name scope of the same name is opened too, unless `auxiliary_name_scope` is
    False. `reuse` True shares variables, AUTO_REUSE shares those that are there, None and False
    inherit. Raises TypeError without a name, ValueError for another `reuse`.
    """

    OPTIONS = (
        "initializer", "regularizer", "caching_device", "partitioner", "custom_getter", "reuse",
        "dtype", "use_resource", "constraint",
    )  # fmt: skip

    def __init__(
        self,
        name_or_scope: Any,
        default_name: str | None = None,
        values: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        reuse: Any = None,
        dtype: Any = None,
        use_resource: bool | None = None,
        constraint: Any = None,
        auxiliary_name_scope: bool = True,
    ) -> None:
        if default_name is None and name_or_scope is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        reuse = None if reuse is False else reuse
        if not (reuse is True or reuse is None or reuse is AUTO_REUSE):
            raise ValueError("The reuse parameter must be True or False or None.")
        if not isinstance(auxiliary_name_scope, bool):
            raise TypeError(
                "The auxiliary_name_scope must be `True` or `False`, while get "
                f"{auxiliary_name_scope}"
            )
        self._target = name_or_scope
        self._default_name = default_name
        self._graph: Graph = graph_from_inputs(values or [])
        self._auxiliary = auxiliary_name_scope
        given = (
            initializer, regularizer, caching_device, partitioner, custom_getter, reuse, dtype,
            use_resource, constraint,
        )  # fmt: skip
        self._options = dict(zip(self.OPTIONS, given, strict=True))
        self._names: name_scope | None = None
        self._opened: OpenedScope | None = None

    def __enter__(self) -> VariableScope:
        self._default = self._graph.as_default()
        self._default.__enter__()
        try:
            if self._opened is None:
                return self._enter_first()
            if self._names is not None:
                self._names.__enter__()
            return self._opened.__enter__()
        except BaseException:
            self._default.__exit__(None, None, None)
            raise

    def _enter_first(self) -> VariableScope:
        target = self._target
        if target is None:
            if self._options["reuse"]:
                raise ValueError("reuse=True cannot be used without a name_or_scope")
        elif not isinstance(target, (VariableScope, str)):
            raise TypeError("VariableScope: name_or_scope must be a string or VariableScope.")
        short = target.name.split("/")[-1] if isinstance(target, VariableScope) else target
        names = self._name_scope_of(self._default_name if target is None else short, target is None)
        prefix = None if names is None else names.__enter__()
        try:
            if target is None:
                target = unique_scope_name(self._default_name)  # type: ignore[arg-type]
            opened = OpenedScope(target, prefix, self._options)
            scope = opened.__enter__()
        except BaseException:
            if names is not None:
                names.__exit__(None, None, None)
            raise
        self._names, self._opened = names, opened
        return scope

    def _name_scope_of(self, name: str | None, needed: bool) -> name_scope | None:
        if self._auxiliary:
            return name_scope(name) if name or needed else None
        current = get_name_scope()
        return name_scope(f"{current}/" if current else current)

    def __exit__(self, *exc_info: Any) -> None:
        try:
            self._opened.__exit__(*exc_info)  # type: ignore[union-attr]
        finally:
            try:
                if self._names is not None:
                    self._names.__exit__(*exc_info)
            finally:
                self._default.__exit__(*exc_info)


def variable_op_scope(
    values: Any, name_or_scope: Any, default_name: str | None = None, **options: Any
) -> variable_scope:
    """Deprecated spelling of `variable_scope(name_or_scope, default_name, values)`."""
    return variable_scope(name_or_scope, default_name, values, **options)


@contextmanager
def variable_creator_scope(variable_creator: Callable[..., Any]) -> Iterator[None]:
    """Variables made in the block are made by `variable_creator(next_creator, **kwargs)`."""
    graph = get_default_graph()
    outer = creators.get(graph, [])
    creators[graph] = [*outer, variable_creator]
    try:
        yield
    finally:
        creators[graph] = outer


def create_partitioned_variables(
    shape: Any,
    slicing: Sequence[int],
    initializer: Any,
    dtype: Any = dtypes.float32,
    trainable: bool = True,
    collections: Any = None,
    name: str | None = None,
    reuse: Any = None,
) -> list[Any]:
    """The parts of a new partitioned variable, cut `slicing[i]` times along dimension i."""
    if len(shape) != len(slicing):
        raise ValueError(
            "The 'shape' and 'slicing' of a partitioned Variable must have the length: shape: "
            f"{shape}, slicing: {slicing}"
        )
    if len(shape) < 1:
        raise ValueError(f"A partitioned Variable must have rank at least 1: shape: {shape}")
    with variable_scope(name, "PartitionedVariable", reuse=reuse) as scope, name_scope(None):
        options = {
            "regularizer": scope.regularizer,
            "trainable": trainable,
            "collections": collections,
            "caching_device": scope.caching_device,
            "constraint": scope.constraint,
        }
        whole = partitioned_variable(
            get_variable_store(),
            scope.name,
            lambda **unused: slicing,
            shape,
            dtypes.as_dtype(dtype),
            or_inherited(initializer, scope.initializer),
            scope.reuse,
            options,
        )
    return list(whole)


def no_regularizer(_: Any) -> None:
    """Regularizes nothing: stops a scope's regularizer from being inherited."""
