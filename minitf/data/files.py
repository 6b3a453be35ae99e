"""Datasets of what stands in files: lines, and records."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from minitf import dtypes
from minitf.data.dataset import Dataset, int64, slices
from minitf.data.experimental import AUTOTUNE
from minitf.data.functions import Function
from minitf.data.structure import as_tensors, spec_from
from minitf.op import convert_to_tensor
from minitf.ops import dataset_functions, dataset_sources
from minitf.ops.shapes import reshape
from minitf.tensor import Tensor

_BUFFER = 256 * 1024


def _names(filenames: Any) -> Dataset:
    """A dataset of file names; TypeError for what are no strings."""
    if isinstance(filenames, Dataset):
        kind, shape = filenames.output_types, filenames.output_shapes
        wanted = "The `filenames` argument must contain `tf.string` elements"
        if kind != dtypes.string:
            raise TypeError(f"{wanted}. Got a dataset of `{kind!r}` elements.")
        if not shape.is_compatible_with([]):
            raise TypeError(
                f"{wanted} of shape [] (i.e. scalars). Got a dataset of element shape {shape!r}."
            )
        return filenames
    if isinstance(filenames, (list, tuple)):
        filenames = [_as_text(name) for name in filenames]
    names = convert_to_tensor(_as_text(filenames), dtype_hint=dtypes.string)
    if names.dtype.base_dtype != dtypes.string:
        raise TypeError(
            "The `filenames` argument must contain `tf.string` elements. Got "
            f"`{names.dtype!r}` elements."
        )
    flat = as_tensors(reshape(names, [-1], name="flat_filenames"))
    line = spec_from(dtypes.string, ())
    return Dataset(slices([flat], line, is_files=True), line)


def _as_text(name: Any) -> Any:
    return os.fspath(name) if isinstance(name, os.PathLike) else name


def _read(files: Dataset, node: Callable[[Tensor], Tensor], reads: Any) -> Dataset:
    """What `node` makes of each file: one file after the other, or `reads` of them in turn."""

    def read_one_file(filename: Tensor) -> Dataset:
        return Dataset(node(filename), spec_from(dtypes.string, ()))

    if reads is None:
        return files.flat_map(read_one_file)
    if reads == AUTOTUNE:
        return files.interleave(read_one_file, num_parallel_calls=reads)
    function = Function("tf_data_experimental_parallel_interleave", read_one_file, files._spec)
    made = dataset_functions.LegacyParallelInterleaveDatasetV2(
        files._variant_tensor, function.captures, int64(reads, "cycle_length"),
        int64(1, "block_length"), int64(2, "buffer_output_elements"),
        int64(2 * reads, "prefetch_input_elements"), f=function.name, deterministic="true",
        **function.returned._spec.attrs,
    )  # fmt: skip
    return Dataset(made, function.returned._spec)


def _compression(name: Any) -> Tensor:
    return convert_to_tensor("" if name is None else name, dtypes.string, name="compression_type")


class _FileDataset(Dataset):
    """The strings that a node reads from each of several files."""

    def __init__(self, filenames: Any, node: Callable[[Tensor], Tensor], reads: Any) -> None:
        made = _read(_names(filenames), node, reads)
        super().__init__(made._variant_tensor, made._spec)


class TextLineDataset(_FileDataset):
    """The lines of one or more text files, without their ends."""

    def __init__(
        self, filenames: Any, compression_type: Any = None, buffer_size: Any = None,
        num_parallel_reads: Any = None, name: str | None = None,
    ) -> None:  # fmt: skip
        """`compression_type` is "" or "GZIP". Raises NotFoundError in a run for a missing file."""

        def lines(filename: Tensor) -> Tensor:
            kind = _compression(compression_type)
            size = int64(_BUFFER if buffer_size is None else buffer_size, "buffer_size")
            return dataset_sources.TextLineDataset(filename, kind, size)

        super().__init__(filenames, lines, num_parallel_reads)


class TFRecordDataset(_FileDataset):
    """The records of one or more TFRecord files."""

    def __init__(
        self, filenames: Any, compression_type: Any = None, buffer_size: Any = None,
        num_parallel_reads: Any = None, name: str | None = None,
    ) -> None:  # fmt: skip
        """`compression_type` is "", "ZLIB" or "GZIP".

        A run raises NotFoundError for a missing file, DataLossError for a damaged one.
        """

        def records(filename: Tensor) -> Tensor:
            kind = _compression(compression_type)
            size = int64(-1 if buffer_size is None else buffer_size, "buffer_size")
            return dataset_sources.TFRecordDataset(filename, kind, size)

        super().__init__(filenames, records, num_parallel_reads)


class FixedLengthRecordDataset(_FileDataset):
    """Records of `record_bytes` in one or more files, between a header and a footer of each."""

    def __init__(
        self, filenames: Any, record_bytes: Any, header_bytes: Any = None, footer_bytes: Any = None,
        buffer_size: Any = None, compression_type: Any = None, num_parallel_reads: Any = None,
        name: str | None = None,
    ) -> None:  # fmt: skip
        """`compression_type` is "", "ZLIB" or "GZIP".

        A run raises InvalidArgumentError for a file that whole records don't fill.
        """

        def records(filename: Tensor) -> Tensor:
            record = int64(record_bytes, "record_bytes")
            header = int64(0 if header_bytes is None else header_bytes, "header_bytes")
            footer = int64(0 if footer_bytes is None else footer_bytes, "footer_bytes")
            size = int64(_BUFFER if buffer_size is None else buffer_size, "buffer_size")
            return dataset_sources.FixedLengthRecordDatasetV2(
                filename, header, record, footer, size, _compression(compression_type)
            )

        super().__init__(filenames, records, num_parallel_reads)
