"""VariableScope: the prefix and the defaults that hold inside a variable scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from minitf import dtypes
from minitf.graph import GraphKeys, get_collection, name_scope
from minitf.op import convert_to_tensor
from minitf.variable_parts import VariableAggregation, VariableSynchronization
from minitf.variable_store import VariableStore

_getting_observers: list[Callable[..., None]] = []


class VariableScope:
    """What `get_variable` inherits in a block: a prefix of names, reuse, and defaults."""

    def __init__(
        self,
        reuse: Any,
        name: str = "",
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        name_scope: str = "",
        dtype: Any = dtypes.float32,
        use_resource: bool | None = None,
        constraint: Any = None,
    ) -> None:
        self._reuse = reuse
        self._name = name
        self._initializer = initializer
        self._regularizer = regularizer
        self._caching_device = caching_device
        self._partitioner = partitioner
        self._custom_getter = custom_getter
        self._name_scope = name_scope
        self._dtype = dtype
        self._use_resource = use_resource
        self._constraint = constraint

    @property
    def name(self) -> str:
        return self._name

    @property
    def original_name_scope(self) -> str:
        """The name scope that was open when this scope was first entered."""
        return self._name_scope

    @property
    def reuse(self) -> Any:
        return self._reuse

    @property
    def initializer(self) -> Any:
        return self._initializer

    @property
    def dtype(self) -> Any:
        return self._dtype

    @property
    def use_resource(self) -> bool | None:
        return self._use_resource

    @property
    def regularizer(self) -> Any:
        return self._regularizer

    @property
    def caching_device(self) -> Any:
        return self._caching_device

    @property
    def partitioner(self) -> Any:
        return self._partitioner

    @property
    def custom_getter(self) -> Any:
        return self._custom_getter

    @property
    def constraint(self) -> Any:
        return self._constraint

    def reuse_variables(self) -> None:
        """From now on `get_variable` shares variables here; this cannot be undone."""
        self._reuse = True

    def set_initializer(self, initializer: Any) -> None:
        """Sets the initializer of variables that have none of their own."""
        self._initializer = initializer

    def set_dtype(self, dtype: Any) -> None:
        """Sets the type of variables that have none of their own."""
        self._dtype = dtype

    def set_use_resource(self, use_resource: bool | None) -> None:
        """Sets whether variables are resources; minitf has reference variables only."""
        self._use_resource = use_resource

    def set_regularizer(self, regularizer: Any) -> None:
        """Sets the regularizer of variables that have none of their own."""
        self._regularizer = regularizer

    def set_caching_device(self, caching_device: Any) -> None:
        """Sets the device where variables are read."""
        self._caching_device = caching_device

    def set_partitioner(self, partitioner: Any) -> None:
        """Sets the partitioner of variables that have none of their own."""
        self._partitioner = partitioner

    def set_custom_getter(self, custom_getter: Any) -> None:
        """Sets the function that `get_variable` goes through."""
        self._custom_getter = custom_getter

    def get_collection(self, name: str) -> list[Any]:
        """The items of a collection whose names begin with this scope's."""
        return get_collection(name, f"{self._name}/" if self._name else "")

    def trainable_variables(self) -> list[Any]:
        """The trainable variables in this scope."""
        return self.get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def global_variables(self) -> list[Any]:
        """The global variables in this scope."""
        return self.get_collection(GraphKeys.GLOBAL_VARIABLES)

    def local_variables(self) -> list[Any]:
        """The local variables in this scope."""
        return self.get_collection(GraphKeys.LOCAL_VARIABLES)

    @staticmethod
    @contextmanager
    def observe_getting(observer: Callable[[VariableScope, str, Any], None]) -> Iterator[None]:
        """Calls `observer(scope, name, reuse)` for each variable that is asked for in the block."""
        _getting_observers.append(observer)
        try:
            yield
        finally:
            _getting_observers.remove(observer)

    def get_variable(
        self,
        var_store: VariableStore,
        name: str,
        shape: Any = None,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
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
        """`tf.get_variable` with this scope's prefix and defaults."""
        for observer in _getting_observers:
            observer(self, name, or_inherited(reuse, self._reuse))
        full_name = f"{self._name}/{name}" if self._name else name
        with name_scope(None):
            if dtype is not None and initializer is not None and not callable(initializer):
                own = convert_to_tensor(initializer).dtype.base_dtype
                if own != dtype:
                    raise ValueError(
                        f"Initializer type '{own}' and explicit dtype '{dtype}' don't match."
                    )
            return var_store.get_variable(
                full_name,
                shape=shape,
                dtype=or_inherited(dtype, self._dtype),
                initializer=or_inherited(initializer, self._initializer),
                regularizer=or_inherited(regularizer, self._regularizer),
                reuse=or_inherited(reuse, self._reuse),
                trainable=trainable,
                collections=collections,
                caching_device=or_inherited(caching_device, self._caching_device),
                partitioner=or_inherited(partitioner, self._partitioner),
                validate_shape=validate_shape,
                use_resource=or_inherited(use_resource, self._use_resource),
                custom_getter=or_inherited(custom_getter, self._custom_getter),
                constraint=or_inherited(constraint, self._constraint),
                synchronization=synchronization,
                aggregation=aggregation,
            )


def or_inherited(given: Any, inherited: Any) -> Any:
    """`given`, or `inherited` where that is None."""
    return inherited if given is None else given
