"""cond, case and while_loop: graphs and values."""


def cond(tf, see):
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.constant(2.0, name="x")
    y = tf.cond(p, lambda: x + 1.0, lambda: x * 10.0)
    see(y)
    see.run(y, {p: True})
    see.run(y, {p: False})


def cond_forms(tf, see):
    p = tf.placeholder(tf.bool, [], name="p")
    a, b = tf.constant([1, 2], name="a"), tf.constant([3, 4], name="b")
    see(tf.cond(p, lambda: a, lambda: b), tf.cond(p, lambda: (a, b), lambda: (b, a), name="swap"))
    see(tf.cond(p, lambda: [a], lambda: [b]), tf.cond(p, lambda: [a], lambda: [b], strict=True))
    see(
        tf.cond(p, lambda: tf.constant(1), lambda: tf.constant(2)), tf.cond(p, lambda: 1, lambda: 2)
    )
    see(
        tf.cond(pred=p, true_fn=lambda: a, false_fn=lambda: b),
        tf.cond(p, fn1=lambda: a, fn2=lambda: b),
    )
    see(tf.cond(p, lambda: {"k": a}, lambda: {"k": b}), tf.cond(tf.less(1, 2), tf.no_op, tf.no_op))
    see.run(tf.cond(p, lambda: (a + b, a), lambda: (a - b, b)), {p: True})


def cond_errors(tf, see):
    p = tf.placeholder(tf.bool, [], name="p")
    a, b = tf.constant([1, 2], name="a"), tf.constant([3.0, 4.0], name="b")
    see.attempt(lambda: tf.cond(p, lambda: a, lambda: b))
    see.attempt(lambda: tf.cond(p, lambda: a, lambda: (a, a)))
    see.attempt(lambda: tf.cond(p, a, b), "callable")
    see.attempt(lambda: tf.cond(True, lambda: a, lambda: a), "bool")
    see.attempt(lambda: tf.cond(a, lambda: a, lambda: a))
    see.attempt(lambda: tf.cond(p, lambda: None, lambda: None))
    see.attempt(lambda: tf.cond(p, lambda: a))


def only_the_taken_branch_runs(tf, see):
    p = tf.placeholder(tf.bool, [], name="p")
    v = tf.Variable(0, name="v")
    see.start()
    y = tf.cond(p, lambda: tf.assign_add(v, 1), lambda: tf.assign_sub(v, 10))
    for value in (True, True, False):
        see.run(y, {p: value})
    see.run(v)


def outside_ops_always_run(tf, see):
    p = tf.placeholder(tf.bool, [], name="p")
    v = tf.Variable(0, name="v")
    see.start()
    up = tf.assign_add(v, 1)
    y = tf.cond(p, lambda: up + 100, lambda: tf.constant(-1))
    see.run(y, {p: False})
    see.run(v)


def nested_cond(tf, see):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.cond(x > 0.0, lambda: tf.cond(x > 10.0, lambda: x * 100.0, lambda: x), lambda: -x)
    see(y)
    for value in (20.0, 5.0, -3.0):
        see.run(y, {x: value})


def cond_with_variables_inside(tf, see):
    p = tf.placeholder(tf.bool, [], name="p")
    w = tf.Variable(3.0, name="w")
    y = tf.cond(p, lambda: w * 2.0, lambda: w + 0.5)
    see(y)
    see.start()
    see.run(y, {p: True})
    see.run(y, {p: False})


def case(tf, see):
    x = tf.placeholder(tf.int32, [], name="x")
    y = tf.case(
        [(x < 0, lambda: tf.constant(-1)), (x > 10, lambda: tf.constant(1))],
        default=lambda: tf.constant(0),
    )
    see(y)
    for value in (-5, 5, 15):
        see.run(y, {x: value})
    exclusive = tf.case({x < 0: lambda: tf.constant(-1)}, default=lambda: x * 2, exclusive=True)
    see.run(exclusive, {x: 4})
    see.attempt(lambda: tf.case([x], default=lambda: x))


def while_counts(tf, see):
    i = tf.constant(0, name="i")
    out = tf.while_loop(lambda i: tf.less(i, 10), lambda i: tf.add(i, 1), [i])
    see(out)
    see.run(out)


def while_with_two_variables(tf, see):
    n = tf.placeholder(tf.int32, [], name="n")
    i, total = tf.while_loop(
        lambda i, total: i < n,
        lambda i, total: (i + 1, total + i),
        [tf.constant(0), tf.constant(0)],
        name="sum",
    )
    see(i, total)
    see.run([i, total], {n: 5})
    see.run([i, total], {n: 0})


def while_uses_outside_tensors(tf, see):
    w = tf.constant([[0.5, 0.0], [0.0, 2.0]], name="w")
    x = tf.constant([[1.0, 1.0]], name="x")
    i, y = tf.while_loop(lambda i, y: i < 3, lambda i, y: [i + 1, tf.matmul(y, w)], (0, x))
    see(i, y)
    see.run(y)


def while_options(tf, see):
    i = tf.constant(0)
    see(
        tf.while_loop(
            lambda i: i < 3,
            lambda i: i + 1,
            [i],
            parallel_iterations=1,
            back_prop=False,
            name="loop",
        )
    )
    see(tf.while_loop(lambda i: i < 3, lambda i: i + 1, [i], maximum_iterations=2))
    grow = tf.while_loop(
        lambda i, a: i < 3, lambda i, a: (i + 1, tf.concat([a, a], 0)), [i, tf.ones([1])],
        shape_invariants=[i.get_shape(), tf.TensorShape([None])],
    )  # fmt: skip
    see(grow)
    see.run(grow)
    see.run(tf.while_loop(lambda i: i < 30, lambda i: i + 1, [i], maximum_iterations=4))


