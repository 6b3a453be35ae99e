"""What all tests share: the oracle's counts at the end of a run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def pytest_terminal_summary(terminalreporter):
    """How much of what TensorFlow does is done here: programs, observations, nodes."""
    counts = []
    for reports in terminalreporter.stats.values():
        for report in reports:
            properties = dict(getattr(report, "user_properties", ()))
            if "oracle" in properties and getattr(report, "when", "") == "call":
                counts.append((report.passed, *properties["oracle"]))
    if counts:
        passed, seen, all_seen, nodes, all_nodes = map(sum, zip(*counts))
        terminalreporter.write_line(
            f"oracle: {passed} / {len(counts)} programs, {seen} / {all_seen} observations, "
            f"{nodes} / {all_nodes} nodes equal to TensorFlow's"
        )
