"""Times one workload in one library, in a process of its own: prints what it found as JSON."""

from __future__ import annotations

import cProfile
import importlib
import json
import os
import pstats
import resource
import sys
import time

SECONDS = 1.5  # of timed calls
WARM_UP = 6.0  # seconds: as long as compiling may take


def main(library: str, name: str, action: str = "time") -> None:
    began = time.perf_counter()
    tf = importlib.import_module(library)
    imported = time.perf_counter() - began
    if library != "minitf":
        tf.disable_v2_behavior()
    from tests.benchmarks.growth import GROWTH
    from tests.benchmarks.workloads import WORKLOADS

    run = (GROWTH | {name: w.make for name, w in WORKLOADS.items()})[name](tf)
    built = time.perf_counter()
    run()
    first = time.perf_counter() - built
    start = time.perf_counter() - began  # NumPy's import, too, whoever needed it first
    if action == "profile":
        _profile(run)
        return
    once = name in WORKLOADS and WORKLOADS[name].once
    seconds = first if once else median(run, WARM_UP if action == "time" else 0.3)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = {"seconds": seconds, "first": first, "import": imported, "start": start, "kB": memory}
    print(json.dumps(found))


def median(run, warm_up: float) -> float:
    """The median call, once those of `warm_up` seconds are done."""
    times: list[float] = []
    end = time.perf_counter() + warm_up
    while time.perf_counter() < end:
        run()
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(times) < 3:
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2]


def _profile(run) -> None:
    """Prints where the time of later runs goes."""
    end = time.perf_counter() + WARM_UP
    while time.perf_counter() < end:
        run()
    profile = cProfile.Profile()
    end = time.perf_counter() + SECONDS
    with profile:
        while time.perf_counter() < end:
            run()
    pstats.Stats(profile).sort_stats("tottime").print_stats(12)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main(*sys.argv[1:])
