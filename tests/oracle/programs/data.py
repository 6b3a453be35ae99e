"""Input pipelines: the nodes of datasets and iterators, and the elements that come out."""

import collections
import tempfile
from pathlib import Path

import numpy as np


def _drained(tf, see, element):
    """Notes every element, until there are no more."""
    try:
        while True:
            see.run(element)
    except tf.errors.OutOfRangeError as error:
        see(type(error).__name__, "End of sequence" in str(error))


def slices_in_batches(tf, see):
    images = np.arange(12, dtype=np.float32).reshape(6, 2)
    dataset = tf.data.Dataset.from_tensor_slices((images, np.arange(6)))
    see(dataset.output_shapes, dataset.output_types)
    dataset = dataset.batch(4).repeat(2)
    see(dataset.output_shapes)
    iterator = dataset.make_initializable_iterator()
    x, y = iterator.get_next()
    see(x, y, iterator.initializer)
    see.attempt(lambda: see.session.run(x), "not been initialized")
    see.session.run(iterator.initializer)
    _drained(tf, see, (x, y))
    see.session.run(iterator.initializer)
    see.run(y)


def one_shot(tf, see):
    dataset = tf.data.Dataset.range(3)
    n = dataset.make_one_shot_iterator().get_next()
    see(n)
    _drained(tf, see, n)
    see.attempt(lambda: see.session.run(n), "End of sequence")


def two_get_nexts_share_an_iterator(tf, see):
    iterator = tf.data.make_one_shot_iterator(tf.data.Dataset.range(10))
    a, b = iterator.get_next(), iterator.get_next(name="second")
    see(a, b)
    see.run(a + 0)
    see.run(b)
    see.run(a)


def structures(tf, see):
    pair = collections.namedtuple("Pair", "left right")
    dataset = tf.data.Dataset.from_tensors(
        {"z": 1, "a": (np.ones(2), "text"), "m": pair([1, 2], tf.constant(3.0))}
    )
    see(dataset.output_types["z"], dataset.output_types["a"], dataset.output_shapes["m"].left)
    element = tf.data.make_one_shot_iterator(dataset).get_next()
    see(sorted(element), type(element["m"]).__name__, element["m"].right)
    see.run([element["z"], element["a"][1], element["m"].left])


def ranges(tf, see):
    for arguments in ((4,), (2, 5), (9, 0, -3), (5, 5)):
        dataset = tf.data.Dataset.range(*arguments)
        see(dataset.output_types, dataset.output_shapes)
        _drained(tf, see, tf.data.make_one_shot_iterator(dataset).get_next())
    see.attempt(lambda: tf.data.Dataset.range())


def mapped(tf, see):
    dataset = tf.data.Dataset.range(5).map(lambda n: n * 2)
    dataset = dataset.map(lambda n: (n, tf.cast(n, tf.float32) / 2.0), num_parallel_calls=2)
    see(dataset.output_types, dataset.output_shapes)
    dataset = dataset.map(lambda n, half: {"n": n, "half": half})
    dataset = dataset.filter(lambda item: item["n"] > 2)
    element = dataset.make_one_shot_iterator().get_next()
    see(element["n"], element["half"])
    for _ in range(3):
        see.run([element["n"], element["half"]])
    see.attempt(lambda: see.session.run(element["n"]), "End of sequence")


def what_a_function_captures(tf, see):
    factor = tf.placeholder(tf.int64, [], name="factor")
    weight = tf.Variable([1, 2], dtype=tf.int64, name="weight")
    dataset = tf.data.Dataset.range(3).map(lambda n: n * factor + weight + factor)
    see(dataset.output_shapes)
    iterator = dataset.make_initializable_iterator()
    element = iterator.get_next()
    see.start()
    see.session.run(iterator.initializer, {factor: 10})
    _drained(tf, see, element)
    see.attempt(
        lambda: tf.data.Dataset.range(factor).make_one_shot_iterator(), "placeholder", "factor"
    )
    see.attempt(lambda: dataset.make_one_shot_iterator())


def shuffled(tf, see):
    tf.set_random_seed(5)
    base = tf.data.Dataset.range(10)
    for dataset in (
        base.shuffle(4).batch(3).repeat(2),
        base.shuffle(4, seed=3, reshuffle_each_iteration=False).repeat(2),
        base.shuffle(100, seed=3).repeat(2),
        base.repeat(2).shuffle(4, seed=3),
        base.shuffle(1),
    ):
        _drained(tf, see, dataset.make_one_shot_iterator().get_next())


