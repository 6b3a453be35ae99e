"""Numbers read from strings and written to them, and lines of comma-separated values."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.infer import unchanged
from minitf.op import op
from minitf.ops.strings import text_of
from minitf.tensor import Tensor

_SPACE = " \t\n\v\f\r"
_INTEGER = re.compile(r"[+-]?[0-9]+")
_FLOAT = re.compile(r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)", re.I | re.A)
_HEXADECIMAL = re.compile(r"[+-]?0x[0-9a-f.]+(?:p[+-]?\d+)?", re.I)


def _number(data: bytes, dtype: np.dtype) -> Any:
    """The number that a string spells, white space around it; None where it spells none."""
    text = text_of(data).strip(_SPACE)
    if dtype.kind == "f":
        if _HEXADECIMAL.fullmatch(text):
            return float.fromhex(text)
        return float(text) if _FLOAT.fullmatch(text) else None
    if not _INTEGER.fullmatch(text) or (dtype.kind == "u" and text[0] == "-"):
        return None
    bounds = np.iinfo(dtype)
    return int(text) if bounds.min <= int(text) <= bounds.max else None


def _as_numbers(values: list[Any], dtype: np.dtype, shape: tuple[int, ...]) -> Any:
    with np.errstate(over="ignore"):  # too large a number is infinite
        array = np.array(values, dtype if dtype.kind != "f" else np.float64).astype(dtype)
    return array.reshape(shape) if shape else array[0]


@op
class StringToNumber:
    """The number that each string spells."""

    inputs = "string_tensor: string"
    outputs = "output: out_type"
    attrs = "out_type: {float, double, int32, int64, uint32, uint64} = DT_FLOAT"
    infer = unchanged

    def kernel(strings, *, out_type):
        dtype = np.dtype(out_type.as_numpy_dtype)
        values = []
        for data in np.asarray(strings, object).flat:
            values.append(_number(data, dtype))
            if values[-1] is None:
                raise InvalidArgumentError(
                    None,
                    None,
                    f"StringToNumberOp could not correctly convert string: {text_of(data)}",
                )
        return _as_numbers(values, dtype, np.shape(strings))

    gradient = None


def string_to_number(
    string_tensor: Any = None,
    out_type: Any = dtypes.float32,
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The number that each string spells; a run fails where one spells none."""
    if string_tensor is not None and input is not None:
        raise ValueError("Cannot specify both 'string_tensor' and 'input'.")
    strings = input if string_tensor is None else string_tensor
    return StringToNumber(strings, out_type=out_type, name=name)


def _check_format(dtype: Any, precision: int, scientific: bool, shortest: bool, fill: str) -> None:
    """InvalidArgumentError for a format that there is not, or not for this type."""
    message = None
    plain = not (dtype.is_floating or dtype.is_complex or dtype is dtypes.string)
    if scientific and shortest:
        message = "Cannot select both scientific and shortest notation"
    elif plain and (scientific or shortest):
        message = f"scientific and shortest format not supported for datatype {dtype.name}"
    elif plain and precision > -1:
        message = f"precision not supported for datatype {dtype.name}"
    elif len(fill) > 1:
        message = "Fill string must be one or fewer characters"
    elif fill and fill not in " +-0#":
        message = f'Fill argument not supported: "{fill}"'
    if message:
        raise InvalidArgumentError(None, None, message)


@op
class AsString:
    """Each element as a string, in the format that C's printf gives it."""

    inputs = "input: T"
    outputs = "output: string"
    attrs = (
        "T: {float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, "
        "uint64, complex64, complex128, bool, variant, string}, precision: int = -1, "
        "scientific: bool = false, shortest: bool = false, width: int = -1, fill: string = ''"
    )
    infer = unchanged

    def kernel(input, *, T, precision, scientific, shortest, width, fill):
        _check_format(T, precision, scientific, shortest, fill)
        letter = "g" if shortest else "e" if scientific else "f"
        sizes = (str(width) if width > -1 else "") + (f".{precision}" if precision > -1 else "")

        def text(value: Any) -> bytes:
            if T is dtypes.bool:
                return b"true" if value else b"false"
            if T is dtypes.string:
                wide = value.ljust if fill == "-" else value.rjust
                return wide(max(width, 0))
            if T.is_complex:
                parts = (
                    _formatted(float(v), fill, sizes, letter) for v in (value.real, value.imag)
                )
                return f"({','.join(parts)})".encode()
            if T.is_floating:
                return _formatted(float(value), fill, sizes, letter).encode()
            return (f"%{fill}{sizes}d" % int(value)).encode()

        if not np.ndim(input):
            return text(input)
        result = np.empty(input.shape, object)
        for place, value in np.ndenumerate(input):
            result[place] = text(value)
        return result

    gradient = None


def _formatted(value: float, fill: str, sizes: str, letter: str) -> str:
    if not math.isfinite(value) and fill == "0":  # C pads these with spaces
        fill = ""
    return f"%{fill}{sizes}{letter}" % value


def as_string(
    input: Any,
    precision: int = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: int = -1,
    fill: str = "",
    name: str | None = None,
) -> Tensor:
    """Each element as a string; a run fails for a format that does not fit the type.

    `precision` counts the digits after the point, `width` the characters at least, with `fill`
    (a printf flag) before them.
    """
    return AsString(
        input,
        precision=precision,
        scientific=scientific,
        shortest=shortest,
        width=width,
        fill=fill,
        name=name,
    )


