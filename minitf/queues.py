"""Queues and readers as objects whose methods make ops (tf.FIFOQueue, tf.TextLineReader)."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import device, name_scope
from minitf.infer import constant_value
from minitf.op import convert_to_tensor
from minitf.ops import queues, readers
from minitf.random_seed import get_seed
from minitf.records import TFRecordOptions
from minitf.shape import TensorShape
from minitf.tensor import Operation, Tensor


class QueueBase:
    """What all queues share.

    `shapes` are those of an element's components; without them elements may be of any shape, and
    only one can be taken out at a time. With `names`, elements are dicts.
    """

    def __init__(self, dtypes: Any, shapes: Any, names: Any, queue_ref: Tensor) -> None:
        """Raises ValueError where `shapes` or `names` are not as many as `dtypes`."""
        self._dtypes = dtypes
        if shapes is not None and len(shapes) != len(dtypes):
            raise ValueError(
                "Queue shapes must have the same length as dtypes, received len(shapes)="
                f"{len(shapes)}, len(dtypes)={len(dtypes)}"
            )
        self._shapes = [TensorShape(None)] * len(dtypes) if shapes is None else shapes
        if names is not None and len(names) != len(dtypes):
            raise ValueError("Queue names must have the same length as dtypes")
        self._names = names
        self._queue_ref = queue_ref
        self._name = queue_ref.op.name.rsplit("/", 1)[-1]

    @property
    def queue_ref(self) -> Tensor:
        return self._queue_ref

    @property
    def name(self) -> str:
        return self._queue_ref.op.name

    @property
    def dtypes(self) -> list[dtypes.DType]:
        return self._dtypes

    @property
    def shapes(self) -> list[TensorShape]:
        return self._shapes

    @property
    def names(self) -> Any:
        return self._names

    def enqueue(self, vals: Any, name: str | None = None) -> Operation:
        """An op that puts one element in, waiting for room; CancelledError once closed."""
        with name_scope(name, f"{self._name}_enqueue", self._given(vals)) as scope:
            tensors = self._components(vals)
            for tensor, shape in zip(tensors, self._shapes, strict=False):
                tensor.shape.assert_is_compatible_with(shape)
            return queues.QueueEnqueueV2(self._queue_ref, tensors, name=scope)

    def enqueue_many(self, vals: Any, name: str | None = None) -> Operation:
        """An op that puts the rows of tensors in."""
        with name_scope(name, f"{self._name}_EnqueueMany", self._given(vals)) as scope:
            tensors = self._components(vals)
            rows = tensors[0].shape.with_rank_at_least(1)[:1]
            for tensor, shape in zip(tensors, self._shapes, strict=False):
                rows = rows.merge_with(tensor.shape.with_rank_at_least(1)[:1])
                tensor.shape[1:].assert_is_compatible_with(shape)
            return queues.QueueEnqueueManyV2(self._queue_ref, tensors, name=scope)

    def _given(self, vals: Any) -> list[Any]:
        if isinstance(vals, dict):
            return list(vals.values())
        return list(vals) if isinstance(vals, (list, tuple)) else [vals]

    def _components(self, vals: Any) -> list[Tensor]:
        if isinstance(vals, dict):
            if not self._names:
                raise ValueError("Queue must have names to enqueue a dictionary")
            if sorted(self._names) != sorted(vals):
                raise ValueError(
                    "Keys in dictionary to enqueue do not match names of Queue.  Dictionary: "
                    f"{sorted(vals)},Queue: {sorted(self._names)}"
                )
            vals = [vals[name] for name in self._names]
        elif self._names:
            raise ValueError("You must enqueue a dictionary in a Queue with names")
        elif not isinstance(vals, (list, tuple)):
            vals = [vals]
        return [
            convert_to_tensor(value, dtype, name=f"component_{i}")
            for i, (value, dtype) in enumerate(zip(vals, self._dtypes, strict=False))
        ]

    def dequeue(self, name: str | None = None) -> Any:
        """One element, waited for; OutOfRangeError in a run once the queue is closed and empty."""
        made = queues.QueueDequeueV2.node(
            self._queue_ref, component_types=self._dtypes, name=name or f"{self._name}_Dequeue"
        )
        return self._element(made, [])

    def dequeue_many(self, n: Any, name: str | None = None) -> Any:
        """`n` elements, stacked."""
        made = queues.QueueDequeueManyV2.node(
            self._queue_ref, n, component_types=self._dtypes,
            name=name or f"{self._name}_DequeueMany",
        )  # fmt: skip
        count = constant_value(made.inputs[1])
        return self._element(made, [None if count is None else int(count)])

    def dequeue_up_to(self, n: Any, name: str | None = None) -> Any:
        """`n` elements, or what is left once the queue is closed, stacked."""
        made = queues.QueueDequeueUpToV2.node(
            self._queue_ref, n, component_types=self._dtypes,
            name=name or f"{self._name}_DequeueUpTo",
        )  # fmt: skip
        return self._element(made, [None])

    def _element(self, made: Operation, rows: list[int | None]) -> Any:
        for tensor, shape in zip(made.outputs, self._shapes, strict=True):
            tensor.set_shape(TensorShape(rows).concatenate(shape))
        if self._names:
            return dict(zip(self._names, made.outputs, strict=True))
        return made.outputs if len(made.outputs) > 1 else made.outputs[0]

    def close(self, cancel_pending_enqueues: bool = False, name: str | None = None) -> Operation:
        """An op after which nothing more comes in."""
        return queues.QueueCloseV2(
            self._queue_ref, cancel_pending_enqueues=cancel_pending_enqueues,
            name=name or f"{self._name}_Close",
        )  # fmt: skip

    def is_closed(self, name: str | None = None) -> Tensor:
        """Whether the queue is closed."""
        return queues.QueueIsClosedV2(self._queue_ref, name=name or f"{self._name}_Is_Closed")

    def size(self, name: str | None = None) -> Tensor:
        """How many elements are in the queue."""
        return queues.QueueSizeV2(self._queue_ref, name=name or f"{self._name}_Size")


def _as_list(kinds: Any) -> list[dtypes.DType]:
    return [dtypes.as_dtype(kind) for kind in (kinds if isinstance(kinds, (list, tuple)) else [kinds])]  # fmt: skip  # noqa: E501


def _as_shapes(shapes: Any, kinds: list[Any]) -> list[TensorShape] | None:
    if shapes is None:
        return None
    if isinstance(shapes, (TensorShape, tuple)) or not shapes or isinstance(shapes[0], int):
        shapes = [shapes] * len(kinds) if isinstance(shapes, TensorShape) else list(shapes)
        if len(shapes) != len(kinds):
            shapes = [shapes]
    return [TensorShape(shape) for shape in shapes]


def _as_names(names: Any) -> Any:
    return [names] if isinstance(names, str) else names


class FIFOQueue(QueueBase):
    """Gives elements back in the order in which they came; holds `capacity` of them."""

    def __init__(
        self, capacity: int, dtypes: Any, shapes: Any = None, names: Any = None,
        shared_name: str | None = None, name: str | None = "fifo_queue",
    ) -> None:  # fmt: skip
        kinds = _as_list(dtypes)
        known = _as_shapes(shapes, kinds)
        with device("CPU"):
            made = queues.FIFOQueueV2(
                component_types=kinds, shapes=known, capacity=capacity,
                shared_name=shared_name or "", name=name,
            )  # fmt: skip
        super().__init__(kinds, known, _as_names(names), made)


class PaddingFIFOQueue(QueueBase):
    """The same, which pads elements that are taken together; `shapes` may leave sizes open."""

    def __init__(
        self, capacity: int, dtypes: Any, shapes: Any, names: Any = None,
        shared_name: str | None = None, name: str = "padding_fifo_queue",
    ) -> None:  # fmt: skip
        """Raises ValueError where `shapes` are not as many as `dtypes`."""
        kinds = _as_list(dtypes)
        known = _as_shapes(shapes, kinds) or []
        if len(known) != len(kinds):
            raise ValueError(
                "Shapes must be provided for all components, but received "
                f"{len(kinds)} dtypes and {len(known)} shapes."
            )
        made = queues.PaddingFIFOQueueV2(
            component_types=kinds, shapes=known, capacity=capacity,
            shared_name=shared_name or "", name=name,
        )  # fmt: skip
        super().__init__(kinds, known, _as_names(names), made)


class RandomShuffleQueue(QueueBase):
    """Gives back any of its elements; while open, `min_after_dequeue` stay to choose from."""

    def __init__(
        self, capacity: int, min_after_dequeue: int, dtypes: Any, shapes: Any = None,
        names: Any = None, seed: int | None = None, shared_name: str | None = None,
        name: str = "random_shuffle_queue",
    ) -> None:  # fmt: skip
        kinds = _as_list(dtypes)
        known = _as_shapes(shapes, kinds)
        first, second = get_seed(seed)
        if first is None and second is None:
            first, second = 0, 0
        made = queues.RandomShuffleQueueV2(
            component_types=kinds, shapes=known, capacity=capacity,
            min_after_dequeue=min_after_dequeue, seed=first, seed2=second,
            shared_name=shared_name or "", name=name,
        )  # fmt: skip
        super().__init__(kinds, known, _as_names(names), made)


class ReaderBase:
    """What all readers share: `read` gives records of the files that a queue names."""

    def __init__(self, reader_ref: Tensor, supports_serialize: bool = False) -> None:
        self._reader_ref = reader_ref
        self._supports_serialize = supports_serialize

    @property
    def reader_ref(self) -> Tensor:
        return self._reader_ref

    @property
    def supports_serialize(self) -> bool:
        return self._supports_serialize

    def read(self, queue: Any, name: str | None = None) -> Any:
        """The next record's key and value."""
        files = queue if isinstance(queue, Tensor) else queue.queue_ref
        return tuple(readers.ReaderReadV2.node(self._reader_ref, files, name=name).outputs)

    def read_up_to(self, queue: Any, num_records: Any, name: str | None = None) -> Any:
        """The keys and values of the next records of one file."""
        files = queue if isinstance(queue, Tensor) else queue.queue_ref
        made = readers.ReaderReadUpToV2.node(self._reader_ref, files, num_records, name=name)
        return tuple(made.outputs)

    def num_records_produced(self, name: str | None = None) -> Tensor:
        """How many records it has given."""
        return readers.ReaderNumRecordsProducedV2(self._reader_ref, name=name)

    def num_work_units_completed(self, name: str | None = None) -> Tensor:
        """How many files it has read to their ends."""
        return readers.ReaderNumWorkUnitsCompletedV2(self._reader_ref, name=name)

    def reset(self, name: str | None = None) -> Operation:
        """An op that puts it back to where it began."""
        return readers.ReaderResetV2(self._reader_ref, name=name)


