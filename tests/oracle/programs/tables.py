"""Lookup tables: numbers by words, words by numbers, from tensors and from files."""

import os
import tempfile


def _lookup_ops(tf):
    """TensorFlow's module of all kinds of tables, which were tf.contrib.lookup's."""
    if hasattr(tf, "contrib"):
        return tf.contrib.lookup
    from tensorflow.python.ops import lookup_ops

    return lookup_ops


def _file(folder, text):
    """A file's name which is the same in every run."""
    path = os.path.join(folder, "words.txt")
    with open(path, "w") as file:
        file.write(text)
    return path


def static_tables(tf, see):
    init = tf.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2], tf.string, tf.int64)
    table = tf.lookup.StaticHashTable(init, -1)
    found = table.lookup(tf.constant([["a", "x"], ["b", "a"]]))
    see(found, table.size(), table.name, table.key_dtype, table.value_dtype, table.default_value)
    see(table.initializer, tf.get_collection(tf.GraphKeys.TABLE_INITIALIZERS))
    keys, values = table.export()
    see(keys, values)
    see.attempt(lambda: see.session.run(found), "Table not initialized")
    start = tf.tables_initializer()
    see.session.run(start)
    see.run([found, table.size()])
    see(sorted(see.session.run(keys)), sorted(see.session.run(values)))
    see.session.run(start)
    see.run(table[tf.constant("b")])
    see.attempt(lambda: table.lookup(tf.constant(1)), "keys", "string", "int32")
    with tf.Session() as other:
        see.attempt(lambda: other.run(found), "Table not initialized")


def tables_of_other_types(tf, see):
    make = tf.lookup.KeyValueTensorInitializer
    names = tf.lookup.StaticHashTable(make([3, 5], ["three", "five"]), "many", name="names")
    halves = tf.lookup.StaticHashTable(make([3, 5], [1.5, 2.5], tf.int64), 0.0)
    same = tf.lookup.StaticHashTable(make(["x", "x"], [4, 4]), 9)
    see(names.name, names.lookup(tf.constant([5, 4, 3])))
    see.session.run(tf.tables_initializer())
    see.run(names.lookup(tf.constant([5, 4, 3])))
    see.run(halves.lookup(tf.constant([5, 4], tf.int64)))
    see.run([same.size(), same.lookup(tf.constant(["x", "y"]))])
    sparse = tf.SparseTensor([[0, 1], [2, 0]], tf.constant([3, 7]), [3, 2])
    found = names.lookup(sparse)
    see(found.values, found.indices, found.dense_shape)
    see.run(found.values)
    unlike = tf.lookup.StaticHashTable(make(["x", "x"], [4, 5]), 9)
    see.attempt(lambda: see.session.run(unlike.initializer), "different value for same key")
    see.attempt(lambda: tf.lookup.StaticHashTable(make(["a"], [1]), [1, 2]))
    see.attempt(lambda: tf.lookup.StaticHashTable(make(["a"], [1]), "one"))


def vocabulary_tables(tf, see):
    init = tf.lookup.KeyValueTensorInitializer(["a", "b"], [0, 1], tf.string, tf.int64)
    table = tf.lookup.StaticVocabularyTable(init, 3)
    found = table.lookup(tf.constant(["a", "q", "b", "zebra", "horse"]))
    see(found, table.name, table.size(), table.initializer)
    see.session.run(tf.tables_initializer())
    see.run([found, table.size()])
    only = tf.lookup.StaticVocabularyTable(None, 4)
    see(only.name, only.initializer)
    see.run([only.lookup(tf.constant(["a", "b", "c"])), only.size()])
    see.attempt(lambda: tf.lookup.StaticVocabularyTable(init, 0), "must be > 0")
    floats = tf.lookup.KeyValueTensorInitializer(["a"], [1.0])
    see.attempt(lambda: tf.lookup.StaticVocabularyTable(floats, 1), "value_dtype", "float32")