class _Line:
    """One record, read field by field."""

    def __init__(self, data: bytes, delimiter: bytes, quotes: bool) -> None:
        self.data, self.delimiter, self.quotes = data, delimiter, quotes
        self.place = 0

    def fields(self) -> list[bytes]:
        """The record's fields, quotes taken off; InvalidArgumentError where they don't fit."""
        found = []
        while self.place < len(self.data):
            if self.data[self.place : self.place + 1] in (b"\n", b"\r"):
                self.place += 1
            elif self.quotes and self.data[self.place : self.place + 1] == b'"':
                found.append(self._quoted())
            else:
                found.append(self._plain())
        if self.data.endswith(self.delimiter) and self.data:
            found.append(b"")
        return found

    def _plain(self) -> bytes:
        end = self.data.find(self.delimiter, self.place)
        end = len(self.data) if end < 0 else end
        field = self.data[self.place : end]
        if any(c in field for c in (b"\n", b"\r", *([b'"'] if self.quotes else []))):
            raise _bad_line("Unquoted fields cannot have quotes/CRLFs inside")
        self.place = end + 1
        return field

    def _quoted(self) -> bytes:
        field, start = b"", self.place + 1
        while True:
            end = self.data.find(b'"', start)
            if end < 0:
                raise _bad_line("Quoted field has to end with quote followed by delim or end")
            field += self.data[start:end]
            after = self.data[end + 1 : end + 2]
            if after in (b"", self.delimiter):
                self.place = end + 2
                return field
            if after != b'"':
                raise _bad_line("Quote inside a string has to be escaped by another quote")
            field += b'"'
            start = end + 2


def _bad_line(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _field(data: bytes, default: Any, dtype: Any, missing: bytes, place: tuple[int, int]) -> Any:
    """A field's value, the default where it is empty; InvalidArgumentError where it has none."""
    if not data or data == missing:
        if not np.size(default):
            raise _bad_line(f"Field {place[0]} is required but missing in record {place[1]}!")
        return np.asarray(default, dtype.as_numpy_dtype).reshape(-1)[0]
    if dtype is dtypes.string:
        return data
    value = _number(data, np.dtype(dtype.as_numpy_dtype))
    if value is None:
        kind = {"float32": "float", "float64": "double"}.get(dtype.name, dtype.name)
        raise _bad_line(
            f"Field {place[0]} in record {place[1]} is not a valid {kind}: {text_of(data)}"
        )
    return value


@op
class DecodeCSV:
    """The columns of comma-separated values, each of its default's type."""

    inputs = "records: string, record_defaults: OUT_TYPE"
    outputs = "output: OUT_TYPE"
    attrs = (
        "OUT_TYPE: list({float, double, int32, int64, string}) >= 1, field_delim: string = ',', "
        "use_quote_delim: bool = true, na_value: string = '', select_cols: list(int) = []"
    )

    def infer(records, record_defaults):
        for default in record_defaults:
            sizes = default.shape.as_list() if default.shape.ndims is not None else []
            if len(sizes) > 1 or sizes and (sizes[0] or 0) > 1:
                raise ValueError(
                    "Shape of a default must be a length-0 or length-1 vector, or a scalar."
                )
        return tuple(records.shape for _ in record_defaults)

    def kernel(records, defaults, *, OUT_TYPE, field_delim, use_quote_delim, na_value, select_cols):
        if len(field_delim) != 1:
            raise _bad_line("field_delim should be only 1 char")
        columns: list[list[Any]] = [[] for _ in defaults]
        for row, data in enumerate(np.asarray(records, object).flat):
            fields = _Line(data, field_delim.encode(), use_quote_delim).fields()
            if select_cols:
                fields = [fields[i] for i in select_cols if i < len(fields)]
            if len(fields) != len(defaults):
                raise _bad_line(
                    f"Expect {len(defaults)} fields but have {len(fields)} in record {row}"
                )
            for i, column in enumerate(columns):
                missing = na_value.encode()
                column.append(_field(fields[i], defaults[i], OUT_TYPE[i], missing, (i, row)))
        shape = np.shape(records)
        return tuple(_column(c, t, shape) for c, t in zip(columns, OUT_TYPE, strict=True))

    gradient = None


def _column(values: list[Any], dtype: Any, shape: tuple[int, ...]) -> Any:
    if dtype is not dtypes.string:
        return _as_numbers(values, np.dtype(dtype.as_numpy_dtype), shape)
    strings = np.empty(len(values), object)
    strings[:] = values
    return strings.reshape(shape) if shape else strings[0]


def decode_csv(
    records: Any,
    record_defaults: list[Any],
    field_delim: str = ",",
    use_quote_delim: bool = True,
    name: str | None = None,
    na_value: str = "",
    select_cols: list[int] | None = None,
) -> list[Tensor]:
    """The columns of comma-separated values, each of the type and shape its default says.

    A default stands for empty fields; an empty vector as default means there must be none.
    Raises ValueError for `select_cols` that don't grow or don't fit the defaults.
    """
    if select_cols is not None:
        if any(a >= b for a, b in itertools.pairwise(select_cols)):
            raise ValueError("select_cols is not strictly increasing.")
        if select_cols[0] < 0:
            raise ValueError("select_cols contains negative values.")
        if len(select_cols) != len(record_defaults):
            raise ValueError("Length of select_cols and record_defaults do not match.")
    return DecodeCSV(
        records,
        record_defaults,
        field_delim=field_delim,
        use_quote_delim=use_quote_delim,
        na_value=na_value,
        select_cols=select_cols or [],
        name=name,
    )
