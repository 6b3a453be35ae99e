"""The two seeds that a random op draws from: the graph's and its own."""

from __future__ import annotations

import weakref
from typing import Any

from minitf.graph import Graph, get_default_graph

DEFAULT_GRAPH_SEED = 87654321
_LARGEST = 2**31 - 1

# How many ops of each graph have been given a seed of their own by counting.
_counts: weakref.WeakKeyDictionary[Graph, int] = weakref.WeakKeyDictionary()


def get_seed(op_seed: int | None) -> tuple[int | None, int | None]:
    """The pair of seeds for an op with this seed of its own, or without one.

    With neither a graph's seed nor an op's, both are None: every session draws other numbers.
    With a graph's seed only, ops are counted, so that each draws numbers of its own.
    """
    graph = get_default_graph()
    if graph.seed is not None:
        if op_seed is None:
            op_seed = _counts.get(graph, 0)
            _counts[graph] = op_seed + 1
        seeds = graph.seed % _LARGEST, op_seed % _LARGEST
    elif op_seed is not None:
        seeds = DEFAULT_GRAPH_SEED, op_seed % _LARGEST
    else:
        return None, None
    return (0, _LARGEST) if seeds == (0, 0) else seeds


def set_random_seed(seed: Any) -> None:
    """Sets the default graph's seed, for the random ops made from now on."""
    get_default_graph().seed = seed
