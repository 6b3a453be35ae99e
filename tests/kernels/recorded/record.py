"""Ask real TensorFlow for the values that tests/kernels compares with.

python tests/kernels/recorded/record.py [--check]

Needs an environment with TensorFlow 2.21. With --check nothing is written: any difference from the
committed files is listed, and the exit status is 1.
"""

import json
import pathlib
import sys

import numpy as np
import record_images
import record_random
import record_training

FOLDER = pathlib.Path(__file__).parent


def same(made: dict, committed: dict) -> bool:
    """Random numbers to the bit; sums and roots as nearly as another processor makes them."""
    if str(made) == str(committed) or "out" not in made:
        return str(made) == str(committed)
    pairs = zip(made.pop("out"), committed.pop("out"), strict=True)
    return str(made) == str(committed) and all(
        np.allclose(numbers(one), numbers(other), rtol=1e-5, atol=1e-5) for one, other in pairs
    )


def numbers(entry: dict) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(entry["hex"]), entry["dtype"])


def main() -> int:
    differences = 0
    for name, module in (
        ("random", record_random),
        ("images", record_images),
        ("training", record_training),
    ):
        made = json.loads(json.dumps(module.rows()))
        path = FOLDER / f"{name}.json"
        if "--check" not in sys.argv:
            path.write_text("[\n" + ",\n".join(map(json.dumps, made)) + "\n]\n")
            continue
        committed = json.loads(path.read_text())
        wrong = [i for i, pair in enumerate(zip(made, committed)) if not same(*pair)]
        differences += len(wrong) + abs(len(made) - len(committed))
        print(f"{name}: {len(made) - len(wrong)} of {len(committed)} cases as recorded")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
