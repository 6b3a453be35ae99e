"""Variables in several parts, each a variable of its own; partitioners say how many."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from minitf import dtypes, registry
from minitf.graph import control_dependencies, name_scope
from minitf.op import convert_to_tensor, register_tensor_conversion_function
from minitf.shape import TensorShape, as_shape
from minitf.tensor import Tensor
from minitf.variable_parts import SaveSliceInfo

Partitioner = Callable[..., Sequence[int]]


def fixed_size_partitioner(num_shards: int, axis: int = 0) -> Partitioner:
    """A partitioner into this many parts along `axis`, or as many as there are rows."""

    def partitioner(shape: TensorShape, **unused: Any) -> list[int]:
        parts = [1] * len(shape)
        rows: Any = shape.as_list()[axis]
        parts[axis] = min(num_shards, rows)
        return parts

    return partitioner


def variable_axis_size_partitioner(
    max_shard_bytes: int,
    axis: int = 0,
    bytes_per_string_element: int = 16,
    max_shards: int | None = None,
) -> Partitioner:
    """A partitioner along `axis` into parts of at most `max_shard_bytes` bytes."""
    if max_shard_bytes < 1 or bytes_per_string_element < 1:
        raise ValueError(
            "Both max_shard_bytes and bytes_per_string_element must be positive. Currently, "
            f"max_shard_bytes is {max_shard_bytes} and bytes_per_string_element is "
            f"{bytes_per_string_element}"
        )
    if max_shards and max_shards < 1:
        raise ValueError("max_shards must be positive.")

    def partitioner(shape: TensorShape, dtype: Any) -> list[int]:
        if not isinstance(shape, TensorShape):
            raise ValueError(f"shape is not a TensorShape: {shape}")
        if not shape.is_fully_defined():
            raise ValueError(f"shape is not fully defined: {shape}")
        rows: Any = shape.as_list()[axis]
        elements: Any = shape.num_elements()
        row_bytes = elements / rows * _element_bytes(dtype, bytes_per_string_element)
        rows_in_part = max(1, math.floor(max_shard_bytes / row_bytes))
        count = math.ceil(rows / rows_in_part)
        parts = [1] * len(shape)
        parts[axis] = min(max_shards, count) if max_shards else count
        return parts

    return partitioner


def min_max_variable_partitioner(
    max_partitions: int = 1,
    axis: int = 0,
    min_slice_size: int = 256 << 10,
    bytes_per_string_element: int = 16,
) -> Partitioner:
    """A partitioner into at most `max_partitions` parts of at least `min_slice_size` bytes."""

    def partitioner(shape: TensorShape, dtype: Any) -> list[int]:
        if axis >= len(shape):
            raise ValueError(
                f"Cannot partition variable along axis {axis} when shape is only {shape}"
            )
        elements: Any = shape.num_elements()
        size = elements * _element_bytes(dtype, bytes_per_string_element)
        rows: Any = shape.as_list()[axis]
        parts = [1] * len(shape)
        parts[axis] = max(1, min(rows, max_partitions, math.ceil(size / min_slice_size)))
        return parts

    return partitioner


def _element_bytes(dtype: Any, bytes_per_string_element: int) -> int:
    dtype = dtypes.as_dtype(dtype).base_dtype
    return bytes_per_string_element if dtype == dtypes.string else dtype.size


class PartitionInfo:
    """What initializers are told of a part: the whole variable's shape, and where the part is."""

    def __init__(self, full_shape: list[int], var_offset: list[int]) -> None:
        for offset, size in zip(var_offset, full_shape, strict=True):
            if not 0 <= offset < size:
                raise ValueError(
                    f"Expected 0 <= offset < shape but found offset={offset}, shape={size} for "
                    f"var_offset={var_offset}, full_shape={full_shape}"
                )
        self._full_shape = full_shape
        self._var_offset = var_offset

    @property
    def full_shape(self) -> list[int]:
        return self._full_shape

    @property
    def var_offset(self) -> list[int]:
        return self._var_offset

    def single_slice_dim(self, shape: list[int]) -> int | None:
        """The dimension along which a part of this shape is cut; ValueError for several."""
        cut = [i for i, size in enumerate(shape) if size != self._full_shape[i]]
        if len(cut) > 1:
            raise ValueError(
                f"Cannot use single_slice_dim() with shape={shape} and full_shape="
                f"{self._full_shape} since slice dim could be either dimension {cut[0]} or "
                f"{cut[1]}."
            )
        return cut[0] if cut else None

    def single_offset(self, shape: list[int]) -> int:
        """Where the part begins in that dimension."""
        cut = self.single_slice_dim(shape)
        return 0 if cut is None else self._var_offset[cut]


