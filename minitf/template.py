"""make_template: a function whose variables are made at its first call and shared afterwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from minitf.graph import GraphKeys, get_collection, get_collection_ref
from minitf.user_lines import user_stack
from minitf.variable_scope import OpenedScope, unique_scope_name, variable_scope


def make_template(
    name_: str,
    func_: Callable[..., Any],
    create_scope_now_: bool = False,
    unique_name_: str | None = None,
    custom_getter_: Any = None,
    **kwargs: Any,
) -> Template:
    """`func_` as a function that makes its variables in a scope of its own, and only once.

    `kwargs` are given to `func_` at each call. Raises ValueError without a name, and at a later
    call that makes new trainable variables.
    """
    function = partial(func_, **kwargs) if kwargs else func_
    return Template(name_, function, create_scope_now_, unique_name_, custom_getter_)


class Template:
    """A function with a variable scope: what `make_template` gives."""

    def __init__(
        self,
        name: str,
        func: Callable[..., Any],
        create_scope_now: bool = False,
        unique_name: str | None = None,
        custom_getter: Any = None,
    ) -> None:
        if name is None:
            raise ValueError("name cannot be None.")
        self._name = name
        self._func = func
        self._unique_name = unique_name
        self._custom_getter = custom_getter
        self._stack = user_stack(1)
        self._scope: Any = None
        self._called = False
        if create_scope_now:
            scope_name = unique_name or unique_scope_name(name)
            options = dict.fromkeys(variable_scope.OPTIONS)
            options["custom_getter"] = custom_getter
            with OpenedScope(scope_name, None, options) as scope:
                self._scope = scope

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._scope is not None:
            with variable_scope(self._scope, reuse=self._called):
                return self._call(args, kwargs)
        with variable_scope(
            self._unique_name, self._name, custom_getter=self._custom_getter
        ) as scope:
            self._scope = scope
            return self._call(args, kwargs)

    def _call(self, args: Any, kwargs: Any) -> Any:
        trainable = get_collection_ref(GraphKeys.TRAINABLE_VARIABLES)
        before = len(trainable)
        try:
            result = self._func(*args, **kwargs)
            if self._called and len(trainable) != before:
                raise ValueError(
                    "Trainable variable created when calling a template after the first time, "
                    "perhaps you used tf.Variable when you meant tf.get_variable: "
                    f"{trainable[before:]}"
                )
        except Exception as error:
            error.args = (f"{next(iter(error.args), '')}{self._made_at()}", *error.args[1:])
            raise
        self._called = True
        return result

    def _made_at(self) -> str:
        if not self._stack:
            return ""
        code, line = self._stack[0]
        return (
            "\n\noriginally defined at:\n"
            f'  File "{code.co_filename}", line {line}, in {code.co_name}\n'
        )

    @property
    def name(self) -> str:
        return self._name

    @property
    def func(self) -> Callable[..., Any]:
        return self._func

    @property
    def variable_scope(self) -> Any:
        """The scope of the variables; None before the first call."""
        return self._scope

    var_scope = variable_scope

    @property
    def variable_scope_name(self) -> str | None:
        """The prefix of the variables' names, with its slash."""
        if self._scope is None:
            return None
        name = self._scope.name
        return name if not name or name.endswith("/") else f"{name}/"

    def _variables(self, key: str) -> list[Any]:
        return get_collection(key, self.variable_scope_name) if self._called else []

    @property
    def global_variables(self) -> list[Any]:
        return self._variables(GraphKeys.GLOBAL_VARIABLES)

    @property
    def local_variables(self) -> list[Any]:
        return self._variables(GraphKeys.LOCAL_VARIABLES)

    @property
    def trainable_variables(self) -> list[Any]:
        return self._variables(GraphKeys.TRAINABLE_VARIABLES)

    @property
    def variables(self) -> list[Any]:
        return self.global_variables + self.local_variables

    @property
    def non_trainable_variables(self) -> list[Any]:
        trainable = self.trainable_variables
        return [variable for variable in self.global_variables if variable not in trainable]

    weights = variables
    trainable_weights = trainable_variables
    non_trainable_weights = non_trainable_variables
