"""Labels of unsegmented sequences: the CTC loss, and the decoders that go with it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import FailedPreconditionError, InvalidArgumentError
from minitf.infer import with_rank
from minitf.kernels import ctc
from minitf.op import convert_to_tensor, op
from minitf.ops import arithmetic as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops.casts import cast
from minitf.ops.constants import PreventGradient
from minitf.ops.rearranging import transpose
from minitf.ops.shapes import expand_dims
from minitf.ops.sizes import same_size, sizes
from minitf.sparse_tensor import SparseTensor
from minitf.tensor import Tensor


def _wrong(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _check(inputs: np.ndarray, lengths: np.ndarray, error: Any = InvalidArgumentError) -> None:
    if inputs.ndim != 3:
        raise _wrong("inputs is not a 3-Tensor")
    if lengths.ndim != 1:
        raise _wrong("sequence_length is not a vector")
    steps, batch = inputs.shape[:2]
    if len(lengths) != batch:
        raise _wrong(
            "len(sequence_length) != batch_size.  len(sequence_length):  "
            f"{len(lengths)} batch_size: {batch}"
        )
    for row, length in enumerate(lengths.tolist()):
        if length > steps:
            raise error(None, None, f"sequence_length({row}) <= {steps}")


@op
class CTCLoss:
    """Minus the log probability of each row's labels, and its derivative by the scores."""

    inputs = "inputs: T, labels_indices: int64, labels_values: int32, sequence_length: int32"
    outputs = "loss: T, gradient: T"
    attrs = (
        "preprocess_collapse_repeated: bool = false, ctc_merge_repeated: bool = true, "
        "ignore_longer_outputs_than_inputs: bool = false, T: {float, double} = DT_FLOAT"
    )

    def infer(inputs, labels_indices, labels_values, sequence_length):
        steps, batch, classes = sizes(inputs, 3)
        with_rank(labels_indices, 2)
        with_rank(labels_values, 1)
        batch = same_size(batch, sizes(sequence_length, 1)[0])
        return [batch], [steps, batch, classes]

    def kernel(
        inputs, indices, values, lengths, *, preprocess_collapse_repeated, ctc_merge_repeated,
        ignore_longer_outputs_than_inputs,
    ):  # fmt: skip
        _check(inputs, lengths)
        _, batch, classes = inputs.shape
        rows = _labels(indices, values, batch, classes)
        loss, gradient = np.zeros(batch, inputs.dtype), np.zeros_like(inputs)
        for row, labels in enumerate(rows):
            length = int(lengths[row])
            if not length:
                continue
            labels = ctc.collapsed(labels) if preprocess_collapse_repeated else labels
            needed = len(labels)
            if ctc_merge_repeated:  # between two of one label there must be a blank
                needed += sum(a == b for a, b in pairwise(labels))
            if needed > length:
                if ignore_longer_outputs_than_inputs:
                    continue
                raise _wrong(
                    f"Not enough time for target transition sequence (required: {needed}, "
                    f"available: {length}){row}You can turn this error into a warning by using "
                    "the flag ignore_longer_outputs_than_inputs"
                )
            found = ctc.loss_and_gradient(inputs[:length, row], labels, ctc_merge_repeated)
            loss[row], gradient[:length, row] = found
        return loss, gradient

    def gradient(op, grad_loss, _):
        fixed = PreventGradient(
            op.outputs[1],
            message="Currently there is no way to take the second  derivative of ctc_loss due to "
            "the fused implementation's interaction  with tf.gradients()",
        )
        return expand_dims(grad_loss, -1) * fixed, None, None, None


def _labels(indices: np.ndarray, values: np.ndarray, batch: int, classes: int) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in range(batch)]
    for (row, _), label in zip(indices.tolist(), values.tolist(), strict=True):
        if not 0 <= row < batch:
            raise _wrong(f"labels_indices holds row {row} of a batch of {batch}")
        if not 0 <= label < classes - 1:
            raise _wrong(
                "Saw a non-null label (index >= num_classes - 1) following a null label, batch: "
                f"{row} num_classes: {classes} labels: {label}"
            )
        rows[row].append(label)
    return rows


