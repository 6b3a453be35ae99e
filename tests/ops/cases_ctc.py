"""Rows for the CTC loss and its decoders; the loss is checked by going through all paths."""

import itertools

import numpy as np
from ops.cases import Case

from minitf.ops import ctc

SCORES = np.sin(np.arange(4 * 2 * 3) * 1.7).reshape(4, 2, 3)
PLACES, LABELS = np.array([[0, 0], [0, 1], [1, 0]]), np.array([1, 1, 0], np.int32)
LENGTHS = np.array([4, 3], np.int32)


def all_paths(scores, labels):
    """Minus the log of the sum over all paths that collapse to `labels`."""
    chances = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    total, blank = 0.0, scores.shape[1] - 1
    for path in itertools.product(range(scores.shape[1]), repeat=len(scores)):
        merged = [label for label, _ in itertools.groupby(path) if label != blank]
        if merged == labels:
            total += np.prod(chances[range(len(path)), path])
    return -np.log(total) if total else np.inf


def loss(scores):
    return ctc.CTCLoss(scores, PLACES, LABELS, LENGTHS)[0]


CASES = [
    Case(
        "CTCLoss",
        loss,
        (SCORES,),
        lambda scores: np.array([all_paths(scores[:, 0], [1, 1]), all_paths(scores[:3, 1], [0])]),
        order=1,
    ),
    Case(
        "CTCGreedyDecoder",
        lambda scores, lengths: list(ctc.CTCGreedyDecoder(scores, lengths, merge_repeated=True)),
        (np.array([[[3.0, 0, 1]], [[3, 0, 1]], [[0, 0, 1]], [[2, 0, 1]]]), np.array([4], np.int32)),
        [np.array([[0, 0], [0, 1]]), np.array([0, 0]), np.array([1, 2]), np.array([[-9.0]])],
        exact_shape=False,
    ),
    Case(
        "CTCBeamSearchDecoder",
        lambda scores, lengths: ctc.CTCBeamSearchDecoder(
            scores, lengths, beam_width=50, top_paths=1, merge_repeated=False
        )[3],
        (SCORES[:, :1], np.array([4], np.int32)),
        lambda scores, _: np.array(
            [
                [
                    max(
                        -all_paths(scores[:, 0], list(labels))
                        for n in range(4)
                        for labels in itertools.product(range(2), repeat=n)
                        if np.isfinite(all_paths(scores[:, 0], list(labels)))
                    )
                ]
            ]
        ),
        order=0,
        exact_shape=False,
    ),
]
