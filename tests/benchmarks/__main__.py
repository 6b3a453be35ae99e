"""`python -m tests.benchmarks [part of a workload's name]`: TensorFlow's time over ours.

ORACLE_PYTHON names the Python that has real TensorFlow. The two libraries take turns, each in
fresh processes, and the ratio is the median over the rounds, so that a noisy machine is fair.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from statistics import median
from typing import Any

import numpy as np

from tests.benchmarks import saving, watching
from tests.benchmarks.growth import GROWTH
from tests.benchmarks.workloads import WORKLOADS

THEIRS = os.environ.get("ORACLE_PYTHON", ".venv-oracle/bin/python")


def _asked(python: str, library: str, name: str, action: str) -> str:
    command = [python, "-m", "tests.benchmarks.worker", library, name, action]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{library} fails at '{name}':\n{done.stderr[-2000:]}")
    return done.stdout


def _timed(name: str, rounds: int, action: str = "time") -> list[tuple[Any, Any]]:
    return [
        tuple(
            json.loads(_asked(python, library, name, action).splitlines()[-1])
            for python, library in ((THEIRS, "tensorflow.compat.v1"), (sys.executable, "minitf"))
        )
        for _ in range(rounds)
    ]


def _line(name: str, found: list[tuple[Any, Any]], key: str, scale: float, unit: str, target: Any):
    a, b = (median(pair[i][key] for pair in found) * scale for i in (0, 1))
    ratio = median(pair[0][key] / pair[1][key] for pair in found)
    print(f"{name:<52}{a:>9.3f} {unit}{b:>9.3f} {unit}{ratio:>8.1f}{target:>8}", flush=True)


def _limits() -> str:
    """What this machine can do at most, measured now."""

    def best(run: Any) -> float:
        times = []
        for _ in range(20):
            began = time.perf_counter()
            run()
            times.append(time.perf_counter() - began)
        return min(times)

    x = np.ones(4_000_000, np.float32)
    out, w = np.ones_like(x), np.ones((1024, 1024), np.float32)
    copied, multiplied = best(lambda: np.copyto(out, x)), best(lambda: w @ w)
    return (
        f"this machine: a copy of 4 million floats {copied * 1e3:.2f} ms ({32e-3 / copied:.0f} "
        f"GB/s), matrix products {2 * 1024**3 / multiplied / 1e9:.0f} GFLOP/s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("workload", nargs="?", default="", help="a part of its name; else all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="where our time goes, for each")
    parser.add_argument("--growth", action="store_true", help="how cost grows with size")
    parser.add_argument("--saving", type=int, metavar="MB", help="save and restore so much, only")
    parser.add_argument("--watching", action="store_true", help="what a summary costs, only")
    arguments = parser.parse_args()
    if arguments.watching:
        sys.exit(watching.report())
    if arguments.saving:
        saving.compare(arguments.saving, arguments.rounds)
        return
    print(_limits())
    print(f"{'workload':<52}{'TensorFlow':>12}{'minitf':>12}{'ratio':>8}{'target':>8}")
    if arguments.growth:
        for name in GROWTH:
            if arguments.workload in name:
                _line(name, _timed(name, arguments.rounds, "briefly"), "seconds", 1e3, "ms", "")
        return
    everything = []
    for name, workload in WORKLOADS.items():
        if arguments.workload not in name:
            continue
        found = _timed(name, arguments.rounds)
        everything += found
        _line(name, found, "seconds", 1e3, "ms", workload.target)
        if name == "tiny graph":
            _line("import, tiny graph, its first result", found, "start", 1e3, "ms", 15)
            _line("memory of that process", found, "kB", 1 / 1024, "MB", 4)
        if arguments.profile:
            print(_asked(sys.executable, "minitf", name, "profile"))
    _line("import", everything, "import", 1e3, "ms", 15)
    _line("peak memory of the processes", everything, "kB", 1 / 1024, "MB", 4)


if __name__ == "__main__":
    main()
