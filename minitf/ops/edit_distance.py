"""How many insertions, deletions and exchanges lie between two sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import constant_value, with_rank
from minitf.op import op
from minitf.shape import unknown_shape
from minitf.sparse_tensor import SparseTensor, SparseTensorValue
from minitf.tensor import Tensor


@op
class EditDistance:
    """For each row of two sparse tensors, whose last dimension is the sequence, its distance."""

    inputs = (
        "hypothesis_indices: int64, hypothesis_values: T, hypothesis_shape: int64, "
        "truth_indices: int64, truth_values: T, truth_shape: int64"
    )
    outputs = "output: float"
    attrs = "normalize: bool = true, T: type"

    def infer(
        hypothesis_indices,
        hypothesis_values,
        hypothesis_shape,
        truth_indices,
        truth_values,
        truth_shape,
    ):
        for indices, values, sizes in (
            (hypothesis_indices, hypothesis_values, hypothesis_shape),
            (truth_indices, truth_values, truth_shape),
        ):
            with_rank(indices, 2), with_rank(values, 1), with_rank(sizes, 1)
        known = [constant_value(hypothesis_shape), constant_value(truth_shape)]
        if known[0] is None or known[1] is None:
            return unknown_shape()
        if len(known[0]) != len(known[1]):
            raise ValueError(
                "Num elements of hypothesis_shape does not match truth_shape: "
                f"{len(known[0])} vs. {len(known[1])}"
            )
        if len(known[0]) < 2:
            raise ValueError(
                "Input Hypothesis SparseTensors must have rank at least 2, but hypothesis_shape "
                f"rank is: {len(known[0])}"
            )
        return np.maximum(*known)[:-1].tolist()

    def kernel(
        hypothesis_indices,
        hypothesis_values,
        hypothesis_shape,
        truth_indices,
        truth_values,
        truth_shape,
        *,
        normalize,
    ):
        if len(hypothesis_shape) != len(truth_shape):
            raise InvalidArgumentError(
                None,
                None,
                "Expected hypothesis_shape and truth_shape to have the same length, but "
                f"{len(hypothesis_shape)} vs {len(truth_shape)}",
            )
        guesses = _sequences(hypothesis_indices, hypothesis_values)
        truths = _sequences(truth_indices, truth_values)
        result = np.zeros(np.maximum(hypothesis_shape, truth_shape)[:-1], np.float32)
        for place in {**guesses, **truths}:
            guess, truth = guesses.get(place, []), truths.get(place, [])
            distance = float(levenshtein(guess, truth))
            if normalize:
                distance = distance / len(truth) if truth else np.inf
            result[place] = distance
        return result if result.ndim else result[()]

    gradient = None


def _sequences(indices: np.ndarray, values: np.ndarray) -> dict[tuple[int, ...], list[Any]]:
    sequences: dict[tuple[int, ...], list[Any]] = {}
    for place, value in zip(indices[:, :-1].tolist(), values.tolist(), strict=True):
        sequences.setdefault(tuple(place), []).append(value)
    return sequences


def levenshtein(a: list[Any], b: list[Any]) -> int:
    """The fewest single changes that turn `a` into `b` (Levenshtein, 1966), row by row."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            exchanged = diagonal + (x != y)
            diagonal = row[j]
            row[j] = min(row[j] + 1, row[j - 1] + 1, exchanged)
    return row[-1]


def edit_distance(
    hypothesis: Any, truth: Any, normalize: bool = True, name: str = "edit_distance"
) -> Tensor:
    """The Levenshtein distance of each sequence of `hypothesis` from that of `truth`.

    Both are sparse tensors of shape [..., longest sequence]; `normalize` divides by the length of
    the true one. Raises TypeError for anything else.
    """
    for which, tensor in (("Hypothesis", hypothesis), ("Truth", truth)):
        if not isinstance(tensor, (SparseTensor, SparseTensorValue)):
            raise TypeError(f"{which} must be a SparseTensor.")
    return EditDistance(*_parts(hypothesis), *_parts(truth), normalize=normalize, name=name)


def _parts(tensor: Any) -> tuple[Any, Any, Any]:
    return tensor.indices, tensor.values, tensor.dense_shape
