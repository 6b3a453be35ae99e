"""tf.py_func: a Python function as an op. The function stays in this process: no file holds it."""

from __future__ import annotations

import itertools
import traceback
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

import numpy as np

from minitf import dtypes, errors
from minitf.graph import Graph, get_default_graph
from minitf.op import op
from minitf.shape import UNKNOWN


class _Callback:
    """A function that an op calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function


_tokens = itertools.count()
_callbacks: WeakValueDictionary[str, _Callback] = WeakValueDictionary()
_kept: WeakKeyDictionary[Graph, list[_Callback]] = WeakKeyDictionary()  # alive as their graph is


def _bound(op: Any, session: Any) -> Callable[..., Any]:
    token = op._attrs["token"].decode()
    callback = _callbacks.get(token)
    kinds = op._attrs["Tout"]

    def kernel(values: list[Any]) -> Any:
        if callback is None:
            raise errors.InvalidArgumentError(
                None, None, f"ValueError: Could not find callback with key={token} in the registry."
            )
        results = _called(callback.function, values)
        if len(results) != len(kinds):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"{token} returns {len(results)} values, but expects to see {len(kinds)} values.",
            )
        checked = [
            _checked(value, kind, i, token)
            for i, (value, kind) in enumerate(zip(results, kinds, strict=True))
        ]
        return checked[0] if len(checked) == 1 else checked

    return kernel


_KINDS = (
    ((ValueError, TypeError), errors.InvalidArgumentError),
    ((StopIteration,), errors.OutOfRangeError),
    ((MemoryError,), errors.ResourceExhaustedError),
    ((NotImplementedError,), errors.UnimplementedError),
)


def _called(function: Callable[..., Any], values: list[Any]) -> list[Any]:
    """The function's results; what it raises becomes TensorFlow's exception for it."""
    try:
        result = function(*[np.array(value) if np.ndim(value) else value for value in values])
    except errors.OpError:
        raise
    except Exception as error:
        kinds = (kind for types, kind in _KINDS if isinstance(error, types))
        kind = next(kinds, errors.UnknownError)
        text = "".join(traceback.format_exception(error))
        raise kind(None, None, f"{type(error).__name__}: {error}\n{text}") from error
    if result is None:
        return []
    return list(result) if isinstance(result, (tuple, list)) else [result]


def _checked(value: Any, kind: dtypes.DType, index: int, token: str) -> Any:
    """A returned value as an array, which must be of the promised type."""
    array = np.asarray(value)
    if array.dtype.kind == "V":
        raise errors.InternalError(None, None, "Unsupported numpy data type")
    if array.dtype.kind in "USO":
        for item in array.reshape(-1).tolist():
            if not isinstance(item, (str, bytes)):
                kind_name = type(item).__name__
                raise errors.InternalError(None, None, f"Unsupported object type {kind_name}")
        array = np.array(
            [v.encode() if isinstance(v, str) else v for v in array.reshape(-1).tolist()], object
        ).reshape(array.shape)
    found = dtypes.as_dtype(array.dtype) if array.dtype != object else dtypes.string
    if found is not kind:
        names = [_cpp_name(found), _cpp_name(kind)]
        raise errors.InvalidArgumentError(
            None,
            None,
            f"{index}-th value returned by {token} is {names[0]}, but expects {names[1]}",
        )
    return array if array.ndim else array[()]


def _cpp_name(dtype: dtypes.DType) -> str:
    return {"float32": "float", "float64": "double", "float16": "half"}.get(dtype.name, dtype.name)


def _nothing_known(values: Any, *, Tout: Any) -> Any:
    return tuple([UNKNOWN for _ in Tout])


@op
class PyFunc:
    """What a Python function of arrays returns, each time it is needed."""

    inputs = "input: Tin"
    outputs = "output: Tout"
    attrs = "token: string, Tin: list(type) >= 0, Tout: list(type) >= 0"
    stateful = True
    infer = _nothing_known
    bind = _bound
    gradient = None


@op
class PyFuncStateless:
    """The same of a function that always gives the same result for the same arrays."""

    inputs = "input: Tin"
    outputs = "output: Tout"
    attrs = "token: string, Tin: list(type) >= 0, Tout: list(type) >= 0"
    infer = _nothing_known
    bind = _bound
    gradient = None


def numpy_function(
    func: Any = None, inp: Any = None, Tout: Any = None, stateful: bool = True, name: Any = None
) -> Any:
    """`py_func` under its later name."""
    return py_func(func, inp, Tout, stateful, name)


def py_func(func: Any, inp: Any, Tout: Any, stateful: bool = True, name: str | None = None) -> Any:
    """What `func` returns for the arrays of `inp`, as tensors of types `Tout` and unknown shape.

    A list where `Tout` is one. It has no gradient. Raises ValueError for what is not callable.
    """
    if not callable(func):
        raise ValueError(
            f"Expected func to be callable. Received func={func} of type {type(func)}."
        )
    is_list = isinstance(Tout, (list, tuple))
    callback = _Callback(func)
    token = f"pyfunc_{next(_tokens)}"
    _callbacks[token] = callback
    _kept.setdefault(get_default_graph(), []).append(callback)
    make = PyFunc if stateful else PyFuncStateless
    kinds = list(Tout) if is_list else [Tout]
    node = make.node(list(inp), token=token, Tout=kinds, name=name)
    if not kinds:
        return node if stateful else []
    return node.outputs if is_list else node.outputs[0]
