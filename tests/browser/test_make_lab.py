"""`make lab` itself: a learner's first command opens the landing page, on this computer only."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
# The server listens by the time that it offers this; its first lines come a moment too early.
ADDRESS = re.compile(r"paste one of these URLs:\s+(http://(\S+?):\d+/\S*)\?token=(\w+)\s")
SECONDS_TO_START = 60


def lessons() -> int:
    return len(list((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")))


@contextmanager
def make_lab(folder: Path):
    """Runs `make lab` on a free port; gives its address, host, token and what was said before."""
    # What JupyterLab writes about itself goes into the folder; the lessons are the real ones.
    own = {
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    others = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "MAKE"))}
    log = folder / "log"
    begun = time.monotonic()
    with log.open("w") as out:
        make = subprocess.Popen(
            ["make", "lab", f"VENV={sys.prefix}", "LAB_ARGS=--no-browser --ServerApp.port=0"],
            cwd=ROOT,
            env=others | {name: str(folder / place) for name, place in own.items()},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        while not (found := ADDRESS.search(log.read_text())):
            waited = time.monotonic() - begun
            assert make.poll() is None, log.read_text()
            assert waited < SECONDS_TO_START, log.read_text()
            time.sleep(0.1)
        yield *found.groups(), log.read_text()
    finally:
        os.killpg(make.pid, signal.SIGTERM)
        make.wait(30)


def test_the_first_command_opens_the_landing_page(page, tmp_path):
    with make_lab(tmp_path) as (address, host, token, said):
        assert "minitf: " not in said, "a later start, as this one, has nothing to set up"
        assert host == "localhost"
        assert len(token) >= 32
        assert address.endswith("/lab/tree/notebooks/README.md")
        with urlopen(address) as answer:
            assert "/login" in answer.url, "without the token it does not let anyone in"
        page.goto(f"{address}?token={token}")
        shown = page.locator(".jp-MarkdownViewer:visible")
        expect(shown.get_by_role("heading", level=1)).to_contain_text("made visible")
        rows = shown.get_by_role("table").first.get_by_role("row")
        expect(rows).to_have_count(lessons() + 1)