def index_tables(tf, see):
    lookup = _lookup_ops(tf)
    words = lookup.index_table_from_tensor(["x", "y"], num_oov_buckets=2)
    plain = lookup.index_table_from_tensor(["x", "y"], default_value=7, name="plain")
    numbers = lookup.index_table_from_tensor([30, 40], dtype=tf.int32)
    back = lookup.index_to_string_table_from_tensor(["x", "y"], default_value="?")
    strong = lookup.index_table_from_tensor(
        ["x"], num_oov_buckets=5, hasher_spec=lookup.StrongHashSpec((1, 2))
    )
    many = lookup.index_table_from_tensor([3, 4], num_oov_buckets=5, dtype=tf.int64)
    see(words.name, plain.name, numbers.name, back.name)
    see.session.run(tf.tables_initializer())
    see.run([words.lookup(tf.constant(["y", "k", "m"])), words.size()])
    see.run(plain.lookup(tf.constant(["y", "k"])))
    see.run(numbers.lookup(tf.constant([40, 1], tf.int64)))
    see.run(back.lookup(tf.constant([1, 0, 2], tf.int64)))
    see.run(strong.lookup(tf.constant(["x", "a", "b"])))
    see.run(many.lookup(tf.constant([4, 5, 6], tf.int64)))
    make = lookup.index_table_from_tensor
    see.attempt(lambda: make(None), "must be specified")
    see.attempt(lambda: make(["a"], num_oov_buckets=-1), "greater or equal than 0")
    see.attempt(lambda: make(["a"], dtype=tf.float32), "integer or string")
    see.attempt(lambda: make([1]), "non-integer", "int32")
    see.attempt(lambda: make(["a"], dtype=tf.int64), "Expected integer")
    see.attempt(lambda: lookup.index_to_string_table_from_tensor(None), "must be specified")
    see.attempt(lambda: lookup.StrongHashSpec((1,)), "must have size 2")


def tables_from_files(tf, see):
    lookup, index = _lookup_ops(tf), tf.lookup.TextFileIndex
    with tempfile.TemporaryDirectory() as folder, tf.Graph().as_default(), tf.Session() as sess:
        path = _file(folder, "aa\t5\nbb\t7\ncc\t9\n")
        columns = tf.lookup.TextFileInitializer(path, tf.string, 0, tf.int64, 1)
        table = tf.lookup.StaticHashTable(columns, -1)
        lines = tf.lookup.TextFileInitializer(
            path, tf.string, index.WHOLE_LINE, tf.int64, index.LINE_NUMBER, vocab_size=2
        )
        numbers = tf.lookup.StaticHashTable(lines, -1)
        names = lookup.index_to_string_table_from_file(path, value_column_index=0)
        ids = lookup.index_table_from_file(path, num_oov_buckets=1, key_column_index=0)
        see(table.name, numbers.name, names.name, ids.name)
        sess.run(tf.tables_initializer())
        see(sess.run(table.lookup(tf.constant(["bb", "cc", "dd"]))))
        see(sess.run([numbers.lookup(tf.constant(["bb\t7", "cc\t9"])), numbers.size()]))
        see(sess.run(names.lookup(tf.constant([2, 3], tf.int64))))
        see(sess.run(ids.lookup(tf.constant(["cc", "what"]))))
        see([op.type for op in tf.get_default_graph().get_operations()])
        see([t.name for t in tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS)])


