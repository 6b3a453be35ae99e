"""Values as tensors: constants, lists that hold tensors, and what else knows how to become one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.arrays import make_array
from minitf.dtypes import DType
from minitf.graph import get_default_graph, graph_from_inputs
from minitf.shape import Dimension, TensorShape
from minitf.tensor import Operation, Tensor
from minitf.user_lines import tell

_conversions: list[tuple[int, Any, Callable[..., Any]]] = []


def register_tensor_conversion_function(
    base_type: Any, conversion_func: Callable[..., Any], priority: int = 100
) -> None:
    """Lets `convert_to_tensor` convert values of a type.

    `conversion_func(value, dtype, name, as_ref)` returns a tensor or NotImplemented. Lower
    priorities are asked first.
    """
    _conversions.append((priority, base_type, conversion_func))
    _conversions.sort(key=lambda entry: entry[0])


def _holds_tensors(values: Any) -> bool:
    for value in values:
        if isinstance(value, (list, tuple)):
            if _holds_tensors(value):
                return True
        elif hasattr(value, "_as_graph_element") or _converter(value) is not None:
            return True
    return False


def _converter(value: Any) -> Callable[..., Any] | None:
    for _, base_type, function in _conversions:
        if isinstance(value, base_type):
            return function
    return None


def _check_dimension(value: Dimension, dtype: DType | None) -> None:
    """ValueError for a dimension that is not known, TypeError for a type that holds no sizes."""
    if value.value is None:
        raise ValueError("Cannot convert unknown Dimension ? to a Tensor.")
    if dtype is not None and dtype.base_dtype not in (dtypes.int32, dtypes.int64):
        raise TypeError(
            f"Cannot convert Dimension {value} to dtype {dtype}. Allowed dtypes are tf.int32 and "
            "tf.int64."
        )


def convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    dtype_hint: Any = None,
    as_ref: bool = False,
) -> Tensor:
    """`value` as a tensor: itself, a packed list of tensors, or a new constant.

    `dtype` is demanded, `preferred_dtype` tried first. Raises ValueError for a tensor of another
    type and for None, TypeError for values that would need a cast.
    """
    dtype = None if dtype is None else dtypes.as_dtype(dtype)
    if type(value) is Dimension:
        _check_dimension(value, dtype)
        name = name or "shape_as_tensor"
    preferred = preferred_dtype if preferred_dtype is not None else dtype_hint
    preferred = None if preferred is None else dtypes.as_dtype(preferred)
    if isinstance(value, Tensor):
        if dtype is not None and not dtype.is_compatible_with(value._dtype):
            prefix = f"{name}: " if name else ""
            misfit = ValueError(
                f"{prefix}Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
                f"{value._dtype.name}: {value!r}"
            )
            raise tell(misfit, value)
        return value
    convert = _converter(value)
    if convert is not None:
        return _converted(convert, value, dtype, name, preferred, as_ref)
    if isinstance(value, Operation):
        raise TypeError(f"Can't convert Operation '{value.name}' to Tensor (target dtype={dtype})")
    if isinstance(value, (list, tuple)) and _holds_tensors(value):
        first = _first_dtype(value)
        if dtype is not None and first is not None and first is not dtype:
            value = _all_cast(value, dtype)
        return _packed(value, dtype or first, name or "packed")
    if dtype is None and preferred is not None:
        try:
            return add_constant(make_array(_known(value), preferred), name)
        except (TypeError, ValueError):
            pass  # the value is not of the preferred type: it keeps its own
    return add_constant(make_array(_known(value), dtype), name)


def _known(value: Any) -> Any:
    """A shape that is to become a constant must be known in full."""
    if isinstance(value, TensorShape) and not value.is_fully_defined():
        raise ValueError(f"Cannot convert a partially known TensorShape {value} to a Tensor.")
    return value


def _converted(
    convert: Any, value: Any, dtype: DType | None, name: str | None, preferred: Any, as_ref: bool
) -> Tensor:
    tensor = convert(value, dtype=dtype or preferred, name=name, as_ref=as_ref) if (
        dtype is None and preferred is not None and preferred.is_compatible_with(
            getattr(value, "dtype", None) or dtypes.variant)
    ) else convert(value, dtype=dtype, name=name, as_ref=as_ref)  # fmt: skip
    if tensor is NotImplemented:
        raise TypeError(f"Cannot convert {value!r} of type {type(value)} to a Tensor")
    if dtype is not None and not dtype.is_compatible_with(tensor.dtype):
        misfit = ValueError(
            f"Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
            f"{tensor.dtype.name}: {tensor!r}"
        )
        raise tell(misfit, value)
    return tensor


def _first_dtype(values: Any) -> DType | None:
    for value in values:
        if isinstance(value, (list, tuple)):
            found = _first_dtype(value)
            if found is not None:
                return found
        elif hasattr(value, "_as_graph_element"):
            return value.dtype.base_dtype
    return None


def _all_cast(values: Any, dtype: DType) -> Any:
    """The list with its tensors cast to `dtype`."""
    if isinstance(values, (list, tuple)):
        return [_all_cast(value, dtype) for value in values]
    if isinstance(values, Tensor) and values._dtype._base is not dtype:
        return registry.get("Cast")(values, DstT=dtype)
    return values


def _packed(values: Any, dtype: DType | None, name: str) -> Tensor:
    """A list that holds tensors, as one tensor; inner lists are packed under the outer's name."""
    graph = graph_from_inputs([v for v in values if hasattr(v, "_as_graph_element")])
    outer, prefix = graph._name_stack, ""
    graph._name_stack, prefix = graph._entered(name)
    try:
        elements = list(values)
        for i, value in enumerate(elements):
            if isinstance(value, (list, tuple)):
                if _holds_tensors(value):
                    elements[i] = _packed(value, dtype, str(i))
                else:
                    graph._entered(str(i))  # TensorFlow gives each inner list a scope of its own
            elif isinstance(value, Tensor) and value._dtype._base is not dtype:
                misfit = TypeError(
                    f"Cannot convert a list containing a tensor of dtype {value._dtype!s} to "
                    f"{dtype!s} (Tensor is: {value!r})"
                )
                raise tell(misfit, value)
        # Constants come after the lists that hold tensors.
        elements = [convert_to_tensor(value, dtype, str(i)) for i, value in enumerate(elements)]
    finally:
        graph._name_stack = outer
    return registry.get("Pack")(elements, axis=0, name=prefix)


def add_constant(array: np.ndarray, name: str | None) -> Tensor:
    """A new Const node in the default graph, with a value nobody can change afterwards."""
    array.flags.writeable = False
    definition = registry.get("Const")
    dtype = dtypes.as_dtype(array.dtype)
    attrs = {"value": array, "dtype": dtype}
    name = "Const" if name is None else name
    return get_default_graph().add_node(definition, name, (), attrs, [dtype])._outputs[0]


def convert_n_to_tensor(values: Any, dtype: Any = None, name: str | None = None) -> list[Tensor]:
    """Each of `values` as a tensor, named `name_0`, `name_1`, ..."""
    return [
        convert_to_tensor(value, dtype, None if name is None else f"{name}_{i}")
        for i, value in enumerate(values)
    ]
