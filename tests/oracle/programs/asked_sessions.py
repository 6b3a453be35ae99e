"""Sessions from their opening to their end, and everything that `run` can be asked for."""

import collections
import types
import typing
import warnings
from functools import partial

import numpy as np

_Pair = collections.namedtuple("_Pair", "x y")


class _Narrow(_Pair):
    pass


class _List(list):
    pass


class _Tuple(tuple):
    pass


class _Dict(dict):
    pass


class _Typed(typing.NamedTuple):
    x: object
    y: object = None


def _things(tf):
    a, b = tf.constant(1.0, name="a"), tf.constant([1, 2], name="b")
    return a, b, tf.no_op(name="step"), tf.Variable(3.0, name="v")


def fetches(tf, see):
    a, b, step, v = _things(tf)
    see.start()
    sparse = tf.SparseTensor([[0, 1]], [5.0], [2, 2])
    long = tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([0]), tf.constant([3, 1]))
    short = tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([0]))
    kinds = [[], (), {}, [[]], [(), {}], a, [a], (a,), [[a, [b]], step], {"k": a, "j": [b, step]}]
    kinds += [_Pair(a, b), _Narrow(a, step), _Pair(a, [b]), _List([a]), _Tuple((a,)), _Dict(k=a)]
    kinds += [_Typed(a, a), _Typed(a), {1: a, 2.0: b}, {a: "a:0"}, {None: a}]
    kinds += [collections.OrderedDict([("z", a), ("y", b)]), collections.defaultdict(list, q=a)]
    kinds += [types.MappingProxyType({"k": a}), collections.Counter({"k": a})]
    kinds += [collections.ChainMap({"k": a}), collections.UserDict({"k": a})]
    kinds += [collections.UserList([a]), collections.deque([a]), {"b": a}.values(), {"b": a}.keys()]
    kinds += [v, [v, v], sparse, long, short, [sparse, long], {"s": sparse}, [a, a], [step, step]]
    kinds += [(step,), step, {a}, frozenset([a]), iter([a]), (x for x in [a]), range(2)]
    kinds += [v.initializer, v.op, v.value(), [v.value(), v.initializer]]
    for kind in kinds:
        see.attempt(partial(see.session.run, kind), "")


def fetches_by_name(tf, see):
    _things(tf)
    see.start()
    names = "a:0 a step v v:0 v/read v/Assign v/read:0 a:1 zz zz:0 a: a:x ^a :0 a:0:0 a:00".split()
    for name in [*names, "", "a: 0", " a:0", b"a:0"]:
        see.attempt(partial(see.session.run, name))


def what_is_no_fetch(tf, see):
    a, *_ = _things(tf)
    kinds = [None, [None], [a, None], {"k": None}, 1, 1.5, [1], True, np.float32(1), object()]
    for kind in [*kinds, tf.Graph(), see.session, tf.float32, tf.TensorShape([1]), int]:
        see.attempt(partial(see.session.run, kind), "")


def types_of_what_comes_back(tf, see):
    a, b, _, v = _things(tf)
    see.start()
    run = see.session.run
    for fetch in [_List([a]), _Dict(k=a), _Narrow(a, b), _Typed(a, a), a, b, v, [a], (a,)]:
        see(type(run(fetch)).__name__)
    for value in ["x", ["x"], True, [True], 1j, np.int8(3)]:
        see(type(run(tf.constant(value))).__name__)
    see(list(run({"b": a, "a": b})), list(run(collections.OrderedDict([("z", a), ("y", b)]))))