def _sparse(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of labels as the three parts of a sparse tensor."""
    places = [[row, i] for row, labels in enumerate(rows) for i in range(len(labels))]
    values = [label for labels in rows for label in labels]
    longest = max((len(labels) for labels in rows), default=0)
    return (
        np.array(places, np.int64).reshape(-1, 2),
        np.array(values, np.int64),
        np.array([len(rows), longest], np.int64),
    )


@op
class CTCGreedyDecoder:
    """Each row's likeliest classes step by step, as a sparse tensor, and minus their scores."""

    inputs = "inputs: T, sequence_length: int32"
    outputs = (
        "decoded_indices: int64, decoded_values: int64, decoded_shape: int64, log_probability: T"
    )
    attrs = "merge_repeated: bool = false, blank_index: int = -1, T: {float, double} = DT_FLOAT"

    def infer(inputs, sequence_length):
        batch = sizes(inputs, 3)[1]
        batch = same_size(batch, sizes(sequence_length, 1)[0])
        return [None, 2], [None], [2], [batch, 1]

    def kernel(inputs, lengths, *, merge_repeated, blank_index):
        _check(inputs, lengths, FailedPreconditionError)
        classes = inputs.shape[2]
        blank = blank_index + classes if blank_index < 0 else blank_index
        if not 0 <= blank < classes:
            raise _wrong(
                f"blank_index expected to be between {-classes} and {classes - 1} but was "
                f"{blank_index}"
            )
        found = [
            ctc.greedy(inputs[:length, row], blank, merge_repeated) if length > 0 else ([], 0.0)
            for row, length in enumerate(lengths.tolist())
        ]
        logs = np.array([[log] for _, log in found], inputs.dtype).reshape(-1, 1)
        return *_sparse([labels for labels, _ in found]), logs

    gradient = None


@op
class CTCBeamSearchDecoder:
    """Each row's likeliest label sequences, best first, and their log probabilities."""

    inputs = "inputs: T, sequence_length: int32"
    outputs = (
        "decoded_indices: top_paths * int64, decoded_values: top_paths * int64, "
        "decoded_shape: top_paths * int64, log_probability: T"
    )
    attrs = (
        "beam_width: int >= 1, top_paths: int >= 1, merge_repeated: bool = true, "
        "T: {float, double} = DT_FLOAT"
    )

    def infer(inputs, sequence_length, *, top_paths):
        batch = sizes(inputs, 3)[1]
        batch = same_size(batch, sizes(sequence_length, 1)[0])
        return *[[None, 2]] * top_paths, *[[None]] * top_paths, *[[2]] * top_paths, [
            batch, top_paths
        ]  # fmt: skip

    def kernel(inputs, lengths, *, beam_width, top_paths, merge_repeated):
        _check(inputs, lengths, FailedPreconditionError)
        if top_paths > beam_width:
            raise _wrong("requested more paths than the beam width.")
        paths: list[list[list[int]]] = [[] for _ in range(top_paths)]
        logs = np.zeros((inputs.shape[1], top_paths), inputs.dtype)
        for row, length in enumerate(lengths.tolist()):
            found = ctc.beam_search(inputs[:length, row], beam_width, top_paths, merge_repeated)
            if len(found) < top_paths:
                raise _wrong("Less leaves in the beam search than requested.")
            for rank, (labels, log) in enumerate(found):
                paths[rank].append(labels)
                logs[row, rank] = log
        parts = [_sparse(rows) for rows in paths]
        return *[part[0] for part in parts], *[part[1] for part in parts], *[
            part[2] for part in parts
        ], logs  # fmt: skip

    gradient = None


def ctc_loss(
    labels: Any,
    inputs: Any = None,
    sequence_length: Any = None,
    preprocess_collapse_repeated: bool = False,
    ctc_merge_repeated: bool = True,
    ignore_longer_outputs_than_inputs: bool = False,
    time_major: bool = True,
    logits: Any = None,
) -> Tensor:
    """[batch]: minus the log probability of a SparseTensor of labels under scores over time.

    `inputs` (or `logits`): [time, batch, classes], the last class the blank; batch first where
    `time_major` is False. Raises TypeError for labels that are not sparse.
    """
    if not isinstance(labels, SparseTensor):
        raise TypeError(
            "Expected argument `labels` to be a SparseTensor. "
            f"Received labels={labels} of type: {type(labels).__name__}"
        )
    if logits is not None and inputs is not None:
        raise ValueError("Cannot specify both 'inputs' and 'logits'.")
    scores = convert_to_tensor(inputs if logits is None else logits, name="logits")
    if not time_major:
        scores = transpose(scores, [1, 0, 2])
    dtype = scores.dtype
    narrow = dtype in (dtypes.float16, dtypes.bfloat16)
    loss, _ = CTCLoss(
        cast(scores, dtypes.float32) if narrow else scores,
        labels.indices,
        labels.values,
        sequence_length,
        preprocess_collapse_repeated=preprocess_collapse_repeated,
        ctc_merge_repeated=ctc_merge_repeated,
        ignore_longer_outputs_than_inputs=ignore_longer_outputs_than_inputs,
    )
    return cast(loss, dtype) if narrow else loss


def ctc_greedy_decoder(
    inputs: Any, sequence_length: Any, merge_repeated: bool = True, blank_index: int | None = None
) -> tuple[list[SparseTensor], Tensor]:
    """A list of one SparseTensor, the likeliest labels, and [batch, 1]: minus their scores."""
    indices, values, shape, logs = CTCGreedyDecoder(
        inputs,
        sequence_length,
        merge_repeated=merge_repeated,
        blank_index=-1 if blank_index is None else blank_index,
    )
    return [SparseTensor(indices, values, shape)], logs


def ctc_beam_search_decoder(
    inputs: Any,
    sequence_length: Any,
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
) -> tuple[list[SparseTensor], Tensor]:
    """The `top_paths` likeliest label sequences, and [batch, top_paths]: their log probabilities.

    `merge_repeated` also merges labels that a blank keeps apart.
    """
    indices, values, shapes, logs = CTCBeamSearchDecoder(
        inputs,
        sequence_length,
        beam_width=beam_width,
        top_paths=top_paths,
        merge_repeated=merge_repeated,
    )
    parts = zip(indices, values, shapes, strict=True)
    return [SparseTensor(*three) for three in parts], logs


def ctc_beam_search_decoder_v2(
    inputs: Any, sequence_length: Any, beam_width: int = 100, top_paths: int = 1
) -> tuple[list[SparseTensor], Tensor]:
    """`ctc_beam_search_decoder`, where labels that a blank keeps apart stay two."""
    return ctc_beam_search_decoder(inputs, sequence_length, beam_width, top_paths, False)
