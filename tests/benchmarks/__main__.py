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
from statistics import median
from typing import Any

from tests.benchmarks.workloads import WORKLOADS


def _timed(python: str, library: str, name: str) -> dict[str, Any]:
    command = [python, "-m", "tests.benchmarks.worker", library, name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{library} fails at '{name}':\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("workload", nargs="?", default="", help="a part of its name; else all")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    theirs = os.environ.get("ORACLE_PYTHON", ".venv-oracle/bin/python")
    print(f"{'workload':<52}{'TensorFlow':>12}{'minitf':>12}{'ratio':>8}{'target':>8}")
    imports, memory = [], []
    for name, workload in WORKLOADS.items():
        if arguments.workload not in name:
            continue
        rounds = [
            (_timed(theirs, "tensorflow.compat.v1", name), _timed(sys.executable, "minitf", name))
            for _ in range(arguments.rounds)
        ]
        imports += [(a["import"], b["import"]) for a, b in rounds]
        memory += [(a["kB"], b["kB"]) for a, b in rounds]
        a = median(r[0]["seconds"] for r in rounds)
        b = median(r[1]["seconds"] for r in rounds)
        ratio = median(r[0]["seconds"] / r[1]["seconds"] for r in rounds)
        print(f"{name:<52}{a * 1e3:>9.3f} ms{b * 1e3:>9.3f} ms{ratio:>8.1f}{workload.target:>8.1f}")
    theirs_ms, ours_ms = (median(pair[i] for pair in imports) * 1e3 for i in (0, 1))
    print(
        f"{'import':<52}{theirs_ms:>9.0f} ms{ours_ms:>9.0f} ms{theirs_ms / ours_ms:>8.1f}{15:>8.1f}"
    )
    a, b = (median(pair[i] for pair in memory) / 1024 for i in (0, 1))
    print(f"{'peak memory of the process':<52}{a:>9.0f} MB{b:>9.0f} MB{a / b:>8.1f}{4:>8.1f}")


if __name__ == "__main__":
    main()
