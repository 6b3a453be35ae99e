"""Runs one program on some `tf` and writes down what it did, as plain JSON data.

A program is a function `def some_name(tf, see)` in `programs/<theme>.py`. It runs in a fresh
default graph, and notes what matters:

    see(tensor, shape, 3, ...)                    what a thing is: name, dtype, static shape, value
    see.run(fetches, feed_dict)                   what the program's session returns
    see.full(tensor, feed_dict)                   both
    see.attempt(lambda: ..., "key", "words")      the exception's class, and words its message has;
                                                  or what came back, if TensorFlow does not mind

The nodes of the default graph are noted by themselves when the program ends.
"""

import importlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from oracle.nodes import node_line, tensor_text
from oracle.programs import THEMES

RECORDINGS = Path(__file__).parent / "recordings"
LARGE = 40


@dataclass
class Outcome:
    """What one program did; `tolerances` and `words` go with the entries of `seen`."""

    seen: list = field(default_factory=list)
    nodes: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    tolerances: list = field(default_factory=list)
    words: list = field(default_factory=list)
    failure: BaseException | None = None


def themes() -> dict[str, dict[str, Callable]]:
    """Every program by theme, in the order in which a learner meets them."""
    found = {}
    for theme in THEMES:
        module = importlib.import_module(f"oracle.programs.{theme}")
        functions = [
            function
            for name, function in vars(module).items()
            if inspect.isfunction(function)
            and not name.startswith("_")
            and function.__module__ == module.__name__
            and list(inspect.signature(function).parameters)[:2] == ["tf", "see"]
        ]
        found[theme] = {function.__name__: function for function in functions}
    return found


def observe(tf: Any, program: Callable) -> Outcome:
    """Run `program` in a fresh graph of `tf`; an exception ends it and is kept in `failure`."""
    tf.reset_default_graph()
    see = Observer(tf)
    graph = tf.Graph()
    with graph.as_default():
        try:
            program(tf, see)
        except Exception as failure:
            see.outcome.failure = failure
        finally:
            see.close()
    see.outcome.nodes = [node_line(node) for node in graph.as_graph_def().node]
    return see.outcome


class Observer:
    """The `see` of a program."""

    def __init__(self, tf: Any) -> None:
        self.tf = tf
        self.outcome = Outcome()
        self._session = None

    def __call__(self, *things: Any, rtol: float | None = None) -> None:
        """Note what each thing is."""
        for thing in things:
            self._note(describe(self.tf, thing), rtol)

    @property
    def session(self) -> Any:
        """The program's one session, opened on first use over the default graph."""
        if self._session is None:
            self._session = self.tf.Session()
        return self._session

    def run(self, fetches: Any, feed_dict: dict | None = None, rtol: float | None = None) -> Any:
        """Run `fetches` in the program's session and note what came back."""
        result = self.session.run(fetches, feed_dict)
        self._note(describe(self.tf, result), rtol)
        return result

    def full(self, tensor: Any, feed_dict: dict | None = None, rtol: float | None = None) -> Any:
        """Note what a tensor is, and its value."""
        self._note(describe(self.tf, tensor), rtol)
        result = self.session.run(tensor, feed_dict)
        self._note(describe(self.tf, result), rtol)
        return result

    def start(self) -> None:
        """Initialize the global variables, as nearly every program does."""
        self.session.run(self.tf.global_variables_initializer())

    def attempt(self, action: Callable[[], Any], *words: str) -> None:
        """Note the exception that `action` raises, its message having `words`, or what it gives."""
        try:
            said = {"raises": None, "gives": describe(self.tf, action())}
        except Exception as error:
            said = {"raises": type(error).__name__, "says": _message(error)}
        self._note(said, None, words)

    def close(self) -> None:
        """Close the session, if one was opened."""
        if self._session is not None:
            self._session.close()

    def _note(self, said: Any, rtol: float | None, words: tuple[str, ...] = ()) -> None:
        caller = inspect.currentframe().f_back.f_back
        self.outcome.seen.append(said)
        self.outcome.tolerances.append(rtol)
        self.outcome.words.append(words)
        self.outcome.lines.append(caller.f_lineno)


