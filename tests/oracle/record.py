"""Records what real TensorFlow does with every program.

Run it with the Python of an environment that has TensorFlow 2.21:

    python tests/oracle/record.py [theme ...]            write the recordings
    python tests/oracle/record.py --check [theme ...]    fail on any difference from them
"""

import argparse
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.remove(str(Path(__file__).resolve().parent))

from oracle.compare import differences
from oracle.observe import RECORDINGS, observe, themes
from oracle.opdefs import OPDEFS
from oracle.opdefs import dump as opdefs_dump
from oracle.signatures import SIGNATURES
from oracle.signatures import dump as signatures_dump


def tensorflow():
    """TensorFlow 1's interface of the installed TensorFlow, with v2 behaviour off."""
    import tensorflow.compat.v1 as tf

    tf.logging.set_verbosity(tf.logging.FATAL)
    tf.disable_v2_behavior()
    return tf


def record(tf, programs):
    """The recording of one theme, and the complaints about programs that are wrong."""
    recording, complaints = {}, []
    for name, program in programs.items():
        outcome = observe(tf, program)
        where = f"{program.__code__.co_filename}: {name}"
        if outcome.failure is not None:
            line = _line_in(outcome.failure, program)
            complaints.append(f"{where}:{line} raised {outcome.failure!r:.600}")
        for said, words, line in zip(outcome.seen, outcome.words, outcome.lines):
            if isinstance(said, dict) and "raises" in said:
                says = said.get("says", "").lower()
                if says:
                    said["says"] = said["says"][:300]
                if any(word.lower() not in says for word in words):
                    complaints.append(f"{where}:{line} says {said} without {words}")
        recording[name] = {"seen": outcome.seen, "nodes": outcome.nodes}
    return recording, complaints


def _line_in(failure, program):
    trace, line = failure.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == program.__code__.co_filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def dump(recording):
    """JSON with one observation or node a line, so that differences read well."""
    parts = []
    for name, entry in recording.items():
        lists = [
            f'"{key}": [\n' + ",\n".join(json.dumps(item) for item in entry[key]) + "\n]"
            for key in ("seen", "nodes")
        ]
        parts.append(f"{json.dumps(name)}: {{" + ",\n".join(lists) + "}")
    return "{" + ",\n".join(parts) + "}\n"


def main():
    """Record, or check, the themes named on the command line (all without any)."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("themes", nargs="*")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    tf = tensorflow()
    complaints = []
    for theme, programs in themes().items():
        if options.themes and theme not in options.themes:
            continue
        recording, wrong = record(tf, programs)
        complaints += wrong
        path = RECORDINGS / f"{theme}.json"
        if options.check:
            committed = json.loads(path.read_text()) if path.exists() else {}
            complaints += [f"{theme}: {text}" for text in differences(recording, committed)]
        else:
            path.write_text(dump(recording))
        seen = sum(len(entry["seen"]) for entry in recording.values())
        nodes = sum(len(entry["nodes"]) for entry in recording.values())
        print(f"{theme}: {len(recording)} programs, {seen} observations, {nodes} nodes")
    if not options.themes:
        for path, text in ((OPDEFS, opdefs_dump()), (SIGNATURES, signatures_dump(tf))):
            if not options.check:
                path.write_text(text)
            elif text != path.read_text():
                complaints.append(f"{path.name}: TensorFlow's definitions differ")
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
