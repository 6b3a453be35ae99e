"""Defaults for a block's layers, and variables by scope (tf.contrib.framework)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from minitf import nest
from minitf.graph import add_to_collection, get_collection
from minitf.graph_keys import GraphKeys
from minitf.lazy import getter
from minitf.op import convert_to_tensor
from minitf.train.checkpoint_utils import (
    init_from_checkpoint,
    list_variables,
    load_checkpoint,
    load_variable,
)
from minitf.train.saver import Saver
from minitf.train.training_util import (
    assert_global_step,
    create_global_step,
    get_global_step,
    get_or_create_global_step,
)
from minitf.variable_scope import get_variable

__all__ = [
    "add_arg_scope", "add_model_variable", "arg_scope", "arg_scoped_arguments",
    "assert_global_step", "assign_from_checkpoint_fn", "create_global_step", "current_arg_scope",
    "get_global_step", "get_model_variables", "get_or_create_global_step",
    "get_trainable_variables",
    "get_unique_variable", "get_variables", "get_variables_by_name", "get_variables_by_suffix",
    "get_variables_to_restore", "has_arg_scope", "init_from_checkpoint", "list_variables",
    "load_checkpoint", "load_variable", "model_variable", "nest", "variable", "with_shape",
]  # fmt: skip
__getattr__ = getter(__name__, {})

_scopes: list[dict[Any, dict[str, Any]]] = [{}]
_scoped: dict[Any, Callable[..., Any]] = {}


def _key(function: Any) -> Any:
    return getattr(function, "_arg_scope_key", function)


def current_arg_scope() -> dict[Any, dict[str, Any]]:
    """The defaults that hold here, by function."""
    return _scopes[-1]


@contextmanager
def arg_scope(list_ops_or_scope: Any, **kwargs: Any) -> Iterator[dict[Any, dict[str, Any]]]:
    """Other defaults for these functions while the block is open.

    Given what another `arg_scope` yielded, the defaults that held there hold here. Raises TypeError
    for anything but a list or such a scope, ValueError for functions that take no part.
    """
    if isinstance(list_ops_or_scope, dict):
        if kwargs:
            raise ValueError(
                "When attempting to re-use a scope by suppling a dictionary, kwargs must be empty."
            )
        scope = dict(list_ops_or_scope)
    else:
        if not isinstance(list_ops_or_scope, (list, tuple)):
            raise TypeError(
                "list_ops_or_scope must either be a list/tuple or reused scope (i.e. dict)"
            )
        scope = dict(current_arg_scope())
        for function in list_ops_or_scope:
            if not has_arg_scope(function):
                raise ValueError(f"{function.__name__} is not decorated with @add_arg_scope")
            scope[_key(function)] = {**scope.get(_key(function), {}), **kwargs}
    _scopes.append(scope)
    try:
        yield scope
    finally:
        _scopes.pop()


def add_arg_scope(func: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose defaults `arg_scope` may set."""

    @wraps(func)
    def with_defaults(*args: Any, **kwargs: Any) -> Any:
        return func(*args, **{**current_arg_scope().get(func, {}), **kwargs})

    with_defaults._arg_scope_key = func  # type: ignore[attr-defined]
    _scoped[func] = with_defaults
    return with_defaults


def has_arg_scope(func: Any) -> bool:
    """Whether `arg_scope` may set a function's defaults."""
    return _key(func) in _scoped


def arg_scoped_arguments(func: Any) -> tuple[str, ...]:
    """The names of the arguments whose defaults `arg_scope` may set."""
    if not has_arg_scope(func):
        raise ValueError(f"{func.__name__} is not decorated with @add_arg_scope")
    code = _key(func).__code__
    count = len(_key(func).__defaults__ or ())
    return code.co_varnames[code.co_argcount - count : code.co_argcount]


def _distinct(names: Any) -> list[str]:
    return list(dict.fromkeys(names))


@add_arg_scope
def variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    collections: Any = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: Any = None,
) -> Any:
    """`get_variable`, of float32 unless said otherwise, on a device."""
    from minitf import graph

    wanted = _distinct(collections or [GraphKeys.GLOBAL_VARIABLES])
    getter = custom_getter or get_variable
    with graph.device(device or ""):
        return getter(
            name, shape=shape, dtype=dtype, initializer=initializer, regularizer=regularizer,
            trainable=trainable, collections=wanted, caching_device=caching_device,
            partitioner=partitioner,
        )  # fmt: skip


