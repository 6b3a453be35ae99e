"""Runs a notebook from its first cell to its last and stores what it shows, for nbval to compare.

Widget state is left out: it is large, and a saved page needs none. Of a traceback only the error
is kept.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def store(path: Path) -> None:
    """Runs one notebook in its own folder and writes it back with fresh outputs."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=120,
        resources={"metadata": {"path": path.parent}},
        coalesce_streams=True,  # else a line may be stored in two pieces, as chance has it
    )
    client.execute()
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if output.output_type == "error":  # the rest of a traceback names this machine's files
                output.traceback = [f"{output.ename}: {output.evalue}"]
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        store(Path(name))
        print(f"ran {name}")
