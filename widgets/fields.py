"""The fields of a form for a run: which tensors it asks for, and what is said of a typed value."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

import minitf as tf

from . import steps, values
from .literals import Unreadable, read
from .shapes import constant
from .story import Rich, b, code, plural, rich
from .tree import PLACEHOLDERS

SHOWN = 24  # an offered value has at most so many entries, written out
WRITTEN = 400  # and one that was given at most so many
OPEN = 2  # what an open dimension is at first


def fetched(graph: Any, fetches: Any) -> list[Any]:
    """The tensors and ops that are fetched. Raises what TensorFlow raises for a fetch of none."""
    return [graph.as_graph_element(one) for one in steps.flat(fetches)]


def graph_of(fetches: Any) -> Any:
    """The graph that fetches belong to; of names, the default graph."""
    graphs = (getattr(getattr(one, "op", one), "graph", None) for one in steps.flat(fetches))
    return next((graph for graph in graphs if graph is not None), None) or tf.get_default_graph()


def needs(wanted: Iterable[Any], fed: Iterable[Any] = ()) -> list[Any]:
    """The ops that a run of some tensors and ops needs, in the order they were made."""
    given = {id(tensor) for tensor in fed}
    fed_ops = {tensor.op for tensor in fed if tensor.op.type == "Placeholder"}
    asked = [getattr(one, "op", one) for one in wanted if id(one) not in given]
    pending = list(dict.fromkeys(asked))
    found = set(pending)
    while pending:
        op = pending.pop()
        before = [t.op for t in op.inputs if id(t) not in given]
        before += [c for c in op.control_inputs if c not in fed_ops]
        for other in before:
            if other not in found:
                found.add(other)
                pending.append(other)
    graph = next(iter(found)).graph if found else None
    return [op for op in graph.get_operations() if op in found] if graph is not None else []


class Field:
    """One tensor that can be fed: a placeholder, one with a default, or any other tensor."""

    def __init__(self, tensor: Any, value: Any = None) -> None:
        self.tensor = tensor
        self.kind = {"Placeholder": "must", "PlaceholderV2": "must"}.get(tensor.op.type, "may")
        self.given = value if np.size(value) > WRITTEN else None  # too large to stand in a field
        self.first = self._offer() if value is None else written(value)

    def _offer(self) -> str:
        """A value to begin with: small, of the right type and shape, and easy to follow."""
        if self.kind == "may":
            default = constant(self.tensor.op.inputs[0].op) if self.is_default else None
            return written(default) if default is not None and np.size(default) <= SHOWN else ""
        return offer(self.tensor)

    @property
    def is_default(self) -> bool:
        """Whether it is a placeholder that has a value of its own."""
        return self.tensor.op.type == "PlaceholderWithDefault"

    def to_dict(self) -> dict[str, str]:
        """What the form shows of it."""
        name = self.tensor.op.name if not self.tensor.value_index else self.tensor.name
        kinds = {"must": "placeholder", "may": self.tensor.op.type}
        hint = "has a default" if self.is_default else "" if self.kind == "must" else "may be fed"
        return {
            "name": name,
            "dtype": self.tensor.dtype.base_dtype.name,
            "shape": str(self.tensor.shape),
            "type": kinds[self.kind],
            "hint": hint,
        }

    def check(self, text: str, session: Any) -> tuple[str, Rich, Any]:
        """What a typed text is: "ok", "wrong" or "empty", the words for it, and its value.

        `session` is any session of the graph: it only converts, as for a run.
        """
        if not text.strip():
            return "empty", self._left_out(), None
        try:
            held = self.given is not None and text == self.first
            value = self.given if held else read(text)
        except Unreadable as error:
            return "wrong", rich(str(error)), None
        try:
            with warnings.catch_warnings(action="ignore"):  # what changed is told by `arrival`
                fed = session.trace(self.tensor, {self.tensor: value}).values
        except (TypeError, ValueError, OverflowError) as error:
            return "wrong", refusal(error, value, self.tensor, text), None
        return "ok", arrival(value, fed), value

    def _left_out(self) -> Rich:
        if self.is_default:
            return rich("left out: the default is used")
        if self.kind == "must":
            return rich("left out: a run that needs it stops there")
        return rich("left out: computed as usual")


def offer(tensor: Any) -> str:
    """A first value for a placeholder, as text: 1, 2, 3, … in the shape that is known."""
    sizes = [] if tensor.shape.ndims is None else tensor.shape.as_list()
    sizes = [OPEN if n is None else n for n in sizes]
    dtype = tensor.dtype.base_dtype
    count = math.prod(sizes)
    if count > SHOWN:
        return f"np.zeros({tuple(sizes)})" if dtype != tf.string else ""
    flat: Sequence[Any] = range(1, count + 1)
    if dtype == tf.bool:
        flat = [i % 2 == 1 for i in flat]
    elif dtype == tf.string:
        flat = [chr(ord("a") + (i - 1) % 26) for i in flat]
    elif not dtype.is_integer:
        flat = [float(i) for i in flat]
    return written(np.array(flat, dtype=object).reshape(sizes))


def written(value: Any) -> str:
    """A value as text that reads back as it; of a large one only what it is."""
    array = np.asarray(value)
    if array.size > WRITTEN:
        return f"the array of shape {values.shape_text(array)} that was given"
    if array.dtype.kind == "f":  # what a float32 prints as, not its digits as a float64
        array = np.array([float(str(x)) for x in array.reshape(-1)], object).reshape(array.shape)
    return repr(array.tolist())


def arrival(value: Any, fed: Any) -> Rich:
    """What an accepted value is once it is fed: its shape, and what conversion made of it."""
    array, given = np.asarray(fed), np.asarray(value)
    said = rich("shape ", code(array.shape))
    whole = array.dtype.kind in "iub" and given.dtype.kind in "fiub"
    real = array.dtype.kind in "iubf" and given.dtype.kind == "c"
    if (whole or real) and given.shape == array.shape:
        changed = np.flatnonzero(given.reshape(-1) != array.reshape(-1))
        if given.dtype.kind != "b" and len(changed):
            was, now = given.reshape(-1)[changed[0]], array.reshape(-1)[changed[0]]
            return rich(*said, ": ", values.number(was), " becomes ", b(values.number(now)))
    return said


def refusal(error: BaseException, value: Any, tensor: Any, text: str) -> Rich:
    """TensorFlow's refusal of a value in plain words: what came, and what was wanted."""
    kind, dtype = b(type(error).__name__), tensor.dtype.base_dtype
    wanted = code(tensor.shape)
    ragged = _ragged(value)
    if ragged:
        return rich(kind, ": ", ragged)
    if str(error).startswith("Cannot feed value of shape"):
        return rich(kind, ": ", *_misfit(np.shape(value), tensor, wanted, text))
    strange = _strange(value, dtype)
    if strange:
        return rich(kind, ": ", strange)
    if "not compatible with Tensor type" in str(error):
        return rich(kind, f": {str(value)[:20]} does not fit into {dtype.name}")
    return rich(kind, ": ", str(error).split(" (fed for Tensor")[0][:160])


