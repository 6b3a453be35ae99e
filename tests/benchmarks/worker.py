"""Times one workload in one library, in a process of its own: prints seconds as JSON."""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time

SECONDS = 1.5  # of timed calls


def main(library: str, name: str) -> None:
    began = time.perf_counter()
    tf = importlib.import_module(library)
    imported = time.perf_counter() - began
    if library != "minitf":
        tf.disable_v2_behavior()
    from tests.benchmarks.workloads import WORKLOADS

    workload = WORKLOADS[name]
    run = workload.make(tf)
    began = time.perf_counter()
    run()
    first = time.perf_counter() - began
    seconds = first if workload.once else _median(run, first)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "first": first, "import": imported, "kB": memory}))


def _median(run, first: float) -> float:
    """The median call, after as long a warm-up as compiling may take."""
    end = time.perf_counter() + 4.0
    for _ in range(max(3, int(4.0 / max(first, 1e-6)))):
        run()
        if time.perf_counter() > end:
            break
    times: list[float] = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(times) < 3:
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main(*sys.argv[1:3])