def _message(error: Exception) -> str:
    """A message without stack traces and without what changes from run to run."""
    text = str(error).removeprefix("Graph execution error:").split("\n\nOriginal stack trace")[0]
    text = re.sub(r"Detected at node.*?\n(?=Node: )", "", text, flags=re.DOTALL)
    text = re.sub(r"0x[0-9a-f]+", "0x", text)
    text = re.sub(r"/[\w/]*/tmp\w+|/tmp/\w+", "FOLDER", text)
    text = re.sub(r"goo\.gle/\w+ *", "", text)
    text = re.sub(r"pyfunc_\d+", "pyfunc_N", text)
    return re.sub(r'File ".*?", line \d+', "File", text).strip()[:2000]


def describe(tf: Any, thing: Any) -> Any:
    """Anything a program can hold, as JSON data."""
    if thing is None or isinstance(thing, (bool, int, str)):
        return thing
    if isinstance(thing, float):
        return thing if not isinstance(thing, np.generic) else _array(np.asarray(thing))
    if isinstance(thing, bytes):
        return {"bytes": thing.decode("latin-1")}
    if isinstance(thing, (np.ndarray, np.generic)):
        return _array(np.asarray(thing))
    if isinstance(thing, dict):
        return {"dict": [[describe(tf, k), describe(tf, v)] for k, v in thing.items()]}
    kind = _kind(tf, thing)
    if kind is not None:
        return kind
    if isinstance(thing, (set, frozenset)):
        return {"set": sorted(describe(tf, item) for item in thing)}
    if isinstance(thing, (list, tuple)):
        return {type(thing).__name__: [describe(tf, item) for item in thing]}
    return {"object": type(thing).__name__}


def _kind(tf: Any, thing: Any) -> Any:
    """One of TensorFlow's own kinds of things as a line of text, None when it is not one."""
    for name, text in _KINDS.items():
        kind = getattr(tf, name, None)
        if kind is not None and isinstance(thing, kind):
            return text(thing)
    if hasattr(tf, "IndexedSlices") and isinstance(thing, tf.IndexedSlices):
        parts = (thing.values, thing.indices, thing.dense_shape)
        return {"IndexedSlices": [describe(tf, part) for part in parts]}
    return f"class {thing.__name__}" if isinstance(thing, type) else None


_KINDS: dict[str, Callable[[Any], str]] = {
    "Tensor": lambda t: f"Tensor {t.name} {t.dtype.name} {_shape(t.shape)} on {t.op.type}",
    "Operation": lambda op: f"Operation {op.name} {op.type}",
    "Variable": lambda v: f"Variable {v.name} {v.dtype.name} {_shape(v.shape)}",
    "TensorShape": lambda shape: f"shape {_shape(shape)}",
    "Dimension": lambda dimension: f"Dimension {dimension.value}",
    "DType": lambda dtype: f"dtype {dtype.name}",
}


def _shape(shape: Any) -> str:
    if shape.ndims is None:
        return "?"
    return "[" + ",".join("?" if d is None else str(d) for d in shape.as_list()) + "]"


def _array(array: np.ndarray) -> dict:
    """A value: all of a small array, a digest of a large one."""
    kind = f"{array.dtype.name if array.dtype != object else 'object'}{list(array.shape)}"
    kind = kind.replace(" ", "")
    if array.dtype == object or array.dtype.kind in "SU":
        return {"array": kind, "values": [_text(item) for item in array.ravel()]}
    if array.dtype.kind in "fcV":
        return {"array": kind, **_float_digest(array)}
    if array.size > LARGE:
        return {"array": kind, "digest": tensor_text(array, "")}
    return {"array": kind, "values": array.ravel().tolist()}


def _text(item: Any) -> str:
    return item.decode("latin-1") if isinstance(item, bytes) else str(item)


def _float_digest(array: np.ndarray) -> dict:
    """Every element of a small array; first elements, mean and spread of a large one."""
    if array.dtype.kind == "c":
        array = np.stack([array.real, array.imag], axis=-1)
    flat = array.ravel()
    if array.dtype.kind == "V" or array.dtype.itemsize < 4:
        flat = flat.astype(np.float32)
    if flat.size <= LARGE:
        return {"values": [float(str(item)) for item in flat]}
    wide = flat.astype(np.float64)
    summary = [float(f"{item:.12g}") for item in (wide.mean(), wide.std(), wide.min(), wide.max())]
    step = flat.size // 16
    return {"values": [float(str(item)) for item in flat[::step]], "summary": summary}
