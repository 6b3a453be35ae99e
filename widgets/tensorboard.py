"""TensorBoard below a cell: finds the environment's own program, shares servers, stops its own.

`tensorboard("logs")` shows a log folder. The path is relative to the folder in which Python runs,
as FileWriter's is; TensorBoard gets the full one, so it does not matter where it was started.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import difflib
import html
import json
import os
import signal
import sysconfig
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anywidget
import traitlets

_HERE = Path(__file__).parent
_HOST = "localhost"  # reached from this computer only
_SECONDS_TO_ANSWER = 5
_SECONDS_TO_STOP = 5
_started: dict[int, int] = {}  # the servers that were started here: their process and ours


class TensorBoardError(RuntimeError):
    """TensorBoard could not be started; the message holds what it said."""


class TensorBoard(anywidget.AnyWidget):
    """TensorBoard on `logdir`, a full path; a notebook cell that ends with it shows it.

    `url` is its address and `pid` its process; `is_ours` says whether this program started it.
    """

    _esm = _HERE / "tensorboard.js"
    _css = _HERE / "tensorboard.css"
    port = traitlets.Int().tag(sync=True)
    address = traitlets.Unicode().tag(sync=True)  # as the browser finds it, from the page's own
    height = traitlets.Int().tag(sync=True)
    folder = traitlets.Unicode().tag(sync=True)
    stopped = traitlets.Bool(False).tag(sync=True)

    def __init__(self, info: Any, logdir: str, shown: str, height: int) -> None:
        self.logdir = logdir
        self.pid: int = info.pid
        self.url = _url(info)
        self._shown = shown
        proxy = os.environ.get("TENSORBOARD_PROXY_URL", "").replace("%PORT%", str(info.port))
        address = proxy or f"{info.path_prefix.rstrip('/')}/"
        port = 0 if proxy else info.port
        super().__init__(port=port, address=address, height=height, folder=logdir)

    @property
    def is_ours(self) -> bool:
        return self.pid in _started

    def __repr__(self) -> str:
        return f"TensorBoard of {self._shown!r}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        made = super()._repr_mimebundle_(**kwargs)
        data, metadata = made if isinstance(made, tuple) else (made or {}, {})
        words = f"TensorBoard of <code>{html.escape(self._shown)}</code>: run this cell to see it."
        return {**data, "text/plain": repr(self), "text/html": f"<p>{words}</p>"}, metadata

    def stop(self) -> None:
        """Ends the server if this program started it; one that was running before goes on."""
        if self.is_ours:
            _stop(self.pid)
            self.stopped = True


def tensorboard(logdir: str | os.PathLike[str] = "logs", height: int = 800) -> TensorBoard:
    """TensorBoard on a log folder: a server that is running there already, else a new one.

    It listens on this computer only, and ends with this program or by `stop()`. Raises
    FileNotFoundError where there is no such folder or no program `tensorboard`, TensorBoardError
    where it does not start.
    """
    folder = checked_folder(logdir)
    info = next(_serving(folder), None)
    if info is None:
        info = _start(folder)
    return TensorBoard(info, folder, os.fspath(logdir), height)


def checked_folder(logdir: str | os.PathLike[str]) -> str:
    """The full path of a log folder; an error that says what is there instead."""
    folder = os.path.realpath(os.path.expanduser(os.fspath(logdir)))
    if os.path.isdir(folder):
        return folder
    if os.path.exists(folder):
        raise NotADirectoryError(f"{folder} is a file: give the folder that it lies in")
    message = f"there is no folder {folder}"
    if not os.path.isabs(os.path.expanduser(os.fspath(logdir))):
        message += f" ({os.fspath(logdir)!r} starts at the folder in which Python runs)"
    parent = os.path.dirname(folder)
    beside = [e.name for e in os.scandir(parent) if e.is_dir()] if os.path.isdir(parent) else []
    near = difflib.get_close_matches(os.path.basename(folder), beside)
    raise FileNotFoundError(message + (f"; there is {', '.join(near)}" if near else ""))


def _program() -> str:
    """The path of this environment's own TensorBoard, or of what TENSORBOARD_BINARY names."""
    path = os.environ.get("TENSORBOARD_BINARY")
    if path is None:
        path = os.path.join(sysconfig.get_path("scripts"), "tensorboard")
    if not os.path.exists(path):
        raise FileNotFoundError(
            f"there is no program {path}: install the package tensorboard into this environment, "
            "or let TENSORBOARD_BINARY say where it is"
        )
    return path


