"""What every layer does: names its variables and ops, makes the variables once, shares them."""

from __future__ import annotations

import re
from typing import Any

from minitf.graph import add_to_collections, get_collection_ref, name_scope
from minitf.graph_keys import GraphKeys
from minitf.infer import constant_value
from minitf.op import convert_to_tensor
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops.casts import cast
from minitf.ops.cond import cond
from minitf.ops.shapes import shape
from minitf.tensor import Tensor
from minitf.user_lines import tells_lines
from minitf.variable_scope import get_variable, get_variable_scope, variable_scope
from minitf.variable_scope_object import VariableScope


class Layer:
    """A function of a tensor that has variables; called again, it uses the same ones.

    Its variables and ops are named after `name`, or after its class and made unique.
    """

    base_name = "layer"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "base_name" not in vars(cls):
            words = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", cls.__name__)
            name = re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
            cls.base_name = "private" + name if name.startswith("_") else name

    def __init__(
        self,
        trainable: bool = True,
        name: str | None = None,
        dtype: Any = None,
        _scope: Any = None,
        _reuse: Any = None,
        activity_regularizer: Any = None,
    ) -> None:
        self.trainable = trainable
        self.dtype = dtype
        self.built = False
        self.activity_regularizer = activity_regularizer
        self._given_name = name
        self._reuse = _reuse
        self._weights: list[Any] = []
        self._trainable: list[Any] = []
        self._losses: list[Tensor] = []
        self._updates: list[Any] = []
        self._scope: VariableScope | None = None
        if _scope:
            with variable_scope(_scope) as scope:
                self._scope = scope

    @property
    def name(self) -> str:
        """The layer's name, once it has been called."""
        if self._scope is not None:
            return self._scope.name.split("/")[-1]
        return self._given_name or self.base_name

    scope_name = name

    @property
    def variables(self) -> list[Any]:
        """The layer's variables: those that are trained first."""
        return self.trainable_variables + self.non_trainable_variables

    weights = variables

    @property
    def trainable_variables(self) -> list[Any]:
        return list(self._trainable) if self.trainable else []

    trainable_weights = trainable_variables

    @property
    def non_trainable_variables(self) -> list[Any]:
        return [v for v in self._weights if v not in self.trainable_variables]

    non_trainable_weights = non_trainable_variables

    @property
    def losses(self) -> list[Tensor]:
        """What the variables' regularizers have added."""
        return list(self._losses)

    @property
    def updates(self) -> list[Any]:
        """The ops to be run with each step of training."""
        return list(self._updates)

    def count_params(self) -> int:
        """How many numbers the layer's variables hold; ValueError before it is built."""
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on {self.name}, but the layer isn't built. You "
                f"can build it manually via: `{self.name}.build(batch_input_shape)`."
            )
        return sum(variable.shape.num_elements() for variable in self._weights)

    def build(self, input_shape: Any) -> None:
        """Makes the variables; `input_shape` is the first input's TensorShape."""

    def call(self, inputs: Any, *arguments: Any, **options: Any) -> Any:
        """Adds the layer's ops."""
        return inputs

    def apply(self, inputs: Any, *arguments: Any, **options: Any) -> Any:
        """The layer's outputs: the same as calling it."""
        return self(inputs, *arguments, **options)

    @tells_lines
    def __call__(self, inputs: Any, *arguments: Any, **options: Any) -> Any:
        """The layer's outputs for `inputs`."""
        inputs = convert_to_tensor(inputs)
        self._find_scope()
        reuse = True if self.built else self._reuse
        with (
            variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False) as scope,
            name_scope(scope.original_name_scope),
        ):
            if not self.built:
                self.dtype = self.dtype or inputs.dtype.base_dtype
                self.build(inputs.shape)
                self.built = True
            outputs = self.call(inputs, *arguments, **options)
            self._regularize_activity(outputs)
        return outputs

    def _find_scope(self, scope: Any = None) -> None:
        """Opens the layer's variable scope when it is first called; `scope` names another."""
        if self._scope is not None:
            return
        name = self._given_name or self.base_name
        if self._reuse:
            opened = variable_scope(name if scope is None else scope)
        else:
            opened = variable_scope(scope, default_name=name)
        with opened as found:
            self._scope = found

    def add_variable(
        self,
        name: str,
        shape: Any,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        trainable: bool = True,
        constraint: Any = None,
        partitioner: Any = None,
    ) -> Any:
        """A variable of this layer, found by `get_variable`."""
        if not self._is_scope_open():  # `build` was called by itself
            self._find_scope()
            with variable_scope(self._scope, reuse=self._reuse, auxiliary_name_scope=False):
                self.built = True
                return self.add_variable(
                    name, shape, dtype, initializer, regularizer, trainable, constraint, partitioner
                )
        existing = set(get_collection_ref(GraphKeys.GLOBAL_VARIABLES))
        variable = get_variable(
            name, shape, dtype=dtype or self.dtype, initializer=initializer,
            trainable=trainable and self.trainable, constraint=constraint, partitioner=partitioner,
        )  # fmt: skip
        self._weights.append(variable)
        if trainable:
            self._trainable.append(variable)
        if regularizer is not None and variable not in existing:
            with name_scope(f"{name}/Regularizer"):
                self.add_loss(regularizer(variable))
        return variable

    add_weight = add_variable

    def _add_own(self, name: str, sizes: list[int]) -> Any:
        """The variable whose initializer, regularizer and constraint are the layer's attributes."""
        return self.add_variable(
            name, sizes, initializer=getattr(self, f"{name}_initializer"),
            regularizer=getattr(self, f"{name}_regularizer"),
            constraint=getattr(self, f"{name}_constraint"),
        )  # fmt: skip

    def _is_scope_open(self) -> bool:
        """Whether the current variable scope is the layer's, or one inside it."""
        if self._scope is None:
            return False
        current, own = get_variable_scope().name, self._scope.name
        return current == own or current.startswith(f"{own}/")

    def add_loss(self, loss: Any) -> None:
        """Adds to the losses of regularizers, unless there is none."""
        if loss is not None:
            self._losses.append(loss)
            add_to_collections([GraphKeys.REGULARIZATION_LOSSES], loss)

    def add_update(self, update: Any) -> None:
        """Adds an op that is to be run with each step of training."""
        self._updates.append(update)
        add_to_collections([GraphKeys.UPDATE_OPS], update)

    def _regularize_activity(self, outputs: Tensor) -> None:
        if self.activity_regularizer is not None:
            with name_scope("ActivityRegularizer"):
                penalty = self.activity_regularizer(outputs)
                self.add_loss(penalty / cast(shape(outputs)[0], penalty.dtype))


def smart_cond(condition: Any, true_fn: Any, false_fn: Any) -> Any:
    """One function's result: chosen now where that can be known, by `tf.cond` otherwise."""
    known = known_bool(condition)
    if known is None:
        return cond(condition, true_fn, false_fn)
    return true_fn() if known else false_fn()


def known_bool(condition: Any) -> bool | None:
    """A condition's value where it is known while building."""
    if not hasattr(condition, "_as_graph_element"):
        return bool(condition)
    value = constant_value(convert_to_tensor(condition))
    return None if value is None else bool(value)


def check_rank(layer: Layer, shape: Any, rank: int, at_least: bool = False) -> None:
    """ValueError where inputs are known to have another number of dimensions."""
    found = shape.rank
    if found is None or found == rank or (at_least and found > rank):
        return
    wanted = f"min_ndim={rank}" if at_least else f"ndim={rank}"
    raise ValueError(
        f"Input 0 of layer {layer.name} is incompatible with the layer: : expected {wanted}, "
        f"found ndim={found}. Full shape received: {shape.as_list()}"
    )
