"""Record what real TensorFlow draws: see record.py.

One thread, because TensorFlow's Multinomial depends on how many share its rows.
"""

import hashlib

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
raw = tf.raw_ops
SEEDS = [(1, 2), (87654321, 42), (-5, 2**40 + 7)]
SHAPES = [[], [3], [2, 5], [0]]
LARGE = [[70003]]
RUNS = 2


def exact(array):
    """Bytes in full where they are few, else their hash."""
    array = np.asarray(array)
    data = array.tobytes()
    key, text = (
        ("hex", data.hex()) if len(data) <= 256 else ("sha256", hashlib.sha256(data).hexdigest())
    )
    return {"dtype": array.dtype.name, "shape": list(array.shape), key: text}


def shaped_cases(seeds, shape):
    """Ops that draw a shape."""
    dims = np.array(shape, np.int32)
    for dtype in ("float16", "float32", "float64"):
        for op in ("RandomUniform", "RandomStandardNormal", "TruncatedNormal"):
            make = getattr(raw, op)
            yield (
                {"op": op, "shape": shape, "dtype": dtype},
                make(shape=dims, dtype=dtype, seed=seeds[0], seed2=seeds[1]),
            )
    bounds = [("int32", 0, 10), ("int32", -(2**31), 2**31 - 1), ("int64", -5, 7)]
    for dtype, low, high in [*bounds, ("int64", -(2**63), 2**63 - 1)]:
        yield (
            {"op": "RandomUniformInt", "shape": shape, "dtype": dtype, "low": low, "high": high},
            raw.RandomUniformInt(
                shape=dims,
                minval=tf.constant(low, dtype),
                maxval=tf.constant(high, dtype),
                seed=seeds[0],
                seed2=seeds[1],
            ),
        )


def valued_cases(seeds):
    """Ops that draw from a value."""
    seed, seed2 = seeds
    for rows in (0, 1, 2, 10, 5000):
        yield (
            {"op": "RandomShuffle", "value": list(range(rows)) if rows < 20 else rows},
            raw.RandomShuffle(value=np.arange(rows), seed=seed, seed2=seed2),
        )
    rows = np.arange(12).reshape(4, 3)
    yield (
        {"op": "RandomShuffle", "value": rows.tolist()},
        raw.RandomShuffle(value=rows, seed=seed, seed2=seed2),
    )
    logits = [[0.5, -1.0, 2.0], [3.0, 0.0, 3.0], [float("-inf"), 1.0, float("nan")]]
    for dtype in ("float16", "float32", "float64"):
        for samples in (1, 7, 0):
            yield (
                {"op": "Multinomial", "logits": logits, "dtype": dtype, "samples": samples},
                raw.Multinomial(
                    logits=np.array(logits, dtype), num_samples=samples, seed=seed, seed2=seed2
                ),
            )
        for shape in ([], [6], [0]):
            dims = np.array(shape, np.int32)
            alpha = [0.3, 0.5, 1.0, 2.0, 30.0, 1000.0]
            yield (
                {"op": "RandomGamma", "shape": shape, "dtype": dtype, "parameter": alpha},
                raw.RandomGamma(shape=dims, alpha=np.array(alpha, dtype), seed=seed, seed2=seed2),
            )
            rate = [0.0, 1.0, 9.9, 10.0, 30.0, 1000.0]
            yield (
                {"op": "RandomPoissonV2", "shape": shape, "dtype": dtype, "parameter": rate},
                raw.RandomPoissonV2(
                    shape=dims, rate=np.array(rate, dtype), dtype=dtype, seed=seed, seed2=seed2
                ),
            )


def rows():
    cases = []
    config = tf.ConfigProto(intra_op_parallelism_threads=1)
    with tf.Session(config=config) as session:
        for seeds in SEEDS:
            pairs = [pair for shape in SHAPES + LARGE for pair in shaped_cases(seeds, shape)]
            pairs += valued_cases(seeds)
            tensors = [tensor for _, tensor in pairs]
            runs = [session.run(tensors) for _ in range(RUNS)]
            for index, (case, _) in enumerate(pairs):
                case["seeds"] = seeds
                case["runs"] = [exact(run[index]) for run in runs]
                cases.append(case)
    return cases
