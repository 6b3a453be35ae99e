"""How names are made: uniqueness, name scopes and every way back into one."""


def same_name_twice(tf, see):
    see(tf.constant(1, name="a"), tf.constant(2, name="a"), tf.constant(3, name="a"))


def default_names(tf, see):
    see(tf.constant(1.0), tf.constant(2.0), tf.placeholder(tf.float32), tf.no_op(), tf.no_op())
    see(tf.identity(1.0), tf.identity([1, 2]), tf.zeros([2]), tf.ones([2, 2]))


def first_graph(tf, see):
    a = tf.constant(5)
    b = 5 + a
    c = a + b
    see(a, b, c)
    see.run(c)
    see.run([a, b])


def names_ignore_case(tf, see):
    see(tf.constant(1, name="Loss"), tf.constant(1, name="loss"), tf.constant(1, name="LOSS"))
    with tf.name_scope("Layer") as first:
        see(first, tf.constant(1, name="W"))
    with tf.name_scope("layer") as second:
        see(second, tf.constant(1, name="w"))


def suffix_already_taken(tf, see):
    see(tf.constant(1, name="x_1"), tf.constant(1, name="x"), tf.constant(1, name="x"))
    see(tf.constant(1, name="x_1"), tf.constant(1, name="x"), tf.constant(1, name="x_2"))
    see(tf.constant(1, name="x_2"), tf.constant(1, name="x_1_1"))


def nested_scopes(tf, see):
    with tf.name_scope("outer") as outer:
        see(outer, tf.constant(1, name="a"))
        with tf.name_scope("inner") as inner:
            see(inner, tf.constant(1, name="a"))
        with tf.name_scope("inner") as again:
            see(again, tf.constant(1, name="a"))
        see(tf.constant(1, name="inner"))
    see(tf.constant(1, name="outer"), tf.constant(1, name="a"))


def scope_twice(tf, see):
    for _ in range(3):
        with tf.name_scope("layer"):
            see(tf.constant(1.0, name="w"), tf.constant(1.0, name="w"))


def scope_reentered_by_slash(tf, see):
    with tf.name_scope("s") as scope:
        see(tf.constant(1, name="a"))
    with tf.name_scope(scope) as again:
        see(again, tf.constant(1, name="a"))
    with tf.name_scope("s/") as by_text:
        see(by_text, tf.constant(1, name="b"))
    with tf.name_scope("other"):
        with tf.name_scope("s/") as absolute:
            see(absolute, tf.constant(1, name="c"))
        see(tf.constant(1, name="d"))


def scope_never_seen_by_slash(tf, see):
    with tf.name_scope("fresh/") as scope:
        see(scope, tf.constant(1, name="a"))
    with tf.name_scope("fresh") as again:
        see(again, tf.constant(1, name="a"))
    with tf.name_scope("deep/er/") as deeper:
        see(deeper, tf.constant(1, name="a"))


def scope_none_and_empty(tf, see):
    with tf.name_scope("s"):
        with tf.name_scope(None) as none:
            see(none, tf.constant(1, name="a"))
        with tf.name_scope("") as empty:
            see(empty, tf.constant(1, name="b"))
        see(tf.constant(1, name="c"))
    with tf.name_scope(None) as none:
        see(none, tf.constant(1, name="d"))


def scope_with_path(tf, see):
    with tf.name_scope("a/b/c") as scope:
        see(scope, tf.constant(1, name="x"))
    with tf.name_scope("a") as scope:
        see(scope, tf.constant(1, name="x"))
    with tf.name_scope("a/b") as scope:
        see(scope, tf.constant(1, name="x"))
    with tf.name_scope("a/b/c") as scope:
        see(scope, tf.constant(1, name="x"))


def scope_default_name(tf, see):
    with tf.name_scope(None, "default") as scope:
        see(scope, tf.constant(1, name="x"))
    with tf.name_scope(None, "default") as scope:
        see(scope, tf.constant(1, name="x"))
    with tf.name_scope("given", "default") as scope:
        see(scope, tf.constant(1, name="x"))
    with tf.name_scope("given", "default", [tf.constant(1)]) as scope:
        see(scope, tf.constant(1, name="x"))


def scope_of_graph(tf, see):
    graph = tf.get_default_graph()
    see(graph.get_name_scope())
    with graph.name_scope("a") as scope:
        see(scope, graph.get_name_scope())
        with graph.name_scope("b"):
            see(graph.get_name_scope())
        with graph.name_scope("a/"):
            see(graph.get_name_scope())
        with graph.name_scope(None):
            see(graph.get_name_scope())
        with graph.name_scope(""):
            see(graph.get_name_scope())


def name_absolute_by_slash(tf, see):
    with tf.name_scope("s"):
        see(tf.constant(1, name="t/x/"))
        see(tf.constant(1, name="t/x"))
        see(tf.add(1, 2, name="s/sum/"))
        see.attempt(lambda: tf.add(1, 2, name="sum"), "s/sum")


def names_with_a_path(tf, see):
    see(tf.constant(1, name="a/b"), tf.constant(1, name="a"), tf.constant(1, name="a/b"))
    with tf.name_scope("a"):
        see(tf.constant(1, name="b"))