# -- servers that are running ------------------------------------------------------------------


def _serving(folder: str) -> Iterator[Any]:
    """The servers on this folder that answer, whoever started them; our own first."""
    from tensorboard import manager

    for info in sorted(manager.get_all(), key=lambda info: info.pid not in _started):
        if _folder_of(info) != folder:
            continue
        if not _is_alive(info.pid):
            _forget(info.pid)
        elif _answers(info):
            yield info


def _folder_of(info: Any) -> str:
    """The full path of a server's folder: a relative one starts where the server did."""
    start = "/"
    with contextlib.suppress(ValueError, KeyError, TypeError):
        start = json.loads(base64.b64decode(info.cache_key))["working_directory"]
    return os.path.realpath(os.path.join(start, os.path.expanduser(info.logdir)))


def _is_alive(pid: int) -> bool:
    """Whether a process runs and is this user's: another's server may show what it likes."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # a child that has ended would count as alive until then
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _answers(info: Any) -> bool:
    try:
        with urllib.request.urlopen(f"{_url(info)}data/logdir", timeout=_SECONDS_TO_ANSWER) as page:
            return json.load(page)["logdir"] == info.logdir
    except (OSError, ValueError, KeyError):
        return False


def _url(info: Any) -> str:
    return f"http://{_HOST}:{info.port}{info.path_prefix.rstrip('/')}/"


def _forget(pid: int) -> None:
    """Removes what a killed server left behind: the manager would take it for a running one."""
    note = os.path.join(tempfile.gettempdir(), ".tensorboard-info", f"pid-{pid}.info")
    with contextlib.suppress(OSError):
        os.unlink(note)


# -- servers of our own ------------------------------------------------------------------------


def _start(folder: str) -> Any:
    from tensorboard import manager

    arguments = ["--logdir", folder, "--host", _HOST, "--port", "0"]
    result = _shielded(manager.start, arguments, _program())
    if isinstance(result, (manager.StartLaunched, manager.StartReused)):
        return result.info
    if isinstance(result, manager.StartTimedOut):
        _stop(result.pid)
        raise TensorBoardError("TensorBoard did not start in time: call once more")
    if isinstance(result, manager.StartExecFailed):
        raise TensorBoardError(f"{_program()} cannot be run: {result.os_error}")
    said = (result.stderr or result.stdout or "").strip()
    raise TensorBoardError(f"TensorBoard ended with {result.exit_code}: {said}")


def _shielded(start: Any, arguments: list[str], program: str) -> Any:
    """`start(arguments)` such that interrupting the notebook does not end the server.

    A child inherits which signals are blocked from the thread that starts it.
    """

    def work() -> Any:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        before = os.environ.get("TENSORBOARD_BINARY")
        os.environ["TENSORBOARD_BINARY"] = program
        try:
            result = start(arguments)
        finally:
            if before is None:
                del os.environ["TENSORBOARD_BINARY"]
        if info := getattr(result, "info", None):
            _started[info.pid] = os.getpid()  # here, so that it is known even if nobody waits
        return result

    executor = ThreadPoolExecutor(1, "tensorboard")
    try:
        return executor.submit(work).result()
    finally:
        executor.shutdown(wait=False)


@atexit.register
def stop_all() -> None:
    """Ends the servers that this program started."""
    for pid, starter in list(_started.items()):
        if starter == os.getpid():  # a forked child leaves its parent's alone
            _stop(pid)


def _stop(pid: int) -> None:
    """Asks a server to end, and makes it where it does not."""
    _started.pop(pid, None)
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + _SECONDS_TO_STOP
        while _is_alive(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                break
            time.sleep(0.05)
    _forget(pid)
