"""Branches and loops: what runs, how often, in which order, and what may not be built."""

import collections
import sys
import threading

import numpy as np
import pytest

import minitf as tf
from minitf import nest
from minitf.tensor import DEAD


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def run(fetches, feeds=None):
    with tf.Session() as session:
        if tf.global_variables():
            session.run(tf.global_variables_initializer())
        return session.run(fetches, feeds)


def nested(steps, pred):
    """A loop in a loop, with branches and another loop in the inner one's body."""
    c = tf.constant(10)

    def inner(j, t):
        t = tf.cond(
            j > pred, lambda: tf.cond(t > 5, lambda: t + c, lambda: t + pred), lambda: t + 1
        )
        return j + 1, t

    def outer(i, t):
        _, t = tf.while_loop(lambda j, t: j < i, inner, [0, t])
        t = tf.cond(
            t > 20, lambda: tf.while_loop(lambda t: t > 20, lambda t: t - c, [t]), lambda: t
        )
        return i + 1, t

    return tf.while_loop(lambda i, t: i < steps, outer, [0, 0])[1]


def twin_of_nested(steps, pred):
    t = 0
    for i in range(steps):
        for j in range(i):
            t += (10 if t > 5 else pred) if j > pred else 1
        while t > 20:
            t -= 10
    return t


@pytest.mark.parametrize("steps", [0, 1, 5, 8])
@pytest.mark.parametrize("pred", [0, 1, 3])
def test_branches_and_loops_nest(steps, pred):
    n, p = tf.placeholder(tf.int32, []), tf.placeholder(tf.int32, [])
    result = nested(n, p)
    with tf.Session() as session:
        feeds = {n: steps, p: pred}
        assert session.run(result, feeds) == twin_of_nested(steps, pred)
        assert session.trace(result, feeds).values == twin_of_nested(steps, pred)


@pytest.mark.parametrize("seed", range(4))
def test_every_order_gives_the_same(seed):
    result = nested(tf.constant(6), tf.constant(1))
    with tf.Session(shuffle_seed=seed) as session:
        assert session.run(result) == twin_of_nested(6, 1)


def test_only_the_branch_taken_runs():
    ran = []
    p = tf.placeholder(tf.bool, [])

    def side(label):
        return lambda: tf.py_func(lambda: ran.append(label) or 1.0, [], tf.double)

    y = tf.cond(p, side("true"), side("false")) * 2.0
    assert run(y, {p: True}) == 2.0
    assert ran == ["true"]


def test_a_loop_in_a_branch_not_taken_does_not_run():
    ran = []
    p = tf.placeholder(tf.bool, [])

    def body(i):
        noted = tf.py_func(lambda i: ran.append(int(i)) or np.int32(i + 1), [i], tf.int32)
        noted.set_shape([])
        return noted

    y = tf.cond(p, lambda: tf.while_loop(lambda i: i < 3, body, [0]), lambda: tf.constant(7))
    with tf.Session() as session:
        assert session.run(y, {p: False}) == 7
        assert ran == []
        assert session.run(y, {p: True}) == 3
        assert ran == [0, 1, 2]


def test_a_variable_changes_in_every_round():
    v = tf.Variable(1.0)
    read = []

    def body(i):
        with tf.control_dependencies([tf.assign(v, v.read_value() * 2.0)]):
            seen = tf.py_func(lambda x: read.append(float(x)) or x, [v.read_value()], tf.float32)
        with tf.control_dependencies([seen]):
            return i + 1

    loop = tf.while_loop(lambda i: i < 3, body, [0])
    with tf.Session() as session:
        session.run(v.initializer)
        session.run(loop)
        assert session.run(v) == 8.0
    assert read == [2.0, 4.0, 8.0]


def test_assignments_in_branches():
    p = tf.placeholder(tf.bool, [])
    v = tf.Variable(1.0)
    change = tf.cond(p, lambda: tf.assign_add(v, 1.0), lambda: tf.assign(v, 10.0))
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(change, {p: True}) == 2.0
        assert session.run(change, {p: False}) == 10.0
        assert session.run(v) == 10.0
        assert session.races(change, {p: True}) == []


def test_an_error_names_the_node_in_the_loop():
    x = tf.placeholder(tf.float32, [None])
    loop = tf.while_loop(
        lambda i, y: i < 2, lambda i, y: (i + 1, y + tf.ones([3], name="three")), [0, x],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
    )  # fmt: skip
    with pytest.raises(tf.errors.InvalidArgumentError, match="while/add_1") as caught:
        run(loop, {x: [1.0, 2.0]})
    assert caught.value.op.name == "while/add_1"
    assert "test_control.py" in caught.value.message


