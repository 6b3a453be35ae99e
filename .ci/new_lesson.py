"""Begins a lesson: a notebook that runs, its exercises, wrong answers to them, all to be filled.

What the writer has to replace is marked by a pencil, ✎.
"""

import re
import sys
from pathlib import Path

import nbformat
from run_lesson import store

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = Path(__file__).parent / "lesson"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def stop(why: str) -> None:
    sys.exit(f"minitf: {why}")


def notebook(text: str) -> nbformat.NotebookNode:
    """The template's cells; each begins with a line `=== kind [tag]`."""
    cells = []
    for part in re.split(r"(?m)^=== ", text)[1:]:
        head, source = part.split("\n", 1)
        kind, *tags = head.split()
        make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        cells.append(make(source.strip("\n"), metadata={"tags": tags} if tags else {}))
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def filled(name: str, number: str, title: str) -> str:
    text = (TEMPLATE / name).read_text("utf-8")
    # People say lesson 1, files are called 01.
    text = re.sub("(# |lesson )NUMBER", rf"\g<1>{int(number)}", text)
    return text.replace("NUMBER", number).replace("TITLE", title)


def add_row(page: Path, folder: str, name: str, title: str) -> None:
    """Puts the lesson below the last one in a page's table of lessons."""
    lines = page.read_text("utf-8").splitlines(keepends=True)
    last = max(i for i, line in enumerate(lines) if re.match(r"\| \d\d \| \[", line))
    says = "✎ what the reader will be able to say"
    row = f"| {name[:2]} | [{title}]({folder}{name}.ipynb) | {says} |\n"
    page.write_text("".join([*lines[: last + 1], row, *lines[last + 1 :]]), "utf-8")


def begin(name: str) -> list[Path]:
    """Writes the lesson's files and its rows, runs the notebook once; the files to fill."""
    if not re.fullmatch(r"\d\d_[a-z0-9_]*[a-z0-9]", name):
        stop("a lesson is called by two digits and a name: make lesson NAME=11_my_lesson")
    number, title = name[:2], name[3:].replace("_", " ").capitalize()
    taken = [path.name for path in (ROOT / "notebooks").glob(f"{number}_*.ipynb")]
    paths = [
        ROOT / "notebooks" / f"{name}.ipynb",
        ROOT / "widgets" / "exercises" / f"lesson_{number}.py",
        ROOT / "tests" / "wrong_answers" / f"lesson_{number}.py",
    ]
    taken += [str(path.relative_to(ROOT)) for path in paths[1:] if path.exists()]
    if taken:
        stop(f"there is a lesson {number} already ({', '.join(taken)}): choose another number")
    for path, template in zip(paths[1:], ("exercises.py", "wrong_answers.py")):
        path.write_text(filled(template, number, title), "utf-8")
    nbformat.write(notebook(filled("notebook.txt", number, title)), paths[0])
    store(paths[0])
    add_row(ROOT / "README.md", "notebooks/", name, title)
    add_row(ROOT / "notebooks" / "README.md", "", name, title)
    return paths


def main() -> None:
    paths = begin(sys.argv[1] if len(sys.argv) > 1 else "")
    print("Wrote a lesson that runs. Fill what is marked by ✎ in")
    for path in [*paths, ROOT / "README.md", ROOT / "notebooks" / "README.md"]:
        print(f"  {path.relative_to(ROOT)}")
    print(f"then: make check NOTEBOOK={paths[0].relative_to(ROOT)}")


if __name__ == "__main__":
    main()
