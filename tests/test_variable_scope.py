"""Variable scopes: what a lesson can look at, and rules beside those the oracle records."""

import threading

import numpy as np
import pytest

import minitf as tf
from minitf import regularizers
from minitf.variable_scope import get_variable_scope_stack, get_variable_store


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def test_the_open_scopes_can_be_seen():
    assert [scope.name for scope in get_variable_scope_stack()] == [""]
    with tf.variable_scope("a") as a, tf.variable_scope("b", reuse=tf.AUTO_REUSE) as b:
        assert get_variable_scope_stack()[1:] == [a, b]
        assert [scope.name for scope in get_variable_scope_stack()] == ["", "a", "a/b"]
    assert [scope.name for scope in get_variable_scope_stack()] == [""]


def test_the_store_can_be_seen():
    v = tf.get_variable("v", [1])
    tf.Variable(1, name="not_there")
    with tf.variable_scope("s"):
        w = tf.get_variable("w", [1])
    assert get_variable_store().variables == {"v": v, "s/w": w}


def test_a_variable_made_twice_names_the_line_of_the_first():
    tf.get_variable("again", [1])
    with pytest.raises(ValueError, match="already exists") as failure:
        tf.get_variable("again", [1])
    assert 'tf.get_variable("again", [1])' in str(failure.value)


def test_a_shape_that_does_not_fit_names_the_line_of_the_variable():
    tf.get_variable("shared", [2])
    with tf.variable_scope("", reuse=True), pytest.raises(ValueError, match="shape") as failure:
        tf.get_variable("shared", [3])
    assert 'tf.get_variable("shared", [2])' in str(failure.value)


def test_a_scope_left_by_an_error_is_left():
    with pytest.raises(KeyError), tf.variable_scope("s", reuse=True):
        raise KeyError
    with pytest.raises(TypeError), tf.variable_scope(5):
        pass
    assert [tf.get_variable_scope().name, tf.constant(1, name="c").name] == ["", "c:0"]


def test_scopes_of_threads_do_not_mix(graph):
    names = []

    def work():
        with graph.as_default(), tf.variable_scope("inner"):
            names.append(tf.get_variable_scope().name)

    with tf.variable_scope("outer"):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        names.append(tf.get_variable_scope().name)
    assert names == ["inner", "outer"]


def test_scopes_of_graphs_do_not_mix():
    with tf.variable_scope("outer"), tf.Graph().as_default():
        assert tf.get_variable_scope().name == ""
        assert tf.get_variable("v", [1]).name == "v:0"


def test_custom_getters_chain_from_the_innermost():
    order = []

    def noting(mark):
        def getter(getter, *args, **kwargs):
            order.append(mark)
            return getter(*args, **kwargs)

        return getter

    outer = tf.variable_scope("a", custom_getter=noting("outer"))
    with outer, tf.variable_scope("b", custom_getter=noting("inner")):
        tf.get_variable("v", [1])
    assert order == ["inner", "outer"]


def test_no_regularizer_stops_a_scopes_regularizer():
    with tf.variable_scope("s", regularizer=tf.reduce_sum):
        tf.get_variable("a", [1])
        with tf.variable_scope("t", regularizer=tf.no_regularizer):
            tf.get_variable("b", [1])
    assert len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)) == 1


def test_parts_join_to_the_whole_and_take_their_share_of_an_assignment():
    v = tf.get_variable(
        "v", [5, 2], partitioner=tf.fixed_size_partitioner(3), initializer=tf.zeros_initializer()
    )
    assert [part.shape.as_list() for part in v] == [[2, 2], [2, 2], [1, 2]]
    assert [part._get_save_slice_info().spec for part in v] == [
        "5 2 0,2:0,2",
        "5 2 2,2:0,2",
        "5 2 4,1:0,2",
    ]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(v.assign(np.float32([[i, 0] for i in range(5)])))
        assert session.run(tf.convert_to_tensor(v))[:, 0].tolist() == [0, 1, 2, 3, 4]


def test_a_partitioned_variable_is_shared_only_as_itself():
    partitioner = tf.fixed_size_partitioner(2)
    v = tf.get_variable("v", [4], partitioner=partitioner)
    with tf.variable_scope("", reuse=True):
        assert tf.get_variable("v", [4], partitioner=partitioner) is v
        assert tf.get_variable("v") is v
        with pytest.raises(ValueError, match="partitions"):
            tf.get_variable("v", [4], partitioner=tf.fixed_size_partitioner(4))
        with pytest.raises(ValueError, match="shape"):
            tf.get_variable("v", [6], partitioner=partitioner)
    with pytest.raises(ValueError, match="already exists"):
        tf.get_variable("v", [4], partitioner=partitioner)
    with pytest.raises(ValueError, match="No partitioner"):
        tf.get_variable("v", [4])


def test_partitioned_variables_by_slicing():
    parts = tf.create_partitioned_variables([4, 3], [1, 3], tf.ones_initializer(), name="w")
    assert [part.name for part in parts] == [f"w/part_{i}:0" for i in range(3)]
    assert [part.shape.as_list() for part in parts] == [[4, 1]] * 3


def test_a_template_may_have_its_scope_at_once():
    with tf.variable_scope("here"):
        shared = tf.make_template("t", lambda: tf.get_variable("v", [1]), create_scope_now_=True)
    with tf.variable_scope("elsewhere"):
        assert shared() is shared()
    assert shared.variables[0].name == "here/t/v:0"


def test_default_names_start_again_in_a_scope_that_is_entered_again():
    names = []

    def inner():
        with tf.variable_scope(None, default_name="l") as scope:
            names.append(scope.name)

    with tf.variable_scope("o") as o:
        inner(), inner()
    with tf.variable_scope("o"):
        inner()
    with tf.variable_scope("p"):
        inner()
        with tf.variable_scope(o):
            inner(), inner()
        inner()
    inner()
    with tf.variable_scope(tf.get_variable_scope()):
        inner()
    inner()
    assert names == "o/l o/l_1 o/l p/l o/l o/l_1 p/l_1 l l_1 l_1".split()  # TensorFlow's


@pytest.mark.parametrize(
    ("make", "loss"),
    [
        (lambda: regularizers.l1(0.5), 0.5 * 3),
        (lambda: regularizers.l2(0.1), 0.1 * 5),
        (lambda: regularizers.l1_l2(0.5, 0.1), 0.5 * 3 + 0.1 * 5),
    ],
)
def test_regularizers_penalize_weights(make, loss):
    v = tf.get_variable("v", initializer=[1.0, -2.0], regularizer=make())
    (found,) = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(found) == pytest.approx(loss)
        assert session.run(tf.add_n([found, 1.0])) == pytest.approx(loss + 1)
