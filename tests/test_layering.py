"""Imports point down only, minitf knows no notebook, and `import minitf` stays light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]

# From the ground up. A module may import what stands in an earlier row, and its own row's other
# modules where that makes no circle. A package's name stands for all its modules.
FLOORS = (
    (
        *("errors", "dtypes", "shape", "device", "graph_keys", "proto", "arrays", "absent_names"),
        *("lazy", "messages", "nest", "kernels", "timeline", "user_lines"),
    ),
    ("registry",),
    ("scopes", "tensor", "graph_contents", "graph", "function_graph"),
    ("attributes", "conversion", "op", "infer", "indexed_slices", "sparse_tensor", "random_seed"),
    ("ops",),
    ("gradients", "second_order", "custom_gradient", "swish", "runtime"),
    (
        *("initial_values", "initialization", "initializers", "regularizers"),
        *("variables", "variable_parts", "partitioned_variables"),
        *("variable_scope", "variable_scope_object", "variable_store", "template"),
    ),
    (
        "assertions",
        "data",
        *("queues", "records"),
        "layers",
        "losses",
        "rnn",
        *("rnn_base", "rnn_cell", "cells_around", "raw_rnn"),
        *("class_metrics", "metric_parts", "threshold_metrics", "ranking_metrics", "metrics"),
        "train",
        "summary",
        *("graph_def", "graph_util", "saved_model"),
        *("table_initializers", "tables", "vocabulary_tables"),
        "control_flow_defs",
        "meta_graph",
        "node_inputs",
        "node_making",
    ),
    (
        "bitwise",
        "debugging",
        "linalg",
        "lookup",
        "manip",
        "math",
        "nn",
        "queue",
        "signal",
        "random",
        *("sets", "sparse"),
        *("strings", "image", "io", "keras", "python", "python_io", "raw_ops"),
        *("app", "compat", "flags", "gfile", "logging", "test", "version"),
    ),  # TensorFlow's namespaces: names from below, and nothing of their own
    ("contrib", "distributions", "examples"),
    ("__init__",),
)
# Within ops/, an op may use the files to its left.
FAMILIES = ("array", "math", "nn", "state", "random", "control", "data", "summary", "io")
# Methods that TensorFlow hangs on a low class but that need a higher room: imported when called.
ON_CALL = {
    ("ops", "train"): "the ops that save and restore know the file format only when they run",
    ("graph_contents", "node_making"): "Graph.create_op finds an op type in all the families",
    ("tensor", "graph"): "Tensor.eval and Operation.run ask for the default session",
}
NOTEBOOK_SIDE = {"widgets", "IPython", "graphviz", "ipywidgets", "anywidget", "jupyterlab", "nbval"}
SLOW = {
    *("numba", "llvmlite", "scipy", "sklearn", "matplotlib", "tensorboard", "google.protobuf"),
    *("PIL", "grpc", "tqdm", "crc32c", "IPython", "ipywidgets", "anywidget", "graphviz", "widgets"),
}


class Import(NamedTuple):
    importer: str
    imported: str
    line: int
    on_call: bool

    def __str__(self) -> str:
        return f"{self.importer} line {self.line} imports {self.imported}"


@cache
def sources(package: str) -> dict[str, Path]:
    """Dotted names of a package's modules and their files; a package's own is `x.__init__`."""
    files = (ROOT / package).rglob("*.py")
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in files}


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"


def import_nodes(tree: ast.AST, on_call: bool = False) -> Iterator[tuple[ast.stmt, bool]]:
    """Every import statement that runs, and whether only when a function is called."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.expr):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, on_call
        elif is_type_checking(node):
            for other in node.orelse:
                yield from import_nodes(other, on_call)
        else:
            inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            yield from import_nodes(node, on_call or inside)


