"""Names, name scopes, elements of a graph."""

import numpy as np

from oracle.looking import look


def names(tf, see):
    tf.set_random_seed(7)
    g = tf.get_default_graph()
    with tf.name_scope("a") as s:
        x = (s, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope(s) as s2:
        x = (s2, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope("a") as s2:
        x = (s2, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope("A") as s2:
        x = (s2, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope("b"), tf.name_scope("a/") as s2:
        x = (s2, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope("b"), tf.name_scope(None) as s2:
        x = (s2, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope("b"), tf.name_scope("") as s2:
        x = (s2, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope("b"), g.name_scope(None) as s2:
        x = (s2, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope("b"), g.name_scope("") as s2:
        x = (s2, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope(None, "dflt") as s2:
        x = (s2, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope("n", "dflt", [tf.constant(1)]) as s2:
        x = (s2, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )

    def attempt():
        with tf.name_scope(None, None, [tf.constant(1)]) as s2:
            return (s2, tf.constant(1).name)

    see.attempt(attempt)

    def attempt():
        with tf.name_scope("x", [1]):
            pass

    see.attempt(attempt)

    with tf.name_scope(name="n2", default_name="d", values=[]) as s2:
        x = s2
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )

    def attempt():
        with tf.name_scope("bad name"):
            pass

    see.attempt(attempt)

    def attempt():
        with tf.name_scope("_bad"):
            pass

    see.attempt(attempt)

    with tf.name_scope("ok"), tf.name_scope("_good") as s:
        x = s
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )

    def attempt():
        with tf.name_scope("ok"), tf.name_scope("bad?"):
            return s

    see.attempt(attempt)

    with tf.name_scope("1num") as s:
        x = s
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope("a//") as s:
        x = (s, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )

    def attempt():
        with tf.name_scope("/") as s:
            return (s, tf.constant(1).name)

    see.attempt(attempt)

    def attempt():
        with tf.name_scope(3) as s:
            return s

    see.attempt(attempt)

    with tf.name_scope(b"by") as s:
        x = s
    look(
        tf,
        see,
        lambda: x,
        run=False,
    )
    with tf.name_scope("a.b-c\\d>e") as s:
        x = (s, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
        lambda: tf.constant(1, name="bad name"),
        lambda: tf.constant(1, name="_x"),
        lambda: tf.constant(1, name="a/b/"),
        lambda: tf.constant(1, name="a/b/"),
        lambda: tf.constant(1, name="/"),
        lambda: tf.constant(1, name=""),
        lambda: tf.constant(1, name=3),
        lambda: tf.constant(1, name="Const"),
        lambda: tf.constant(1, name="const"),
        lambda: tf.constant(1, name="CONST"),
        lambda: tf.constant(1, name="const_1"),
        lambda: tf.constant(1, name="Const_1"),
        lambda: (
            tf.constant(1, name="x_1"),
            tf.constant(1, name="x"),
            tf.constant(1, name="x"),
            tf.constant(1, name="x"),
        ),
        lambda: (
            g.unique_name("x"),
            g.unique_name("x", mark_as_used=False),
            g.unique_name("x"),
            g.unique_name("X"),
            g.unique_name("new/one"),
            g.unique_name("new"),
            g.unique_name(""),
        ),
        run=False,
    )


def elements(tf, see):
    tf.set_random_seed(7)
    g = tf.get_default_graph()
    a = tf.constant(1, name="a")
    look(
        tf,
        see,
        lambda: (g.get_tensor_by_name("a:0"), g.get_operation_by_name("a")),
        lambda: g.get_tensor_by_name("a"),
        lambda: g.get_tensor_by_name("a:1"),
        lambda: g.get_tensor_by_name("b:0"),
        lambda: g.get_tensor_by_name("a:x"),
        lambda: g.get_tensor_by_name("a:0:0"),
        lambda: g.get_tensor_by_name(3),
        lambda: g.get_tensor_by_name(""),
        lambda: g.get_tensor_by_name(None),
        lambda: g.get_tensor_by_name("^a"),
        lambda: g.get_operation_by_name("a:0"),
        lambda: g.get_operation_by_name("zz"),
        lambda: g.get_operation_by_name(3),
        lambda: g.get_operation_by_name(""),
        lambda: (
            g.as_graph_element("a"),
            g.as_graph_element("a:0"),
            g.as_graph_element(a),
            g.as_graph_element(a.op),
        ),
        lambda: g.as_graph_element(a, allow_tensor=False),
        lambda: g.as_graph_element(a.op, allow_operation=False),
        lambda: g.as_graph_element("a", allow_operation=False),
        lambda: g.as_graph_element("a:0", allow_tensor=False),
        lambda: g.as_graph_element("a", False, False),
        lambda: g.as_graph_element(3),
        lambda: g.as_graph_element(None),
        lambda: g.as_graph_element(tf.Variable(1)),
        lambda: tf.Graph().as_graph_element(a),
        lambda: tf.Graph().as_graph_element(a.op),
        lambda: g.as_graph_element("q"),
        lambda: g.as_graph_element("q:0"),
        lambda: g.as_graph_element("a:7"),
        lambda: g.get_operations(),
        lambda: [o.name for o in g.get_operations()],
        lambda: (
            g.is_feedable(a),
            g.is_feedable(tf.constant(1)),
            g.is_fetchable(a),
            g.is_fetchable("a:0"),
        ),
        lambda: g.prevent_feeding(a),
        lambda: g.is_feedable(a),
        lambda: g.prevent_fetching(a.op),
        lambda: g.is_fetchable(a),
        lambda: a,
        lambda: g.is_fetchable("zz"),
        lambda: (g.version, g.seed, g.finalized, g.building_function),
        lambda: g.graph_def_versions.producer,
        lambda: g.finalize(),
        lambda: tf.constant(1),
        lambda: g.finalized,
        lambda: g.unique_name("z"),
    )


def operations_and_tensors(tf, see):
    tf.set_random_seed(7)
    a = tf.constant([1.0, 2.0], name="a")
    b = tf.add(a, 1.0, name="b")
    op = b.op
    look(
        tf,
        see,
        lambda: (
            op.name,
            op.type,
            list(op.inputs),
            op.outputs,
            op.control_inputs,
            op.device,
            op.graph is a.graph,
        ),
        lambda: (
            op.node_def.name,
            op.node_def.op,
            list(op.node_def.input),
            sorted(op.node_def.attr),
        ),
        lambda: op.get_attr("T"),
        lambda: op.get_attr("zz"),
        lambda: a.op.get_attr("value").dtype,
        lambda: a.op.get_attr("dtype"),
        lambda: op.values(),
        lambda: op.op_def.name,
        lambda: [i.name for i in op.op_def.input_arg],
        lambda: op.inputs[0],
        lambda: op.inputs[5],
    )

    def attempt():
        op.inputs[0] = a

    see.attempt(attempt)

    look(
        tf,
        see,
        lambda: (len(op.inputs), op.inputs == [a], a in list(op.inputs)),
        lambda: str(op),
        lambda: repr(op),
        lambda: str(op.inputs[0]),
        lambda: op.run(),
        lambda: op.colocation_groups(),
        lambda: op.traceback is not None,
        lambda: (b.consumers(), a.consumers()),
        lambda: (
            b.value_index,
            b.op is op,
            b.graph is op.graph,
            b.name,
            b.dtype,
            b.shape,
            b.device,
        ),
        lambda: b.get_shape().as_list(),
        lambda: b.set_shape([2]),
        lambda: b.set_shape([3]),
        lambda: b.set_shape([None]),
        lambda: b.set_shape([2, 2]),
        lambda: b.eval(),
        lambda: (
            hash(b) == hash(b),
            b == b,
            b == a,
            b != a,
            b is b,
            b in [a],
            b in [a, b],
            {b: 1}[b],
        ),
        lambda: bool(b),
        lambda: not b,
    )

    def attempt():
        for _q in b:
            pass

    see.attempt(attempt)

    look(
        tf,
        see,
        lambda: list(b),
        lambda: len(b),
        lambda: float(b),
        lambda: int(b),
        lambda: np.array(b),
        lambda: iter(tf.constant(1)),
        lambda: tf.constant(1)[0],
        lambda: b.foo,
    )

    def attempt():
        b.name = "z"

    see.attempt(attempt)

    look(
        tf,
        see,
        lambda: b.experimental_ref,
        lambda: (b.ref() == b.ref(), b.ref().deref() is b),
        lambda: b.numpy(),
    )

    def attempt():
        b.shape = [2]

    see.attempt(attempt)

    def attempt():
        b[0] = 1

    see.attempt(attempt)

    look(
        tf,
        see,
        lambda: (b.ndim, b.T),
        lambda: b.reshape([1]),
        lambda: b.astype(tf.int32),
        lambda: b.size,
        lambda: b.tolist(),
    )
