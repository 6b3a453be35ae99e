"""tf.data beyond what the oracle's programs show: sessions, captures, files, errors."""

import gzip

import numpy as np
import pytest

import minitf as tf


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


def drained(session, element):
    found = []
    try:
        while True:
            found.append(session.run(element))
    except tf.errors.OutOfRangeError:
        return found


def test_each_session_has_a_place_of_its_own():
    n = tf.data.Dataset.range(5).make_one_shot_iterator().get_next()
    with tf.Session() as first, tf.Session() as second:
        assert [first.run(n), first.run(n), second.run(n), first.run(n)] == [0, 1, 0, 2]


def test_a_run_takes_one_element_however_many_ops_read_it():
    n = tf.data.Dataset.range(5).make_one_shot_iterator().get_next()
    total = n + n * 10
    with tf.Session() as sess:
        assert [sess.run(total), sess.run(total)] == [0, 11]


def test_nothing_is_made_before_it_is_asked_for():
    made = []

    def noted(n):
        made.append(int(n))
        return n

    dataset = tf.data.Dataset.range(100).map(lambda n: tf.py_func(noted, [n], tf.int64))
    n = dataset.make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        assert sess.run(n) == 0
    assert made == [0]


def test_a_function_within_a_function_uses_tensors_of_both_graphs_around_it():
    outermost = tf.constant(100, tf.int64)

    def inner(n):
        return tf.data.Dataset.range(2).map(lambda m: m + 10 * n + outermost)

    n = tf.data.Dataset.range(2).flat_map(inner).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        assert drained(sess, n) == [100, 101, 110, 111]


def test_a_function_leaves_the_graph_around_it_as_it_was():
    before = tf.constant(1.0)
    tf.data.Dataset.from_tensors(before).map(lambda x: tf.sqrt(x) + tf.ones([3]))
    types = [op.type for op in tf.get_default_graph().get_operations()]
    assert types == ["Const", "TensorDataset", "MapDataset"]


def test_branches_and_loops_work_in_functions():
    def steps(n):
        return tf.while_loop(lambda i, _: i > 0, lambda i, x: (i - 1, x * 2), (n, n))[1]

    dataset = tf.data.Dataset.range(4).map(lambda n: tf.cond(n > 1, lambda: steps(n), lambda: -n))
    with tf.Session() as sess:
        assert drained(sess, dataset.make_one_shot_iterator().get_next()) == [0, -1, 8, 24]


def test_seeded_draws_in_functions_are_the_same_in_each_session():
    tf.set_random_seed(2)
    dataset = tf.data.Dataset.range(3).map(lambda n: tf.random_uniform([]))
    x = dataset.make_one_shot_iterator().get_next()
    runs = []
    for _ in range(2):
        with tf.Session() as sess:
            runs.append(drained(sess, x))
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 3


def test_a_shuffle_without_a_seed_keeps_every_element():
    n = tf.data.Dataset.range(50).shuffle(8).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        found = drained(sess, n)
    assert sorted(found) == list(range(50))
    assert found != list(range(50))


def test_a_cache_calls_its_function_once_for_each_element():
    calls = []
    dataset = tf.data.Dataset.range(3)
    dataset = dataset.map(lambda n: tf.py_func(lambda i: calls.append(i) or i, [n], tf.int64))
    n = dataset.cache().repeat(3).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        assert len(drained(sess, n)) == 9
    assert len(calls) == 3


def test_lines_of_a_packed_file(tmp_path):
    path = tmp_path / "lines.gz"
    path.write_bytes(gzip.compress(b"a\nb\n"))
    dataset = tf.data.TextLineDataset(str(path), compression_type="GZIP", num_parallel_reads=2)
    with tf.Session() as sess:
        assert drained(sess, dataset.make_one_shot_iterator().get_next()) == [b"a", b"b"]


def test_a_generators_arguments_and_signature():
    def counted(start, stop):
        for i in range(start, stop):
            yield {"n": i, "row": np.full(2, i, np.float32)}

    like = {"n": tf.placeholder(tf.int32, []), "row": tf.placeholder(tf.float32, [2])}
    dataset = tf.data.Dataset.from_generator(counted, args=(3, 5), output_signature=like)
    element = dataset.make_one_shot_iterator().get_next()
    assert element["row"].shape.as_list() == [2]
    with tf.Session() as sess:
        assert [item["n"] for item in drained(sess, element)] == [3, 4]


def test_a_generator_that_yields_another_shape_says_so():
    dataset = tf.data.Dataset.from_generator(lambda: iter([[1, 2]]), tf.int32, [3])
    n = dataset.make_one_shot_iterator().get_next()
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match=r"shape \(2,\)"):
        sess.run(n)


def test_an_error_in_a_function_names_its_node_and_line():
    dataset = tf.data.Dataset.range(3).map(lambda n: tf.div(1, tf.cast(n, tf.int32), name="bad"))
    n = dataset.make_one_shot_iterator().get_next()
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="bad") as error:
        sess.run(n)
    assert "test_data.py" in str(error.value)


def test_an_imported_graph_says_which_function_it_lacks():
    dataset = tf.data.Dataset.range(3).map(lambda n: n)
    dataset.make_initializable_iterator()
    graph_def = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        tf.import_graph_def(graph_def, name="")
        with pytest.raises(tf.errors.NotFoundError, match=r"Dataset_map_lambda\w* is not defined"):
            sess.run(graph.get_operation_by_name("MakeIterator"))


def test_a_dataset_of_another_graph_is_refused():
    dataset = tf.data.Dataset.range(3)
    with tf.Graph().as_default(), pytest.raises(ValueError, match="same graph"):
        tf.data.Dataset.zip((dataset, tf.data.Dataset.range(3)))


def test_what_tf_data_lacks_is_told():
    with pytest.raises(AttributeError, match=r"tf\.data\.Options"):
        tf.data.Options  # noqa: B018
