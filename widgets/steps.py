"""One step of a run in words: what an op does, why it waits, what it races with, how it fails."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import values
from .story import Rich, b, plural, rich, words
from .tree import VARIABLES

SIGNS = {
    "Add": "+", "AddV2": "+", "BiasAdd": "+", "Sub": "−", "Mul": "×", "RealDiv": "÷", "Div": "÷",
    "FloorDiv": "÷", "MatMul": "·", "BatchMatMul": "·", "BatchMatMulV2": "·", "Pow": "^",
    "Greater": ">", "Less": "<", "GreaterEqual": "≥", "LessEqual": "≤", "Equal": "=?",
    "NotEqual": "≠", "LogicalAnd": "and", "LogicalOr": "or", "FloorMod": "mod",
}  # fmt: skip
TOLD = 12  # so many numbers fit into a caption
CHANGES = ("Assign", "Apply", "Scatter", "SparseApply")


def flat(fetches: Any) -> list[Any]:
    """Fetches out of their nesting."""
    if isinstance(fetches, Mapping):
        fetches = list(fetches.values())
    if isinstance(fetches, (list, tuple)):
        return [one for part in fetches for one in flat(part)]
    return [fetches]


def name_of(fetch: Any) -> str:
    """The name of the op that a fetch or a feed's key means."""
    if isinstance(fetch, (str, bytes)):
        return (fetch if isinstance(fetch, str) else fetch.decode()).partition(":")[0]
    return getattr(fetch, "op", fetch).name


def is_read(op: Any) -> bool:
    """Whether an op only reads the variable that is its input."""
    named = op.name.endswith("/read") and op.type == "Identity"
    return named and bool(op.inputs) and op.inputs[0].op.type in VARIABLES


def writes(op: Any) -> bool:
    """Whether an op changes the variable that is its first input."""
    return op.type.startswith(CHANGES) and bool(op.inputs) and op.inputs[0].op.type in VARIABLES


def shown_values(outputs: Sequence[Any] | None) -> list[Any]:
    """The outputs that are arrays a learner can look at."""
    kinds = (np.ndarray, np.generic, int, float, bool, str, bytes)
    return [value for value in outputs or () if isinstance(value, kinds)]


def first(outputs: Sequence[Any] | None) -> Any:
    """The first output that is an array a learner can look at, or None."""
    return next(iter(shown_values(outputs)), None)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal in type, shape and every entry, NaN being equal to NaN."""
    if one is None or other is None:
        return one is other
    first, second = np.asarray(one), np.asarray(other)
    if first.shape != second.shape or first.dtype != second.dtype:
        return False
    return bool(np.all(equal(first, second)))


def equal(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Entry by entry, NaN being equal to NaN."""
    result = np.asarray(one == other)
    if one.dtype.kind in "fc":
        result |= np.isnan(one) & np.isnan(other)
    return result


def badge(text: str) -> str:
    """A value short enough to stand beside a node; of a large one only the shape."""
    text = text.partition(" ")[2] if text.endswith(")") and " (" in text else text
    if len(text) <= 20:
        return text
    whole = text[:19].rpartition(" ")[0] if text.startswith("[") else ""  # no number is cut in two
    return (f"{whole} " if whole else text[:19]) + "…"


def told(value: Any) -> Any:
    """A value in a caption: in bold, up to a dozen numbers whole; of a large one the shape."""
    if value is None:
        return ""
    array = np.asarray(value)
    text = values.short(value)
    if array.size == 0:
        return "an empty array"
    if array.size <= TOLD and array.ndim <= 2:
        return b(values.nested(array))
    return f"an array of shape {values.shape_text(array)}" if text.endswith(")") else b(text)


def says(event: Any, text: Any) -> Rich:
    """What an op did, `text` being its value as `told`."""
    op = event.op
    inputs = list(dict.fromkeys(t.op.name for t in op.inputs))
    waited = list(event.waited_for or ())
    after = rich(" It waited for ", *words([c.name for c in waited], 3), ".") if waited else []
    if op.type == "Const":
        return rich(b(op.name), " gives the value written into the graph: ", text, ".", *after)
    if is_read(op):
        return rich(b(inputs[0]), " is read. Its value lives in this session: ", text, ".", *after)
    if writes(op):
        return rich(b(op.name), " writes ", text, " into the variable ", b(inputs[0]), ".", *after)
    if not op.outputs:
        return rich(b(op.name), " computes nothing; it is there to be waited for.", *after)
    if op.type in ("Switch", "RefSwitch"):
        side = first((event.outputs or ())[1:]) is not None
        hands = rich(b(op.name), " hands ", b(inputs[0]), f" on to the branch for {side}: ")
        return rich(*hands, text, ".", *after)
    if op.type in ("Merge", "RefMerge"):
        return rich(b(op.name), " takes the value of the branch that ran: ", text, ".", *after)
    if op.type in ("Enter", "RefEnter"):
        return rich(b(op.name), " brings ", b(inputs[0]), " into the loop: ", text, ".", *after)
    if not inputs:
        return rich(b(op.name), " computes ", text or "its result", ".", *after)
    ready = "has its input" if len(inputs) == 1 else "has all its inputs"
    given = rich(" (", *words(inputs, 4), ")")
    return rich(
        b(op.name), f" {ready}", *given, " and computes ", text or "its result", ".", *after
    )


def waits(op: Any) -> str:
    """What stands beside a node that waits for others: their names, or how many they are."""
    names = [c.name.rpartition("/")[2] for c in op.control_inputs]
    whole = "waits for " + ", ".join(names)
    return whole if len(whole) <= 24 else f"waits for {plural(len(names), 'node')}"


def race(found: Any, line: Any, wanted: Mapping[Any, Any]) -> Rich:
    """Two ops that use a variable in either order; `line(op)` is `Line 3` or nothing, and
    `wanted` tells for a variable's read which op wants it."""
    pair = []
    for op in (found.other, found.write):
        place = line(op).lower()
        use = f"which {'reads' if op is found.other and not writes(op) else 'writes'} it"
        reader = rich(" for ", b(wanted[op])) if op in wanted else []
        pair.append(rich(b(op.name), f" ({place}, {use}" if place else f" ({use}", *reader, ")"))
    return rich(
        *pair[0], " and ", *pair[1], " race for ", b(found.variable.name),
        ": the graph does not say which comes first, so either may. ",
        ["code", "tf.control_dependencies"], " puts them in order.",
    )  # fmt: skip


def reason_of(message: str) -> str:
    """The first paragraph of an error's message, a node in it as its op and inputs alone."""
    first, *_ = message.strip().split("\n", 1)
    return re.sub(r"\{\{node [^{}]*\}\} = (\w+)\[[^\]]*\]\(", r"\1(", first)


def failure(error: BaseException, op: Any) -> Rich:
    """How a run ended, in words a learner can act on."""
    message = reason_of(str(getattr(error, "message", None) or error))
    start = rich(
        *([b(op.name), " stops the run"] if op is not None else ["The run stops"]), " with "
    )
    reason = rich(start, b(type(error).__name__), f": {message[:300]}")
    if op is not None and op.type.startswith("Placeholder"):
        return rich(
            *reason, ". A placeholder has no value of its own: this run needs it, so feed it."
        )
    if "uninitialized value" in message:
        name = op.inputs[0].op.name if op is not None and op.inputs else "the variable"
        way = ["code", "tf.global_variables_initializer()"]
        return rich(
            start, b(type(error).__name__), ": ", b(name), " has no value in this session yet. ",
            "Run its initializer first, for instance ", way, ".",
        )  # fmt: skip
    return reason
