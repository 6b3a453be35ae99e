"""Where `get_variable` finds the variables that it made, and makes new ones."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from minitf import dtypes
from minitf.dtypes import DType
from minitf.graph import GraphKeys, add_to_collection, colocate_with, name_scope
from minitf.initial_values import GlorotUniform, Zeros
from minitf.op import register_tensor_conversion_function
from minitf.partitioned_variables import partitioned_variable
from minitf.shape import TensorShape, as_shape
from minitf.variable_parts import checked_modes
from minitf.variables import Variable


class _ReuseMode(enum.Enum):
    AUTO_REUSE = 1


AUTO_REUSE = _ReuseMode.AUTO_REUSE


class VariableStore:
    """One graph's variables by their full names; partitioned ones stand apart from their parts."""

    def __init__(self) -> None:
        self._vars: dict[str, Variable] = {}
        self._partitioned_vars: dict[str, Any] = {}

    @property
    def variables(self) -> dict[str, Variable]:
        """A copy of the table that `get_variable` looks names up in."""
        return dict(self._vars)

    def get_variable(
        self,
        name: str,
        *,
        custom_getter: Callable[..., Any] | None = None,
        constraint: Any = None,
        trainable: bool | None = None,
        synchronization: Any = None,
        aggregation: Any = None,
        dtype: Any = dtypes.float32,
        **options: Any,
    ) -> Any:
        """The variable of this full name, by way of `custom_getter` where there is one."""
        if custom_getter is not None and not callable(custom_getter):
            raise ValueError(f"Passed a custom_getter which is not callable: {custom_getter}")
        modes = checked_modes(synchronization, aggregation, trainable, name)
        options["synchronization"], options["aggregation"], options["trainable"] = modes
        options["dtype"] = getattr(dtype, "base_dtype", dtype)
        if custom_getter is None:
            return self._get(name, constraint=constraint, **options)
        if "constraint" in _parameters(custom_getter):
            options["constraint"] = constraint
        return custom_getter(getter=self._get, name=name, **options)

    def _get(
        self,
        name: str,
        shape: Any = None,
        dtype: Any = dtypes.float32,
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        constraint: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
    ) -> Any:
        """What a custom getter calls to get the variable after all."""
        options = {
            "regularizer": regularizer,
            "trainable": trainable,
            "collections": collections,
            "caching_device": caching_device,
            "validate_shape": validate_shape,
            "use_resource": use_resource,
            "constraint": constraint,
            "synchronization": synchronization,
            "aggregation": aggregation,
        }
        is_scalar = (
            as_shape(shape).rank == 0 if isinstance(shape, (list, tuple, TensorShape)) else False
        )
        if partitioner is not None and not is_scalar:
            if not callable(partitioner):
                raise ValueError(f"Partitioner must be callable, but received: {partitioner}")
            with name_scope(None):
                return partitioned_variable(
                    self, name, partitioner, shape, dtype, initializer, reuse, options
                )
        if reuse is True and partitioner is None and name in self._partitioned_vars:
            return partitioned_variable(self, name, None, shape, dtype, initializer, reuse, options)
        if f"{name}/part_0" in self._vars:
            raise ValueError(
                "No partitioner was provided, but a partitioned version of the variable was found: "
                f"{name}/part_0. Perhaps a variable of the same name was already created with "
                "partitioning?"
            )
        return self.single(name, shape, dtype, initializer, reuse, options)

    def single(
        self,
        name: str,
        shape: Any,
        dtype: Any,
        initializer: Any,
        reuse: Any,
        options: dict[str, Any],
        partition_info: Any = None,
    ) -> Variable:
        """A variable that is not partitioned, found or made."""
        if shape is not None and initializer is not None and not callable(initializer):
            raise ValueError("If initializer is a constant, do not specify shape.")
        dtype = dtypes.as_dtype(dtype)
        shape = None if shape is None else as_shape(shape)
        if name in self._vars:
            return self._shared(name, shape, dtype, reuse)
        if reuse is True:
            raise ValueError(
                f"Variable {name} does not exist, or was not created with tf.get_variable(). Did "
                "you mean to set reuse=tf.AUTO_REUSE in VarScope?"
            )
        if initializer is None:
            if shape is None:
                raise ValueError(
                    f"Variable {name} did not get an initializer, so its `shape` argument must be "
                    "specified."
                )
            initializer = default_initializer(name, dtype)
        value, value_type = _initial_value(initializer, shape, dtype, partition_info)
        options = dict(options)
        regularizer = options.pop("regularizer")
        variable = Variable(
            initial_value=value, name=name, dtype=value_type, shape=shape, **options
        )
        self._vars[name] = variable
        if regularizer:
            _regularize(variable, name, regularizer)
        return variable

    def _shared(self, name: str, shape: TensorShape | None, dtype: DType, reuse: Any) -> Variable:
        """The variable of this name that is there; ValueError where it must not be shared."""
        found = self._vars[name]
        if reuse is False:
            raise ValueError(
                f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or "
                "reuse=tf.AUTO_REUSE in VarScope? Originally defined at:\n\n"
                + "".join(found.op.stack_lines()[::-1][:5])
            )
        if shape is not None and not shape.is_compatible_with(found.shape):
            raise ValueError(
                f"Trying to share variable {name}, but specified shape {shape} and found shape "
                f"{found.shape}. It was made at {found.op.defined_at}"
            )
        if not dtype.is_compatible_with(found.dtype):
            raise ValueError(
                f"Trying to share variable {name}, but specified dtype {dtype.name} and found "
                f"dtype {found.dtype.name}. It was made at {found.op.defined_at}"
            )
        return found


