"""Sessions: variables' lives, devices, order, races, threads, interrupts, parts, explanations."""

import gc
import re
import threading

import numpy as np
import psutil
import pytest

import minitf as tf


@pytest.fixture(autouse=True)
def own_graph():
    with tf.Graph().as_default():
        yield


def started(**options):
    sess = tf.Session(**options)
    sess.run(tf.global_variables_initializer())
    return sess


# variables live in sessions


def test_births_writes_and_deaths_are_told():
    v = tf.Variable(1.0, name="v")
    add = tf.assign_add(v, 2.0)
    sess = tf.Session()
    seen = []
    with sess.observe_variables(seen.append):
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value v"):
            sess.run(v)
        sess.run(v.initializer)
        sess.run(add)
        sess.close()
    assert [(e.kind, e.variable.name, e.value) for e in seen] == [
        ("unborn", "v", None),
        ("birth", "v", 1.0),
        ("write", "v", 3.0),
        ("death", "v", None),
    ]
    assert seen[2].writer is add.op


def test_reading_the_unborn_names_the_variable_and_the_line_that_made_it():
    v = tf.Variable([1.0], name="weights")
    with pytest.raises(tf.errors.FailedPreconditionError) as caught:
        tf.Session().run(v + 1.0)
    assert "weights" in str(caught.value)
    assert 'v = tf.Variable([1.0], name="weights")' in str(caught.value)


def test_sessions_share_nothing():
    v = tf.Variable(1)
    one, two = started(), started()
    one.run(tf.assign(v, 5))
    assert (one.run(v), two.run(v)) == (5, 1)


def test_what_was_fetched_and_fed_stays_as_it_is():
    v = tf.Variable(np.zeros(5, np.float32))
    x = tf.placeholder(tf.float32, [5])
    add = tf.assign_add(v, x)
    sess = started()
    before = sess.run(v)
    fed = np.ones(5, np.float32)
    sess.run(add, {x: fed})
    after = sess.run(v)
    after += 10
    sess.run(add, {x: fed})
    assert before.tolist() == [0] * 5
    assert fed.tolist() == [1] * 5
    assert sess.run(v).tolist() == [2] * 5


# devices


def test_a_device_that_is_not_there_is_told():
    with tf.device("/gpu:0"):
        a = tf.constant(1, name="far")
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"far.*/device:GPU:0") as caught:
        tf.Session().run(a)
    assert 'a = tf.constant(1, name="far")' in str(caught.value)
    assert tf.Session(config=tf.ConfigProto(allow_soft_placement=True)).run(a) == 1


def test_values_go_from_device_to_device(capsys):
    with tf.device("/cpu:1"):
        a = tf.constant(5, name="a")
    b = tf.add(a, 1, name="b")
    config = tf.ConfigProto(device_count={"CPU": 2}, log_device_placement=True)
    sess = tf.Session(config=config)
    assert [device.name[-5:] for device in sess.list_devices()] == ["CPU:0", "CPU:1"]
    (transfer,) = sess.explain(b).transfers
    assert (transfer.tensor, transfer.source[-5:], transfer.destination[-5:]) == (
        a,
        "CPU:1",
        "CPU:0",
    )
    assert "a: (Const): /job:localhost/replica:0/task:0/device:CPU:1" in capsys.readouterr().err


def test_a_graph_for_each_device_sends_and_receives():
    with tf.device("/cpu:1"):
        a = tf.constant(5, name="a")
    b = tf.add(a, 1, name="b")
    sess = tf.Session(config=tf.ConfigProto(device_count={"CPU": 2}))
    metadata = tf.RunMetadata()
    sess.run(b, None, tf.RunOptions(output_partition_graphs=True), metadata)
    graphs = {g.node[0].device[-5:]: [n.op for n in g.node] for g in metadata.partition_graphs}
    assert graphs == {"CPU:1": ["Const", "_Send"], "CPU:0": ["Const", "AddV2", "_Recv"]}


def test_soft_placement_leaves_another_machine_out_of_reach():
    with tf.device("/job:other"):
        a = tf.constant(1, name="far")
    config = tf.ConfigProto(allow_soft_placement=True)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"far.*/job:other"):
        tf.Session(config=config).run(a)


# order and races


def test_shuffled_orders_differ_and_keep_what_is_asked():
    order = []

    def note(name):
        return tf.py_func(lambda: order.append(name) or np.float32(0), [], tf.float32)

    first = note("first")
    with tf.control_dependencies([first]):
        free = [note(str(i)) for i in range(6)]
    out = tf.add_n(free)
    seen = set()
    for seed in (None, 1, 2, 3):
        order.clear()
        tf.Session(shuffle_seed=seed).run(out)
        assert order[0] == "first"
        assert sorted(order[1:]) == list("012345")
        seen.add(tuple(order))
    assert len(seen) > 2


def test_a_race_is_reported_with_both_nodes_and_lines():
    v = tf.Variable(1.0, name="v")
    read = tf.identity(v, name="read")
    write = tf.assign(v, 2.0, name="write")
    sess = started()
    (race,) = [r for r in sess.races([read, write]) if r.other.name == "v/read"]
    assert (race.variable.name, race.write.name) == ("v", "write")
    assert "'v/read'" in str(race)
    assert 'write = tf.assign(v, 2.0, name="write")' in str(race)


def test_ordered_reads_and_writes_do_not_race():
    v = tf.Variable(1.0)
    write = tf.assign(v, 2.0)
    with tf.control_dependencies([write]):
        read = v.read_value()
    assert started().races([read, write]) == []
    assert started().races(v) == []


