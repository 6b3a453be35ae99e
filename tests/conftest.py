"""What all tests share: the oracle's counts at the end of a run."""

import gc
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def pytest_collection_finish():
    """Spares the garbage collector going through thousands of collected tests again and again."""
    gc.collect()
    gc.freeze()


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
