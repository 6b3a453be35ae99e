"""Several elementwise ops in one pass over memory.

A fused kernel starts as the NumPy functions of its ops, called one after the other. Once those have
lost as much time on large arrays as compiling costs (see `jit.Hot`), the same formulas become one
loop, compiled by Numba. Its source is made of the ops' own scalar expressions and numbered names.
"""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from minitf.kernels.jit import Hot
from minitf.kernels.threads import parallel

_GRAIN = 1 << 16  # elements: fewer are not worth a thread's start
_SAVED_NS = 0.8  # per element and op, against NumPy's passes over memory
_NAMES = re.compile(r"[A-Za-z_]\w*")
FUNCTIONS = frozenset(["exp", "log", "tanh", "sigmoid", "sqrt", "abs"])


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
        self._in_turn = _in_turn(steps, inputs)
        self._compiled: dict[str, _Generated] = {}

    def __call__(self, *values: Any) -> Any:
        large = max(values, key=np.size) if len(values) > 1 else values[0]
        if large.size < _GRAIN:
            return self._in_turn(*values)
        kinds = "".join(_kind(value, large) for value in values)
        if "?" in kinds:
            return self._in_turn(*values)  # a broadcast other than of single numbers
        generated = self._compiled.get(kinds)
        if generated is None:
            source = self.source(kinds)
            saves = _SAVED_NS * len(self.steps)
            generated = self._compiled[kinds] = _Generated(source, kinds, self._dtype, saves)
        if not generated.worth(large.size):
            return self._in_turn(*values)
        return self._in_one_pass(generated, kinds, values, large)

    def _in_one_pass(self, generated: Any, kinds: str, values: Any, large: Any) -> Any:
        out = np.empty(large.shape, self._dtype)
        flat = [
            v.reshape(-1) if k == "a" else v.flat[0] for v, k in zip(values, kinds, strict=True)
        ]
        result = out.reshape(-1)

        def work(start: int, stop: int) -> None:
            parts = [v[start:stop] if k == "a" else v for v, k in zip(flat, kinds, strict=True)]
            generated(*parts, result[start:stop])

        parallel(work, result.size, _GRAIN)
        return out

    def source(self, kinds: str) -> str:
        """The loop that Numba compiles; `kinds` says of each input whether it is an array."""
        arguments = ", ".join(f"x{i}" for i in range(self._inputs))
        lines = [f"def fused({arguments}, out):", " for i in range(out.size):"]
        single = "np.float32" if self._dtype == np.float32 else "np.float64"
        lines += [
            f"  a{i} = x{i}[i]" if kind == "a" else f"  a{i} = {single}(x{i})"
            for i, kind in enumerate(kinds)
        ]
        for number, step in enumerate(self.steps):
            lines.append(f"  t{number} = {_formula(step, single)}")
        lines.append(f"  out[i] = t{len(self.steps) - 1}")
        return "\n".join(lines) + "\n"

    def failing_step(self, values: Sequence[Any]) -> tuple[int, list[Any]]:
        """Which step raises on these inputs, and the arguments it gets."""
        results: list[Any] = []
        for number, step in enumerate(self.steps):
            arguments = [(values if kind == "x" else results)[i] for kind, i in step.sources]
            try:
                results.append(step.kernel(*arguments))
            except Exception:
                return number, arguments
        return len(self.steps) - 1, []


def _kind(value: Any, large: Any) -> str:
    if value.dtype != large.dtype:
        return "?"
    if value.size == 1 and value.ndim <= large.ndim:
        return "s"
    contiguous = value.shape == large.shape and value.flags.c_contiguous
    return "a" if contiguous else "?"


def _formula(step: Step, single: str) -> str:
    """The step's expression over the loop's names, its numbers of the group's own type."""
    place = {
        name: ("a" if kind == "x" else "t") + str(index)
        for name, (kind, index) in zip(step.names, step.sources, strict=True)
    }
    text = _NAMES.sub(lambda match: place.get(match[0], match[0]), step.expression)
    return re.sub(r"(?<![\w.])(\d+\.?\d*(?:e-?\d+)?)", rf"{single}(\1)", text)


def _in_turn(steps: list[Step], inputs: int) -> Callable[..., Any]:
    """The steps' NumPy kernels as one Python function; a name is free after its last use."""
    names = {("x", i): f"x{i}" for i in range(inputs)}
    last = {source: n for n, step in enumerate(steps) for source in step.sources}
    free: list[str] = []
    count = 0
    lines = [f"def in_turn({', '.join(names.values())}):"]
    for number, step in enumerate(steps):
        arguments = ", ".join(names[source] for source in step.sources)
        free.extend(
            names[source]
            for source in dict.fromkeys(step.sources)
            if last[source] == number and source[0] == "t"
        )
        if free:
            target = free.pop()
        else:
            target, count = f"t{count}", count + 1
        names["t", number] = target
        lines.append(f" {target} = k{number}({arguments})")
    lines.append(f" return {names['t', len(steps) - 1]}")
    namespace: dict[str, Any] = {f"k{n}": step.kernel for n, step in enumerate(steps)}
    exec("\n".join(lines), namespace)
    return namespace["in_turn"]


class _Generated(Hot):
    """A compiled loop whose source is written here instead of standing in a module."""

    def __init__(self, source: str, kinds: str, dtype: np.dtype, saves_ns: float) -> None:
        super().__init__("", "fused", saves_ns)
        self._source, self._kinds, self._type = source, kinds, dtype

    def _load(self) -> Callable:
        with self._lock:
            if self._function is None:
                self._function = self._compile()
        return self._function

    def _compile(self) -> Callable:
        import math

        import numba

        namespace: dict[str, Any] = {"np": np, "__name__": __name__}
        if self._type == np.float32:
            from minitf.kernels import functions_compiled as functions

            namespace.update({name: getattr(functions, name) for name in FUNCTIONS - {"abs"}})
        else:
            namespace.update(exp=math.exp, log=math.log, tanh=math.tanh, sqrt=math.sqrt)
            namespace["sigmoid"] = numba.njit(inline="always")(_sigmoid64)
        path = _source_file(self._source)
        exec(compile(self._source, path or "<fused>", "exec"), namespace)
        number = numba.from_dtype(self._type)
        array = numba.types.Array(number, 1, "C", readonly=True)  # fed values can't be written
        inputs = [array if kind == "a" else number for kind in self._kinds]
        signature = numba.void(*inputs, number[::1])
        options = {"nogil": True, "error_model": "numpy", "fastmath": {"nsz", "contract"}}
        try:
            return numba.njit(signature, cache=path is not None, **options)(namespace["fused"])
        except Exception:  # a broken cache fails in many ways; what compiles, compiles without it
            return numba.njit(signature, **options)(namespace["fused"])


def _sigmoid64(x):
    import math

    return 1.0 / (1.0 + math.exp(-x))


def _source_file(source: str) -> str | None:
    """A file that holds `source`: Numba's disk cache knows functions by their files."""
    folder = os.environ.get("NUMBA_CACHE_DIR") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "minitf"
    )
    path = os.path.join(folder, f"fused_{hashlib.sha256(source.encode()).hexdigest()[:24]}.py")
    try:
        if not os.path.exists(path):
            os.makedirs(folder, exist_ok=True)
            temporary = f"{path}.{os.getpid()}"
            with open(temporary, "w", encoding="utf-8") as file:
                file.write(source)
            os.replace(temporary, path)
    except OSError:
        return None
    return path
