"""Variables: what a session holds of them, what changes it, and what their objects tell."""

import threading

import numpy as np
import pytest

import minitf as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture
def session(graph):
    with tf.Session() as session:
        yield session


def start(session):
    session.run(tf.global_variables_initializer())


def test_a_value_lives_from_the_initializer_to_the_end_of_the_session():
    v = tf.Variable(1, name="v")
    first, second = tf.Session(), tf.Session()
    first.run(v.initializer)
    assert first.run(v.assign_add(4)) == 5
    with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value v"):
        second.run(v)
    first.close()
    second.run(v.initializer)
    assert second.run(v) == 1


def test_an_uninitialized_variable_is_reported_with_the_line_that_made_it(session):
    v = tf.Variable(1, name="lonely")
    with pytest.raises(tf.errors.FailedPreconditionError, match=r'Variable\(1, name="lonely"\)'):
        session.run(v + 1)


def test_what_was_fetched_does_not_change_afterwards(session):
    v = tf.Variable([1.0, 2.0])
    start(session)
    before = session.run(v)
    after = session.run(v.assign_add([1.0, 1.0]))
    assert [before.tolist(), after.tolist()] == [[1, 2], [2, 3]]
    after[0] = 99
    assert session.run(v).tolist() == [2, 3]


def test_what_was_assigned_does_not_change_with_the_array_it_came_from(session):
    v = tf.Variable([0.0, 0.0])
    x = tf.placeholder(tf.float32, [2])
    fed = np.array([1.0, 2.0], np.float32)
    session.run(tf.assign(v, x), {x: fed})
    fed[0] = 99
    assert session.run(v).tolist() == [1, 2]
    session.run(v.assign_add([1.0, 1.0]))
    assert fed.tolist() == [99, 2]


def test_a_read_is_of_the_variable_itself_and_a_result_is_not(session):
    v = tf.Variable(np.zeros(1000, np.float32))
    read, computed = tf.identity(v.value()), v + 0.0
    with tf.control_dependencies([read, computed]):
        change = v.assign_add(np.ones(1000, np.float32))
    start(session)
    assert [x.max() for x in session.run([read, computed, change])] == [1, 0, 1]  # as TensorFlow


def test_control_dependencies_decide_whether_a_read_sees_an_assignment(session):
    v = tf.Variable(1)
    change = v.assign(5)
    with tf.control_dependencies([change]):
        after = v.read_value()
    start(session)
    assert session.run(after) == 5


def test_births_writes_and_deaths_are_told_to_observers(graph):
    v = tf.Variable(1, name="v")
    up = v.assign_add(1)
    session = tf.Session()
    events = []
    with session.observe_variables(events.append):
        session.run(v.initializer)
        session.run(up)
        session.close()
    assert [event.kind for event in events] == ["birth", "write", "death"]
    assert [event.value for event in events] == [1, 2, None]
    assert [event.writer for event in events] == [v.initializer, up.op, None]


def test_threads_that_add_lose_nothing(session):
    v = tf.Variable(np.zeros(50, np.float32))
    up = v.assign_add(np.ones(50, np.float32), use_locking=True)
    start(session)

    def work():
        for _ in range(200):
            session.run(up.op)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.run(v).tolist() == [800] * 50


def test_a_variable_is_a_key_and_stands_for_its_tensor(session):
    v, w = tf.Variable([1.0]), tf.Variable([1.0])
    start(session)
    assert {v: 1, w: 2}[v] == 1
    assert {v.ref(): 1, w.ref(): 2}[v.ref()] == 1
    assert v.ref().deref() is v
    assert session.run(v + w, {v: [5.0]}).tolist() == [6]
    assert repr(v) == "<tf.Variable 'Variable:0' shape=(1,) dtype=float32_ref>"


def test_load_gives_a_value_at_once(session):
    v = tf.Variable([1.0, 2.0])
    v.load([3.0, 4.0])
    assert v.eval().tolist() == [3, 4]
    with pytest.raises(ValueError, match="shape"):
        v.load([1.0])


def test_a_proto_names_the_nodes_and_finds_them_again(graph):
    v = tf.Variable([1.0], name="v", trainable=False)
    found = tf.Variable.from_proto(v.to_proto())
    for part in ("op", "initializer", "initial_value", "name", "trainable", "shape"):
        assert getattr(found, part) == getattr(v, part)
    assert found.value() is v.value()
    assert v.to_proto("elsewhere") is None


def test_a_proto_leaves_out_the_exported_scope():
    with tf.name_scope("outer"):
        v = tf.Variable([1.0], name="v")
    proto = v.to_proto("outer")
    assert (proto.variable_name, proto.snapshot_name) == ("v:0", "v/read:0")
    assert tf.Variable.from_proto(proto, import_scope="outer").op is v.op


def test_creators_stand_between_the_call_and_the_variable():
    def outer(following, **kwargs):
        kwargs["name"] += "_outer"
        return following(**kwargs)

    def inner(following, **kwargs):
        kwargs["name"] += "_inner"
        return following(**kwargs)

    with tf.variable_creator_scope(outer), tf.variable_creator_scope(inner):
        v = tf.Variable(1, name="v")
    assert v.op.name == "v_inner_outer"
    assert tf.Variable(1, name="w").op.name == "w"


def test_resource_variables_are_refused():
    with pytest.raises(NotImplementedError, match="reference variables"):
        tf.Variable(1, use_resource=True)


def test_a_long_chain_of_initial_values_needs_no_recursion():
    x = tf.constant(0.0)
    for _ in range(1500):
        x = tf.add(x, 1.0)
    v = tf.Variable(x)
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(v) == 1500


def test_scatter_refuses_rows_that_are_not_there(session):
    v = tf.Variable([1.0, 2.0])
    start(session)
    out_of_range = r"indices\[1\] = -1 is not in \[0, 2\)"
    with pytest.raises(tf.errors.InvalidArgumentError, match=out_of_range):
        session.run(tf.scatter_add(v, [0, -1], [1.0, 1.0]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="does not index into shape"):
        session.run(tf.scatter_nd_add(v, [[2]], [1.0]))
    assert session.run(v).tolist() == [1, 2]


def test_unseeded_draws_differ_and_seeded_ones_start_again_in_each_session():
    unseeded, seeded = tf.random_uniform([4]), tf.random_uniform([4], seed=1)
    with tf.Session() as one, tf.Session() as other:
        assert one.run(unseeded).tolist() != other.run(unseeded).tolist()
        first, second = one.run(seeded).tolist(), one.run(seeded).tolist()
        assert first != second
        assert other.run(seeded).tolist() == first


def test_an_initial_value_from_a_loop_is_taken_as_it_is():
    w = tf.Variable(1.0, name="w")
    total = tf.while_loop(lambda i: i < 10.0, lambda i: i + w, [w.value()])
    v = tf.Variable(tf.identity(total), name="v")
    assert v.initializer.inputs[1] is v.initial_value
    x = tf.Variable(w + 1.0, name="x")
    assert x.initializer.inputs[1].op.name == "add_x"
