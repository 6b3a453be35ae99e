"""Dataset: a recipe for elements, each step of which is a node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes
from minitf.data.experimental import AUTOTUNE
from minitf.data.functions import Function
from minitf.data.generators import Generator
from minitf.data.iterator import Iterator, make_initializable_iterator, make_one_shot_iterator
from minitf.data.structure import (
    Elements,
    Spec,
    as_tensors,
    flat,
    is_nested,
    mapped,
    packed,
    spec_from,
    spec_of,
)
from minitf.graph import colocate_with, name_scope
from minitf.infer import constant_value
from minitf.op import convert_to_tensor
from minitf.ops import dataset_batches, dataset_functions, dataset_sources, datasets
from minitf.ops.constants import constant
from minitf.ops.logic import equal, logical_and
from minitf.ops.selecting import where_v2
from minitf.random_seed import get_seed
from minitf.shape import TensorShape
from minitf.tensor import Tensor

_INT64_MAX = 2**63 - 1


def int64(value: Any, name: str) -> Tensor:
    """A number as the tensor that nodes of datasets take."""
    return convert_to_tensor(value, dtypes.int64, name=name)


class Dataset(Elements):
    """Elements, each a tensor or a tuple or dict of tensors, that an iterator hands out.

    A dataset is a node of the default graph; every method makes another dataset.
    """

    def __init__(self, variant_tensor: Tensor, spec: Spec) -> None:
        self._variant_tensor = variant_tensor
        self._spec = spec

    def __repr__(self) -> str:
        return f"<Dataset of {self._spec.types!r}, shapes {self._spec.shapes!r}>"

    # sources

    @staticmethod
    def from_tensors(tensors: Any, name: str | None = None) -> Dataset:
        """A single element."""
        tensors = as_tensors(tensors)
        spec, parts = spec_of(tensors), flat(tensors)
        made = dataset_sources.TensorDataset(parts, output_shapes=spec.flat_shapes)
        return Dataset(made, spec)

    @staticmethod
    def from_tensor_slices(tensors: Any, name: str | None = None) -> Dataset:
        """The rows of tensors; ValueError where their numbers differ."""
        tensors = as_tensors(tensors)
        parts = flat(tensors)
        for part in parts:
            if part.shape.rank == 0:
                raise ValueError("Unbatching a tensor is only supported for rank >= 1")
        rows = parts[0].shape[:1]
        for part in parts[1:]:
            if rows.rank is not None and part.shape.rank is not None:
                rows[0].assert_is_compatible_with(part.shape[0])
        spec = spec_of(tensors).with_shapes(lambda shape: shape[1:])
        return Dataset(slices(parts, spec), spec)

    @staticmethod
    def range(*args: Any, output_type: Any = dtypes.int64, name: str | None = None) -> Dataset:
        """The numbers of Python's `range`, as scalars."""
        if not 1 <= len(args) <= 3:
            raise ValueError(f"Invalid `args`. The length of `args` should be between 1 and 3 but its length is {len(args)}.")  # fmt: skip  # noqa: E501
        start, stop, step = {
            1: (0, *args, 1), 2: (*args, 1), 3: args,
        }[len(args)]  # fmt: skip
        spec = spec_from(output_type, ())
        numbers = (int64(start, "start"), int64(stop, "stop"), int64(step, "step"))
        return Dataset(dataset_sources.RangeDataset(*numbers, **spec.attrs), spec)

    @staticmethod
    def from_generator(
        generator: Callable[..., Any],
        output_types: Any = None,
        output_shapes: Any = None,
        args: Any = None,
        output_signature: Any = None,
        name: str | None = None,
    ) -> Dataset:
        """What `generator(*args)` yields; it is called anew whenever an iterator starts.

        Raises TypeError for what is not callable.
        """
        if not callable(generator):
            raise TypeError("`generator` must be a Python callable.")
        if output_signature is not None:
            output_types = mapped(lambda part: part.dtype, output_signature)
            output_shapes = mapped(lambda part: part.shape, output_signature)
        elif output_types is None:
            raise TypeError("Either `output_signature` or `output_types` must be specified")
        spec = spec_from(output_types, output_shapes)
        tensors = [convert_to_tensor(arg) for arg in args or ()]

        def flat_map_fn(_: Tensor) -> Dataset:
            return Dataset(Generator(generator, spec).node(tensors), spec)

        return Dataset.from_tensors(0).flat_map(flat_map_fn)

    @staticmethod
    def zip(*args: Any, datasets: Any = None, name: str | None = None) -> Dataset:
        """Elements that are tuples (or dicts) of the elements of several datasets."""
        datasets = datasets if not args else args[0] if len(args) == 1 else args
        parts = flat(datasets)
        for part in parts:
            if not isinstance(part, Dataset):
                raise TypeError(
                    f"Invalid input to `zip`. Inputs are expected to be (nested) structures of "
                    f"`tf.data.Dataset` objects. Python `list` is not supported and you should use "
                    f"`tuple` instead. Encountered object of type {type(part)}."
                )
        types = packed(datasets, [part._spec.types for part in parts])
        spec = Spec(types, [shape for part in parts for shape in part._spec.flat_shapes])
        return Dataset(_zipped([part._variant_tensor for part in parts], spec), spec)

    # the same elements, fewer or more often

    def concatenate(self, dataset: Dataset, name: str | None = None) -> Dataset:
        """These elements, then those of `dataset`; TypeError where their types differ."""
        if str(self._spec.types) != str(dataset._spec.types):
            raise TypeError(
                f"Incompatible dataset elements: {self._spec.types!r} vs. {dataset._spec.types!r}."
            )
        pairs = zip(self._spec.flat_shapes, dataset._spec.flat_shapes, strict=True)
        shapes = [_more_general(a, b) for a, b in pairs]
        spec = Spec(self._spec.types, shapes)
        others = dataset._variant_tensor
        made = datasets.ConcatenateDataset(self._variant_tensor, others, **spec.attrs)
        return Dataset(made, spec)

    def repeat(self, count: Any = None, name: str | None = None) -> Dataset:
        """The elements `count` times over, or without end."""
        count = int64(-1 if count is None else count, "count")
        return self._same(datasets.RepeatDataset(self._variant_tensor, count, **self._spec.attrs))

    def take(self, count: Any, name: str | None = None) -> Dataset:
        """The first `count` elements, or all for -1."""
        count = int64(count, "count")
        return self._same(datasets.TakeDataset(self._variant_tensor, count, **self._spec.attrs))

    def skip(self, count: Any, name: str | None = None) -> Dataset:
        """All but the first `count` elements, or none for -1."""
        count = int64(count, "count")
        return self._same(datasets.SkipDataset(self._variant_tensor, count, **self._spec.attrs))

    def shard(self, num_shards: Any, index: Any, name: str | None = None) -> Dataset:
        """Every `num_shards`-th element, from the `index`-th on."""
        numbers = int64(num_shards, "num_shards"), int64(index, "index")
        return self._same(datasets.ShardDataset(self._variant_tensor, *numbers, **self._spec.attrs))

    def shuffle(
        self,
        buffer_size: Any,
        seed: Any = None,
        reshuffle_each_iteration: bool | None = True,
        name: str | None = None,
    ) -> Dataset:
        """The elements in a random order, each drawn from the next `buffer_size` of them."""
        size = int64(buffer_size, "buffer_size")
        reshuffle = True if reshuffle_each_iteration is None else reshuffle_each_iteration
        made = datasets.ShuffleDataset(
            self._variant_tensor, size, *_seeds(seed), reshuffle_each_iteration=reshuffle,
            **self._spec.attrs,
        )  # fmt: skip
        return self._same(made)

    def prefetch(self, buffer_size: Any, name: str | None = None) -> Dataset:
        """The same elements; TensorFlow makes some of them ahead of time."""
        buffer_size = AUTOTUNE if buffer_size is None else buffer_size
        size = int64(buffer_size, "buffer_size")
        with colocate_with(self._variant_tensor):
            made = datasets.PrefetchDataset(
                self._variant_tensor, size, legacy_autotune=buffer_size == AUTOTUNE,
                **self._spec.attrs,
            )  # fmt: skip
        return self._same(made)

    def cache(self, filename: Any = "", name: str | None = None) -> Dataset:
        """The elements, made once by each dataset and kept in memory."""
        filename = convert_to_tensor(filename, dtypes.string, name="filename")
        return self._same(datasets.CacheDataset(self._variant_tensor, filename, **self._spec.attrs))

    def _same(self, variant_tensor: Tensor) -> Dataset:
        return Dataset(variant_tensor, self._spec)

    def enumerate(self, start: Any = 0, name: str | None = None) -> Dataset:
        """Pairs of a number, counted from `start`, and an element."""
        numbers = Dataset.range(start, _INT64_MAX)
        rewritten = dataset_sources.RewriteDataset(
            numbers._variant_tensor, "replicate_on_split", **numbers._spec.attrs
        )
        return Dataset.zip((Dataset(rewritten, numbers._spec), self))

    # batches

    def batch(
        self,
        batch_size: Any,
        drop_remainder: Any = False,
        num_parallel_calls: Any = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Dataset:
        """Elements stacked `batch_size` at a time; `drop_remainder` leaves out a smaller last."""
        size = int64(batch_size, "batch_size")
        drop = convert_to_tensor(drop_remainder, dtypes.bool, name="drop_remainder")
        rows = _rows(size, drop)
        spec = self._spec.with_shapes(lambda shape: TensorShape([rows]).concatenate(shape))
        if num_parallel_calls is None:
            node = dataset_batches.BatchDatasetV2
            return Dataset(node(self._variant_tensor, size, drop, **spec.attrs), spec)
        calls = int64(num_parallel_calls, "num_parallel_calls")
        made = dataset_batches.ParallelBatchDataset(
            self._variant_tensor, size, calls, drop, deterministic=_word(deterministic),
            **spec.attrs,
        )  # fmt: skip
        return Dataset(made, spec)

    def unbatch(self, name: str | None = None) -> Dataset:
        """The rows of each element."""

        def normalize(*parts: Any) -> Any:
            return parts if len(parts) > 1 else parts[0]

        dense = self.map(normalize)
        spec = self._spec.with_shapes(lambda shape: shape[1:])
        made = dataset_batches.UnbatchDataset(dense._variant_tensor, **spec.attrs)
        return Dataset(made, spec)

    def padded_batch(
        self,
        batch_size: Any,
        padded_shapes: Any = None,
        padding_values: Any = None,
        drop_remainder: Any = False,
        name: str | None = None,
    ) -> Dataset:
        """Elements padded to one shape and stacked; None in a shape is the largest of the batch.

        Raises ValueError where an element's rank is unknown and no shape is given.
        """
        types = self._spec.types
        if padded_shapes is None:
            if any(shape.rank is None for shape in self._spec.flat_shapes):
                raise ValueError("You must provide `padded_shapes` argument because component 0 has unknown rank.")  # fmt: skip  # noqa: E501
            wanted = self._spec.flat_shapes
        else:
            wanted = spec_from(types, padded_shapes).flat_shapes
        size = int64(batch_size, "batch_size")
        shapes = [int64([-1 if n is None else n for n in s.as_list()], "Const") for s in wanted]
        padding = [
            convert_to_tensor(value, name="padding_value")
            for value in _padding(types, padding_values)
        ]
        drop = convert_to_tensor(drop_remainder, dtypes.bool, name="drop_remainder")
        rows = _rows(size, drop)
        spec = Spec(types, [TensorShape([rows]).concatenate(shape) for shape in wanted])
        made = dataset_batches.PaddedBatchDatasetV2(
            self._variant_tensor, size, shapes, padding, drop, output_shapes=spec.flat_shapes
        )
        return Dataset(made, spec)

    # functions of elements

    def map(
        self,
        map_func: Callable[..., Any],
        num_parallel_calls: Any = None,
        deterministic: bool | None = None,
        synchronous: bool | None = None,
        use_unbounded_threadpool: bool = False,
        name: str | None = None,
    ) -> Dataset:
        """What `map_func` makes of each element; a tuple is handed over as several arguments."""
        function = Function("map", map_func, self._spec)
        spec, given = function.spec, function.captures
        attrs = {"f": function.name, **spec.attrs}
        if num_parallel_calls is None:
            made = dataset_functions.MapDataset(
                self._variant_tensor, given, force_synchronous=bool(synchronous), **attrs
            )
        else:
            made = dataset_functions.ParallelMapDatasetV2(
                self._variant_tensor, given, int64(num_parallel_calls, "num_parallel_calls"),
                deterministic=_word(deterministic),
                use_unbounded_threadpool=use_unbounded_threadpool, **attrs,
            )  # fmt: skip
        return Dataset(made, spec)

    def filter(self, predicate: Callable[..., Any], name: str | None = None) -> Dataset:
        """The elements for which `predicate` is true; ValueError unless it is a bool scalar."""
        function = Function("filter", predicate, self._spec)
        spec = function.spec
        if spec.types != dtypes.bool or not spec.flat_shapes[0].is_compatible_with([]):
            raise ValueError(
                "Invalid `predicate`. `predicate` must return a `tf.bool` scalar tensor, but it "
                f"returns {spec.types!r} of shape {spec.shapes}."
            )
        made = dataset_functions.FilterDataset(
            self._variant_tensor, function.captures, predicate=function.name, **self._spec.attrs
        )
        return self._same(made)

    def flat_map(self, map_func: Callable[..., Any], name: str | None = None) -> Dataset:
        """The elements of the datasets that `map_func` makes, one dataset after the other."""
        function = Function("flat_map", map_func, self._spec)
        spec = _dataset_of(function)._spec
        made = dataset_functions.FlatMapDataset(
            self._variant_tensor, function.captures, f=function.name, **spec.attrs
        )
        return Dataset(made, spec)

    def interleave(
        self,
        map_func: Callable[..., Any],
        cycle_length: Any = None,
        block_length: Any = None,
        num_parallel_calls: Any = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Dataset:
        """The same, `block_length` elements at a time from `cycle_length` datasets in turn."""
        function = Function("interleave", map_func, self._spec)
        spec = _dataset_of(function)._spec
        lengths = (
            int64(AUTOTUNE if cycle_length is None else cycle_length, "cycle_length"),
            int64(1 if block_length is None else block_length, "block_length"),
        )
        given = (self._variant_tensor, function.captures, *lengths)
        attrs = {"f": function.name, **spec.attrs}
        if num_parallel_calls is None:
            return Dataset(dataset_functions.InterleaveDataset(*given, **attrs), spec)
        made = dataset_functions.ParallelInterleaveDatasetV4(
            *given, int64(AUTOTUNE, "buffer_output_elements"),
            int64(AUTOTUNE, "prefetch_input_elements"),
            int64(num_parallel_calls, "num_parallel_calls"),
            deterministic=_word(deterministic), **attrs,
        )  # fmt: skip
        return Dataset(made, spec)

    def apply(self, transformation_func: Callable[[Dataset], Dataset]) -> Dataset:
        """What `transformation_func` makes of this dataset; TypeError unless it is a dataset."""
        made = transformation_func(self)
        if not isinstance(made, Dataset):
            raise TypeError(
                f"`transformation_func` must return a `tf.data.Dataset` object. Got {type(made)}."
            )
        return made

    # iterators

    def make_one_shot_iterator(self) -> Iterator:
        """An iterator that goes through the elements once in each session."""
        return make_one_shot_iterator(self)

    def make_initializable_iterator(self, shared_name: str | None = None) -> Iterator:
        """An iterator that starts whenever its `initializer` runs."""
        return make_initializable_iterator(self, shared_name)


def _word(deterministic: bool | None) -> str:
    """How nodes say whether the order must stay."""
    return "default" if deterministic is None else str(deterministic).lower()


def slices(parts: list[Tensor], spec: Spec, is_files: bool = False) -> Tensor:
    """The node of a dataset of the rows of tensors."""
    return dataset_sources.TensorSliceDataset(
        parts, output_shapes=spec.flat_shapes, is_files=is_files
    )


def _zipped(variants: list[Tensor], spec: Spec) -> Tensor:
    return datasets.ZipDataset(variants, **spec.attrs)


def _more_general(a: TensorShape, b: TensorShape) -> TensorShape:
    if a.rank is None or a.rank != b.rank:
        return TensorShape(None)
    pairs = zip(a.as_list(), b.as_list(), strict=True)
    return TensorShape([x if x == y else None for x, y in pairs])


def _rows(size: Tensor, drop: Tensor) -> int | None:
    """The number of rows that every batch has, where it is known."""
    rows = constant_value(size)
    return int(rows) if rows is not None and constant_value(drop) else None


def _padding(types: Any, values: Any) -> list[Any]:
    kinds = flat(types)
    if values is None:
        return ["" if kind == dtypes.string else kind.as_numpy_dtype(0) for kind in kinds]
    given = flat(values) if is_nested(values) else [values] * len(kinds)
    return [
        value if kind == dtypes.string else kind.as_numpy_dtype(value)
        for kind, value in zip(kinds, given, strict=True)
    ]


def _seeds(seed: Any) -> tuple[Tensor, Tensor]:
    """Both seeds as tensors: only where none is set (0, 0), which is another order each time."""
    first, second = get_seed(seed)
    one = int64(0 if first is None else first, "seed")
    if second is None:
        return one, int64(0, "seed2")
    with name_scope("seed2") as scope:
        two = convert_to_tensor(second, dtypes.int64)
        both = logical_and(equal(one, 0), equal(two, 0))
        return one, where_v2(both, constant(2**31 - 1, dtypes.int64), two, name=scope)


def _dataset_of(function: Function) -> Dataset:
    if not isinstance(function.returned, Dataset):
        raise TypeError(
            "The `map_func` argument must return a `Dataset` object. Got "
            f"{type(function.returned)!r}."
        )
    return function.returned