class PartitionedVariable:
    """The variables that together are one: iterates over them, and converts to the whole."""

    def __init__(
        self, name: str, shape: TensorShape, dtype: Any, variable_list: list[Any], partitions: Any
    ) -> None:
        self._name = name
        self._shape = shape
        self._dtype = dtype
        self._variable_list = list(variable_list)
        self._partitions = partitions

    @property
    def name(self) -> str:
        return self._name

    @property
    def dtype(self) -> Any:
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        return self._shape

    def get_shape(self) -> TensorShape:
        """The shape of the whole."""
        return self._shape

    def __iter__(self) -> Iterator[Any]:
        return iter(self._variable_list)

    def __len__(self) -> int:
        return len(self._variable_list)

    def _get_variable_list(self) -> list[Any]:
        return self._variable_list

    def _get_partitions(self) -> Any:
        return self._partitions

    @property
    def _axis(self) -> int:
        return next((i for i, count in enumerate(self._partitions) if count > 1), 0)

    def as_tensor(self) -> Tensor:
        """The parts' values, joined."""
        from minitf.ops.joining import concat

        with control_dependencies(None):
            whole: Any = self._variable_list[0]
            if len(self._variable_list) > 1:
                with name_scope(f"{self._name}/ConcatPartitions/"):
                    whole = concat(self._variable_list, self._axis)
            with name_scope(None):
                return registry.get("Identity")(whole, name=self._name)

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> list[Any]:
        """An op for each part that assigns its part of `value`."""
        return self._each("assign", value, use_locking, name, read_value)

    def assign_add(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> list[Any]:
        """An op for each part that adds its part of `value`."""
        return self._each("assign_add", value, use_locking, name, read_value)

    def assign_sub(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> list[Any]:
        """An op for each part that subtracts its part of `value`."""
        return self._each("assign_sub", value, use_locking, name, read_value)

    def _each(self, method: str, value: Any, *options: Any) -> list[Any]:
        from minitf.ops.cutting import split

        if isinstance(value, (list, PartitionedVariable)):
            values = list(value)
        else:
            sizes = [part.shape.as_list()[self._axis] for part in self._variable_list]
            values = split(value, sizes, axis=self._axis)
        return [
            getattr(part, method)(part_value, *options)
            for part, part_value in zip(self._variable_list, values, strict=True)
        ]


def _to_tensor(
    variable: PartitionedVariable, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Tensor:
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type "
            f"'{variable.dtype.name}'"
        )
    if as_ref:
        raise NotImplementedError("PartitionedVariable doesn't support being used as a reference.")
    return variable.as_tensor()


register_tensor_conversion_function(PartitionedVariable, _to_tensor)


def partitioned_variable(
    store: Any,
    name: str,
    partitioner: Partitioner | None,
    shape: Any,
    dtype: Any,
    initializer: Any,
    reuse: Any,
    options: dict[str, Any],
) -> PartitionedVariable:
    """The partitioned variable of this name in a VariableStore, found or made.

    Raises ValueError as `get_variable` does, and for a partitioner that does not fit the shape.
    """
    if name in store._vars:
        raise ValueError(
            "A partitioner was provided, but an unpartitioned version of the variable was found: "
            f"{name}.  Perhaps a variable of the same name was already created without "
            "partitioning?"
        )
    shape = as_shape(shape)
    if isinstance(initializer, Tensor):
        shape = shape.merge_with(initializer.shape)
    partitions = None
    if not reuse or partitioner:
        partitions = _partitions(partitioner, shape, dtype)  # type: ignore[arg-type]
    if name in store._partitioned_vars:
        return _shared(store._partitioned_vars[name], name, shape, dtype, partitions, reuse)
    if reuse is True:
        raise ValueError(
            f"PartitionedVariable {name} does not exist, or was not created with "
            "tf.get_variable(). Did you mean to set reuse=False or reuse=tf.AUTO_REUSE in VarScope?"
        )
    parts = []
    sizes = shape.as_list()
    for i, (offset, part_sizes) in enumerate(_slices(sizes, partitions)):  # type: ignore[arg-type]
        part_name = f"{name}/part_{i}"
        with name_scope(f"{part_name}/PartitionedInitializer"):
            value, part_shape, dtype = _initial(initializer, offset, part_sizes, dtype)
        with name_scope(None):
            info = PartitionInfo(sizes, offset)
            part = store.single(part_name, part_shape, dtype, value, reuse, options, info)
        part._set_save_slice_info(SaveSliceInfo(name, sizes, offset, part_sizes))
        parts.append(part)
    whole = PartitionedVariable(name, shape, dtype, parts, partitions)
    store._partitioned_vars[name] = whole
    return whole


def _shared(
    found: PartitionedVariable,
    name: str,
    shape: TensorShape,
    dtype: Any,
    partitions: Any,
    reuse: Any,
) -> PartitionedVariable:
    if reuse is False:
        raise ValueError(
            f"Partitioned variable with name {name} already exists. Did you mean to set reuse=True "
            "or reuse=tf.AUTO_REUSE in VarScope?"
        )
    for what, given, there, fits in (
        ("shape", shape, found.shape, shape.is_compatible_with(found.shape)),
        ("dtype", dtype.name, found.dtype.name, dtype.is_compatible_with(found.dtype)),
        ("partitions", partitions, found._partitions, partitions in (None, found._partitions)),
    ):
        if not fits:
            raise ValueError(
                f"Trying to reuse partitioned variable {name}, but specified {what} {given} and "
                f"found {what} {there}."
            )
    return found


def _initial(initializer: Any, offset: list[int], sizes: list[int], dtype: Any) -> Any:
    """A part's initializer, its shape where that is not the initializer's own, and its type."""
    if initializer is None or callable(initializer):
        return initializer, sizes, dtype
    from minitf.ops.slicing import slice_of

    whole = convert_to_tensor(initializer, None if isinstance(initializer, Tensor) else dtype)
    value = slice_of(whole, offset, sizes)
    return value, None, value.dtype.base_dtype


def _partitions(partitioner: Partitioner, shape: TensorShape, dtype: Any) -> Sequence[int]:
    """What the partitioner says, checked."""
    if not shape.is_fully_defined():
        raise ValueError(
            f"Shape of a new partitioned variable must be fully defined, but instead was {shape}."
        )
    if not len(shape):
        raise ValueError(f"A partitioned Variable must have rank at least 1, shape: {shape}")
    counts = partitioner(shape=shape, dtype=dtype)
    if not isinstance(counts, Sequence):
        raise ValueError(f"Partitioner must return a sequence, but saw: {counts}")
    if len(counts) != len(shape):
        raise ValueError(
            "Partitioner returned a partition list that does not match the Variable's rank: "
            f"{counts} vs. {shape}"
        )
    if any(count < 1 for count in counts):
        raise ValueError(f"Partitioner returned zero partitions for some axes: {counts}")
    if sum(count > 1 for count in counts) > 1:
        raise ValueError(
            f"Can only slice a variable along one dimension: shape: {shape}, partitioning: {counts}"
        )
    return counts


def _slices(sizes: list[int], counts: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Offset and shape of each part; the first parts take one row more where rows are left."""
    axis = next((i for i, count in enumerate(counts) if count > 1), 0)
    rows, left = divmod(sizes[axis], counts[axis])
    start = 0
    for i in range(counts[axis]):
        offset, part = [0] * len(sizes), list(sizes)
        offset[axis], part[axis] = start, rows + (i < left)
        start += part[axis]
        yield offset, part
