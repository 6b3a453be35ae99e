"""What the checkpoints in `data` hold. Run with real TensorFlow, this writes them anew."""

import hashlib
import json
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data"
NUMBERS = (
    "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 complex64 complex128"
)
ODD_NAMES = [
    *("a", "A", "a/", "a/b", "a.b", "/", "//x", "x:0", "_", "~", ".", "a b", "tab\t", "two\nlines"),
    *("é", "ünï/cødé", "日本/語", "\U0001f600", "\x01", "q" * 300),
]


def tensors() -> dict[str, np.ndarray]:
    """Each dtype with a scalar, a matrix and an empty array; strings; odd names."""
    found = {"bool/scalar": np.bool_(True), "bool/matrix": np.eye(2, 3) > 0}
    for dtype in NUMBERS.split():
        found[f"{dtype}/scalar"] = np.asarray(7).astype(dtype)
        found[f"{dtype}/matrix"] = (np.arange(6).reshape(2, 3) * 21).astype(dtype)
        found[f"{dtype}/empty"] = np.zeros((0, 3), dtype)
    found["float32/special"] = np.float32([np.nan, np.inf, -np.inf, -0.0, 1e-45])
    found["complex64/part"] = np.complex64([1 - 2j, 3j])
    found["int64/limits"] = np.array([-(2**63), 2**63 - 1])
    found["string/scalar"] = np.array(b"hello", object)
    found["string/hollow"] = np.array([b"", b"", b""], object)
    found["string/empty"] = np.empty((0, 2), object)
    found["string/bytes"] = np.array([[bytes(range(256)), b"\0"], [b"\xff" * 130, b"x"]], object)
    for place, name in enumerate(ODD_NAMES):
        found[name] = np.float32([place, -place])
    return {name: np.asarray(array) for name, array in found.items()}


def parts() -> tuple[np.ndarray, list[tuple[str, tuple[int, int], np.ndarray]]]:
    """A matrix and, for three tensors that all equal it, slices with their beginnings."""
    whole = np.arange(260 * 3, dtype=np.int16).reshape(260, 3)
    rows = [("rows", (at, 0), whole[at:end]) for at, end in [(0, 70), (70, 200), (200, 260)]]
    columns = [("a\udcff\0/columns", (0, at), whole[:, at:end]) for at, end in [(0, 1), (1, 3)]]
    return whole, [*rows, ("full", (0, 0), whole), *columns]


def many() -> dict[str, np.ndarray]:
    """So many tensors that the index takes several blocks, with gaps between their names."""
    scattered = (i * 2654435761 % 2**32 for i in range(9000))
    return {
        f"layer_{s:x}/kernel/{i % 50 * 'Adam_'}{i}": np.float32(i) for i, s in enumerate(scattered)
    }


def digests(prefix: str) -> list[str]:
    files = [f"{prefix}.index", f"{prefix}.data-00000-of-00001"]
    return [hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in files]


def _save(tf, prefix, names, arrays, specs=None):
    tensors = [
        tf.constant(a.tolist(), tf.string, a.shape) if a.dtype == object else tf.constant(a)
        for a in arrays
    ]
    names = [name.encode("utf-8", "surrogateescape") for name in names]
    specs = specs or [""] * len(names)
    tf.raw_ops.SaveV2(prefix=prefix, tensor_names=names, shape_and_slices=specs, tensors=tensors)


def _record(tf) -> None:
    """Write with TensorFlow's eager ops all that the tests read."""
    _save(tf, str(DATA / "tensors"), list(tensors()), list(tensors().values()))
    whole, slices = parts()
    specs = [f"260 3 {r},{part.shape[0]}:{c},{part.shape[1]}" for _, (r, c), part in slices]
    _save(tf, str(DATA / "parts"), [s[0] for s in slices], [s[2] for s in slices], specs)
    _save(
        tf,
        str(DATA / "dashes"),
        ["w"] * 2,
        [whole[:9], whole[9:]],
        ["260 3 0,9:-", "260 3 9,251:-"],
    )
    _save(tf, str(DATA / "missing"), ["w"], [whole[:9]], ["260 3 0,9:-"])
    shards = [str(DATA / f"shard{i}") for i in range(2)]
    _save(tf, shards[0], ["p", "q"], [np.float32([1, 2]), np.array([b"k", b""], object)])
    _save(tf, shards[1], ["o", "r"], [np.int64(5), np.eye(3)])
    tf.raw_ops.MergeV2Checkpoints(
        checkpoint_prefixes=shards, destination_prefix=str(DATA / "sharded")
    )
    halves = tf.cast(tf.constant([1.5, -2.0, 3.140625, float("inf")]), tf.bfloat16)
    quantized = tf.bitcast(tf.constant([1, 2], tf.int8), tf.qint8)
    tf.raw_ops.SaveV2(
        prefix=str(DATA / "rare"),
        tensor_names=["bfloat16", "qint8", "float8"],
        shape_and_slices=[""] * 3,
        tensors=[
            halves,
            quantized,
            tf.cast(tf.constant([1.0]), tf.dtypes.experimental.float8_e5m2),
        ],
    )
    _save(tf, "/tmp/many", list(many()), list(many().values()))
    (DATA / "digests.json").write_text(json.dumps({"many": digests("/tmp/many")}) + "\n")


if __name__ == "__main__":
    import tensorflow

    _record(tensorflow)
