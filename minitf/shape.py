"""Shapes known in part: a number of dimensions, each of a size, where they are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


class Dimension:
    """One dimension's size, or None where it is not known.

    Arithmetic gives an unknown Dimension, and comparison None, when a side is unknown.
    """

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = as_size(value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> tuple[type, tuple[int | None]]:
        return Dimension, (self._value,)

    @property
    def value(self) -> int | None:
        return self._value

    def is_compatible_with(self, other: Any) -> bool:
        other = as_size(other)
        return self._value is None or other is None or self._value == other

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raises ValueError unless both are equal or one is unknown."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Dimensions {self} and {other} are not compatible")

    def merge_with(self, other: Any) -> Dimension:
        """What both say together; ValueError when they disagree."""
        other = Dimension(other)
        self.assert_is_compatible_with(other)
        return other if self._value is None else self

    def _arithmetic(self, other: Any, function: Callable[[int, int], int]) -> Any:
        try:
            other = as_size(other)
        except (TypeError, ValueError):
            return NotImplemented
        if self._value is None or other is None:
            return Dimension(None)
        return Dimension(function(self._value, other))

    def _compare(self, other: Any, function: Callable[[int, int], bool]) -> bool | None:
        other = as_size(other)
        if self._value is None or other is None:
            return None
        return function(self._value, other)

    def __add__(self, other: Any) -> Any:
        return self._arithmetic(other, lambda a, b: a + b)

    def __sub__(self, other: Any) -> Any:
        return self._arithmetic(other, lambda a, b: a - b)

    def __rsub__(self, other: Any) -> Any:
        return self._arithmetic(other, lambda a, b: b - a)

    def __mul__(self, other: Any) -> Any:
        return self._arithmetic(other, lambda a, b: a * b)

    def __floordiv__(self, other: Any) -> Any:
        return self._arithmetic(other, lambda a, b: a // b)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._arithmetic(other, lambda a, b: b // a)

    def __mod__(self, other: Any) -> Any:
        return self._arithmetic(other, lambda a, b: a % b)

    def __rmod__(self, other: Any) -> Any:
        return self._arithmetic(other, lambda a, b: b % a)

    def __truediv__(self, other: Any) -> Any:
        raise TypeError(
            f"unsupported operand type(s) for /: 'Dimension' and '{type(other).__name__}', "
            "please use // instead"
        )

    def __rtruediv__(self, other: Any) -> Any:
        raise TypeError(
            f"unsupported operand type(s) for /: '{type(other).__name__}' and 'Dimension', "
            "please use // instead"
        )

    __radd__, __rmul__, __div__ = __add__, __mul__, __floordiv__

    def __eq__(self, other: Any) -> Any:
        try:
            other = as_size(other)
        except (TypeError, ValueError):
            return NotImplemented
        if self._value is None or other is None:
            return None
        return self._value == other

    def __ne__(self, other: Any) -> Any:
        equal = self.__eq__(other)
        return equal if equal is None or equal is NotImplemented else not equal

    def __lt__(self, other: Any) -> bool | None:
        return self._compare(other, lambda a, b: a < b)

    def __le__(self, other: Any) -> bool | None:
        return self._compare(other, lambda a, b: a <= b)

    def __gt__(self, other: Any) -> bool | None:
        return self._compare(other, lambda a, b: a > b)

    def __ge__(self, other: Any) -> bool | None:
        return self._compare(other, lambda a, b: a >= b)

    def __hash__(self) -> int:
        return hash(self._value)

    def __int__(self) -> int:
        return self._value  # type: ignore[return-value]  # None raises TypeError, as it should

    __index__ = __int__

    def __str__(self) -> str:
        return "?" if self._value is None else str(self._value)

    def __repr__(self) -> str:
        return f"Dimension({self._value})"


def as_size(value: Any) -> int | None:
    """A dimension's size as int or None; TypeError or ValueError for what can't be one."""
    if value is None or type(value) is int and value >= 0:
        return value
    if isinstance(value, Dimension):
        return value._value
    try:
        size = value.__index__()
    except (AttributeError, TypeError):
        raise TypeError(
            f"Dimension value must be integer or None or have an __index__ method, got value "
            f"'{value!r}' with type '{type(value)!r}'"
        ) from None
    if size < 0:
        raise ValueError(f"Dimension {size} must be >= 0")
    return size


class TensorShape:
    """A shape known in part; `TensorShape(None)` has an unknown number of dimensions."""

    __slots__ = ("_sizes",)

    def __init__(self, dims: Any) -> None:
        if dims is None:
            self._sizes: tuple[int | None, ...] | None = None
        elif type(dims) is TensorShape:
            self._sizes = dims._sizes
        elif isinstance(dims, (tuple, list)):
            self._sizes = tuple([as_size(d) for d in dims])
        elif hasattr(dims, "dim") and hasattr(dims, "unknown_rank"):  # a TensorShapeProto
            sizes = tuple([None if d.size == -1 else int(d.size) for d in dims.dim])
            self._sizes = None if dims.unknown_rank else sizes
        elif isinstance(dims, (str, bytes)) or not hasattr(dims, "__iter__"):
            self._sizes = (as_size(dims),)
        else:
            try:
                self._sizes = tuple([as_size(d) for d in dims])
            except TypeError:  # a 0-d array: iterable in name only
                self._sizes = (as_size(dims),)

    @property
    def rank(self) -> int | None:
        return None if self._sizes is None else len(self._sizes)

    ndims = rank

    @property
    def dims(self) -> list[Dimension] | None:
        return None if self._sizes is None else [Dimension(d) for d in self._sizes]

    def as_list(self) -> list[int | None]:
        """The sizes as a list with None for unknown ones; ValueError for an unknown rank."""
        if self._sizes is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return list(self._sizes)

    def is_fully_defined(self) -> bool:
        return self._sizes is not None and None not in self._sizes

    def assert_is_fully_defined(self) -> None:
        """Raises ValueError unless every size is known."""
        if not self.is_fully_defined():
            raise ValueError(f"Shape {self} is not fully defined")

    def num_elements(self) -> int | None:
        """The product of all sizes, or None where one is unknown."""
        if not self.is_fully_defined():
            return None
        product = 1
        for size in self._sizes:  # type: ignore[union-attr]
            product *= size  # type: ignore[operator]
        return product

    def is_compatible_with(self, other: Any) -> bool:
        """Whether one array can have both shapes."""
        a, b = self._sizes, as_shape(other)._sizes
        if a is None or b is None:
            return True
        return len(a) == len(b) and all(
            x is None or y is None or x == y for x, y in zip(a, b, strict=True)
        )

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raises ValueError unless one array can have both shapes."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {as_shape(other)} are incompatible")

    def merge_with(self, other: Any) -> TensorShape:
        """What both say together; ValueError when they disagree."""
        other = as_shape(other)
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {other} are not compatible")
        if self._sizes is None or other._sizes is None:
            return other if self._sizes is None else self
        pairs = zip(self._sizes, other._sizes, strict=True)
        return _of([b if a is None else a for a, b in pairs])

    def most_specific_compatible_shape(self, other: Any) -> TensorShape:
        """What holds of both: sizes on which they differ become unknown."""
        a, b = self._sizes, as_shape(other)._sizes
        if a is None or b is None or len(a) != len(b):
            return TensorShape(None)
        return _of([x if x == y else None for x, y in zip(a, b, strict=True)])

    def concatenate(self, other: Any) -> TensorShape:
        """The dimensions of both, one after the other."""
        other = as_shape(other)
        if self._sizes is None or other._sizes is None:
            return TensorShape(None)
        return _of(self._sizes + other._sizes)

    def with_rank(self, rank: int) -> TensorShape:
        """This shape, of `rank` dimensions; ValueError when it has another number."""
        try:
            return self.merge_with(TensorShape([None] * rank))
        except ValueError:
            raise ValueError(f"Shape {self} must have rank {rank}") from None

    def with_rank_at_least(self, rank: int) -> TensorShape:
        """This shape; ValueError when it is known to have fewer dimensions."""
        if self._sizes is not None and len(self._sizes) < rank:
            raise ValueError(f"Shape {self} must have rank at least {rank}")
        return self

    def with_rank_at_most(self, rank: int) -> TensorShape:
        """This shape; ValueError when it is known to have more dimensions."""
        if self._sizes is not None and len(self._sizes) > rank:
            raise ValueError(f"Shape {self} must have rank at most {rank}")
        return self

    def assert_has_rank(self, rank: int) -> None:
        """Raises ValueError unless this shape can have `rank` dimensions."""
        if self.rank not in (None, rank):
            raise ValueError(f"Shape {self} must have rank {rank}")

    def assert_same_rank(self, other: Any) -> None:
        """Raises ValueError when both have known and different ranks."""
        other = as_shape(other)
        if self.rank is not None and other.rank is not None and self.rank != other.rank:
            raise ValueError(f"Shapes {self} and {other} must have the same rank")

    def as_proto(self) -> Any:
        """This shape as a TensorShapeProto; -1 stands for an unknown size."""
        from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

        if self._sizes is None:
            return TensorShapeProto(unknown_rank=True)
        sizes = [-1 if d is None else d for d in self._sizes]
        return TensorShapeProto(dim=[TensorShapeProto.Dim(size=d) for d in sizes])

    def __len__(self) -> int:
        if self._sizes is None:
            raise ValueError("Cannot take the length of shape with unknown rank.")
        return len(self._sizes)

    def __bool__(self) -> bool:
        return self._sizes is not None

    def __iter__(self) -> Iterator[Dimension]:
        if self._sizes is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return iter([Dimension(d) for d in self._sizes])

    def __getitem__(self, key: Any) -> Any:
        if self._sizes is not None:
            if isinstance(key, slice):
                return _of(self._sizes[key])
            return Dimension(self._sizes[key])
        if not isinstance(key, slice):
            return Dimension(None)
        start, stop = key.start or 0, key.stop
        if key.step is not None or stop is None or start < 0 or stop < 0:
            return TensorShape(None)
        return _of([None] * max(stop - start, 0))

    def __add__(self, other: Any) -> TensorShape:
        return self.concatenate(other)

    def __radd__(self, other: Any) -> TensorShape:
        return as_shape(other).concatenate(self)

    def __eq__(self, other: Any) -> Any:
        try:
            return self._sizes == as_shape(other)._sizes
        except (TypeError, ValueError):
            return NotImplemented

    def __ne__(self, other: Any) -> Any:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __hash__(self) -> int:
        return hash(self._sizes)

    def __reduce__(self) -> Any:
        return TensorShape, (None if self._sizes is None else list(self._sizes),)

    def __str__(self) -> str:
        if self._sizes is None:
            return "<unknown>"
        if len(self._sizes) == 1:
            return f"({'?' if self._sizes[0] is None else self._sizes[0]},)"
        return "(" + ", ".join("?" if d is None else str(d) for d in self._sizes) + ")"

    def __repr__(self) -> str:
        if self._sizes is None:
            return "TensorShape(None)"
        return f"TensorShape([{', '.join(repr(Dimension(d)) for d in self._sizes)}])"


def _of(sizes: Any) -> TensorShape:
    """A TensorShape of sizes already known to be right."""
    shape = TensorShape.__new__(TensorShape)
    shape._sizes = tuple(sizes)
    return shape


def dimension_value(dimension: Any) -> Any:
    """A Dimension's size or None; anything else as it is."""
    return dimension._value if isinstance(dimension, Dimension) else dimension


