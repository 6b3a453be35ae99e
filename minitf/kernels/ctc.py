"""Connectionist temporal classification: sums over all ways that labels lie along time.

After Graves et al., "Connectionist temporal classification", ICML 2006. All in logarithms.
"""

from __future__ import annotations

import numpy as np

NEVER = -np.inf


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Log probabilities over the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def collapsed(labels: list[int]) -> list[int]:
    """Labels without those that repeat the one before."""
    return [label for i, label in enumerate(labels) if i == 0 or label != labels[i - 1]]


def loss_and_gradient(
    scores: np.ndarray, labels: list[int], merge_repeated: bool
) -> tuple[float, np.ndarray]:
    """Minus the log probability of `labels`, and its derivative by `scores` [time, classes].

    The last class is the blank.
    """
    logs = log_softmax(scores.astype(np.float64))
    blank = scores.shape[1] - 1
    path = np.full(2 * len(labels) + 1, blank)
    path[1::2] = labels
    own = logs[:, path]
    # Blanks may stay; labels may too, where repeats merge. A label may follow the label before
    # its blank, unless both are one label that would merge.
    stays = (path == blank) | merge_repeated
    skips = path != blank
    skips[:2] = False
    if merge_repeated:
        skips[2:] &= path[2:] != path[:-2]
    before = _forward(own, stays, skips)
    after = _backward(own, stays, skips)
    total = np.logaddexp.reduce(before[-1, -2:])
    probabilities = np.exp(logs)
    if total == NEVER:
        return np.inf, probabilities
    occupied = np.exp(before + after - total)
    gradient = probabilities
    for position, label in enumerate(path):
        gradient[:, label] -= occupied[:, position]
    return -total, gradient


def _forward(own: np.ndarray, stays: np.ndarray, skips: np.ndarray) -> np.ndarray:
    steps, size = own.shape
    result = np.full((steps, size), NEVER)
    result[0, :2] = own[0, :2]
    for t in range(1, steps):
        last = result[t - 1]
        ways = np.where(stays, last, NEVER)
        ways[1:] = np.logaddexp(ways[1:], last[:-1])
        ways[2:] = np.logaddexp(ways[2:], np.where(skips[2:], last[:-2], NEVER))
        result[t] = ways + own[t]
    return result


def _backward(own: np.ndarray, stays: np.ndarray, skips: np.ndarray) -> np.ndarray:
    steps, size = own.shape
    result = np.full((steps, size), NEVER)
    result[-1, -2:] = 0.0
    for t in range(steps - 2, -1, -1):
        coming = result[t + 1] + own[t + 1]
        ways = np.where(stays, coming, NEVER)
        ways[:-1] = np.logaddexp(ways[:-1], coming[1:])
        ways[:-2] = np.logaddexp(ways[:-2], np.where(skips[2:], coming[2:], NEVER))
        result[t] = ways
    return result


def greedy(scores: np.ndarray, blank: int, merge_repeated: bool) -> tuple[list[int], float]:
    """The likeliest class at each step, without blanks (and repeats), and minus its score."""
    best = scores.argmax(axis=1)
    labels = []
    previous = -1
    for label in best.tolist():
        if label != blank and not (merge_repeated and label == previous):
            labels.append(label)
        previous = label
    return labels, -float(scores.max(axis=1).sum())


def beam_search(
    scores: np.ndarray, width: int, top: int, merge_repeated: bool
) -> list[tuple[list[int], float]]:
    """The `top` likeliest label sequences and their log probabilities, from a beam of `width`.

    For each prefix: the log probability of ending in a blank, and of ending in its last label.
    """
    logs = log_softmax(scores.astype(np.float64))
    blank = scores.shape[1] - 1
    beam: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, NEVER)}
    for step in logs:
        grown: dict[tuple[int, ...], tuple[float, float]] = {}
        for prefix, (in_blank, in_label) in beam.items():
            total = np.logaddexp(in_blank, in_label)
            label = NEVER
            if prefix:
                label = in_label
                parent = beam.get(prefix[:-1])
                if parent is not None:
                    repeated = len(prefix) > 1 and prefix[-1] == prefix[-2]
                    before = parent[0] if repeated else np.logaddexp(*parent)
                    label = np.logaddexp(label, before)
                label = label + step[prefix[-1]]
            grown[prefix] = (total + step[blank], label)
        for prefix, (in_blank, in_label) in beam.items():
            total = np.logaddexp(in_blank, in_label)
            for label in range(blank):
                longer = (*prefix, label)
                if longer not in beam:
                    before = in_blank if prefix and prefix[-1] == label else total
                    grown[longer] = (NEVER, before + step[label])
        ranked = sorted(grown.items(), key=lambda item: -np.logaddexp(*item[1]))
        beam = dict(ranked[:width])
    best = [(list(prefix), float(np.logaddexp(*parts))) for prefix, parts in beam.items()][:top]
    return [(collapsed(labels) if merge_repeated else labels, log) for labels, log in best]