class TextLineReader(ReaderBase):
    """Reads the lines of files."""

    def __init__(self, skip_header_lines: int | None = None, name: str | None = None) -> None:
        super().__init__(
            readers.TextLineReaderV2(skip_header_lines=skip_header_lines or 0, name=name)
        )


class WholeFileReader(ReaderBase):
    """Reads whole files."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(readers.WholeFileReaderV2(name=name), supports_serialize=True)


class IdentityReader(ReaderBase):
    """Gives the queue's own strings."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(readers.IdentityReaderV2(name=name), supports_serialize=True)


class TFRecordReader(ReaderBase):
    """Reads the records of TFRecord files."""

    def __init__(self, name: str | None = None, options: Any = None) -> None:
        """Raises ValueError for options that name no compression."""
        kind = TFRecordOptions.get_compression_type_string(options)
        super().__init__(readers.TFRecordReaderV2(compression_type=kind, name=name))


class FixedLengthRecordReader(ReaderBase):
    """Reads records of `record_bytes` that begin every `hop_bytes` (one after the other for 0)."""

    def __init__(
        self, record_bytes: int, header_bytes: int | None = None, footer_bytes: int | None = None,
        hop_bytes: int | None = None, name: str | None = None, encoding: str | None = None,
    ) -> None:  # fmt: skip
        made = readers.FixedLengthRecordReaderV2(
            record_bytes=record_bytes, header_bytes=header_bytes, footer_bytes=footer_bytes,
            hop_bytes=hop_bytes, encoding=encoding, name=name,
        )  # fmt: skip
        super().__init__(made)