def default_initializer(name: str, dtype: DType) -> Any:
    """What a variable of this type starts from when nobody says; ValueError for odd types."""
    if dtype.is_floating:
        return GlorotUniform()
    if dtype.is_integer or dtype.is_bool or dtype == dtypes.string:
        return Zeros()
    raise ValueError(f"An initializer for variable {name} of {dtype.base_dtype} is required")


def _initial_value(
    initializer: Any, shape: TensorShape | None, dtype: DType, partition_info: Any
) -> tuple[Any, DType | None]:
    """The initial value, or a function that gives it, and the type it must have."""
    if not callable(initializer):
        return initializer, None
    if inspect.isclass(initializer):
        initializer = initializer()
    if shape is not None and shape.is_fully_defined():
        arguments: dict[str, Any] = {"dtype": dtype}
        if "partition_info" in _parameters(initializer):
            arguments["partition_info"] = partition_info
        return partial(initializer, shape.as_list(), **arguments), dtype.base_dtype
    if not any(map(_is_needed, _parameters(initializer).values())):
        return initializer, None
    raise ValueError(
        "The initializer passed is not valid. It should be a callable with no arguments and the "
        "shape should not be provided or an instance of `tf.keras.initializers.*' and `shape` "
        "should be fully defined."
    )


def _is_needed(parameter: inspect.Parameter) -> bool:
    variadic = (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    return parameter.default is parameter.empty and parameter.kind not in variadic


def _parameters(function: Any) -> Any:
    """The parameters of a function by name; `**kwargs` counts as any name."""
    parameters = inspect.signature(function).parameters
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return _AnyName(parameters)
    return parameters


class _AnyName(dict):
    def __contains__(self, name: Any) -> bool:
        return True


def _regularize(variable: Variable, name: str, regularizer: Any) -> None:
    """Adds the regularizer's loss to its collection, if it gives one."""

    def make() -> Any:
        with colocate_with(variable.op), name_scope(f"{name}/Regularizer/"):
            return regularizer(variable)

    if regularizer(variable) is not None:  # its nodes stay, as TensorFlow's do
        add_to_collection(GraphKeys.REGULARIZATION_LOSSES, _LazyEvalTensor(make))


class _LazyEvalTensor:  # TensorFlow's name, which error messages show
    """A regularizer's loss: fetched, one tensor; in other ops, made anew each time."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._tensor = make()

    def _as_graph_element(self) -> Any:
        return self._tensor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tensor, name)

    def __repr__(self) -> str:
        return repr(self._tensor)


def _lazy_to_tensor(
    loss: _LazyEvalTensor, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Any:
    return loss._make()


register_tensor_conversion_function(_LazyEvalTensor, _lazy_to_tensor)


def _as_operand(name: str) -> Callable[..., Any]:
    return lambda self, other: getattr(self._make(), name)(other)


for _name in "add sub mul truediv floordiv mod pow matmul div".split():
    setattr(_LazyEvalTensor, f"__{_name}__", _as_operand(f"__{_name}__"))
    setattr(_LazyEvalTensor, f"__r{_name}__", _as_operand(f"__r{_name}__"))
