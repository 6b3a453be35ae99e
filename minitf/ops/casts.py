"""Casts from one type to another, and the complex conjugate."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.dtypes import DType
from minitf.errors import UnimplementedError
from minitf.graph import name_scope
from minitf.indexed_slices import IndexedSlices
from minitf.infer import unchanged
from minitf.op import convert_to_tensor, op
from minitf.sparse_tensor import SparseTensor
from minitf.tensor import Tensor

_DIFFERENTIABLE = (
    *(dtypes.float16, dtypes.float32, dtypes.float64, dtypes.bfloat16),
    *(dtypes.complex64, dtypes.complex128),
)


@op
class Cast:
    """The same numbers as another type; fractions are cut off, 0 is False, all else True."""

    inputs = "x: SrcT"
    outputs = "y: DstT"
    attrs = "SrcT: type, DstT: type, Truncate: bool = false"
    infer = unchanged

    def kernel(x, *, SrcT, DstT):
        wanted = DstT.as_numpy_dtype
        if wanted in (None, object) or SrcT is dtypes.string:
            raise UnimplementedError(
                None, None, f"Cast {_word(SrcT)} to {_word(DstT)} is not supported"
            )
        if x.dtype.kind == "c" and wanted not in (np.complex64, np.complex128):
            x = x.real
        return x.astype(wanted)

    def gradient(op, grad):
        source = op.inputs[0].dtype.base_dtype
        if source in _DIFFERENTIABLE and grad.dtype.base_dtype in _DIFFERENTIABLE:
            return cast(grad, source)
        return None


def _word(dtype: DType) -> str:
    return {"float32": "float", "float64": "double", "float16": "half"}.get(dtype.name, dtype.name)


def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """`x` as `dtype`; a tensor that is of that type already is returned itself.

    Raises TypeError for types that are none.
    """
    base = dtypes.as_dtype(dtype).base_dtype
    if isinstance(x, Tensor) and base is x.dtype:
        return x
    with name_scope(name, "Cast", [x]) as name:
        if isinstance(x, IndexedSlices):
            return IndexedSlices(cast(x.values, base, name=name), x.indices, x.dense_shape)
        if isinstance(x, SparseTensor):
            return x.with_values(cast(x.values, base, name=name))
        x = convert_to_tensor(x, name="x")
        return x if x.dtype is base else Cast(x, DstT=base, name=name)


def to_float(x: Any, name: str = "ToFloat") -> Tensor:
    """`x` as float32."""
    return cast(x, dtypes.float32, name)


def to_double(x: Any, name: str = "ToDouble") -> Tensor:
    """`x` as float64."""
    return cast(x, dtypes.float64, name)


def to_int32(x: Any, name: str = "ToInt32") -> Tensor:
    """`x` as int32; fractions are cut off."""
    return cast(x, dtypes.int32, name)


def to_int64(x: Any, name: str = "ToInt64") -> Tensor:
    """`x` as int64; fractions are cut off."""
    return cast(x, dtypes.int64, name)


def to_bfloat16(x: Any, name: str = "ToBFloat16") -> Tensor:
    """`x` as bfloat16, which can be built but not run."""
    return cast(x, dtypes.bfloat16, name)


def to_complex64(x: Any, name: str = "ToComplex64") -> Tensor:
    """`x` as complex64."""
    return cast(x, dtypes.complex64, name)


def to_complex128(x: Any, name: str = "ToComplex128") -> Tensor:
    """`x` as complex128."""
    return cast(x, dtypes.complex128, name)


@op
class Conj:
    """The complex conjugate."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = "T: {complex64, complex128, variant} = DT_COMPLEX64"
    infer = unchanged
    kernel = np.conj

    def gradient(op, grad):
        return conj(grad)


def conj(x: Any, name: str | None = None) -> Tensor:
    """The complex conjugate; a real tensor is returned itself. TypeError for what is no number."""
    if isinstance(x, Tensor) and (x.dtype.is_floating or x.dtype.is_integer):
        return x
    with name_scope(name, "Conj", [x]) as name:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex or x.dtype is dtypes.variant:
            return Conj(x, name=name)
        if x.dtype.is_floating or x.dtype.is_integer:
            return x
        raise TypeError(f"Expected numeric or variant tensor, got dtype {x.dtype!r}.")
