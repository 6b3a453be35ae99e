"""Rows for ops on files and on their names."""

import tempfile
from pathlib import Path

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops import io, regexes, strings

FOLDER = Path(tempfile.mkdtemp(prefix="minitf-cases-"))
NAMES = np.array([b"a", b"b"], object)


def written(contents):
    path = str(FOLDER / "new" / "file")
    with tf.control_dependencies([io.write_file(path, contents)]):
        return io.read_file(tf.constant(path)), io.matching_files(str(FOLDER / "new" / "*"))


def saved(values):
    prefix = str(FOLDER / "saved")
    save = io.save_v2(prefix, ["v", "w"], ["", "4 0,2"], [values, values[:2]])
    with tf.control_dependencies([save]):
        prefix = tf.identity(prefix)
    return io.restore_v2(prefix, ["v"], [""], dtypes=[tf.float64])


def merged(values):
    parts = [str(FOLDER / "parts" / f"{i}") for i in range(2)]
    saves = [io.save_v2(part, [part[-1]], [""], [values]) for part in parts]
    whole = str(FOLDER / "whole")
    with tf.control_dependencies(saves):
        merge = io.MergeV2Checkpoints(parts, whole)
    with tf.control_dependencies([merge]):
        prefix = tf.identity(whole)
    return io.restore_v2(prefix, ["0", "1"], ["", "4 1,2"], dtypes=[tf.float64] * 2)


VALUES = np.arange(4.0)

CASES = [
    Case(
        "WriteFile ReadFile MatchingFiles",
        written,
        (np.array(b"some\0text", object),),
        [b"some\0text", np.array([str(FOLDER / "new" / "file").encode()], object)],
        exact_shape=False,
    ),
    Case("SaveV2 RestoreV2", saved, (VALUES,), VALUES, order=0, exact_shape=False),
    Case(
        "MergeV2Checkpoints SaveV2 RestoreV2",
        merged,
        (VALUES,),
        [VALUES, VALUES[1:3]],
        order=0,
        exact_shape=False,
    ),
    Case(
        "ShardedFilename ShardedFilespec",
        lambda name: [io.ShardedFilename(name, 2, 7), io.ShardedFilespec(name, 7)],
        (np.array(b"m", object),),
        [b"m-00002-of-00007", b"m-?????-of-00007"],
    ),
    Case(
        "StringJoin",
        lambda x: strings.string_join([x, "/", x], separator="-"),
        (NAMES,),
        np.array([b"a-/-a", b"b-/-b"], object),
    ),
    Case(
        "StaticRegexFullMatch",
        lambda x: regexes.regex_full_match(x, "a.*"),
        (np.array([b"abc", b"ba"], object),),
        np.array([True, False]),
    ),
]
