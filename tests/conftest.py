"""What all tests share: the oracle's counts at the end of a run."""

import gc
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


def pytest_configure():
    """Lets interrupts come: a shell's background jobs, and all they start, ignore them."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish():
    """Spares the garbage collector going through thousands of collected tests again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Calls a test from a module's body, where the stack that every op keeps ends.

    Otherwise each would go through all of pytest's frames, which takes longer than making the op.
    """
    names = pyfuncitem._fixtureinfo.argnames
    exec(_CALL, {"test": pyfuncitem.obj, "given": {n: pyfuncitem.funcargs[n] for n in names}})
    return True


_CALL = compile("test(**given)", __file__, "exec")


def pytest_terminal_summary(terminalreporter):
    """How much of what TensorFlow does is done here: programs, observations, nodes."""
    by_theme = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            properties = dict(getattr(report, "user_properties", ()))
            if "oracle" in properties and getattr(report, "when", "") == "call":
                theme, *counts = properties["oracle"]
                by_theme.setdefault(theme, []).append((report.passed, 1, *counts))
    if not by_theme:
        return
    for theme, counts in by_theme.items():
        if not all(passed for passed, *_ in counts):
            terminalreporter.write_line(f"oracle, {theme}: {_in_words(counts)}")
    everything = [count for counts in by_theme.values() for count in counts]
    terminalreporter.write_line(f"oracle: {_in_words(everything)} equal to TensorFlow's")


def _in_words(counts):
    passed, programs, seen, all_seen, nodes, all_nodes = map(sum, zip(*counts, strict=True))
    sights = f"{seen} / {all_seen} observations, {nodes} / {all_nodes} nodes"
    return f"{passed} / {programs} programs, {sights}"