def name_scope_taken_by_an_op(tf, see):
    see(tf.constant(1, name="s"))
    with tf.name_scope("s") as scope:
        see(scope, tf.constant(1, name="x"))
    with tf.name_scope("t"):
        pass
    see(tf.constant(1, name="t"))


def unique_name(tf, see):
    graph = tf.get_default_graph()
    see(graph.unique_name("a"), graph.unique_name("a"), graph.unique_name("A"))
    see(graph.unique_name("b", mark_as_used=False), graph.unique_name("b", mark_as_used=False))
    see(graph.unique_name("b"), graph.unique_name("b"), graph.unique_name("c/d"))
    see(graph.unique_name("c"), graph.unique_name("c/d"))
    with graph.name_scope("s"):
        see(graph.unique_name("a"), graph.unique_name("a", mark_as_used=False))
    see(tf.constant(1, name="a"))


def illegal_names(tf, see):
    for name in ("_x", "a b", "/a", "-a", "a:0", "a?", "ä", "a$"):
        see.attempt(lambda name=name: tf.constant(1, name=name), "not a valid", "name")
    for name in ("_s", "a b", "-a", "a:0"):
        see.attempt(
            lambda name=name: tf.name_scope(name).__enter__(), "not a valid root scope name"
        )
    see(tf.constant(1, name=".a"), tf.constant(1, name="a-b"), tf.constant(1, name="9"))
    see(tf.constant(1, name="a.b"), tf.constant(1, name="a>b"), tf.constant(1, name="a\\b"))


def scope_names_inside_a_scope(tf, see):
    with tf.name_scope("s"):
        with tf.name_scope("_hidden") as scope:
            see(scope, tf.constant(1, name="x"), tf.constant(1, name="_x"))
        with tf.name_scope("-9") as scope:
            see(scope)
        see.attempt(lambda: tf.name_scope("a b").__enter__(), "not a valid scope name", "a b")


def names_of_a_wrong_kind(tf, see):
    see.attempt(lambda: tf.name_scope(5).__enter__())
    see.attempt(lambda: tf.name_scope().__enter__())


def ops_that_open_a_scope(tf, see):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    see(
        tf.add(x, 1.0), x + 1.0, tf.add(x, 1.0, name="plus"), tf.reduce_sum(x), tf.reduce_mean(x, 0)
    )
    with tf.name_scope("s"):
        see(tf.add(x, 1.0), x + 1.0, tf.reduce_sum(x, name="total"), tf.reduce_mean(x))
    see(tf.matmul(x, [[1.0], [2.0], [3.0]]), tf.square(x), tf.square(2.0))


def operators_name_their_ops(tf, see):
    a = tf.placeholder(tf.float32, name="a")
    b = tf.placeholder(tf.float32, name="b")
    see(a + b, a - b, a * b, a / b, a // b, a % b, a**b, -a, abs(a))
    see(a < b, a <= b, a > b, a >= b)
    see(a + b, 2.0 - a, 2.0 * a, 2.0 / a)


def scope_per_layer(tf, see):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    h = x
    for _ in range(3):
        with tf.name_scope("layer"):
            w = tf.constant([[1.0, 2.0], [3.0, 4.0]], name="w")
            b = tf.constant([0.5, 0.5], name="b")
            h = tf.nn.relu(tf.matmul(h, w) + b, name="out")
            see(w, b, h)
    see.run(h, {x: [[1.0, -1.0]]})


def two_graphs_name_apart(tf, see):
    see(tf.constant(1, name="a"))
    with tf.Graph().as_default():
        see(tf.constant(1, name="a"))
        with tf.name_scope("s"):
            see(tf.constant(1, name="a"))
    see(tf.constant(1, name="a"))


def scopes_follow_the_graph(tf, see):
    with tf.name_scope("s"):
        with tf.Graph().as_default():
            see(tf.constant(1, name="a"))
        see(tf.constant(1, name="a"))


def scope_survives_an_exception(tf, see):
    try:
        with tf.name_scope("s"):
            tf.constant(1, name="a")
            raise KeyError("stop")
    except KeyError:
        see(tf.constant(1, name="b"))
    see(tf.get_default_graph().get_name_scope())


def failed_op_uses_up_its_name(tf, see):
    see.attempt(
        lambda: tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]), name="bad"), "dimensions", "3", "2"
    )
    see(tf.constant(1, name="bad"))
    see.attempt(lambda: tf.add("a", 1.0, name="sum"))
    see(tf.constant(1, name="sum"))


def attributes_of_ops(tf, see):
    a = tf.constant([1, 2], name="a")
    b = tf.add(a, a, name="b")
    see(b.op, b.op.name, b.op.type, b.op.inputs[0], len(b.op.inputs), list(b.op.outputs))
    see(b.name, b.dtype, b.shape, b.value_index, b.op.get_attr("T"), a.op.get_attr("dtype"))
    see(b.op.control_inputs, b.device, b.op.device, a.consumers()[0], len(a.consumers()))
    see(str(b), repr(b), str(a.op.name), b.graph is tf.get_default_graph(), b.op.graph is b.graph)
    see(repr(b.op), str(tf.placeholder(tf.float32)), repr(tf.placeholder(tf.int32, [None, 2])))
    see.attempt(lambda: b.op.get_attr("nothing"), "nothing")
    see.attempt(lambda: setattr(b.op, "name", "x"))
