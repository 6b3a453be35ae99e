"""Runs notebooks afresh and compares what they show with what they were saved with, cell by cell.

Takes notebooks or folders of them, anywhere on this computer.
"""

import argparse
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]


class Counter:
    """A pytest plugin: how many cells of each notebook ran, and which of them differed."""

    def __init__(self) -> None:
        self.ran: dict[Path, int] = {}
        self.differed: dict[Path, list[str]] = {}

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        self.ran.setdefault(item.path, 0)
        item.user_properties.append(("notebook", item.path))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call":
            return
        path = dict(report.user_properties)["notebook"]
        self.ran[path] += 1
        if report.failed:
            self.differed.setdefault(path, []).append(report.nodeid.split("::")[-1])


def uncompared(path: Path) -> list[int]:
    """The code cells, counted from 0, that were saved without having run."""
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    return [i for i, cell in enumerate(cells) if cell.execution_count is None and cell.source]


def named(cells: list[int]) -> str:
    return f"Cell{'s' * (len(cells) > 1)} {', '.join(map(str, cells))}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", type=Path, nargs="+", help="notebooks or folders of them")
    chosen, more = parser.parse_known_args()
    for path in chosen.paths:
        if not path.exists() or (path.is_file() and path.suffix != ".ipynb"):
            sys.exit(f"minitf: {path} is no notebook: make check NOTEBOOK=path/to/it.ipynb")
    counter = Counter()
    sanitizer = ROOT / "tests" / "nbval_sanitize.cfg"
    code = pytest.main(
        [
            *("-q", "--no-header", "-p", "no:cacheprovider"),
            *("--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"),
            *(
                f"--nbval-sanitize-with={sanitizer}",
                f"--rootdir={ROOT}",
                "-c",
                f"{ROOT}/pyproject.toml",
            ),
            *more,
            *map(str, chosen.paths),
        ],
        plugins=[counter],
    )
    tell(counter)
    return int(code)


def tell(counter: Counter) -> None:
    """The outcome in words, below pytest's own."""
    if counter.differed:
        print("Above, lines with + are what was saved, lines with - what the cell shows now.")
    for path, ran in counter.ran.items():
        wrong = counter.differed.get(path, [])
        said = f"{len(wrong)} not as saved: {', '.join(wrong)}" if wrong else "all as saved"
        print(f"{path.name}: {ran} cells run, {said}.")
        if missing := uncompared(path):
            print(f"  {named(missing)}: saved without having run, so not compared.")
            print("  Run all cells, save the notebook with what it shows, and check again.")
    if counter.ran:
        print("Only code cells count, and the first is cell 0.")


if __name__ == "__main__":
    sys.exit(main())