def _misfit(shape: Sequence[int], tensor: Any, wanted: list[str], text: str) -> Rich:
    sizes = tensor.shape.as_list()
    came = code(tuple(int(n) for n in shape))
    said = rich("shape ", came, " came, ", wanted, " is wanted")
    if len(shape) != len(sizes):
        missing = len(sizes) - len(shape)
        fits = missing > 0 and all(
            n in (None, m) for n, m in zip(sizes, [1] * missing + list(shape), strict=True)
        )
        if fits and len(text) <= 40:
            better = "[" * missing + text.strip() + "]" * missing
            return rich(*said, ". Try ", code(better))
        if not sizes:
            return rich(*said, ": one value without brackets")
        return rich(*said, f": {plural(len(shape), 'dimension')} instead of {len(sizes)}")
    i = next(i for i, (n, m) in enumerate(zip(sizes, shape, strict=True)) if n not in (None, m))
    return rich(*said, f": dimension {i} is {shape[i]}, not {sizes[i]}")


def _ragged(value: Any) -> str:
    """Where lists inside a list have different lengths, in words."""
    if not isinstance(value, list):
        return ""
    parts = [np.size(x) if not isinstance(x, list) else len(x) for x in value]
    lists = [isinstance(x, list) for x in value]
    if any(lists) and not all(lists):
        return "some entries are lists and some are not"
    if all(lists) and len(set(parts)) > 1:
        other = next(n for n in parts if n != parts[0])
        return f"the rows have different lengths, {parts[0]} and {other}"
    return next((words for words in map(_ragged, value) if words), "")


def _strange(value: Any, dtype: Any) -> str:
    """The first entry that is of quite another kind than the dtype."""
    pending = [value]
    while pending:
        one = pending.pop(0)
        if isinstance(one, list):
            pending[:0] = one
        elif isinstance(one, (str, bytes)) and dtype != tf.string:
            return f"{repr(one)[:24]} is text, {dtype.name} is wanted"
        elif dtype == tf.string and not isinstance(one, (str, bytes, np.ndarray)):
            return f"{repr(one)[:24]} is no text: put it in quotes"
    return ""


def fields_of(wanted: Sequence[Any], also: Sequence[Any], given: Mapping[Any, Any]) -> list[Field]:
    """A field for each placeholder that the ops need, then for what else is to be fed."""
    ops = needs(wanted)
    tensors = [op.outputs[0] for op in ops if op.type in PLACEHOLDERS]
    known = {id(tensor): value for tensor, value in given.items()}
    extra = [t for t in [*also, *given] if all(t is not other for other in tensors)]
    tensors += list({id(t): t for t in extra}.values())
    return [Field(tensor, known.get(id(tensor))) for tensor in tensors]