@add_arg_scope
def model_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    collections: Any = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: Any = None,
) -> Any:
    """The same in the collection of a model's variables, too."""
    model = [GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES]
    return variable(
        name, shape=shape, dtype=dtype, initializer=initializer, regularizer=regularizer,
        trainable=trainable, collections=[*(collections or []), *model],
        caching_device=caching_device, device=device, partitioner=partitioner,
        custom_getter=custom_getter,
    )  # fmt: skip


def renaming_getter(names: dict[str, str]) -> Callable[..., Any]:
    """A custom getter for a layer's variables: model variables, the last part of each renamed."""

    def get(getter: Callable[..., Any], name: str, *args: Any, **kwargs: Any) -> Any:
        outer, slash, last = name.rpartition("/")
        model = [GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES]
        kwargs["collections"] = _distinct([*(kwargs.get("collections") or []), *model])
        return getter(f"{outer}{slash}{names.get(last, last)}", *args, **kwargs)

    return get


def add_to_named_collections(made: Any, collections: Any, name: str) -> None:
    """Adds a layer's variable to collections: a list for all, or a dict of lists by its name."""
    if made is None or not collections:
        return
    wanted = collections.get(name, None) if isinstance(collections, dict) else collections
    for collection in wanted or ():
        if made not in get_collection(collection):
            add_to_collection(collection, made)


def add_model_variable(var: Any) -> None:
    """Adds a variable to the collection of a model's variables, unless it is there."""
    if var not in get_collection(GraphKeys.MODEL_VARIABLES):
        add_to_collection(GraphKeys.MODEL_VARIABLES, var)


def get_variables(
    scope: Any = None, suffix: str | None = None, collection: str = GraphKeys.GLOBAL_VARIABLES
) -> list[Any]:
    """The variables of a scope (a name, or a variable scope), those that end in `suffix`."""
    prefix = getattr(scope, "name", scope)
    if suffix is not None:
        suffix = suffix if ":" in suffix else f"{suffix}:"
        prefix = f"{prefix or ''}.*{suffix}"
    return get_collection(collection, prefix)


def get_trainable_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """The same of those that are trained."""
    return get_variables(scope, suffix, GraphKeys.TRAINABLE_VARIABLES)


def get_model_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """The same of a model's."""
    return get_variables(scope, suffix, GraphKeys.MODEL_VARIABLES)


def get_variables_by_suffix(suffix: str, scope: Any = None) -> list[Any]:
    """The variables whose names end so."""
    return get_variables(scope=scope, suffix=suffix)


def get_variables_by_name(given_name: str, scope: Any = None) -> list[Any]:
    """The variables of this name, in any scope."""
    return get_variables(scope=scope, suffix=f"/{given_name}:|^{given_name}")


def get_unique_variable(var_op_name: str) -> Any:
    """The variable whose whole name this is; ValueError unless there is one."""
    found = get_collection(GraphKeys.GLOBAL_VARIABLES, re.escape(var_op_name))
    for candidate in found:
        if candidate.op.name == var_op_name:
            return candidate
    raise ValueError(f"Variable {var_op_name} does not uniquely identify a variable")


def get_variables_to_restore(include: Any = None, exclude: Any = None) -> list[Any]:
    """All variables, or those in the scopes `include`, without those in the scopes `exclude`.

    Raises TypeError for scopes that are no lists.
    """
    for name, scopes in (("include", include), ("exclude", exclude)):
        if scopes is not None and not isinstance(scopes, (list, tuple)):
            raise TypeError(f"{name} is provided but is not a list or a tuple.")
    kept = get_variables() if include is None else [v for s in include for v in get_variables(s)]
    left_out = {v for scope in exclude or () for v in get_variables(scope)}
    return [v for v in dict.fromkeys(kept) if v not in left_out]


def assign_from_checkpoint_fn(
    model_path: str,
    var_list: Any,
    ignore_missing_vars: bool = False,
    reshape_variables: bool = False,
) -> Callable[[Any], None] | None:
    """A function of a session that gives variables a checkpoint's values.

    `var_list` is a list, or a dict by names in the checkpoint. Raises ValueError for an empty one.
    """
    if not var_list:
        raise ValueError("var_list cannot be empty")
    by_name = var_list if isinstance(var_list, dict) else {v.op.name: v for v in var_list}
    if ignore_missing_vars:
        known = dict(list_variables(model_path))
        by_name = {name: var for name, var in by_name.items() if name in known}
    if not by_name:
        return None
    saver = Saver(by_name, reshape=reshape_variables)

    def assign(session: Any) -> None:
        saver.restore(session, model_path)

    return assign


def with_shape(expected_shape: Any, tensor: Any) -> Any:
    """A tensor that has this shape; ValueError where it is known to have another."""
    tensor = convert_to_tensor(tensor)
    tensor.set_shape(expected_shape)
    return tensor
