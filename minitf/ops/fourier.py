"""Discrete Fourier transforms over the last dimensions, of complex and of real numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_shape, get_static_value
from minitf.op import convert_to_tensor, op
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops import slicing as _slices  # noqa: F401  (gives tensors their slices)
from minitf.ops.arithmetic import maximum
from minitf.ops.casts import cast, conj
from minitf.ops.complex_numbers import real
from minitf.ops.cutting import unstack
from minitf.ops.division import mod
from minitf.ops.elementwise import exp, reciprocal
from minitf.ops.filling import ones, range_of, zeros, zeros_like
from minitf.ops.joining import concat, stack
from minitf.ops.matmul import matmul
from minitf.ops.padding import pad, tile
from minitf.ops.rearranging import transpose
from minitf.ops.reductions import reduce_prod
from minitf.ops.shapes import expand_dims, rank, reshape, shape
from minitf.ops.sizes import at_least_rank
from minitf.shape import TensorShape, unknown_shape
from minitf.tensor import Tensor

_COMPLEX = "Tcomplex: {complex64, complex128} = DT_COMPLEX64"
_BOTH = f"Treal: {{float, double}} = DT_FLOAT, {_COMPLEX}"


def _transform(transform: Callable[..., Any], dims: int) -> Any:
    def kernel(x):
        if np.ndim(x) < dims:
            raise InvalidArgumentError(None, None, f"Input must have rank of at least {dims}")
        return transform(x, axes=range(-dims, 0)).astype(x.dtype)

    return kernel


def _infer(dims: int) -> Any:
    def infer(input):
        return at_least_rank(input, dims)

    return infer


def _count(grad: Tensor, dims: int) -> Tensor:
    return reduce_prod(shape(grad)[-dims:])


def _by_inverse(inverse: str, dims: int) -> Any:
    def gradient(op, grad):
        count = cast(_count(grad, dims), grad.dtype)
        return globals()[inverse](grad) * count

    return gradient


def _by_forward(forward: str, dims: int) -> Any:
    def gradient(op, grad):
        share = 1.0 / cast(_count(grad, dims), grad.dtype.real_dtype)
        share = cast(share, grad.dtype)
        return globals()[forward](grad) * share

    return gradient


@op
class FFT:
    """The transform of the last dimension."""

    inputs, outputs, attrs = "input: Tcomplex", "output: Tcomplex", _COMPLEX
    infer, kernel, gradient = _infer(1), _transform(np.fft.fftn, 1), _by_inverse("IFFT", 1)


@op
class IFFT:
    """The inverse transform of the last dimension."""

    inputs, outputs, attrs = "input: Tcomplex", "output: Tcomplex", _COMPLEX
    infer, kernel, gradient = _infer(1), _transform(np.fft.ifftn, 1), _by_forward("FFT", 1)


@op
class FFT2D:
    """The transform of the last two dimensions."""

    inputs, outputs, attrs = "input: Tcomplex", "output: Tcomplex", _COMPLEX
    infer, kernel, gradient = _infer(2), _transform(np.fft.fftn, 2), _by_inverse("IFFT2D", 2)


@op
class IFFT2D:
    """The inverse transform of the last two dimensions."""

    inputs, outputs, attrs = "input: Tcomplex", "output: Tcomplex", _COMPLEX
    infer, kernel, gradient = _infer(2), _transform(np.fft.ifftn, 2), _by_forward("FFT2D", 2)


@op
class FFT3D:
    """The transform of the last three dimensions."""

    inputs, outputs, attrs = "input: Tcomplex", "output: Tcomplex", _COMPLEX
    infer, kernel, gradient = _infer(3), _transform(np.fft.fftn, 3), _by_inverse("IFFT3D", 3)


@op
class IFFT3D:
    """The inverse transform of the last three dimensions."""

    inputs, outputs, attrs = "input: Tcomplex", "output: Tcomplex", _COMPLEX
    infer, kernel, gradient = _infer(3), _transform(np.fft.ifftn, 3), _by_forward("FFT3D", 3)


def _infer_real(dims: int, halved: bool) -> Any:
    def infer(input, fft_length):
        known = at_least_rank(input, dims)
        if known._sizes is None:
            return unknown_shape()
        lengths = list(constant_shape(fft_length)._sizes or [None] * dims)
        if halved and lengths[-1]:
            lengths[-1] = lengths[-1] // 2 + 1
        return TensorShape([*known._sizes[:-dims], *lengths])

    return infer


def _lengths(x: np.ndarray, lengths: np.ndarray, dims: int, halved: bool) -> tuple[int, ...]:
    if np.shape(lengths) != (dims,):
        raise InvalidArgumentError(None, None, f"fft_length must have shape [{dims}]")
    sizes = [int(n) for n in lengths]
    for i, n in enumerate(sizes):
        last = i == dims - 1
        wanted = n // 2 + 1 if last and halved else n
        if x.shape[i - dims] < wanted:
            raise InvalidArgumentError(
                None,
                None,
                f"Input dimension {x.ndim - dims + i} must have length of at least {wanted} but "
                f"got: {x.shape[i - dims]}",
            )
    return tuple(sizes)


def _real_transform(dims: int) -> Any:
    def kernel(x, fft_length, *, Tcomplex):
        sizes = _lengths(x, fft_length, dims, False)
        return np.fft.rfftn(x, sizes, range(-dims, 0)).astype(Tcomplex.as_numpy_dtype)

    return kernel


def _real_inverse(dims: int) -> Any:
    def kernel(x, fft_length, *, Treal):
        sizes = _lengths(x, fft_length, dims, True)
        return np.fft.irfftn(x, sizes, range(-dims, 0)).astype(Treal.as_numpy_dtype)

    return kernel


def _from_halves(inverse: str, dims: int) -> Any:
    """The gradient of a transform of real numbers, half of which is left out as conjugate."""

    def gradient(op, grad):
        length, dtype = op.inputs[1], grad.dtype
        sizes = shape(op.inputs[0])
        is_even = cast(1 - (length[-1] % 2), dtype)
        first = grad[..., 0:1]
        if dims == 1:
            last = grad[..., -1:]
            extra = first + is_even * last * _alternating(sizes[-1], dtype)
        else:
            waves = _tiled(_waves(sizes[-2], dtype), first)
            extra = matmul(waves, conj(first))
            last = matmul(waves, conj(grad[..., -1:]))
            across = sizes[-1]
            wide = concat([ones([rank(grad) - 1], dtypes.int32), [across]], 0)
            extra = extra + is_even * (tile(last, wide) * _alternating(across, dtype))
        count = cast(_count(op.inputs[0], dims), dtype.real_dtype)
        inverted = globals()[inverse](grad, length)
        return 0.5 * (inverted * count + real(extra)), None

    return gradient


def _alternating(length: Tensor, dtype: Any) -> Tensor:
    return cast(1 - 2 * (range_of(length) % 2), dtype)


def _waves(length: Tensor, dtype: Any) -> Tensor:
    rows = tile(expand_dims(range_of(length), 0), (length, 1))
    turns = rows * transpose(rows, [1, 0])
    return exp(-2j * math.pi * cast(turns, dtype) / cast(length, dtype))


def _tiled(matrix: Tensor, like: Tensor) -> Tensor:
    wide = concat([ones([rank(like) - 2], dtypes.int32), shape(matrix)], 0)
    return tile(reshape(matrix, wide), concat([shape(like)[:-2], [1, 1]], 0))


def _to_halves(forward: str, dims: int) -> Any:
    """The gradient of an inverse that gives real numbers: inner frequencies count twice."""

    def gradient(op, grad):
        length = op.inputs[1]
        known = get_static_value(length)
        length = length if known is None else known
        dtype = grad.dtype
        is_odd = mod(length[-1], 2, name="mod")
        last = shape(op.inputs[0])[-1]
        inner = 2.0 * ones([last - 2 + is_odd], dtype)
        mask = concat([[1.0], inner, ones([1 - is_odd], dtype)], 0)
        share = reciprocal(cast(_count(grad, dims), dtype))
        spectrum = globals()[forward](grad, length)
        wide = dtypes.complex64 if dtype == dtypes.float32 else dtypes.complex128
        return spectrum * cast(share * mask, wide), None

    return gradient


@op
class RFFT:
    """The transform of the last dimension of real numbers: its first half and one."""

    inputs, outputs, attrs = "input: Treal, fft_length: int32", "output: Tcomplex", _BOTH
    infer, kernel, gradient = _infer_real(1, True), _real_transform(1), _from_halves("irfft", 1)


@op
class IRFFT:
    """The real numbers whose transform this is the first half and one of."""

    inputs, outputs, attrs = "input: Tcomplex, fft_length: int32", "output: Treal", _BOTH
    infer, kernel, gradient = _infer_real(1, False), _real_inverse(1), _to_halves("rfft", 1)


@op
class RFFT2D:
    """The transform of the last two dimensions of real numbers."""

    inputs, outputs, attrs = "input: Treal, fft_length: int32", "output: Tcomplex", _BOTH
    infer, kernel, gradient = _infer_real(2, True), _real_transform(2), _from_halves("irfft2d", 2)


@op
class IRFFT2D:
    """The real numbers whose transform of two dimensions this is the first half and one of."""

    inputs, outputs, attrs = "input: Tcomplex, fft_length: int32", "output: Treal", _BOTH
    infer, kernel, gradient = _infer_real(2, False), _real_inverse(2), _to_halves("rfft2d", 2)


fft, ifft, fft2d, ifft2d, fft3d, ifft3d = FFT, IFFT, FFT2D, IFFT2D, FFT3D, IFFT3D


def _padded(x: Tensor, dims: int, length: Tensor, halved: bool) -> Tensor:
    """The input with zeros behind, where it is shorter than the transform."""
    wanted = constant_shape(length)
    if x.shape.ndims is not None and 0 in x.shape.as_list():
        return x
    if wanted.is_fully_defined() and x.shape.ndims is not None:
        sizes, have = wanted.as_list(), x.shape[-len(wanted.as_list()) :]
        if have.is_fully_defined():
            if halved:
                sizes[-1] = sizes[-1] // 2 + 1
            lacking = [[0, max(n - m, 0)] for n, m in zip(sizes, have.as_list(), strict=True)]
            if not any(after for _, after in lacking):
                return x
            return pad(x, [[0, 0]] * max(x.shape.ndims - len(sizes), 0) + lacking)
    number = rank(x)
    sizes = shape(x)[-dims:]
    outer = zeros([maximum(0, number - dims)], length.dtype)
    if halved:
        length = concat([length[:-1], length[-1:] // 2 + 1], 0)
    after = concat([outer, maximum(0, length - sizes)], 0)
    return pad(x, stack([zeros_like(after), after], axis=1))


def _real_wrapper(make: Any, dims: int, title: str) -> Any:
    def transform(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
        with name_scope(name, title, [input_tensor, fft_length]) as name:
            x = convert_to_tensor(input_tensor, preferred_dtype=dtypes.float32)
            if x.dtype not in (dtypes.float32, dtypes.float64):
                raise ValueError(f"RFFT requires tf.float32 or tf.float64 inputs, got: {x}")
            wide = dtypes.complex64 if x.dtype == dtypes.float32 else dtypes.complex128
            x.shape.with_rank_at_least(dims)
            if fft_length is not None:
                length = convert_to_tensor(fft_length, dtypes.int32)
            elif x.shape[-dims:].is_fully_defined():
                length = convert_to_tensor(x.shape[-dims:].as_list(), dtypes.int32)
            else:
                length = shape(x)[-dims:]
            x = _padded(x, dims, length, False)
            known = get_static_value(length)
            return make(x, length if known is None else known, Tcomplex=wide, name=name)

    transform.__name__ = transform.__qualname__ = title
    transform.__doc__ = make.__doc__
    return transform


def _inverse_wrapper(make: Any, dims: int, title: str) -> Any:
    def transform(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
        with name_scope(name, title, [input_tensor, fft_length]) as name:
            x = convert_to_tensor(input_tensor, preferred_dtype=dtypes.complex64)
            x.shape.with_rank_at_least(dims)
            if x.dtype not in (dtypes.complex64, dtypes.complex128):
                raise ValueError(f"IRFFT requires tf.complex64 or tf.complex128 inputs, got: {x}")
            narrow = x.dtype.real_dtype
            if fft_length is not None:
                length = convert_to_tensor(fft_length, dtypes.int32)
            else:
                length = _inverse_lengths(x, dims)
            x = _padded(x, dims, length, True)
            known = get_static_value(length)
            return make(x, length if known is None else known, Treal=narrow, name=name)

    transform.__name__ = transform.__qualname__ = title
    transform.__doc__ = make.__doc__
    return transform


def _inverse_lengths(x: Tensor, dims: int) -> Tensor:
    known = x.shape[-dims:]
    if not known.is_fully_defined():
        lengths = unstack(shape(x)[-dims:])
        lengths[-1] = maximum(0, 2 * (lengths[-1] - 1))
        return stack(lengths)
    sizes = known.as_list()
    sizes[-1] = max(0, 2 * (sizes[-1] - 1))
    return convert_to_tensor(sizes, dtypes.int32)


rfft, irfft = _real_wrapper(RFFT, 1, "rfft"), _inverse_wrapper(IRFFT, 1, "irfft")
rfft2d, irfft2d = _real_wrapper(RFFT2D, 2, "rfft2d"), _inverse_wrapper(IRFFT2D, 2, "irfft2d")