def shuffled_by_an_op_seed_alone(tf, see):
    dataset = tf.data.Dataset.range(20).shuffle(7, seed=11)
    iterator = dataset.make_initializable_iterator()
    element = iterator.get_next()
    for _ in range(2):
        see.session.run(iterator.initializer)
        for _ in range(6):
            see.run(element)


def cut_and_joined(tf, see):
    numbers = tf.data.Dataset.range(6)
    letters = tf.data.Dataset.from_tensor_slices(["a", "b", "c"])
    for dataset in (
        numbers.take(2).concatenate(numbers.skip(4)),
        numbers.shard(3, 1).repeat(2),
        numbers.skip(-1),
        numbers.take(-1).skip(5),
        tf.data.Dataset.zip((numbers, letters)),
        letters.enumerate(start=7),
        numbers.repeat(0),
        numbers.cache().prefetch(2).take(2),
        numbers.prefetch(tf.data.experimental.AUTOTUNE).take(1),
    ):
        _drained(tf, see, dataset.make_one_shot_iterator().get_next())


def padded(tf, see):
    words = tf.data.Dataset.from_tensor_slices([2, 0, 3])
    dataset = words.map(lambda n: (tf.fill([n], n), tf.fill([1, n], "w")))
    see(dataset.output_shapes)
    dataset = dataset.padded_batch(2, padded_shapes=([None], [1, 4]))
    see(dataset.output_shapes)
    _drained(tf, see, dataset.make_one_shot_iterator().get_next())
    small = words.map(lambda n: tf.fill([n], 1.5)).padded_batch(
        3, padded_shapes=[5], padding_values=-1.0, drop_remainder=True
    )
    see(small.output_shapes)
    _drained(tf, see, small.make_one_shot_iterator().get_next())
    narrow = words.map(lambda n: tf.fill([n], n)).padded_batch(3, padded_shapes=[2])
    element = narrow.make_one_shot_iterator().get_next()
    see.attempt(lambda: see.session.run(element), "smaller size")


def flat_and_interleaved(tf, see):
    dataset = tf.data.Dataset.range(1, 4).flat_map(
        lambda n: tf.data.Dataset.from_tensors(n).repeat(n)
    )
    _drained(tf, see, dataset.make_one_shot_iterator().get_next())
    dataset = tf.data.Dataset.range(1, 6).interleave(
        lambda n: tf.data.Dataset.from_tensors(n).repeat(6), cycle_length=2, block_length=4
    )
    _drained(tf, see, dataset.batch(30).make_one_shot_iterator().get_next())


def on_several_threads(tf, see):
    dataset = tf.data.Dataset.range(9).batch(2, num_parallel_calls=2, deterministic=True)
    _drained(tf, see, dataset.make_one_shot_iterator().get_next())
    dataset = tf.data.Dataset.range(4).map(
        lambda n: n + 1, num_parallel_calls=tf.data.experimental.AUTOTUNE, deterministic=True
    )
    dataset = dataset.interleave(
        lambda n: tf.data.Dataset.range(n), cycle_length=2, num_parallel_calls=2
    )
    _drained(tf, see, dataset.make_one_shot_iterator().get_next())


def batches_taken_apart(tf, see):
    dataset = tf.data.Dataset.from_tensor_slices((np.eye(4), ["a", "b", "c", "d"]))
    dataset = dataset.batch(3).unbatch()
    see(dataset.output_shapes)
    _drained(tf, see, dataset.make_one_shot_iterator().get_next())


def generated(tf, see):
    def pairs():
        yield from ((i, [i / 2.0] * i) for i in range(4))

    dataset = tf.data.Dataset.from_generator(pairs, (tf.int32, tf.float32), ((), [None]))
    see(dataset.output_types, dataset.output_shapes)
    iterator = dataset.make_initializable_iterator()
    element = iterator.get_next()
    see(element[0], element[1])
    for _ in range(2):
        see.session.run(iterator.initializer)
        _drained(tf, see, element)
    wrong = tf.data.Dataset.from_generator(lambda: iter(["text"]), tf.float32)
    wrong = wrong.make_one_shot_iterator().get_next()
    see(wrong)
    see.attempt(lambda: see.session.run(wrong), "text")
    see.attempt(lambda: tf.data.Dataset.from_generator([1], tf.float32), "callable")


