"""String ops."""


def joining_and_cutting(tf, see):
    see.full(tf.string_join([["a", "b"], ["c", "d"]], separator="-"))
    see.full(tf.string_join(["x", "y"], name="j"))
    see.full(tf.substr(["hello", "world"], 1, 3))
    see.full(tf.strings.substr("hello", [1], [2]))
    see.full(tf.strings.length(["a", "bcd", ""]))
    see.full(tf.reduce_join([["a", "b"], ["c", "d"]], 1))
    see.full(tf.reduce_join([["a", "b"], ["c", "d"]], axis=0, separator=","))
    see.full(tf.strings.lower("ABC"))
    see.full(tf.strings.upper(["abc"]))
    see.full(tf.strings.strip(["  x "]))
    see.full(tf.regex_replace("hello", "l+", "L"))
    see.full(tf.strings.regex_full_match(["abc", "x"], "a.*"))


def splitting(tf, see):
    sparse = tf.string_split(["a b c", "d"])
    see(sparse.values, sparse.indices, sparse.dense_shape)
    see.run(sparse.values)
    see.run(sparse.indices)
    see.run(tf.string_split(["a,b"], ",").values)
    see.run(tf.sparse_tensor_to_dense(sparse, default_value=""))


def numbers(tf, see):
    see.full(tf.string_to_number(["1.5", "-2"]))
    see.full(tf.string_to_number("7", tf.int32))
    see.full(tf.as_string([1, 2]))
    see.full(tf.as_string([1.5, 2.25]))
    see.full(tf.as_string(True))
    see.full(tf.as_string(3.14159, precision=2))
    see.attempt(lambda: see.session.run(tf.string_to_number("x")), "x")
    see.full(tf.string_to_hash_bucket_fast(["a", "b"], 10))
    see.full(tf.string_to_hash_bucket(["a", "b"], 10))
    see.full(tf.decode_raw("\x01\x02", tf.uint8))
    see.full(tf.encode_base64("hello"))
    see.full(tf.decode_base64("aGVsbG8"))
    see.full(tf.strings.format("value {}", [tf.constant([1, 2])]))


def comparing(tf, see):
    see.full(tf.equal("a", ["a", "b"]))
    see.full(tf.constant(["a"]) + tf.constant(["b"]))
    see.full(tf.concat([["a"], ["b", "c"]], 0))
    see.full(tf.gather(["a", "b", "c"], [2, 0]))
    see.full(tf.reshape(["a", "b"], [2, 1]))
    see.full(tf.where([True, False], ["a", "b"], ["x", "y"]))
    see.full(tf.stack(["a", "b"]))
    see.full(tf.unique(["a", "b", "a"]).y)
    see.attempt(lambda: tf.constant("a") * 2)
    see.attempt(lambda: tf.reduce_max(["a"]))