def while_errors(tf, see):
    i = tf.constant(0, name="i")
    see.attempt(lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, []), "loop_vars")
    see.attempt(lambda: tf.while_loop(5, lambda i: i + 1, [i]), "callable")
    see.attempt(lambda: tf.while_loop(lambda i: i < 3, 5, [i]), "callable")
    see.attempt(lambda: tf.while_loop(lambda i: i < 3, lambda i: (i, i), [i]))
    see.attempt(
        lambda: tf.while_loop(
            lambda i, a: i < 3, lambda i, a: (i + 1, tf.concat([a, a], 0)), [i, tf.ones([1])]
        ),
        "shape",
    )
    see.attempt(lambda: tf.while_loop(lambda i: i < 3, lambda i: tf.cast(i, tf.float32), [i]))
    see.attempt(lambda: tf.while_loop(lambda i: i, lambda i: i + 1, [i]))


def nested_while(tf, see):
    def outer(i, total):
        _, total = tf.while_loop(
            lambda j, t: j < i, lambda j, t: (j + 1, t + 1), [tf.constant(0), total]
        )
        return i + 1, total

    i, total = tf.while_loop(lambda i, t: i < 4, outer, [tf.constant(0), tf.constant(0)])
    see(i, total)
    see.run([i, total])


def cond_in_while(tf, see):
    def body(i, total):
        return i + 1, tf.cond(tf.equal(i % 2, 0), lambda: total + i, lambda: total)

    out = tf.while_loop(lambda i, t: i < 6, body, [tf.constant(0), tf.constant(0)])
    see(out)
    see.run(out)


def while_assigns(tf, see):
    v = tf.Variable(0, name="v")

    def body(i):
        with tf.control_dependencies([tf.assign_add(v, 2)]):
            return i + 1

    loop = tf.while_loop(lambda i: i < 3, body, [0])
    see.start()
    see.run(loop)
    see.run(v)


def map_and_fold(tf, see):
    x = tf.constant([1.0, 2.0, 3.0], name="x")
    see.full(tf.map_fn(lambda v: v * v, x))
    see.full(tf.foldl(lambda a, v: a + v, x))
    see.full(tf.foldr(lambda a, v: a - v, x))
    see.full(tf.scan(lambda a, v: a + v, x))


def tensor_arrays(tf, see):
    array = tf.TensorArray(tf.float32, 3)
    array = array.write(0, 1.0).write(1, 2.0).write(2, 3.0)
    see.full(array.stack())
    see.full(array.read(1))
    see.full(tf.TensorArray(tf.float32, 2).unstack([[1.0, 2.0], [3.0, 4.0]]).concat())


def gradients_through_flow(tf, see):
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.constant(3.0, name="x")
    y = tf.cond(p, lambda: x * x, lambda: 5.0 * x)
    (g,) = tf.gradients(y, [x])
    see.run(g, {p: True})
    see.run(g, {p: False})


def gradients_through_while(tf, see):
    x = tf.constant(2.0, name="x")
    _, y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, tf.constant(1.0)])
    (g,) = tf.gradients(y, [x])
    see.run([y, g])


def a_loop_from_where_another_ended(tf, see):
    weight = tf.Variable([0.5, 2.0], name="weight")
    rounds = tf.placeholder(tf.int32, [], name="rounds")

    def repeated(start, name):
        _, end = tf.while_loop(
            lambda i, x: i < rounds, lambda i, x: (i + 1, x * weight), [0, start], name=name
        )
        return end

    loss = tf.reduce_sum(repeated(repeated(weight * 3.0, "first"), "second"))
    optimizer = tf.train.GradientDescentOptimizer(0.01)
    slopes = optimizer.compute_gradients(loss)
    train = optimizer.apply_gradients(slopes)
    see.start()
    for times in (0, 1, 3):
        see.run([loss, slopes[0][0]], {rounds: times})
    see.run(train, {rounds: 2})
    see.run(weight)


def switch_cases(tf, see):
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        i = tf.placeholder(tf.int32, [], name="i")
        x = tf.constant([1.0, 2.0], name="x")
        y = tf.switch_case(i, [lambda: x + 1.0, lambda: x * 3.0, lambda: tf.zeros([2])])
        see(y, graph.get_operations()[0])
        (grad,) = tf.gradients(y, x)
        see([sess.run([y, grad], {i: k}) for k in (-1, 0, 1, 2, 3)])
        branches = {1: lambda: (x * 2.0, i + 1), 0: lambda: (x, i)}
        named = tf.switch_case(i, branches, default=lambda: (x * 3.0, i), name="named")
        see(named, [sess.run(named, {i: k}) for k in (-1, 0, 1, 2)])
        one = tf.switch_case(i, [lambda: [x]])
        see(one, sess.run(one, {i: 4}))
        long = tf.constant(0, tf.int64)
        see.attempt(lambda: tf.switch_case(long, [lambda: x]), "int64", "int32", "branch_index")
        see.attempt(lambda: tf.switch_case(1, [lambda: x]), "'branch_index' must be a Tensor")
        see.attempt(lambda: tf.switch_case(x, [lambda: x]), "integer Tensor", "float32")
        see.attempt(lambda: tf.switch_case(i, []), "at least one item")
        see.attempt(lambda: tf.switch_case(i, lambda: x), "must be a list, tuple, or dict")
        see.attempt(lambda: tf.switch_case(i, [lambda: x, 3]), "must be a 2-tuple")
        see.attempt(lambda: tf.switch_case(i, {"a": lambda: x}), "must be a Python `int`")
        see.attempt(lambda: tf.switch_case(i, {0: 3}), "fn for key 0 must be callable")
        see.attempt(lambda: tf.switch_case(i, {0: lambda: x, 2: lambda: x}), "contiguous range")
