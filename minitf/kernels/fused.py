"""Several elementwise ops in one pass over memory.

A fused kernel starts as the NumPy functions of its ops, called one after the other on a block of
rows at a time, so that results on the way stay in the cache and never fill an array of their own.
Once that has lost as much time as compiling costs (see `jit.Hot`), the same formulas become one
loop, compiled by Numba. Its source is made of the ops' own scalar expressions and numbered names.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import math
import os
import pathlib
import re
import weakref
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from minitf.kernels.jit import Hot, index_files
from minitf.kernels.threads import parallel

LARGE = 1 << 16  # elements: smaller arrays are taken at once, by NumPy
# Elements that NumPy takes through all steps together: their results fit in the cache, and yet the
# threads, which need the interpreter's lock between any two steps, seldom wait for one another.
BLOCK = 1 << 17
_FEW = 3  # steps: with fewer, on one thread, blocks gain nothing
# Elements times steps, a function as five, that are worth a thread: starting one and waiting for it
# takes some 0.1 ms, and NumPy needs the interpreter's lock besides.
_NUMPY_GRAIN = 3 << 19
_COMPILED_GRAIN = 1 << 19
_STRETCH = 1024  # elements that one loop after the other works on, where there are several
_SHORTEST_ROW = 16  # elements: rows that broadcast are worth a loop of their own from here on
# What compiled code saves for each element and op, measured against NumPy in blocks.
_SAVED_NS = 0.5
_SAVED_NS_OF_FUNCTIONS = 1.2
_NAMES = re.compile(r"[A-Za-z_]\w*")
FUNCTIONS = frozenset(["exp", "log", "log1p", "tanh", "sigmoid", "sqrt", "abs"])


class Step(NamedTuple):
    """One op of a group: its NumPy kernel, and its formula over the names of its arguments.

    `sources` says where each argument comes from: ("x", i) an input, ("t", j) an earlier step.
    """

    kernel: Callable[..., Any]
    expression: str
    names: tuple[str, ...]
    sources: tuple[tuple[str, int], ...]


def fusable(expression: str | None, names: Sequence[str]) -> bool:
    """Whether a scalar expression uses only its arguments and functions known here."""
    if expression is None:
        return False
    used = set(_NAMES.findall(re.sub(r"\d+\.?\d*(e-?\d+)?", "", expression)))
    return used <= FUNCTIONS | set(names) | {"if", "else"}


class FusedKernel:
    """A group of elementwise ops with one result, as one function of the group's inputs."""

    def __init__(self, steps: list[Step], inputs: int, dtype: Any) -> None:
        self.steps = steps
        self._dtype = np.dtype(dtype)
        self._inputs = inputs
        self._in_turn = in_turn(steps, inputs, [len(steps) - 1])
        self._in_block = in_turn(steps, inputs, [len(steps) - 1], into=True)
        self._compiled: dict[str, Generated] = {}
        functions = sum(has_function(step.expression) for step in steps)
        self._saves_ns = _SAVED_NS * (len(steps) + 1) + _SAVED_NS_OF_FUNCTIONS * functions
        self._grains = Grains.of(len(steps), functions)

    def __call__(self, *values: Any) -> Any:
        large = max(values, key=np.size) if len(values) > 1 else values[0]
        if large.size < LARGE:
            return self._in_turn(*values)
        kinds = "".join([kind_of(value, large) for value in values])
        if "?" in kinds:
            return self._in_turn(*values)  # a broadcast other than of numbers, rows and columns
        row = large.shape[-1] if set(kinds) & {"r", "c"} else 0
        generated = self._compiled.get(kinds)
        if generated is None:
            generated = compiled_loop(self.source(kinds), kinds + "A", self._dtype, self._saves_ns)
            self._compiled[kinds] = generated
        compiled = generated.worth(large.size)
        if not compiled and len(self.steps) < _FEW and large.size < 2 * self._grains.numpy:
            return self._in_turn(*values)
        out = np.empty(large.shape, self._dtype)
        if compiled:
            by_rows(generated, kinds + "A", [*values, out], row, out.size, self._grains.compiled)
        else:
            by_rows(self._in_block, kinds + "A", [*values, out], row, BLOCK, self._grains.numpy)
        return out

    def source(self, kinds: str) -> str:
        """The loops that Numba compiles, over rows and stretches of their elements.

        `kinds` says of each input whether it is an array, a row, a column or a single number. One
        inner loop holds one function only: the processor works on several elements at a time, and
        of long formulas on too few. What a later loop needs goes through `b0`, `b1`, ...
        """
        loop_of = self._loops()
        last = len(self.steps) - 1
        single = "np.float32" if self._dtype == np.float32 else "np.float64"
        read = {"a": "[i, start:stop]", "r": "[start:stop]", "c": "[i, 0]"}
        inputs = [f"x{i}" for i in range(self._inputs)]
        kept = sorted(
            {
                index
                for number, step in enumerate(self.steps)
                for kind, index in step.sources
                if kind == "t" and loop_of[index] < loop_of[number]
            }
        )
        lines = [f"def fused({', '.join([*inputs, 'out'])}):"]
        lines += [f" a{i} = {single}(x{i})" for i, kind in enumerate(kinds) if kind == "s"]
        lines += [f" b{number} = np.empty({_STRETCH}, {single})" for number in kept]
        lines.append(" for i in range(out.shape[0]):")
        lines.append(f"  for start in range(0, out.shape[1], {_STRETCH}):")
        lines.append(f"   stop = min(start + {_STRETCH}, out.shape[1])")
        lines += [f"   a{i} = x{i}{read[kind]}" for i, kind in enumerate(kinds) if kind != "s"]
        lines.append("   o = out[i, start:stop]")
        place = {("x", i): f"a{i}[j]" if kind in "ar" else f"a{i}" for i, kind in enumerate(kinds)}
        place |= {("t", number): f"t{number}" for number in range(len(self.steps))}
        for number, step in enumerate(self.steps):
            if number == 0 or loop_of[number] > loop_of[number - 1]:
                lines.append("   for j in range(o.size):")
                place |= {("t", n): f"b{n}[j]" for n in kept if loop_of[n] < loop_of[number]}
            lines.append(f"    t{number} = {_formula(step, place, single)}")
            if number in kept:
                lines.append(f"    b{number}[j] = t{number}")
        lines.append(f"    o[j] = t{last}")
        return "\n".join(lines) + "\n"

    def _loops(self) -> list[int]:
        """For each step the number of its loop; one ends with each function but the last."""
        functions = [has_function(step.expression) for step in self.steps]
        most = max(sum(functions) - 1, 0)
        return [min(sum(functions[:number]), most) for number in range(len(self.steps))]

    def failing_step(self, values: Sequence[Any]) -> tuple[int, list[Any]]:
        """Which step raises on these inputs, and the arguments it gets."""
        return failing_step(self.steps, values)