def dimension_at_index(shape: TensorShape, index: int) -> Dimension:
    """One dimension of a shape, an unknown one where the rank is unknown."""
    return Dimension(None) if shape._sizes is None else Dimension(shape._sizes[index])


SCALAR = _of(())
UNKNOWN = TensorShape(None)


def as_shape(shape: Any) -> TensorShape:
    """`shape` as a TensorShape."""
    return shape if type(shape) is TensorShape else TensorShape(shape)


def unknown_shape(rank: int | None = None) -> TensorShape:
    """A shape of `rank` unknown sizes, or of unknown rank."""
    return UNKNOWN if rank is None else _of([None] * rank)


def scalar() -> TensorShape:
    """The shape of a number."""
    return SCALAR


def vector(length: Any) -> TensorShape:
    """The shape of a vector."""
    return TensorShape([length])


def matrix(rows: Any, cols: Any) -> TensorShape:
    """The shape of a matrix."""
    return TensorShape([rows, cols])


def broadcast(a: TensorShape, b: TensorShape) -> TensorShape:
    """The shape two arrays of shapes `a` and `b` broadcast to, by NumPy's rule.

    Raises ValueError when they cannot.
    """
    x, y = a._sizes, b._sizes
    if x == y and x is not None and None not in x:
        return a
    if x is None or y is None:
        return UNKNOWN
    if len(x) < len(y):
        x, y = y, x
    sizes = list(x[: len(x) - len(y)])
    for m, n in zip(x[len(x) - len(y) :], y, strict=True):
        if m == 1 or n == 1:
            sizes.append(n if m == 1 else m)
        elif m is None or n is None:
            sizes.append(n if m is None else m)
        elif m == n:
            sizes.append(m)
        else:
            first, second = (m, n) if len(a) >= len(b) else (n, m)
            raise ValueError(f"Dimensions must be equal, but are {first} and {second}")
    return _of(sizes)


def merged(a: TensorShape, b: TensorShape) -> TensorShape:
    """What both shapes say together; ValueError in shape inference's words when they disagree."""
    x, y = a._sizes, b._sizes
    if x is None or y is None:
        return b if x is None else a
    if len(x) != len(y):
        raise ValueError(f"Shapes must be equal rank, but are {len(x)} and {len(y)}")
    for i, (m, n) in enumerate(zip(x, y, strict=True)):
        if m is not None and n is not None and m != n:
            raise ValueError(
                f"Dimension {i} in both shapes must be equal, but are {m} and {n}. Shapes are "
                f"{brackets(a)} and {brackets(b)}."
            )
    return as_shape([n if m is None else m for m, n in zip(x, y, strict=True)])


def brackets(shape: TensorShape) -> str:
    """A shape as kernels and shape functions print it: `[2,?]`."""
    if shape._sizes is None:
        return "<unknown>"
    return "[" + ",".join("?" if d is None else str(d) for d in shape._sizes) + "]"


def shape_of(array: Any) -> str:
    """An array's shape as kernels print it: `[2,3]`."""
    return "[" + ",".join(map(str, np.shape(array))) + "]"