def callables(tf, see):
    a, _, _, v = _things(tf)
    x = tf.placeholder(tf.float32, [], name="x")
    y = x * 2.0
    session = tf.Session()
    make = session.make_callable
    alone, fed, told = make(a), make(y, [x]), make(a, accept_options=True)
    see(alone(), fed(3.0))
    see.attempt(lambda: alone(1))
    see.attempt(lambda: fed())
    see.attempt(lambda: fed(1.0, 2.0))
    see.attempt(lambda: fed([1.0]))
    see.attempt(lambda: fed(1.0, foo=1))
    see.attempt(lambda: fed(1.0, options=tf.RunOptions(), run_metadata=tf.RunMetadata()))
    see.attempt(lambda: alone(options=tf.RunOptions()))
    see.attempt(lambda: told(None, None))
    see.attempt(lambda: told(1))
    metadata = tf.RunMetadata()
    told(options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), run_metadata=metadata)
    see(len(metadata.step_stats.dev_stats) > 0)
    for feeds in ["x", x, {x: 1}, 1]:
        see.attempt(partial(make, a, feeds), "feed_list")
    for feeds in [(), [], (x,), ["x:0"], ["zz"], ["x"]]:
        call = make(y, feeds)
        see.attempt(partial(call, 4.0))
    for fetch in [None, "zz", 1]:
        see.attempt(partial(make, fetch))
    for fetch in [[], {"k": [a, a]}, [a, v.initializer], v.initializer, "a", "a:0", v, y]:
        call = make(fetch)
        see.attempt(call)
    session.close()
    for call in [alone, told, lambda: fed(1.0)]:
        see.attempt(call)


def the_end(tf, see):
    a, *_ = _things(tf)
    session = tf.Session()
    session.run(a)
    session.close()
    see.attempt(session.close)
    see.attempt(session.list_devices)
    see.attempt(lambda: session.run(a))
    see.attempt(lambda: session.make_callable(a))
    see.attempt(lambda: session.partial_run_setup([a], []))
    see.attempt(lambda: a.eval(session=session))
    see(session.graph is tf.get_default_graph(), session.graph_def.node[0].name, session.sess_str)
    with tf.Session() as session:
        see(tf.get_default_session() is session, a.eval())
    see.attempt(lambda: session.run(a))
    see(tf.get_default_session())
    with session.as_default():
        see.attempt(a.eval)


def opening(tf, see):
    tf.constant(1.0, name="a")

    def opened(**settings):
        session = tf.Session(**settings)
        with session:
            return session.run("a:0"), [d.name for d in session.list_devices()], session.sess_str

    for target in ["local", "nonsense", 1, None, b"", "", ["a"]]:
        see.attempt(partial(opened, target=target), "")
    for graph in [1, "g", None, tf.Graph().as_graph_def()]:
        see.attempt(partial(opened, graph=graph))
    for config in [1, {}, "x", None, tf.ConfigProto, tf.RunOptions(), tf.GPUOptions()]:
        see.attempt(partial(opened, config=config), "config" if config is not None else "")
    for count in [{"CPU": 0}, {"CPU": -1}, {"GPU": 1}, {"cpu": 2}, {"XPU": 2}, {"CPU": 3}]:
        see.attempt(partial(opened, config=tf.ConfigProto(device_count=count)))
    for field in ["inter_op_parallelism_threads", "intra_op_parallelism_threads"]:
        for threads in [1, -1]:
            see.attempt(partial(opened, config=tf.ConfigProto(**{field: threads})))
    see.attempt(partial(opened, foo=1), "foo")
    see.attempt(lambda: tf.Session("", None, None, None), "positional")
    see.attempt(lambda: tf.InteractiveSession(graph=1))
    tf.Session.reset("")
    see.attempt(lambda: tf.Session.reset("x"), "session factory")


def configs(tf, see):
    config = tf.ConfigProto()
    see(config.allow_soft_placement, config.log_device_placement, str(config))
    see(config.gpu_options.allow_growth, config.graph_options.optimizer_options.opt_level)
    config.device_count["CPU"] = 3
    config.gpu_options.visible_device_list = "0"
    see(str(config))
    see.attempt(lambda: setattr(config, "foo", 1))
    fields = [("intra_op_parallelism_threads", "x"), ("device_count", 1), ("foo", 1)]
    fields += [("allow_soft_placement", "yes"), ("operation_timeout_in_ms", 2**70)]
    for field, value in fields:
        see.attempt(partial(tf.ConfigProto, **{field: value}), "")
    see(str(tf.RunOptions(trace_level=3, timeout_in_ms=3, output_partition_graphs=True)))
    levels = tf.RunOptions
    see(levels.NO_TRACE, levels.SOFTWARE_TRACE, levels.HARDWARE_TRACE, levels.FULL_TRACE)