def wrong_files(tf, see):
    lookup, index = _lookup_ops(tf), tf.lookup.TextFileIndex
    make = tf.lookup.TextFileInitializer
    see.attempt(lambda: make("", tf.string, 0, tf.int64, 1), "`filename` argument required")
    see.attempt(lambda: make("f", tf.string, -3, tf.int64, 1), "`key_index` should be >= -2")
    see.attempt(lambda: make("f", tf.string, -1, tf.int64, 1), "must be int64", "string")
    see.attempt(lambda: make("f", tf.float32, -2, tf.int64, 1), "either integer or string")
    see.attempt(lambda: make("f", tf.string, 0, tf.int64, -3), "`value_index` should be >= -2")
    see.attempt(lambda: make("f", tf.string, 0, tf.string, -1), "must be int64", "string")
    see.attempt(lambda: make("f", tf.string, 0, tf.float32, -2), "either integer or string")
    see.attempt(lambda: make("f", tf.string, 0, tf.int64, 1, vocab_size=0), "should be > 0")
    see.attempt(lambda: lookup.index_table_from_file(""), "must not be empty")
    see.attempt(lambda: lookup.index_table_from_file("f", num_oov_buckets=-1), "or equal than 0")
    see.attempt(lambda: lookup.index_table_from_file("f", vocab_size=0), "greater than 0")
    see.attempt(lambda: lookup.index_table_from_file("f", key_dtype=tf.float32), "should be either")
    see.attempt(lambda: lookup.index_to_string_table_from_file(None), "must not be empty")
    with tempfile.TemporaryDirectory() as folder, tf.Graph().as_default(), tf.Session() as sess:
        path = _file(folder, "aa 5\nbb\ncc x\n")

        def start(*columns, **options):
            init = make(path, *columns, delimiter=" ", **options)
            sess.run(tf.lookup.StaticHashTable(init, -1).initializer)

        whole, number = index.WHOLE_LINE, index.LINE_NUMBER
        see.attempt(lambda: start(tf.string, 0, tf.int64, 1), "number of columns")
        see.attempt(lambda: start(tf.int64, 0, tf.int64, number), "aa", "not a valid")
        see.attempt(lambda: start(tf.string, whole, tf.int64, number, vocab_size=4), "vocab_size")
        path = os.path.join(folder, "none.txt")
        see.attempt(lambda: start(tf.string, whole, tf.int64, number), "No such file")


def changing_tables(tf, see):
    table = _lookup_ops(tf).MutableHashTable(tf.string, tf.int64, -1)
    put = table.insert(["a", "b"], tf.constant([3, 4], tf.int64))
    found, size = table.lookup(tf.constant(["a", "z"])), table.size()
    drop = table.remove(tf.constant(["a", "none"]))
    see(table.name, put, found, size, drop, table.export())
    see.run([found, size])
    see.session.run(put)
    see.run([found, size])
    see.session.run(table.insert(["a"], [9]))
    see.run([found, size])
    see.run(table.lookup(["q", "a"], dynamic_default_values=tf.constant(5, tf.int64)))
    see.session.run(drop)
    see.run([found, size, table.export()])
    see.attempt(lambda: table.remove(tf.constant([1])), "keys", "string", "int32")
    see.attempt(lambda: table.insert([1], [2]))
    see.attempt(lambda: see.session.run(table.insert(["a", "b"], [1])), "shape")
    see([item.name for item in tf.get_collection(tf.GraphKeys.SAVEABLE_OBJECTS)])


def changing_tables_are_saved(tf, see):
    table = _lookup_ops(tf).MutableHashTable(tf.string, tf.float32, 0.0, name="mine")
    put = table.insert(["a", "b"], [1.0, 2.0])
    clear = table.remove(tf.constant(["a", "b"]))
    found = table.lookup(tf.constant(["a", "b", "c"]))
    saver = tf.train.Saver()
    with tempfile.TemporaryDirectory() as folder:
        see.session.run(put)
        path = saver.save(see.session, os.path.join(folder, "model"))
        see(tf.train.list_variables(path))
        see.session.run(clear)
        see.run(found)
        saver.restore(see.session, path)
        see.run(found)


def tables_of_monitored_sessions(tf, see):
    words = _lookup_ops(tf).index_table_from_tensor(["x", "y"])
    found = words.lookup(tf.constant(["y", "z"]))
    with tf.train.MonitoredSession() as session:
        see(session.run(found))
