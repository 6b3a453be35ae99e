"""The types a tensor's elements can have."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from minitf.lazy import getter

_REF_OFFSET = 100


class DType:
    """One element type; `float32_ref` is the type of a variable that holds float32.

    Compares equal to whatever names the same type: another DType, a NumPy type, a string.
    """

    __slots__ = ("_enum", "_name", "_numpy", "_base", "_ref", "__weakref__")

    def __new__(cls, enum: int, name: str = "", *others: Any) -> DType:
        return object.__new__(cls) if name else as_dtype(enum)  # DType(1) is tf.float32

    def __init__(
        self, enum: int, name: str = "", numpy_type: Any = None, base: DType | None = None
    ) -> None:
        if not name:
            return
        self._enum = enum
        self._name = name
        self._numpy = numpy_type
        self._base = base or self
        self._ref: DType = self

    @property
    def name(self) -> str:
        return self._name

    @property
    def as_numpy_dtype(self) -> Any:
        """The NumPy type; `object` for strings, as arrays of bytes have."""
        return self._numpy

    @property
    def as_datatype_enum(self) -> int:
        """TensorFlow's number for this type, as protocol buffers hold it."""
        return self._enum

    @property
    def base_dtype(self) -> DType:
        return self._base

    @property
    def real_dtype(self) -> DType:
        return {"complex64": float32, "complex128": float64}.get(self._base._name, self._base)

    @property
    def _is_ref_dtype(self) -> builtins.bool:
        return self._enum > _REF_OFFSET

    @property
    def _as_ref(self) -> DType:
        return self._ref

    @property
    def is_bool(self) -> builtins.bool:
        return self._base is bool

    @property
    def is_floating(self) -> builtins.bool:
        return self._base in _FLOATING

    @property
    def is_complex(self) -> builtins.bool:
        return self._base in _COMPLEX

    @property
    def is_integer(self) -> builtins.bool:
        return self._base in _INTEGER

    @property
    def is_quantized(self) -> builtins.bool:
        return self._base._name.startswith("q")

    @property
    def is_unsigned(self) -> builtins.bool:
        return self._base in _INTEGER and self._base._name.startswith("u")

    @property
    def is_numpy_compatible(self) -> builtins.bool:
        return self._numpy is not None

    @property
    def min(self) -> Any:
        """The smallest finite value; TypeError for types without one."""
        return self._limit("min")

    @property
    def max(self) -> Any:
        """The largest finite value; TypeError for types without one."""
        return self._limit("max")

    def _limit(self, which: str) -> Any:
        if self.is_floating and self._numpy is not None:
            return self._numpy(getattr(np.finfo(self._numpy), which))
        if self.is_integer:
            return int(getattr(np.iinfo(self._numpy), which))
        kind = "quantized type" if self.is_quantized else "type"
        raise TypeError(f"Cannot find {which}imum value of {self} with {kind} {self}.")

    @property
    def limits(self) -> tuple[Any, Any]:
        """The least and the largest intensity of a picture of this type."""
        kind = np.dtype(self.as_numpy_dtype)
        if kind.kind in "iu":
            return 0, int(np.iinfo(kind).max)
        if kind in (np.float32, np.float64):
            return 0, 1
        if kind == np.bool_:
            return 0, True
        raise ValueError(f"{self!r} does not have defined limits.")

    @property
    def size(self) -> int:
        """Bytes of one element; 0 for strings, as in TensorFlow."""
        if self._base._name == "bfloat16":
            return 2
        return 0 if self._numpy in (None, object) else np.dtype(self._numpy).itemsize

    def is_compatible_with(self, other: Any) -> builtins.bool:
        """Whether a tensor of type `other` can be used where this type is wanted."""
        other = as_dtype(other)
        return self._enum in (other._enum, other._base._enum)

    def __eq__(self, other: Any) -> builtins.bool:
        if self is other:
            return True
        if other is None or isinstance(other, DType):
            return False
        try:
            return self is as_dtype(other)
        except TypeError:
            return False

    def __ne__(self, other: Any) -> builtins.bool:
        return not self == other

    def __hash__(self) -> int:
        return self._enum

    def __reduce__(self) -> Any:
        return as_dtype, (self._name,)

    def __int__(self) -> int:
        return self._enum

    def __str__(self) -> str:
        return f"<dtype: '{self._name}'>"

    def __repr__(self) -> str:
        return f"tf.{self._name}"


