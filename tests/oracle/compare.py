"""Compares what a program did with its recording."""

import math
import re
from typing import Any

ROUNDING = {"float16": 2e-3, "bfloat16": 2e-2, "float64": 1e-9, "complex128": 1e-9}
FLOAT = 3e-6


def same(got: Any, wanted: Any, rtol: float | None = None) -> bool:
    """Whether two descriptions are equal; floats may differ by rounding."""
    if isinstance(wanted, dict) and "array" in wanted:
        return _same_array(got, wanted, rtol)
    if isinstance(wanted, float) and isinstance(got, float):
        return _close([got], [wanted], rtol or FLOAT)
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(same(got[k], wanted[k], rtol) for k in wanted)
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(map(lambda g, w: same(g, w, rtol), got, wanted))
    return type(got) is type(wanted) and got == wanted


def _same_array(got: Any, wanted: dict, rtol: float | None) -> bool:
    if not isinstance(got, dict) or got.get("array") != wanted["array"]:
        return False
    dtype = wanted["array"].split("[")[0]
    if "digest" in wanted or not dtype.startswith(("float", "bfloat", "complex")):
        return got == wanted
    rtol = max(rtol or FLOAT, ROUNDING.get(dtype, 0)) if rtol else ROUNDING.get(dtype, FLOAT)
    return _close(got["values"], wanted["values"], rtol) and _close(
        got.get("summary", []), wanted.get("summary", []), rtol
    )


def _close(got: list, wanted: list, rtol: float) -> bool:
    """Elementwise closeness; the largest magnitude sets what counts as zero."""
    if len(got) != len(wanted):
        return False
    scale = max((abs(item) for item in wanted if math.isfinite(item)), default=0.0)
    for g, w in zip(got, wanted):
        if math.isfinite(w) and math.isfinite(g):
            if abs(g - w) > rtol * abs(w) + rtol * scale * 0.3:
                return False
        elif not (g == w or (math.isnan(g) and math.isnan(w))):
            return False
    return True


def error_differences(got: Any, wanted: dict, words: tuple[str, ...]) -> list[str]:
    """What is wrong with an exception: its class, or key words its message lacks.

    The key words are those that the program states; where it states none, the types, names and
    numbers in TensorFlow's message.
    """
    if not isinstance(got, dict) or got.get("raises") != wanted["raises"]:
        return ["another outcome"]
    if wanted["raises"] is None:
        return [] if same(got["gives"], wanted["gives"]) else ["another outcome"]
    says = got["says"].lower()
    return [word for word in words or key_words(wanted["says"]) if word.lower() not in says]


def key_words(message: str) -> list[str]:
    """The types, quoted names, tensors and numbers in one of TensorFlow's own messages."""
    if PYTHONS_OWN.search(message):
        return []
    told = TECHNICAL.split(message)[0]
    words = dict.fromkeys(word for found in KEY_WORD.findall(told) for word in found)
    return [word for word in words if re.search(r"\w", word) and word not in INTERNAL]


INTERNAL = {"SymbolicTensor", "tf.Tensor", "type_value", "fetch", "NoneType"}
INTERNAL |= {"int", "float", "str", "list", "tuple", "dict", "numpy.int32", "numpy.float32"}
PYTHONS_OWN = re.compile(
    r"object (has no|is not|cannot be)|required positional|argument must be|has no setter"
    r"|not supported|bytes-like|keyword argument|inhomogeneous|could not convert string"
    r"|takes \d+ positional|does not support"
)
TECHNICAL = re.compile(
    r" for '\{\{node|list of allowed|Consider casting|Accepted|Traceback|\[\[\{|Received|\n\t"
    r"|0x|Try explicitly|has to match|structure|<object|most likely|A shape should"
)
KEY_WORD = re.compile(
    r"\b(u?int(?:8|16|32|64)|b?float(?:16|32|64)|string|bool|complex\d+)\b"
    r"|['`\"]([\w/:.]+)['`\"]|\b([a-zA-Z][\w/]*:\d)\b|(?<![\w.])(-?\d+(?:\.\d+)?)(?![\w.]*\d)"
)


def differences(fresh: dict, committed: dict) -> list[str]:
    """How a fresh recording differs from the committed one, in words."""
    found = [f"{name}: only recorded now" for name in fresh.keys() - committed.keys()]
    found += [f"{name}: no such program" for name in committed.keys() - fresh.keys()]
    for name in fresh.keys() & committed.keys():
        for key in ("seen", "nodes"):
            now, then = fresh[name][key], committed[name][key]
            if len(now) != len(then):
                found.append(f"{name}: {len(now)} {key} now, {len(then)} before")
            found += [
                f"{name}: {key}: now {a}, before {b}"
                for a, b in zip(now, then)
                if not same(a, b, 1e-4)
            ]
    return sorted(found)