def test_interrupting_ends_a_loop_that_never_ends():
    def interrupt(i):
        if i == 1000:
            raise KeyboardInterrupt
        return i

    def body(i):
        i = tf.py_func(interrupt, [i], tf.int32)
        i.set_shape([])
        return i + 1

    with tf.Session() as session:
        with pytest.raises(KeyboardInterrupt):
            session.run(tf.while_loop(lambda i: i >= 0, body, [0]))
        assert session.run(tf.constant(1)) == 1


def test_many_branches_in_a_row_need_no_recursion():
    x = tf.placeholder(tf.float32, [])
    y = x
    for _ in range(250):
        y = tf.cond(y > 0, lambda y=y: y + 1.0, lambda y=y: y - 1.0)
    (gradient,) = tf.gradients(y, x)
    assert run([y, gradient], {x: 2.0}) == [252.0, 1.0]


def test_a_loop_of_many_rounds():
    total = tf.while_loop(lambda i, t: i < 20000, lambda i, t: (i + 1, t + i), [0, 0])[1]
    assert run(total) == sum(range(20000))


def test_a_value_stays_although_its_loop_has_several_readers():
    i, y = tf.while_loop(lambda i, y: i < 2, lambda i, y: (i + 1, y * 2.0), [0, tf.ones([2])])
    readers = [y + float(k) for k in range(5)]
    values = run([*readers, i])
    for k, value in enumerate(values[:-1]):
        np.testing.assert_array_equal(value, [4.0 + k, 4.0 + k])


def test_what_stands_in_a_branch_cannot_be_fetched_or_fed(graph):
    p = tf.placeholder(tf.bool, [])
    tf.cond(p, lambda: tf.constant(1.0, name="inside"), lambda: tf.constant(2.0))
    inside = graph.get_tensor_by_name("cond/inside:0")
    with pytest.raises(ValueError, match="not fetchable"):
        run(inside, {p: True})
    tf.while_loop(lambda i: i < 3, lambda i: tf.add(i, 1, name="next"), [0])
    with pytest.raises(ValueError, match="may not be fed"):
        run(tf.constant(0), {graph.get_tensor_by_name("while/next:0"): 1})


def test_a_value_cannot_be_taken_out_of_a_loop():
    seen = []
    tf.while_loop(lambda i: i < 3, lambda i: seen.append(i + 1) or i + 1, [0])
    with pytest.raises(ValueError, match="is in a while loop"):
        seen[0] + 1
    with pytest.raises(ValueError, match="different while loops"):
        tf.while_loop(lambda i: i < 3, lambda i: i + seen[0], [0])


def test_results_keep_their_nesting():
    Pair = collections.namedtuple("Pair", "a b")
    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: {"k": Pair(1.0, [2])}, lambda: {"k": Pair(3.0, [4])})
    assert run(y, {p: False}) == {"k": Pair(3.0, [4])}
    out = tf.while_loop(
        lambda i, pair: i < 3, lambda i, pair: (i + 1, Pair(pair.a + pair.b, pair.a)),
        (0, Pair(1, 1)),
    )  # fmt: skip
    assert run(out) == (3, Pair(5, 3))


@pytest.mark.parametrize(
    ("false_fn", "kind", "words"),
    [
        (lambda: (1.0, 2.0), ValueError, "Incompatible return values"),
        (lambda: 1, ValueError, "same type"),
        (lambda: None, ValueError, "must have a return value"),
        (3, TypeError, "must be callable"),
    ],
)
def test_branches_must_agree(false_fn, kind, words):
    with pytest.raises(kind, match=words):
        tf.cond(tf.constant(True), lambda: 1.0, false_fn)


def test_a_gradient_inside_a_loop_cannot_go_round_it():
    x = tf.constant(1.0)
    with pytest.raises(ValueError, match="Cannot compute gradient inside while loop"):
        tf.while_loop(lambda y: y < 3, lambda y: tf.gradients(y * x, x * 1.0)[0] + tf.gradients(y, x)[0], [x])  # fmt: skip  # noqa: E501


def test_second_derivatives_of_a_loop_are_refused():
    x = tf.constant(2.0)
    y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, x])[1]
    (first,) = tf.gradients(y, x)
    with pytest.raises(TypeError, match="Second-order gradient for while loops not supported"):
        tf.gradients(first, x)