def lines_of_files(tf, see):
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "a.txt", Path(folder) / "b.txt"
        first.write_bytes(b"one\r\ntwo\n\nthree")
        second.write_bytes(b"four\n")
        names = tf.placeholder(tf.string, [None], name="names")
        dataset = tf.data.TextLineDataset(names).skip(1)
        iterator = dataset.make_initializable_iterator()
        line = iterator.get_next()
        see(line)
        see.session.run(iterator.initializer, {names: [str(first), str(second)]})
        _drained(tf, see, line)
        see.session.run(iterator.initializer, {names: [str(Path(folder) / "none.txt")]})
        see.attempt(lambda: see.session.run(line), "none.txt", "No such file")


def one_iterator_for_two_datasets(tf, see):
    train, test = tf.data.Dataset.range(3), tf.data.Dataset.range(10, 12)
    iterator = tf.data.Iterator.from_structure(train.output_types, train.output_shapes)
    n = iterator.get_next()
    to_train = iterator.make_initializer(train)
    to_test = iterator.make_initializer(test, name="to_test")
    see(n, to_train, to_test, iterator.output_types, iterator.output_shapes)
    for start in (to_train, to_test, to_train):
        see.session.run(start)
        see.run(n)
        see.run(n)
    floats = tf.data.Dataset.from_tensors(1.0)
    see.attempt(lambda: iterator.make_initializer(floats))
    see.attempt(lambda: iterator.initializer)
    rows = tf.data.Dataset.from_tensors(np.ones(2, np.int64))
    see.attempt(lambda: iterator.make_initializer(rows))


def iterators_by_handle(tf, see):
    handle = tf.placeholder(tf.string, [], name="handle")
    first = tf.data.Dataset.range(3).make_one_shot_iterator()
    second = tf.data.Dataset.range(10, 13).make_initializable_iterator()
    either = tf.data.Iterator.from_string_handle(handle, tf.int64, [])
    n = either.get_next()
    see(n, first.string_handle().name, second.string_handle(name="named").name)
    names = see.session.run([first.string_handle(), second.string_handle()])
    see.session.run(second.initializer)
    for name in (names[0], names[1], names[1], names[0]):
        see.run(n, {handle: name})


def wrong_datasets(tf, see):
    dataset = tf.data.Dataset
    numbers = dataset.range(3)
    see.attempt(lambda: dataset.from_tensor_slices((np.ones(3), np.ones(4))), "3", "4")
    see.attempt(lambda: dataset.from_tensor_slices(3), "rank")
    see.attempt(lambda: numbers.map(3), "callable")
    see.attempt(lambda: numbers.filter(lambda n: n), "predicate")
    see.attempt(lambda: numbers.concatenate(dataset.from_tensors(1.0)))
    see.attempt(lambda: dataset.zip([numbers, 3]))
    see.attempt(lambda: numbers.apply(lambda d: 3), "transformation_func")
    ragged = dataset.from_tensor_slices([1, 2]).map(lambda n: tf.fill([n], n)).batch(2)
    element = ragged.make_one_shot_iterator().get_next()
    see.attempt(lambda: see.session.run(element), "[1]", "[2]")
    none = numbers.batch(0).make_initializable_iterator()
    see.attempt(lambda: see.session.run(none.initializer), "greater than zero")
    never = numbers.shuffle(0).make_initializable_iterator()
    see.attempt(lambda: see.session.run(never.initializer), "buffer_size")


def trained_from_a_dataset(tf, see):
    tf.set_random_seed(1)
    x = np.linspace(-1, 1, 32, dtype=np.float32)[:, None]
    dataset = tf.data.Dataset.from_tensor_slices((x, 3 * x + 1)).shuffle(32).repeat().batch(8)
    features, labels = dataset.make_one_shot_iterator().get_next()
    w = tf.Variable(tf.zeros([1, 1]), name="w")
    b = tf.Variable(tf.zeros([1]), name="b")
    loss = tf.reduce_mean(tf.square(tf.matmul(features, w) + b - labels))
    train = tf.train.GradientDescentOptimizer(0.3).minimize(loss)
    see.start()
    for _ in range(20):
        see(float(see.session.run([loss, train])[0]), rtol=1e-5)
    see.run([w, b], rtol=1e-5)