# threads and interrupts


def test_many_threads_may_run_one_session():
    counter = tf.Variable(0)
    totals = tf.Variable(np.zeros(100, np.float32))
    step = tf.group(tf.assign_add(counter, 1), tf.assign_add(totals, np.ones(100, np.float32)))
    sess = started()
    torn = []

    def work():
        for _ in range(100):
            sess.run(step)
            value = sess.run(totals)
            if len(set(value.tolist())) != 1:
                torn.append(value)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sess.run(counter) == 800
    assert sess.run(totals).tolist() == [800.0] * 100
    assert torn == []


def test_an_interrupt_leaves_the_session_usable_and_variables_whole():
    v = tf.Variable(np.zeros(3, np.float32))
    stop = [True]

    def interrupt(x):
        if stop[0]:
            raise KeyboardInterrupt
        return x

    add = tf.assign_add(v, np.ones(3, np.float32))
    with tf.control_dependencies([add]):
        late = tf.py_func(interrupt, [tf.constant(1.0)], tf.float32)
    with tf.control_dependencies([late]):
        never = tf.assign_add(v, np.full(3, 100, np.float32))
    sess = started()
    with pytest.raises(KeyboardInterrupt):
        sess.run(never)
    assert sess.run(v).tolist() == [1, 1, 1]
    stop[0] = False
    assert sess.run(never).tolist() == [102, 102, 102]


@pytest.mark.slow
def test_sessions_leave_no_memory_behind():
    v = tf.Variable(np.zeros(10_000, np.float32))
    init, out = tf.global_variables_initializer(), v + 1.0

    def open_and_close(times):
        for _ in range(times):
            with tf.Session() as sess:
                sess.run(init)
                sess.run(out)
        gc.collect()
        return psutil.Process().memory_info().rss

    before = open_and_close(500)
    assert open_and_close(9_500) - before < 4e6  # one session's values are 40 kB


# runs in parts, callables


def test_a_run_in_parts_computes_each_op_once():
    calls = []
    x = tf.placeholder(tf.float32, [])
    y = tf.placeholder(tf.float32, [])
    once = tf.py_func(lambda value: calls.append(value) or value, [x], tf.float32)
    out = once * y
    sess = tf.Session()
    handle = sess.partial_run_setup([once, out], [x, y])
    assert sess.partial_run(handle, once, {x: 2.0}) == 2.0
    with pytest.raises(tf.errors.InvalidArgumentError, match="already been fed"):
        sess.partial_run(handle, once, {x: 3.0})
    assert sess.partial_run(handle, out, {y: 5.0}) == 10.0
    assert calls == [2.0]


# traced and explained


def test_run_metadata_holds_time_and_memory_of_each_op():
    a = tf.constant(np.ones((4, 4), np.float32), name="a")
    b = tf.matmul(a, a, name="b")
    metadata = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    value = tf.Session().run(b, options=options, run_metadata=metadata)
    assert value[0, 0] == 4
    (device,) = metadata.step_stats.dev_stats
    nodes = {node.node_name: node for node in device.node_stats}
    assert nodes["b"].timeline_label == "b = MatMul(a, a)"
    assert nodes["b"].memory[0].total_bytes == 64
    assert nodes["b"].all_start_micros >= nodes["a"].all_start_micros > 0


def test_a_program_holds_no_text_of_the_graph():
    x = tf.placeholder(tf.float32, [None], name="import_os")
    y = tf.add(x, tf.constant(2.0, name="evil"), name="exec")
    text = tf.constant("__import__('os')", name="text")
    explained = tf.Session().explain([y, text], [x])
    assert re.fullmatch(r"[\sa-z0-9_=(),.:+*-]*", explained.source)
    assert not re.search("import|evil|exec|os", explained.source)
    assert "exec: AddV2" in str(explained)


def test_an_explanation_tells_what_is_folded_and_pruned():
    a = tf.constant(2.0, name="a")
    b = tf.multiply(a, 3.0, name="b")
    tf.add(b, 1.0, name="unused")
    x = tf.placeholder(tf.float32, [], name="x")
    explained = tf.Session().explain(b + x, [x])
    assert explained.folded == ["b"]
    assert "unused" in [op.name for op in explained.pruned]
    assert "computed once" in str(explained)


def test_an_explanation_shortens_long_texts_and_sets_comments_apart():
    flag = tf.placeholder(tf.bool, [], name="flag")
    text = tf.strings.join([tf.constant("x" * 1000), tf.as_string(flag)])
    chosen = tf.cond(flag, lambda: tf.identity(text) + "!", lambda: text)
    lines = str(tf.Session().explain(chosen, [flag])).splitlines()
    assert all(len(line) < 250 for line in lines)
    assert all(" # " in line for line in lines if "#" in line[1:])


def test_a_config_bounds_the_threads_of_kernels_and_of_matrix_products():
    from threadpoolctl import threadpool_info

    from minitf.kernels import threads

    def counted():
        blas = [library["num_threads"] for library in threadpool_info()]
        return np.array([threads.limit(), max(blas)], np.int64)

    counts = tf.py_func(counted, [], tf.int64)
    before = counted().tolist()
    with tf.Session(config=tf.ConfigProto(intra_op_parallelism_threads=1)) as sess:
        assert sess.run(counts).tolist() == [1, 1]
    assert counted().tolist() == before
    with tf.Session() as sess:
        assert sess.run(counts).tolist() == before