def test_gradients_of_nested_loops_are_those_of_the_unrolled_program():
    x, w = tf.placeholder(tf.float64, [3]), tf.constant(1.1, tf.float64)

    def step(y, j):
        return tf.cond(tf.equal(j % 2, 0), lambda: tf.sin(y) * w, lambda: y * x)

    def body(i, y):
        _, y = tf.while_loop(lambda j, y: j < i, lambda j, y: (j + 1, step(y, j)), [0, y])
        return i + 1, y * y

    looped = tf.while_loop(lambda i, y: i < 4, body, [0, x])[1]
    unrolled = x
    for i in range(4):
        for j in range(i):
            unrolled = step(unrolled, tf.constant(j))
        unrolled = unrolled * unrolled
    fetches = [tf.gradients(y, [x, w]) for y in (looped, unrolled)]
    got, wanted = run(fetches, {x: [0.7, -0.4, 1.2]})
    for a, b in zip(got, wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


def test_the_trace_of_a_loop_shows_each_round():
    loop = tf.while_loop(lambda i: i < 3, lambda i: tf.add(i, 1, name="next"), [0])
    with tf.Session() as session:
        trace = session.trace(loop)
    rounds = [event.outputs for event in trace.events if event.op.name == "while/next"]
    assert rounds == [[1], [2], [3]]


def test_the_trace_of_a_branch_shows_what_is_not_taken(graph):
    p = tf.placeholder(tf.bool, [])
    x = tf.constant(2.0, name="x")
    y = tf.cond(p, lambda: x * 2.0, lambda: x + 1.0)
    with tf.Session() as session:
        trace = session.trace(y, {p: True})
    events = {event.op.name: event for event in trace.events}
    assert events["cond/mul/Switch"].outputs == [DEAD, 2.0]
    assert "cond/add" not in events


def test_a_fetch_of_nothing_is_an_error():
    from minitf.ops.flow import switch

    side = switch(tf.constant(1.0), tf.constant(True))[0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="not taken"):
        run(side)


def test_py_func_ends_with_its_graph_and_stays_out_of_files(graph):
    y = tf.py_func(lambda: 1.0, [], tf.double)
    node = y.op.node_def
    assert set(node.attr) == {"token", "Tin", "Tout"}
    assert node.attr["token"].s.startswith(b"pyfunc_")


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda a: a.write(5, 1.0).stack(), "not resizeable"),
        (lambda a: a.write(0, 1.0).write(0, 2.0).stack(), "already been written"),
        (lambda a: a.read(7), "Tried to read from index 7"),
        (lambda a: a.read(0), "never written"),
        (lambda a: a.split([1.0, 2.0], [1, 5]).stack(), "sum of lengths"),
    ],
)
def test_a_tensor_array_says_what_is_wrong(build, words):
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        run(build(tf.TensorArray(tf.float32, size=2, infer_shape=False)))


def test_an_element_can_be_read_once():
    array = tf.TensorArray(tf.float32, size=1).write(0, 1.0)
    first = array.read(0)
    with tf.control_dependencies([first]):
        second = array.read(0)
    with pytest.raises(tf.errors.InvalidArgumentError, match="twice"):
        run(second)


def test_structures():
    nested_value = {"b": [1, (2, 3)], "a": 4}
    assert nest.flatten(nested_value) == [4, 1, 2, 3]
    assert nest.pack_sequence_as(nested_value, list("wxyz")) == {"b": ["x", ("y", "z")], "a": "w"}
    assert nest.map_structure(lambda x, y: x + y, [1, [2]], [10, [20]]) == [11, [22]]
    with pytest.raises(ValueError, match="same nested structure"):
        nest.assert_same_structure([1, 2], [1])
    with pytest.raises(TypeError, match="type"):
        nest.assert_same_structure([1, 2], (1, 2))


def test_a_partial_run_takes_one_branch_too():
    p, x = tf.placeholder(tf.bool, []), tf.placeholder(tf.float32, [])
    y = tf.cond(p, lambda: x * 2.0, lambda: x + 1.0)
    z = y * 10.0
    with tf.Session() as session:
        handle = session.partial_run_setup([y, z], [p, x])
        assert session.partial_run(handle, y, {p: False, x: 3.0}) == 4.0
        assert session.partial_run(handle, z) == 40.0
        loop = tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0])
        with pytest.raises(tf.errors.UnimplementedError, match="loop"):
            session.partial_run_setup(loop)