def imported_names(module: str, node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    base = node.module or ""
    if node.level:
        parents = module.split(".")[: -node.level]
        base = ".".join([*parents, *([base] if base else [])])
    yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def imports(package: str) -> tuple[Import, ...]:
    found = []
    for module, path in sorted(sources(package).items()):
        for node, on_call in import_nodes(ast.parse(path.read_text(), str(path))):
            found += [
                Import(module, name, node.lineno, on_call) for name in imported_names(module, node)
            ]
    return tuple(found)


def module_of(name: str, package: str) -> str | None:
    """The module of the package that a dotted name is, or lies in; None for another package's."""
    known = sources(package)
    parts = name.split(".")
    if parts[0] != package:
        return None
    for end in range(len(parts), 0, -1):
        for candidate in (".".join(parts[:end]), ".".join([*parts[:end], "__init__"])):
            if candidate in known:
                return candidate
    return f"{package}.__init__"


def room_of(module: str) -> str:
    return module.split(".")[1]


def floor_of(module: str) -> int:
    return next(
        (level for level, rooms in enumerate(FLOORS) if room_of(module) in rooms), len(FLOORS)
    )


def internal_imports() -> list[tuple[Import, str]]:
    pairs = [(found, module_of(found.imported, "minitf")) for found in imports("minitf")]
    return [(found, module) for found, module in pairs if module and module != found.importer]


def test_every_module_has_a_floor():
    assert not [module for module in sources("minitf") if floor_of(module) == len(FLOORS)]


def test_imports_point_down():
    upward = [
        str(found)
        for found, module in internal_imports()
        if floor_of(module) > floor_of(found.importer)
        and not (found.on_call and (room_of(found.importer), room_of(module)) in ON_CALL)
    ]
    assert not upward


def test_no_circle_on_one_floor():
    below: dict[str, set[str]] = {}
    for found, module in internal_imports():
        allowed = found.on_call and (room_of(found.importer), room_of(module)) in ON_CALL
        if floor_of(found.importer) == floor_of(module) and not allowed:
            below.setdefault(found.importer, set()).add(module)

    def reachable(start: str) -> set[str]:
        seen: set[str] = set()
        todo = [start]
        while todo:
            fresh = below.get(todo.pop(), set()) - seen
            seen |= fresh
            todo += fresh
        return seen

    # A package's `__init__` gathers its modules; they may name the package's other modules.
    assert not [module for module in below if module in reachable(module)]


def test_an_op_uses_the_families_to_its_left():
    def family(module: str) -> int | None:
        parts = module.split(".")
        named = parts[1] == "ops" and parts[2] in FAMILIES
        return FAMILIES.index(parts[2]) if named else None

    rightward = [
        str(found)
        for found, module in internal_imports()
        if None not in (family(module), family(found.importer))
        and family(module) > family(found.importer)
    ]
    assert not rightward


def test_the_list_of_exceptions_is_no_longer_than_needed():
    used = {(room_of(found.importer), room_of(module)) for found, module in internal_imports()}
    assert not ON_CALL.keys() - used


def test_minitf_knows_no_notebook():
    assert not [
        str(found) for found in imports("minitf") if found.imported.split(".")[0] in NOTEBOOK_SIDE
    ]


def test_widgets_see_only_public_names():
    import minitf

    def public(name: str) -> bool:
        _, _, rest = name.partition(".")
        first, _, deeper = rest.partition(".")
        return not rest or (not deeper and not first.startswith("_") and hasattr(minitf, first))

    assert not [
        str(found)
        for found in imports("widgets")
        if found.imported.split(".")[0] == "minitf" and not public(found.imported)
    ]


@pytest.mark.parametrize("package", ["minitf", "widgets"])
def test_only_declared_packages_are_imported(package):
    import tomllib

    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    declared = {line.split(">")[0] for line in known}
    modules = {
        *("minitf", "widgets", *sys.stdlib_module_names, *declared),
        *("absl", "sklearn", "IPython", "PIL", "google", "traitlets", "llvmlite"),
    }
    assert not [str(f) for f in imports(package) if f.imported.split(".")[0] not in modules]


def test_import_minitf_is_light():
    code = "import minitf, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert not SLOW & set(loaded)