_TYPES: dict[Any, DType] = {}  # every spelling of a type -> DType
_BY_ENUM: dict[int, DType] = {}


def _declare(enum: int, name: str, numpy_type: Any = None, *spellings: Any) -> DType:
    dtype = DType(enum, name, numpy_type)
    ref = DType(enum + _REF_OFFSET, name + "_ref", numpy_type, dtype)
    dtype._ref = ref._ref = ref
    _BY_ENUM[enum], _BY_ENUM[ref._enum] = dtype, ref
    _TYPES[name], _TYPES[ref._name] = dtype, ref
    for spelling in spellings:
        _TYPES[spelling] = dtype
    if numpy_type not in (None, object):
        _TYPES[numpy_type] = _TYPES[np.dtype(numpy_type)] = dtype
    return dtype


float32 = _declare(1, "float32", np.float32, "float", float)
float64 = _declare(2, "float64", np.float64, "double")
int32 = _declare(3, "int32", np.int32)
uint8 = _declare(4, "uint8", np.uint8)
int16 = _declare(5, "int16", np.int16)
int8 = _declare(6, "int8", np.int8)
string = _declare(7, "string", object, object, np.dtype(object), np.str_, np.bytes_)
complex64 = _declare(8, "complex64", np.complex64)
int64 = _declare(9, "int64", np.int64)
bool = _declare(10, "bool", np.bool_, builtins.bool)
qint8 = _declare(11, "qint8")
quint8 = _declare(12, "quint8")
qint32 = _declare(13, "qint32")
bfloat16 = _declare(14, "bfloat16")
qint16 = _declare(15, "qint16")
quint16 = _declare(16, "quint16")
uint16 = _declare(17, "uint16", np.uint16)
complex128 = _declare(18, "complex128", np.complex128)
float16 = _declare(19, "float16", np.float16, "half")
resource = _declare(20, "resource", object)
variant = _declare(21, "variant", object)
uint32 = _declare(22, "uint32", np.uint32)
uint64 = _declare(23, "uint64", np.uint64)
half = float16
double = float64

_FLOATING = frozenset([float16, float32, float64, bfloat16])
_COMPLEX = frozenset([complex64, complex128])
_INTEGER = frozenset([int8, int16, int32, int64, uint8, uint16, uint32, uint64])
# In the order of TensorFlow's lists, which its messages show.
_FIRST = (float32, float64, int32, uint8, int16, int8)
_LAST = (uint32, uint64)
REAL_NUMBERS = (*_FIRST, int64, bfloat16, uint16, float16, *_LAST)
_MIDDLE = (complex64, int64, qint8, quint8, qint32, bfloat16, qint16, quint16)
NUMBERS = (*_FIRST, *_MIDDLE, uint16, complex128, float16, *_LAST)
QUANTIZED = (qint8, quint8, qint16, quint16, qint32)


def as_dtype(type_value: Any) -> DType:
    """The DType that `type_value` (a DType, NumPy type, string, number of TensorFlow's) names.

    Raises TypeError when it names none.
    """
    if isinstance(type_value, DType):
        return type_value
    try:
        known = _TYPES.get(type_value)
        if known is not None and not (isinstance(type_value, int)):
            return known
        if isinstance(type_value, int) and type_value in _BY_ENUM:
            return _BY_ENUM[type_value]
    except TypeError:  # not hashable
        pass
    if isinstance(type_value, np.dtype) and type_value.kind in "SU":
        return string
    if hasattr(type_value, "dtype") and not isinstance(type_value, type):
        return as_dtype(type_value.dtype)
    # Python's int, complex, str and NumPy's short names are too vague for TensorFlow.
    of_numpy = isinstance(type_value, type) and issubclass(type_value, np.generic)
    if of_numpy or isinstance(type_value, np.dtype) or type_value is object:
        known = _TYPES.get(np.dtype(type_value))
        if known is not None:
            return known
    raise TypeError(
        f"Cannot convert the argument `type_value`: {type_value!r} to a TensorFlow DType."
    )


# TensorFlow's tf.dtypes has the casts too.
__getattr__ = getter(
    __name__,
    {
        "minitf.ops.casts": "cast",
        "minitf.ops.clipping": "saturate_cast",
        "minitf.ops.complex_numbers": "complex",
    },
)