def test_gradients_of_nested_loops_pop_what_was_pushed_in_any_order():
    x = tf.placeholder(tf.float64, [])

    def body(i, y):
        _, y = tf.while_loop(lambda j, y: j < i, lambda j, y: (j + 1, tf.sin(y) * x), [0, y])
        return i + 1, y * y

    y = tf.while_loop(lambda i, y: i < 4, body, [0, x])[1]
    (gradient,) = tf.gradients(y, x)
    # A round of an inner loop waits for the pushes and pops of the round before it.
    pushes = [op for op in gradient.graph.get_operations() if op.type == "StackPushV2"]
    assert pushes
    assert all(op.control_inputs for op in pushes)
    syncs = [op for op in gradient.graph.get_operations() if op.name.endswith("b_sync")]
    assert any(c.type == "Exit" for op in syncs for c in op.control_inputs)
    values = []
    for seed in (None, 1, 2, 3):
        with tf.Session(shuffle_seed=seed) as session:
            values.append(session.run(gradient, {x: 0.9}))
    np.testing.assert_allclose(values[1:], values[0])


def test_threads_build_branches_and_loops_in_one_graph(graph):
    results, problems = [], []

    def build(start):
        try:
            with graph.as_default():
                for _ in range(5):
                    x = tf.constant(float(start))
                    y = tf.while_loop(lambda y: y < 100.0, lambda y: y * 2.0, [x])
                    z = tf.cond(y > 150.0, lambda y=y: y + 1.0, lambda y=y: y - 1.0)
                    results.append((start, z, tf.gradients(z, x)[0]))
        except Exception as problem:
            problems.append(problem)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=build, args=(start,)) for start in range(1, 9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert problems == []
    assert len(results) == 40
    with tf.Session() as session:
        for start, z, gradient in results:
            value = float(start)
            while value < 100.0:
                value *= 2.0
            wanted = (value + (1.0 if value > 150.0 else -1.0), value / start)
            assert session.run((z, gradient)) == wanted


def test_loops_made_by_hand():
    raw = tf.raw_ops
    a = raw.Enter(data=[1, 2, 3], frame_name="once")
    five = raw.Enter(data=5, frame_name="once", is_constant=True)
    assert run(raw.Exit(data=a * five) + 1).tolist() == [6, 11, 16]
    i = raw.Enter(data=0, frame_name="round")
    merged = raw.Merge(inputs=[i, i])[0]
    ten = raw.Enter(data=10, frame_name="round", is_constant=True)
    left, on = raw.Switch(data=merged, pred=merged < ten)
    one = raw.Enter(data=1, frame_name="round", is_constant=True)
    merged.op._update_input(1, raw.NextIteration(data=on + one))
    assert run(raw.Exit(data=left)) == 10


def test_an_op_is_in_one_loop():
    raw = tf.raw_ops
    a, b = raw.Enter(data=1, frame_name="a"), raw.Enter(data=2, frame_name="b")
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"different frames.*'a'.*'b'"):
        run(a + b)


def test_a_loop_that_nothing_enters_is_no_loop(graph):
    count, _ = tf.while_loop(lambda i, a: i < 5, lambda i, a: (i + 1, a * 2.0), [0, 1.0])
    graph_def = graph.as_graph_def()
    (enter,) = [node for node in graph_def.node if node.name == "while/Enter"]
    enter.op = "Exit"
    for name in ("frame_name", "is_constant", "parallel_iterations"):
        del enter.attr[name]
    with tf.Graph().as_default():
        (broken,) = tf.import_graph_def(graph_def, return_elements=[count.name])
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"while/NextIteration:0.*loop"):
            run(broken)


def test_a_thread_begins_in_the_scopes_that_are_open_where_it_is_started(graph):
    made = []

    def build():
        with graph.as_default(), tf.name_scope("own"):
            made.append(tf.constant(1))
            with tf.device("/cpu:2"):
                made.append(tf.constant(2))

    before = tf.constant(0)
    with tf.name_scope("outer"), tf.device("/cpu:1"), tf.control_dependencies([before]):
        thread = threading.Thread(target=build)
        thread.start()
        thread.join()
        inside = tf.constant(3)
    assert [t.name for t in made] == ["own/Const:0", "own/Const_1:0"]
    assert [t.device for t in made] == ["/device:CPU:1", "/device:CPU:2"]
    assert [t.op.control_inputs for t in made] == [[before.op]] * 2
    assert (inside.device, tf.constant(4).device) == ("/device:CPU:1", "")
