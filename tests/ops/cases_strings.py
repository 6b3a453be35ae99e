"""Rows for the ops on strings; the values are TensorFlow's."""

import numpy as np
from ops.cases import Case

import minitf as tf


def strings(*items):
    array = np.empty(len(items), object)
    array[:] = [item.encode() if isinstance(item, str) else item for item in items]
    return array


TABLE_OF_FOUR = strings("a", "b", "c", "d").reshape(2, 2)
WORDS = strings("hello", "abcd")
KEYS = strings(*["", "a", "hello", "a" * 16, "b" * 17, "c" * 32, "d" * 33, "e" * 64, "f" * 65])
PACKED = strings("abcd", "efgh")
LINES = strings("1,2.5,x", '3,,"a,""b"""')


def columns(lines):
    return tf.decode_csv(lines, [[0], [9.0], [""]])


def split_words(texts):
    words = tf.string_split(texts, ", ")
    return [words.indices, words.values, words.dense_shape]


def split_once(texts):
    words = tf.strings.split(texts, "<>", maxsplit=1)
    return [words.indices, words.values, words.dense_shape]


CASES = [
    Case(
        "StringJoin",
        lambda a: tf.string_join([a, "x", a], "-"),
        (WORDS,),
        strings("hello-x-hello", "abcd-x-abcd"),
    ),
    Case("ReduceJoin", tf.reduce_join, (TABLE_OF_FOUR,), b"abcd", run_unknown=True),
    Case("ReduceJoin", lambda a: tf.reduce_join(a, [0, 1]), (TABLE_OF_FOUR,), b"acbd"),
    Case(
        "ReduceJoin",
        lambda a: tf.reduce_join(a, -1, separator=".", keepdims=True),
        (TABLE_OF_FOUR,),
        strings("a.b", "c.d").reshape(2, 1),
    ),
    Case(
        "UnsortedSegmentJoin",
        lambda a: tf.strings.unsorted_segment_join(a, [1, 1], 2, ":"),
        (TABLE_OF_FOUR,),
        strings("", "", "a:c", "b:d").reshape(2, 2),
    ),
    Case("Substr", lambda a: tf.substr(a, [1, 2], [1, 2]), (WORDS,), strings("e", "cd")),
    Case("Substr", lambda a: tf.substr(a, -3, 2), (WORDS,), strings("ll", "bc")),
    Case(
        "Substr",
        lambda a: tf.substr(a, -2, 2, unit="UTF8_CHAR"),
        (strings("größe"),),
        strings("ße"),
    ),
    Case("StringLength", tf.strings.length, (strings("größe", ""),), np.array([7, 0], np.int32)),
    Case(
        "StringLength",
        lambda a: tf.strings.length(a, unit="UTF8_CHAR"),
        (strings("größe", ""),),
        np.array([5, 0], np.int32),
    ),
    Case("StringLower", tf.strings.lower, (strings("GRÖ A"),), strings("grÖ a")),
    Case("StringUpper", lambda a: tf.strings.upper(a, "utf-8"), (strings("grö"),), strings("GRÖ")),
    Case("StringStrip", tf.string_strip, (strings(" \t\n x y \v\f\r", ""),), strings("x y", "")),
    Case(
        "StaticRegexReplace",
        lambda a: tf.regex_replace(a, "(l+)(o)", r"[\2\1\0]"),
        (WORDS,),
        strings("he[ollllo]", "abcd"),
    ),
    Case(
        "RegexReplace",
        lambda a: tf.regex_replace(a, tf.constant("l|b"), "L", replace_global=False),
        (WORDS,),
        strings("heLlo", "aLcd"),
    ),
    Case(
        "StaticRegexFullMatch",
        lambda a: tf.strings.regex_full_match(a, "h.*o$"),
        (strings("hello", "hello\n", "x"),),
        np.array([True, False, False]),
    ),
    Case(
        "RegexFullMatch",
        lambda a: tf.strings.regex_full_match(a, tf.constant(".b")),
        (strings("öb", "ab\n"),),
        np.array([True, False]),
    ),
    Case(
        "StringSplit",
        split_words,
        (strings(" a,  b ", "", "c"),),
        [np.array([[0, 0], [0, 1], [2, 0]]), strings("a", "b", "c"), np.array([3, 2])],
        exact_shape=False,
    ),
    Case(
        "StringSplitV2",
        split_once,
        (strings("1<>2<><>3", "a<>"),),
        [
            np.array([[0, 0], [0, 1], [1, 0], [1, 1]]),
            strings("1", "2<><>3", "a", ""),
            np.array([2, 2]),
        ],
        exact_shape=False,
    ),
    Case(
        "StringToNumber",
        tf.string_to_number,
        (strings(" 1.5 ", "1e3", "inf", "-INF", "0x10"),),
        np.array([1.5, 1000, np.inf, -np.inf, 16], np.float32),
    ),
    Case(
        "StringToNumber",
        lambda a: tf.string_to_number(a, tf.int64),
        (strings(" -5 ", "+3000000000"),),
        np.array([-5, 3000000000]),
    ),
    Case(
        "AsString",
        lambda a: tf.as_string(a, precision=1, width=6, fill="0"),
        (np.array([1.5, -2.25, np.inf]),),
        strings("0001.5", "-002.2", "   inf"),
    ),
    Case("AsString", tf.as_string, (np.array([True, False]),), strings("true", "false")),
    Case(
        "AsString",
        lambda a: tf.as_string(a, shortest=True),
        (np.array([1 + 2j, 1.5 - 3j]),),
        strings("(1,2)", "(1.5,-3)"),
    ),
    Case(
        "StringToHashBucketFast",
        lambda a: tf.string_to_hash_bucket_fast(a, 2**62),
        (strings(*KEYS, "g" * 130, "h" * 200),),
        np.array(
            [
                *(1936946117179621455, 3694432073954588131, 3786372426573024488),
                *(3481940567716887985, 3256592028984373237, 3111694730716386590),
                *(1338923764649787811, 4428901352157416281, 1046945646384469227),
                *(2185139109846809301, 4204595943293424186),
            ]
        ),
    ),
    Case(
        "StringToHashBucket",
        lambda a: tf.string_to_hash_bucket(a, 2**62),
        (KEYS,),
        np.array(
            [
                *(105434511174508091, 2996632905371535868, 1331861223480393034),
                *(3135563497012114365, 1255535459197427591, 4498738269706859831),
                *(1729692604714789681, 3360523591191337925, 2041588571670245335),
            ]
        ),
    ),
    Case(
        "StringToHashBucketStrong",
        lambda a: tf.strings.to_hash_bucket_strong(a, 2**62, [1, 2]),
        (strings("", "a", "hello", "h" * 33),),
        np.array(
            [
                *(443797209252341627, 546566331822570742),
                *(2957200328589801622, 722971941798738928),
            ]
        ),
    ),
    Case(
        "EncodeBase64",
        lambda a: tf.encode_base64(a, pad=True),
        (strings("hello", "?>~"),),
        strings("aGVsbG8=", "Pz5-"),
    ),
    Case("EncodeBase64", tf.encode_base64, (strings("hello"),), strings("aGVsbG8")),
    Case(
        "DecodeBase64", tf.decode_base64, (strings("aGVsbG8=", "aGVsbG8"),), strings(*["hello"] * 2)
    ),
    Case(
        "DecodeRaw",
        lambda a: tf.decode_raw(a, tf.int16, little_endian=False),
        (PACKED,),
        np.array([[24930, 25444], [25958, 26472]], np.int16),
        exact_shape=False,
    ),
    Case(
        "DecodeCSV",
        columns,
        (LINES,),
        [np.array([1, 3], np.int32), np.array([2.5, 9], np.float32), strings("x", 'a,"b"')],
    ),
]