def failing_step(steps: Sequence[Any], values: Sequence[Any]) -> tuple[int, list[Any]]:
    """Which step raises on these inputs, and the arguments it gets."""
    results: list[Any] = []
    for number, step in enumerate(steps):
        arguments = [(values if kind == "x" else results)[i] for kind, i in step.sources]
        try:
            results.append(step.kernel(*arguments))
        except Exception:
            return number, arguments
    return len(steps) - 1, []


def has_function(expression: str) -> bool:
    """Whether a formula calls one of the functions, which cost more than signs do."""
    return any(f"{function}(" in expression for function in FUNCTIONS)


class Grains(NamedTuple):
    """For how many elements either form of a group is worth a thread."""

    numpy: int
    compiled: int

    @classmethod
    def of(cls, steps: int, functions: int) -> Grains:
        """By the number of steps, and of those among them that are functions."""
        work = steps + 4 * functions
        return cls(_NUMPY_GRAIN // work, _COMPILED_GRAIN // work)


def by_rows(
    function: Any, kinds: str, arrays: Sequence[Any], row: int, block: int, grain: int
) -> None:
    """Calls `function(*arrays)` on the rows that make a block, on threads of a grain or more.

    `row` is the length of a row; 0 makes one long row of each part of the arrays.
    """
    length = max(row, 1)
    rows = max(block // length, 1)
    flat = [_FLAT[kind](array, length) for array, kind in zip(arrays, kinds, strict=True)]

    def part(start: int, stop: int) -> None:
        arguments = [v[start:stop] if k in "acAC" else v for v, k in zip(flat, kinds, strict=True)]
        if row == 0:
            arguments = [v.reshape(1, -1) if np.ndim(v) else v for v in arguments]
        function(*arguments)

    def work(start: int, stop: int) -> None:
        with np.errstate(all="ignore"):  # each thread has a state of its own
            for first in range(start, stop, rows):
                part(first, min(first + rows, stop))

    parallel(work, len(flat[-1]), max(1, grain // length))


# How each kind of input, and of result (in capitals), meets the rows.
_FLAT: dict[str, Callable[[Any, int], Any]] = {
    "a": lambda value, row: value.reshape(-1, row),
    "c": lambda value, row: value.reshape(-1, 1),
    "r": lambda value, row: value.reshape(-1),
    "s": lambda value, row: value.flat[0],
    "A": lambda value, row: value.reshape(-1, row),
    "C": lambda value, row: value.reshape(-1, 1),
}


def kind_of(value: Any, large: Any) -> str:
    """How a value meets the largest one: all of it, one (r)ow, one (c)olumn or one (s)ingle."""
    if value.dtype != large.dtype:
        return "?"
    if value.size == 1 and value.ndim <= large.ndim:
        return "s"
    if type(value) is not np.ndarray or not value.flags.c_contiguous:
        return "?"
    if value.shape == large.shape:
        return "a"
    if value.ndim <= large.ndim and large.shape[-1] >= _SHORTEST_ROW:
        if value.shape[-1] == value.size == large.shape[-1]:
            return "r"
        if value.shape == (*large.shape[:-1], 1):
            return "c"
    return "?"


def _formula(step: Step, place: dict[tuple[str, int], str], single: str) -> str:
    """The step's expression over the loop's names, its numbers of the group's own type."""
    names = {name: place[source] for name, source in zip(step.names, step.sources, strict=True)}
    return renamed(step.expression, names, single)


def renamed(expression: str, place: dict[str, str], single: str) -> str:
    """The expression with other names, and with its numbers as those of a type."""
    text = _NAMES.sub(lambda match: place.get(match[0], match[0]), expression)
    return re.sub(r"(?<![\w.])(\d+\.?\d*(?:e-?\d+)?)", rf"{single}(\1)", text)


def in_turn(
    steps: Sequence[Any], inputs: int, results: Sequence[int], *, into: bool = False
) -> Callable[..., Any]:
    """The steps' NumPy kernels as one Python function; a name is free after its last use.

    It returns what the steps numbered `results` make: one value, or a tuple. With `into`, it
    takes one argument more, the array for what the last step makes.
    """
    names = {("x", i): f"x{i}" for i in range(inputs)}
    last = {source: n for n, step in enumerate(steps) for source in step.sources}
    kept = {("t", n) for n in results}
    free: list[str] = []
    count = 0
    lines = [f"def in_turn({', '.join([*names.values(), *['out'] * into])}):"]
    for number, step in enumerate(steps):
        arguments = ", ".join(names[source] for source in step.sources)
        free.extend(
            names[source]
            for source in dict.fromkeys(step.sources)
            if last[source] == number and source[0] == "t" and source not in kept
        )
        if free:
            target = free.pop()
        else:
            target, count = f"t{count}", count + 1
        names["t", number] = target
        if into and number == len(steps) - 1:
            at_once = isinstance(step.kernel, np.ufunc)
            call = (
                f"k{number}({arguments}, out)" if at_once else f"out[...] = k{number}({arguments})"
            )
            lines.append(f" {call}")
        else:
            lines.append(f" {target} = k{number}({arguments})")
    if not into:
        lines.append(f" return {', '.join(names['t', n] for n in results)}")
    namespace: dict[str, Any] = {f"k{n}": step.kernel for n, step in enumerate(steps)}
    exec("\n".join(lines), namespace)
    return namespace["in_turn"]


_loops: weakref.WeakValueDictionary[Any, Generated] = weakref.WeakValueDictionary()


def compiled_loop(
    source: str, kinds: str, dtype: np.dtype, saves_ns: float, helpers: str = ""
) -> Generated:
    """The loop with this source: one for all groups of the same formulas, in whatever graph."""
    key = (source, kinds, dtype)
    found = _loops.get(key)
    if found is None:
        found = _loops[key] = Generated(source, kinds, dtype, saves_ns, helpers)
    return found


class Generated(Hot):
    """A compiled loop whose source is written while running instead of standing in a module.

    `kinds` says of each argument what it is, of results in capitals; `helpers` names a module of
    compiled functions that the loop calls beside those of one number.
    """

    def __init__(
        self, source: str, kinds: str, dtype: np.dtype, saves_ns: float, helpers: str = ""
    ) -> None:
        super().__init__("", "fused", saves_ns)
        self._source, self._kinds, self._type, self._helpers = source, kinds, dtype, helpers

    def _on_disk(self) -> bool:
        path = _source_path(self._source, self._helpers)
        return any(index_files(path.parent, path.stem, self.name))

    def _load(self) -> Callable:
        with self._lock:
            if self._function is None:
                self._function = self._compile()
        return self._function

    def _compile(self) -> Callable:
        import numba

        namespace: dict[str, Any] = {"np": np, "__name__": __name__}
        if self._type == np.float32:
            from minitf.kernels import functions_compiled as functions

            namespace.update({name: getattr(functions, name) for name in FUNCTIONS - {"abs"}})
        else:
            namespace.update(exp=math.exp, log=math.log, log1p=math.log1p)
            namespace.update(tanh=math.tanh, sqrt=math.sqrt)
            namespace["sigmoid"] = numba.njit(inline="always")(_sigmoid64)
        if self._helpers:
            helpers = importlib.import_module(f"minitf.kernels.{self._helpers}")
            namespace.update({name: getattr(helpers, name) for name in helpers.__all__})
        path = _source_file(self._source, self._helpers)
        exec(compile(self._source, path or "<fused>", "exec"), namespace)
        number = numba.from_dtype(self._type)
        # Fed values can't be written.
        row, block = (numba.types.Array(number, n, "C", readonly=True) for n in (1, 2))
        types = {"a": block, "c": block, "r": row, "s": number}
        types |= dict.fromkeys("AC", number[:, ::1])
        signature = numba.void(*[types[kind] for kind in self._kinds])
        options = {"nogil": True, "error_model": "numpy", "fastmath": {"nsz", "contract"}}
        try:
            return numba.njit(signature, cache=path is not None, **options)(namespace["fused"])
        except Exception:  # a broken cache fails in many ways; what compiles, compiles without it
            return numba.njit(signature, **options)(namespace["fused"])


def _sigmoid64(x):
    return 1.0 / (1.0 + math.exp(-x))


def _source_path(source: str, helpers: str) -> pathlib.Path:
    folder = os.environ.get("NUMBA_CACHE_DIR") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "minitf"
    )
    # The functions that the loop calls are compiled into it.
    called = "".join(_module_source(name) for name in ("functions_compiled", helpers) if name)
    digest = hashlib.sha256((source + called).encode()).hexdigest()
    return pathlib.Path(folder, f"fused_{digest[:24]}.py")


@functools.cache
def _module_source(name: str) -> str:
    return pathlib.Path(__file__).with_name(f"{name}.py").read_text("utf-8")


def _source_file(source: str, helpers: str) -> str | None:
    """A file that holds `source`: Numba's disk cache knows functions by their files."""
    path = _source_path(source, helpers)
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(f".{os.getpid()}")
            temporary.write_text(source, encoding="utf-8")
            temporary.replace(path)
    except OSError:
        return None
    return str(path)