def run_options(tf, see):
    b = tf.constant(1.0, name="a") + 1.0
    run = see.session.run
    for options in [1, {}, "", None, tf.ConfigProto(), tf.RunOptions(inter_op_thread_pool=-1)]:
        see.attempt(partial(run, b, options=options))
    see.attempt(lambda: run(b, options=tf.RunOptions(inter_op_thread_pool=5)))
    for metadata in [1, {}, None, tf.RunMetadata()]:
        see.attempt(partial(run, b, run_metadata=metadata))
    for level in range(4):
        metadata, options = tf.RunMetadata(), tf.RunOptions(trace_level=level)
        see(run(b, options=options, run_metadata=metadata), run(b, options=options))
        see(len(metadata.step_stats.dev_stats) > 0, len(metadata.partition_graphs))
    options = tf.RunOptions(output_partition_graphs=True)
    run(b, options=options, run_metadata=metadata)
    see(len(metadata.step_stats.dev_stats), len(metadata.partition_graphs))
    x = tf.placeholder(tf.float32, name="x")
    checked = tf.check_numerics(tf.log(x), "bad", name="checked")
    options = tf.RunOptions(trace_level=3)
    for feed in [{x: -1.0}, {x: 1.0}, {x: "a"}, None]:
        see.attempt(partial(run, checked, feed, options, metadata))


def run_time_limits(tf, see):
    queue = tf.FIFOQueue(1, tf.float32)
    put, take = queue.enqueue(1.0), queue.dequeue()
    limited = tf.RunOptions(timeout_in_ms=60)
    for fetch in [take, put, take, take, put, put, take, queue.size()]:
        see.attempt(partial(see.session.run, fetch, options=limited), "")
    with tf.Session(config=tf.ConfigProto(operation_timeout_in_ms=60)) as session:
        for fetch in [take, put, take]:
            see.attempt(partial(session.run, fetch), "")
        see.attempt(lambda: session.run(take, options=tf.RunOptions(timeout_in_ms=30)), "")


def interactive(tf, see):
    a = tf.constant(1.0, name="a")
    graph = tf.Graph()
    with graph.as_default():
        b = tf.constant(2.0)
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        first = tf.InteractiveSession()
        second = tf.InteractiveSession()
        see(tf.get_default_session() is second, a.eval())
        second.close()
        see(tf.get_default_session() is first, a.eval())
        see.attempt(lambda: second.run(a))
        second.close()
        first.close()
        see(tf.get_default_session())
        other = tf.InteractiveSession(graph=graph)
        see(tf.get_default_graph() is graph, b.eval())
        see.attempt(a.eval)
        other.close()
        see(tf.get_default_graph() is graph)
        first, second = tf.InteractiveSession(), tf.InteractiveSession()
        see.attempt(first.close, "nesting")
        second.close()


def a_finished_graph(tf, see):
    a = tf.constant(1.0, name="a")
    v = tf.Variable(1.0)
    see.start()
    graph, session = tf.get_default_graph(), see.session
    graph.finalize()
    see(graph.finalized, session.run([a, v]), tf.Session().run(a))
    session.run(a, {a: 3.0})
    makers = [lambda: a + 1, lambda: v.assign(2.0), lambda: v[0], v.initialized_value]
    makers += [tf.global_variables_initializer, tf.train.Saver, lambda: tf.gradients(a, a)]
    makers += [lambda: tf.constant(2.0), lambda: tf.get_variable("x", [1])]
    for make in [*makers, lambda: tf.placeholder(tf.float32)]:
        see.attempt(make, "finalized")
    v.load(3.0, session)
    see(session.run(v), v.eval(session))
    see.attempt(lambda: graph.add_to_collection("k", a), "finalized")
    see(graph.unique_name("name"))
    with tf.Graph().as_default():
        see.attempt(lambda: tf.Session().run("x"))
