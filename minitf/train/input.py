"""Input by queues: files and slices in turn, and batches of what is read (tf.train)."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import GraphKeys, control_dependencies, name_scope
from minitf.op import convert_n_to_tensor, convert_to_tensor
from minitf.ops.arithmetic import maximum
from minitf.ops.asserting import Assert
from minitf.ops.casts import cast
from minitf.ops.constants import constant, identity
from minitf.ops.filling import range_of
from minitf.ops.gathering import gather
from minitf.ops.io import matching_files
from minitf.ops.logic import greater
from minitf.ops.random import random_shuffle
from minitf.ops.shapes import shape, size
from minitf.queues import FIFOQueue, PaddingFIFOQueue, QueueBase, RandomShuffleQueue
from minitf.shape import TensorShape
from minitf.summary import scalar
from minitf.tensor import Tensor
from minitf.train.queue_runner import QueueRunner, add_queue_runner
from minitf.variables import Variable


def match_filenames_once(pattern: Any, name: str | None = None) -> Variable:
    """The names of the files that fit a pattern, in a local variable: looked for once."""
    with name_scope(name, "matching_filenames", [pattern]) as scope:
        return Variable(
            matching_files(pattern), trainable=False, name=scope, validate_shape=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )  # fmt: skip


def limit_epochs(tensor: Any, num_epochs: int | None = None, name: str | None = None) -> Tensor:
    """`tensor`, `num_epochs` times, then OutOfRangeError; a local variable counts.

    Raises ValueError for a number that is not positive.
    """
    if num_epochs is None:
        return tensor
    if num_epochs <= 0:
        raise ValueError(f"num_epochs must be > 0 not {num_epochs}.")
    with name_scope(name, "limit_epochs", [tensor]) as scope:
        epochs = Variable(
            constant(0, dtypes.int64), name="epochs", trainable=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )  # fmt: skip
        with control_dependencies([epochs.count_up_to(num_epochs)]):
            return identity(tensor, name=scope)


def input_producer(
    input_tensor: Any,
    element_shape: Any = None,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    summary_name: str | None = None,
    name: str | None = None,
    cancel_op: Any = None,
) -> QueueBase:
    """A queue of the rows of a tensor, filled by a QueueRunner; ValueError for unknown sizes."""
    with name_scope(name, "input_producer", [input_tensor]):
        input_tensor = convert_to_tensor(input_tensor, name="input_tensor")
        row = input_tensor.shape[1:].merge_with(element_shape)
        if not row.is_fully_defined():
            raise ValueError(
                "Either `input_tensor` must have a fully defined shape or `element_shape` must be "
                "specified"
            )
        if shuffle:
            input_tensor = random_shuffle(input_tensor, seed=seed)
        input_tensor = limit_epochs(input_tensor, num_epochs)
        queue = FIFOQueue(
            capacity, [input_tensor.dtype.base_dtype], [row], shared_name=shared_name, name=name
        )
        filling = queue.enqueue_many([input_tensor])
        add_queue_runner(QueueRunner(queue, [filling], cancel_op=cancel_op))
        if summary_name is not None:
            scalar(summary_name, cast(queue.size(), dtypes.float32) * (1.0 / capacity))
        return queue


def string_input_producer(
    string_tensor: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
    cancel_op: Any = None,
) -> QueueBase:
    """A queue of strings, names of files for the most part, `num_epochs` times or without end."""
    empty = "string_input_producer requires a non-null input tensor"
    if not isinstance(string_tensor, Tensor) and not string_tensor:
        raise ValueError(empty)
    with name_scope(name, "input_producer", [string_tensor]) as scope:
        string_tensor = convert_to_tensor(string_tensor, dtypes.string)
        with control_dependencies([Assert(greater(size(string_tensor), 0), [empty])]):
            string_tensor = identity(string_tensor)
        return input_producer(
            string_tensor, [], num_epochs, shuffle, seed, capacity, shared_name,
            f"fraction_of_{capacity}_full", scope, cancel_op,
        )  # fmt: skip


def range_input_producer(
    limit: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
) -> QueueBase:
    """A queue of the integers below `limit`."""
    with name_scope(name, "input_producer", [limit]) as scope:
        return input_producer(
            range_of(limit), [], num_epochs, shuffle, seed, capacity, shared_name,
            f"fraction_of_{capacity}_full", scope,
        )  # fmt: skip


def slice_input_producer(
    tensor_list: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
) -> list[Tensor]:
    """One row of each tensor, another in every run; ValueError for an empty list."""
    with name_scope(name, "input_producer", tensor_list):
        tensors = convert_n_to_tensor(tensor_list)
        if not tensors:
            raise ValueError(
                "Expected at least one tensor in slice_input_producer(). Received an empty list."
            )
        rows = shape(tensors[0])[0]
        queue = range_input_producer(rows, num_epochs, shuffle, seed, capacity, shared_name)
        index = queue.dequeue()
        return [gather(tensor, index) for tensor in tensors]


def batch(
    tensors: Any,
    batch_size: Any,
    num_threads: int = 1,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Tensors (a list or a dict of them) of `batch_size` runs, stacked by way of a queue."""
    given = _as_list(tensors)
    with name_scope(name, "batch", given) as scope:
        given = _converted(given)
        kind = PaddingFIFOQueue if dynamic_pad else FIFOQueue
        queue = kind(
            capacity, [tensor.dtype.base_dtype for tensor in given],
            _shapes(given, shapes, enqueue_many), shared_name=shared_name,
        )  # fmt: skip
        _fill(queue, given, num_threads, enqueue_many)
        full = cast(queue.size(), dtypes.float32) * (1.0 / capacity)
        scalar(f"fraction_of_{capacity}_full", full)
        return _taken(queue, tensors, batch_size, allow_smaller_final_batch, scope)


