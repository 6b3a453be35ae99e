"""A real JupyterLab for tests: `Server` runs it with the lessons, `JupyterLab` is a page in it."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 90


class Server:
    """`make lab`'s JupyterLab, with its settings, but in a folder of its own and on a free port."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.notebooks = folder / "notebooks"
        self.log = folder / "server.log"
        for part in (".jupyter/jupyter_lab_config.py", ".jupyter/labconfig", "notebooks"):
            _copy(ROOT / part, folder / part)

    def __enter__(self) -> Self:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.port=0"),
                    "--LabApp.expose_app_in_browser=True",
                ],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        facts = self._facts()
        self.url: str = facts["url"]
        self.token: str = facts["token"]
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def api(self, method: str, path: str) -> Any:
        """Asks Jupyter's own HTTP interface, such as `api("GET", "sessions")`."""
        request = urllib.request.Request(
            f"{self.url}api/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def stop_kernels(self) -> None:
        for session in self.api("GET", "sessions"):
            self.api("DELETE", f"sessions/{session['id']}")

    def _environment(self) -> dict[str, str]:
        own = {
            "JUPYTER_CONFIG_DIR": ".jupyter",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython",
        }
        # What the caller's JUPYTER_* variables say about other folders must not reach in here.
        others = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        return others | {"PATH": path} | {k: str(self.folder / v) for k, v in own.items()}

    def _facts(self) -> dict[str, Any]:
        """What the server writes down about itself once it listens."""
        written = self.folder / "runtime" / f"jpserver-{self.process.pid}.json"
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self.process.poll() is None:
            if written.exists() and (text := written.read_text()).endswith("}"):
                return json.loads(text)
            time.sleep(0.1)
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text()[-3000:]}")


class JupyterLab:
    """One page in JupyterLab, in a workspace of its own; `page` is Playwright's."""

    def __init__(self, page: Page, server: Server):
        self.page = page
        self.server = server
        self.requests: list[str] = []
        self.page_errors: list[str] = []
        self._dark = False
        self._workspace = f"test-{uuid.uuid4().hex[:8]}"
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.page_errors.append(str(error)))

    def open(self, path: str = "notebooks/README.md") -> None:
        """Opens JupyterLab on a file and waits until it and its extensions are there."""
        address = f"lab/workspaces/{self._workspace}/tree/{path}"
        self.page.goto(f"{self.server.url}{address}?token={self.server.token}")
        self.page.wait_for_function("() => window.jupyterapp !== undefined")
        self.page.evaluate("() => window.jupyterapp.restored.then(() => undefined)")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")

    def open_notebook(self, name: str) -> None:
        """Opens one of `notebooks/` and waits until it can run."""
        self.open(f"notebooks/{name}")
        self.wait_for_notebook(name)

    def wait_for_notebook(self, name: str) -> None:
        """Waits until this notebook is in front, with its cells and its kernel."""
        self.page.wait_for_function(
            "name => window.jupyterapp.shell.currentWidget?.context?.path === name",
            arg=f"notebooks/{name}",
        )
        self._in_notebook(
            "await panel.context.ready; await panel.revealed; await panel.sessionContext.ready;"
            "await panel.sessionContext.session.kernel.info;"
        )

    def write_notebook(self, name: str, cells: Sequence[str]) -> None:
        """A notebook of code cells, for tests that need one of their own."""
        import nbformat  # takes seconds to load

        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook.metadata["kernelspec"] = kernel
        nbformat.write(notebook, self.server.notebooks / name)

    def run_all(self) -> None:
        """Runs every cell and returns when the last has run, whatever it raised."""
        self.command("notebook:run-all-cells")
        self._in_notebook(
            # After an error that was planned the cells behind it are sent a moment later.
            "const kernel = panel.sessionContext.session.kernel;"
            "const ran = cell => cell.model.type !== 'code' || cell.model.executionCount !== null;"
            "const done = () => kernel.status === 'idle' && panel.content.widgets.every(ran);"
            "const next = quiet => kernel.status === 'idle' ? quiet + 1 : 0;"
            "for (let quiet = 0; quiet < 100 && !done(); quiet = next(quiet))"
            "  await new Promise(wake => setTimeout(wake, 20));"
        )

    def command(self, name: str, **arguments: Any) -> None:
        """Runs one of JupyterLab's commands and waits for it."""
        self.page.evaluate(
            "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args); }",
            [name, arguments],
        )

    def save(self) -> None:
        self.command("docmanager:save")

    def cells(self) -> list[dict[str, Any]]:
        """The notebook's cells as they would be saved now."""
        return self._in_notebook("return panel.content.model.toJSON().cells;")

    def errors(self) -> list[str]:
        """What cells raised: `NameError: name 'x' is not defined`."""
        outputs = [output for cell in self.cells() for output in cell.get("outputs", [])]
        raised = [output for output in outputs if output["output_type"] == "error"]
        return [f"{output['ename']}: {output['evalue']}" for output in raised]

    def cell(self, index: int) -> Locator:
        """A cell on the page, scrolled to: those far off are not drawn until then."""
        self._in_notebook("await panel.content.scrollToItem(index, 'start');", index=index)
        shown = self.page.locator(".jp-NotebookPanel:visible .jp-Cell")
        cell = shown.and_(self.page.locator(f"[data-windowed-list-index='{index}']"))
        cell.wait_for()
        return cell

    def cell_with(self, text: str) -> int:
        """The index of the first cell whose source holds this text."""
        sources = ["".join(cell["source"]) for cell in self.cells()]
        return next(i for i, source in enumerate(sources) if text in source)

    def set_theme(self, theme: str) -> None:
        """`light` or `dark`."""
        self._dark = theme == "dark"
        name = f"JupyterLab {theme.capitalize()}"
        self.command("apputils:change-theme", theme=name)
        themed = f"body[data-jp-theme-name='{name}']"
        self.page.wait_for_selector(themed, state="attached")

    def foreign_requests(self) -> list[str]:
        """Addresses asked for that are not this server's."""
        here = urlsplit(self.server.url).netloc
        asked = [urlsplit(url) for url in self.requests]
        net = [url for url in asked if url.scheme not in ("data", "blob")]
        return [url.geturl() for url in net if url.netloc != here]

    def interruptions(self) -> list[str]:
        """The texts of dialogs and notifications now on the page: there should be none."""
        return self.page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts()

    def close(self) -> None:
        """Ends the kernels; the theme, which JupyterLab keeps for the next page, is light again."""
        if self._dark and not self.page.is_closed():
            self.set_theme("light")
        self.server.stop_kernels()

    def _in_notebook(self, body: str, **arguments: Any) -> Any:
        """Runs JavaScript with `panel`, the notebook in front, and the arguments by their names."""
        names = ", ".join(arguments)
        return self.page.evaluate(
            "async ({" + names + "}) => {"
            " const panel = window.jupyterapp.shell.currentWidget;" + body + " }",
            arguments,
        )


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    else:
        shutil.copy(source, target)
