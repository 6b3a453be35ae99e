"""Several ops that treat each row of an array by itself, in one go.

A row is what lies along the last axis. Means and other reductions over it, softmax, and the
elementwise ops around them (a layer's normalisation, say) go through all their steps for a few
rows at a time, so that nothing on the way leaves the cache. As with `fused`, the steps are NumPy's
functions until compiling is worth its price; then each row takes a few short loops: one up to each
reduction, where the row's numbers so far are kept, and the reduction in between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from minitf.kernels.fused import (
    BLOCK,
    LARGE,
    Grains,
    by_rows,
    compiled_loop,
    failing_step,
    has_function,
    in_turn,
    kind_of,
    renamed,
)

# What compiled code saves for each element, measured against NumPy in blocks.
_SAVED_NS = 0.5
_SAVED_NS_OF_FUNCTIONS = 1.2
_REDUCTION = re.compile(r"(total|largest|smallest)\((\w+)\)")
# How a row is worked on: formulas of a step's argument x, the row's length n, and those before.
RULES = {
    "Sum": ("total(x)",),
    "Mean": ("total(x)", "p0 / n"),
    "Max": ("largest(x)",),
    "Min": ("smallest(x)",),
    "Softmax": ("largest(x)", "exp(x - p0)", "total(p1)", "1 / p2", "p1 * p3"),
    "LogSoftmax": ("largest(x)", "x - p0", "exp(p1)", "total(p2)", "log(p3)", "p1 - p4"),
    "Identity": ("x",),
    "StopGradient": ("x",),
}


class RowStep(NamedTuple):
    """One op of a group: its NumPy kernel, and its formulas over the names of its arguments.

    `sources` says where each argument comes from: ("x", i) an input, ("t", j) an earlier step.
    """

    kernel: Any
    formulas: tuple[str, ...]
    names: tuple[str, ...]
    sources: tuple[tuple[str, int], ...]


class RowKernel:
    """A group of row-wise float32 ops as one function of its inputs, with one or more results.

    `results` are numbers of steps. `squeezed` are those of them whose rows end in one number
    without an axis of its own.
    """

    def __init__(
        self, steps: list[RowStep], inputs: int, results: list[int], squeezed: set[int]
    ) -> None:
        self.steps = steps
        self._inputs = inputs
        self._results = results
        self._squeezed = squeezed
        self._in_turn = in_turn(steps, inputs, results)
        self._forms: dict[str, _Form | None] = {}

    def __call__(self, *values: Any) -> Any:
        large = max(values, key=np.size) if len(values) > 1 else values[0]
        if large.size < LARGE:
            return self._in_turn(*values)
        kinds = "".join([kind_of(value, large) for value in values])
        if kinds not in self._forms:
            self._forms[kinds] = _formed(self.steps, kinds, self._results)
        form = self._forms[kinds]
        if form is None:
            return self._in_turn(*values)
        row = large.shape[-1]
        outs = []
        for number, kind in zip(self._results, form.result_kinds, strict=True):
            column = large.shape[:-1] if number in self._squeezed else (*large.shape[:-1], 1)
            outs.append(np.empty(large.shape if kind == "A" else column, np.float32))
        kinds, arrays = kinds + form.result_kinds, [*values, *outs]
        if form.generated.worth(large.size):
            by_rows(form.generated, kinds, arrays, row, large.size, form.grains.compiled)
        else:
            by_rows(self._in_block, kinds, arrays, row, BLOCK, form.grains.numpy)
        return outs[0] if len(outs) == 1 else outs

    def _in_block(self, *arguments: Any) -> None:
        made = self._in_turn(*arguments[: self._inputs])
        outs = arguments[self._inputs :]
        for out, value in zip(outs, [made] if len(outs) == 1 else made, strict=True):
            out[...] = value.reshape(out.shape)

    def failing_step(self, values: Sequence[Any]) -> tuple[int, list[Any]]:
        """Which step raises on these inputs, and the arguments it gets."""
        return failing_step(self.steps, values)


class _Form:
    """The compiled form of a group for one set of kinds of inputs."""

    def __init__(self, lines: list[_Line], kinds: str, results: list[int]) -> None:
        self.result_kinds = "".join(lines[number].kind.upper() for number in results)
        source = _source(lines, kinds, results)
        functions = sum(has_function(line.text) for line in lines)
        self.grains = Grains.of(len(lines), functions)
        saves_ns = _SAVED_NS * len(lines) + _SAVED_NS_OF_FUNCTIONS * functions
        types = kinds + self.result_kinds
        dtype = np.dtype(np.float32)
        self.generated = compiled_loop(source, types, dtype, saves_ns, helpers="rowwise_compiled")


class _Line(NamedTuple):
    """One formula: `text` over names x0, x1, ... of inputs and m0, m1, ... of lines before.

    `kind` is (a)rray for a number for each element, (c)olumn for one for each row, (r)ow and
    (s)ingle where it is the same for all rows. `stage` counts the reductions it waits for.
    """

    text: str
    reducer: str
    reads: tuple[str, ...]
    kind: str
    stage: int


def _formed(steps: list[RowStep], kinds: str, results: list[int]) -> _Form | None:
    """The compiled form, or None where the inputs do not meet row by row."""
    if "?" in kinds:
        return None
    known = {f"x{i}": _Line("", "", (), kind, 0) for i, kind in enumerate(kinds)}
    lines: list[_Line] = []
    made: list[int] = []  # each step's last line
    for step in steps:
        place = {
            name: f"x{i}" if kind == "x" else f"m{made[i]}"
            for name, (kind, i) in zip(step.names, step.sources, strict=True)
        }
        for number, formula in enumerate(step.formulas):
            line = _line(formula, place, known)
            if line is None:
                return None
            place[f"p{number}"] = f"m{len(lines)}"
            known[f"m{len(lines)}"] = line
            lines.append(line)
        made.append(len(lines) - 1)
    results = [made[number] for number in results]
    return _Form(lines, kinds, results) if all(lines[n].kind in "ac" for n in results) else None


def _line(formula: str, place: dict[str, str], known: dict[str, _Line]) -> _Line | None:
    text = renamed(formula, place, "np.float32")
    reads = tuple(dict.fromkeys(re.findall(r"\b[xm]\d+\b", text)))
    stage = max(known[name].stage for name in reads)
    kinds = {known[name].kind for name in reads}
    reduction = _REDUCTION.fullmatch(text)
    if reduction:
        return _Line(text, reduction[1], reads, "c", stage + 1) if kinds == {"a"} else None
    if "a" in kinds or kinds >= {"r", "c"}:
        kind = "a"
    else:
        kind = next(kind for kind in "rcs" if kind in kinds)
    return _Line(text, "", reads, kind, stage)


def _source(lines: list[_Line], kinds: str, results: list[int]) -> str:
    """The function that Numba compiles: for each row, stage by stage, its loops and reductions."""
    kept = _kept(lines, results)
    scratch = [n for n in kept if n not in results]
    arguments = [f"x{i}" for i in range(len(kinds))] + [f"o{n}" for n in results]
    rows = f"x{kinds.index('a')}.shape"
    text = [f"def fused({', '.join(arguments)}):", f" rows, length = {rows}"]
    text.append(" n = np.float32(length)")
    text += [f" b{n} = np.empty(length, np.float32)" for n in scratch]
    text += [f" a{i} = np.float32(x{i})" for i, kind in enumerate(kinds) if kind == "s"]
    text.append(" for i in range(rows):")
    text += [f"  a{i} = x{i}[i, 0]" for i, kind in enumerate(kinds) if kind == "c"]
    text += [f"  b{n} = o{n}[i]" for n in results if lines[n].kind == "a"]
    for stage in range(1 + max(line.stage for line in lines)):
        text += _stage(lines, kinds, kept, stage)
    text += [f"  o{n}[i, 0] = m{n}" for n in results if lines[n].kind == "c"]
    return "\n".join(text) + "\n"


def _kept(lines: list[_Line], results: list[int]) -> list[int]:
    """The lines whose numbers must be kept for the whole row: results, reduced, or read later."""
    found = {n for n in results if lines[n].kind == "a"}
    for line in lines:
        for name in line.reads:
            number = int(name[1:])
            if name[0] == "m" and lines[number].kind in "ar":
                if line.reducer or line.stage > lines[number].stage:
                    found.add(number)
    return sorted(found)


def _stage(lines: list[_Line], kinds: str, kept: list[int], stage: int) -> list[str]:
    """What is computed of a row once so many reductions are done: the loop, then what follows."""
    here = [(n, line) for n, line in enumerate(lines) if line.stage == stage and not line.reducer]
    full = [(n, line) for n, line in here if line.kind in "ar"]
    text = [f"  m{n} = {_named(line.text)}" for n, line in here if line.kind in "cs"]
    if full:
        text.append("  for j in range(length):")
        computed = {f"m{n}" for n, _ in full}
        for name in dict.fromkeys(name for _, line in full for name in line.reads):
            number = int(name[1:])
            if name[0] == "x" and kinds[number] in "ar":
                text.append(f"   a{number} = x{number}[{'i, j' if kinds[number] == 'a' else 'j'}]")
            elif name[0] == "m" and name not in computed and lines[number].kind in "ar":
                text.append(f"   {name} = b{number}[j]")
        for n, line in full:
            text.append(f"   m{n} = {_named(line.text)}")
            if n in kept:
                text.append(f"   b{n}[j] = m{n}")
    for n, line in enumerate(lines):
        if line.reducer and line.stage == stage + 1:
            (source,) = line.reads
            row = f"{source}[i]" if source[0] == "x" else f"b{source[1:]}"
            text.append(f"  m{n} = {line.reducer}({row})")
    return text


def _named(text: str) -> str:
    """The formula with inputs by the names of their numbers in the loop."""
    return re.sub(r"\bx(\d+)\b", r"a\1", text)