def shuffle_batch(
    tensors: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    num_threads: int = 1,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """The same in a random order, each element chosen from `min_after_dequeue` or more."""
    given = _as_list(tensors)
    with name_scope(name, "shuffle_batch", given) as scope:
        given = _converted(given)
        queue = RandomShuffleQueue(
            capacity, min_after_dequeue, [tensor.dtype.base_dtype for tensor in given],
            _shapes(given, shapes, enqueue_many), seed=seed, shared_name=shared_name,
        )  # fmt: skip
        _fill(queue, given, num_threads, enqueue_many)
        room = capacity - min_after_dequeue
        more = maximum(0, queue.size() - min_after_dequeue)
        full = cast(more, dtypes.float32) * (1.0 / room if room else 0.0)
        scalar(f"fraction_over_{min_after_dequeue}_of_{room}_full", full)
        return _taken(queue, tensors, batch_size, allow_smaller_final_batch, scope)


def batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Like `batch`, but of several lists of tensors, each filling the queue in a thread."""
    lists = _as_lists(tensors_list)
    with name_scope(name, "batch_join", [t for given in lists for t in given]) as scope:
        lists = _converted_all(lists)
        kind = PaddingFIFOQueue if dynamic_pad else FIFOQueue
        types = [tensor.dtype.base_dtype for tensor in lists[0]]
        queue = kind(
            capacity, types, _common_shapes(lists, shapes, enqueue_many), shared_name=shared_name
        )
        _fill_from(queue, lists, enqueue_many)
        full = cast(queue.size(), dtypes.float32) * (1.0 / capacity)
        scalar(f"fraction_of_{capacity}_full", full)
        return _taken(queue, tensors_list[0], batch_size, allow_smaller_final_batch, scope)


def shuffle_batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Like `shuffle_batch`, but of several lists of tensors, each filling in a thread."""
    lists = _as_lists(tensors_list)
    with name_scope(name, "shuffle_batch_join", [t for given in lists for t in given]) as scope:
        lists = _converted_all(lists)
        queue = RandomShuffleQueue(
            capacity, min_after_dequeue, [tensor.dtype.base_dtype for tensor in lists[0]],
            _common_shapes(lists, shapes, enqueue_many), seed=seed, shared_name=shared_name,
        )  # fmt: skip
        _fill_from(queue, lists, enqueue_many)
        room = capacity - min_after_dequeue
        full = cast(maximum(0, queue.size() - min_after_dequeue), dtypes.float32) * (1.0 / room)
        scalar(f"fraction_over_{min_after_dequeue}_of_{room}_full", full)
        return _taken(queue, tensors_list[0], batch_size, allow_smaller_final_batch, scope)


def _as_list(tensors: Any) -> list[Any]:
    if isinstance(tensors, dict):
        return [tensors[key] for key in sorted(tensors)]
    return list(tensors) if isinstance(tensors, (list, tuple)) else [tensors]


def _converted(given: list[Any]) -> list[Tensor]:
    tensors = convert_n_to_tensor(given)
    if not tensors:
        raise ValueError("Expected at least one tensor in batch().")
    constant(True)  # TensorFlow's batches may also be kept or left out one by one
    return tensors


def _as_lists(tensors_list: Any) -> list[list[Any]]:
    if not tensors_list:
        raise ValueError("Expected at least one set of tensors")
    return [_as_list(tensors) for tensors in tensors_list]


def _converted_all(lists: list[list[Any]]) -> list[list[Tensor]]:
    converted = [convert_n_to_tensor(given) for given in lists]
    constant(True)
    return converted


def _common_shapes(lists: list[list[Tensor]], shapes: Any, many: bool) -> list[TensorShape]:
    """An element's shapes; ValueError where the lists' shapes differ."""
    common = _shapes(lists[0], shapes, many)
    if shapes is None:
        for others in lists[1:]:
            for one, other in zip(common, _shapes(others, None, many), strict=True):
                one.merge_with(other)
    return common


def _fill_from(queue: QueueBase, lists: list[list[Tensor]], many: bool) -> None:
    fill = queue.enqueue_many if many else queue.enqueue
    add_queue_runner(QueueRunner(queue, [fill(tensors) for tensors in lists]))


def _shapes(tensors: list[Tensor], shapes: Any, enqueue_many: bool) -> list[TensorShape]:
    """An element's shapes, as given or as the tensors have them."""
    if shapes is not None:
        return [TensorShape(one) for one in shapes]
    return [tensor.shape[1:] if enqueue_many else tensor.shape for tensor in tensors]


def _fill(queue: QueueBase, tensors: list[Tensor], threads: int, many: bool) -> None:
    filling = queue.enqueue_many(tensors) if many else queue.enqueue(tensors)
    add_queue_runner(QueueRunner(queue, [filling] * threads))


def _taken(queue: QueueBase, like: Any, batch_size: Any, fewer: bool, scope: str) -> Any:
    take = queue.dequeue_up_to if fewer else queue.dequeue_many
    taken = take(batch_size, name=scope)
    parts = taken if isinstance(taken, list) else [taken]
    if isinstance(like, dict):
        return dict(zip(sorted(like), parts, strict=True))
    return parts if isinstance(like, (list, tuple)) and len(parts) > 1 else parts[0]
