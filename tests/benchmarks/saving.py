"""Saving and restoring a large checkpoint beside TensorFlow and a plain copy, in one run.

`make bench BENCH_ARGS="--saving 1024"`: each step in a process of its own, in turn; the best of
the rounds counts, and the median stands beside it. Peak memory is what a step needs beyond what
the process held. The copy is of a file that the system's cache holds, to a new one; beside it the
plainest write of as many bytes, to see what the disk gives in this hour. A save goes in the place
of an older checkpoint, which it removes in its time.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median
from typing import Any

VARIABLES = 16
PLAIN = "plain file, with fsync"
THEIRS = "tensorflow.compat.v1"
CHUNK = 1 << 20


def run(python: str, library: str, step: str, prefix: str, megabytes: int) -> dict[str, float]:
    """One step in a fresh process: its seconds and the memory it needed more, in MB."""
    command = [python, "-m", "tests.benchmarks.saving", "--step", step, "--library", library]
    command += ["--prefix", prefix, "--megabytes", str(megabytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{library} fails to {step}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def step(library: str, what: str, prefix: str, megabytes: int) -> None:
    """Does one step and prints how it went, as JSON."""
    if library == PLAIN:
        work = _copy(prefix) if what == "copy" else _write(prefix, megabytes)
    else:
        tf: Any = importlib.import_module(library)
        if library != "minitf":
            tf.disable_v2_behavior()
        work = _work(tf, what, prefix, megabytes)
    before = _peak()
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "MB": _peak() - before}))


def _work(tf: Any, what: str, prefix: str, megabytes: int) -> Callable[[], Any]:
    size = (megabytes << 18) // VARIABLES
    for index in range(VARIABLES):
        tf.Variable(tf.fill([size], float(index)), name=f"v{index}")
    saver = tf.train.Saver()
    sess = tf.Session()
    if what == "save":
        sess.run(tf.global_variables_initializer())
        return lambda: saver.save(sess, prefix, write_meta_graph=False)
    return lambda: saver.restore(sess, prefix)


def _copy(prefix: str) -> Callable[[], Any]:
    """Copying the data file of a checkpoint, until the disk has it."""
    path = f"{prefix}.data-00000-of-00001"
    buffer = bytearray(CHUNK)
    with open(path, "rb", buffering=0) as source:
        while source.readinto(buffer):  # into the cache
            pass

    def work() -> None:
        with open(path, "rb") as source, _new(prefix) as target:
            shutil.copyfileobj(source, target, CHUNK)
            target.flush()
            os.fsync(target.fileno())

    return work


def _write(prefix: str, megabytes: int) -> Callable[[], Any]:
    """Writing as many bytes, always the same ones, until the disk has them."""
    octets = os.urandom(CHUNK)

    def work() -> None:
        with _new(prefix) as target:
            for _ in range(megabytes):
                target.write(octets)
            target.flush()
            os.fsync(target.fileno())

    return work


def _new(prefix: str) -> Any:
    return open(f"{prefix}.plain", "wb", buffering=0)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(megabytes: int, rounds: int, folder: str | None = None) -> None:
    """Prints the table; the files are gone afterwards."""
    theirs = os.environ.get("ORACLE_PYTHON", ".venv-oracle/bin/python")
    steps = [
        (PLAIN, sys.executable, "write"),
        (PLAIN, sys.executable, "copy"),
        (THEIRS, theirs, "save"),
        ("minitf", sys.executable, "save"),
        (THEIRS, theirs, "restore"),
        ("minitf", sys.executable, "restore"),
    ]
    found: dict[tuple[str, str], list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory(dir=folder) as place:
        run(sys.executable, "minitf", "save", f"{place}/minitf", megabytes)
        run(theirs, THEIRS, "save", f"{place}/{THEIRS}", megabytes)
        for _ in range(rounds):
            for library, python, what in steps:
                prefix = f"{place}/{THEIRS if library == PLAIN else library}"
                result = run(python, library, what, prefix, megabytes)
                found.setdefault((library, what), []).append(result)
                if library == PLAIN:
                    os.unlink(f"{prefix}.plain")
    print(f"{f'{megabytes} MB in {VARIABLES} variables':<36}{'seconds':>9}", end="")
    print(f"{'/ copy':>8}{'median':>9}{'/ copy':>8}{'MB':>8}")
    copies = [result["seconds"] for result in found[PLAIN, "copy"]]
    for (library, what), results in found.items():
        times = [result["seconds"] for result in results]
        print(
            f"{f'{library}: {what}':<36}{min(times):>9.2f}{min(times) / min(copies):>8.2f}", end=""
        )
        print(f"{median(times):>9.2f}{median(times) / median(copies):>8.2f}", end="")
        print(f"{min(result['MB'] for result in results):>8.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where the files come to stand meanwhile")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--library", default="", help=argparse.SUPPRESS)
    parser.add_argument("--prefix", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        step(given.library, given.step, given.prefix, given.megabytes)
    else:
        compare(given.megabytes, given.rounds, given.folder)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
