"""The fragments that the course's lessons start from, each a program of its own."""

import os
import tempfile


def constants_and_a_session(tf, see):
    a = tf.constant(5)
    b = 5 + a
    c = a + b
    see(str(c), repr(c))
    with tf.Session() as sess:
        see(sess.run(c))


def variables_and_their_initializer(tf, see):
    a = tf.constant(5)
    x = tf.Variable(1, name="x")
    y = tf.Variable(2, name="y")
    f = (x + y) * a
    c = a + 10
    early = tf.global_variables_initializer()
    z = tf.Variable(3, name="z")
    with tf.Session() as sess:
        sess.run(early)
        see(sess.run([f, c]))
        see.attempt(lambda: sess.run(z), "uninitialized value z")
        sess.run(tf.global_variables_initializer())
        see(sess.run(z))


def one_graph_in_two_sessions(tf, see):
    x = tf.Variable(1, name="x")
    up = tf.assign_add(x, 10)
    first, second = tf.Session(), tf.Session()
    first.run(x.initializer)
    second.run(x.initializer)
    see(first.run(up), first.run(up), second.run(up), first.run(x), second.run(x))
    first.close()
    see.attempt(lambda: first.run(x), "closed")
    see(second.run(x))
    third = tf.Session()
    see.attempt(lambda: third.run(x), "uninitialized")


def variable_against_get_variable(tf, see):
    see(tf.Variable(0, name="a").name, tf.get_variable(initializer=0, name="a").name)
    see(tf.Variable(0, name="a").name)
    see.attempt(lambda: tf.get_variable(initializer=0, name="a"), "already exists")
    b = tf.get_variable(initializer=0, name="b")
    c = tf.get_variable(name="c", shape=1)
    see(b.name, c.name, tf.trainable_variables())
    init = tf.global_variables_initializer()
    with tf.Session() as sess:
        sess.run(init)
        see(b.eval(), c.eval().shape)


def name_scope_in_a_variable_scope(tf, see):
    with tf.variable_scope("var"), tf.name_scope("name"):
        v1 = tf.get_variable("var1", [1], dtype=tf.float32)
        v2 = tf.Variable(1, name="var2", dtype=tf.float32)
        a = tf.add(v1, v2)
    see(v1.name, v2.name, a.name)


def sharing_by_reuse(tf, see):
    with tf.variable_scope("bar"):
        see(tf.get_variable(name="a", shape=1))
        see.attempt(lambda: tf.get_variable(name="a", shape=1), "bar/a already exists")
    with tf.variable_scope("foo", reuse=tf.AUTO_REUSE):
        foo1 = tf.get_variable(name="a", shape=1)
        foo2 = tf.get_variable(name="a", shape=1)
        see(foo1 is foo2, foo1.name)
    with tf.name_scope("bar"), tf.variable_scope("foo", reuse=True):
        v1 = tf.get_variable("a")
        see(foo1 is v1, foo1 == v1, (v1 + 1.0).name)
    see(tf.trainable_variables())


def placeholders(tf, see):
    a = tf.placeholder(tf.float32, shape=(None, 3))
    b = a + 5
    with tf.Session() as sess:
        see(b.eval(feed_dict={a: [[1, 2, 3]]}), b.eval(feed_dict={a: [[4, 5, 6], [7, 8, 9]]}))
        see.attempt(lambda: sess.run(b), "must feed")
        see.attempt(lambda: sess.run(b, {a: [[1, 2]]}), "cannot feed")


def saving_some_under_other_names(tf, see):
    theta = tf.Variable([1.0, 2.0], name="theta")
    other = tf.Variable(3.0, name="other")
    saver = tf.train.Saver({"weights": theta})
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "my_model_final.ckpt")
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            see(saver.save(sess, path) == path, sorted(os.listdir(folder)))
        with tf.Session() as sess:
            saver.restore(sess, path)
            see(sess.run(theta), tf.train.list_variables(path))
            see.attempt(lambda: sess.run(other), "uninitialized")


def summaries_of_a_loss(tf, see):
    mse = tf.square(tf.Variable(3.0, name="w"), name="mse")
    summary = tf.summary.scalar("MSE", mse)
    with tempfile.TemporaryDirectory() as folder:
        writer = tf.summary.FileWriter(folder, tf.get_default_graph())
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for step in range(3):
                writer.add_summary(sess.run(summary), step)
        writer.close()
        (name,) = os.listdir(folder)
        events = list(tf.train.summary_iterator(os.path.join(folder, name)))
        see(name.startswith("events.out.tfevents."), [event.WhichOneof("what") for event in events])
        see([(e.step, v.tag, v.simple_value) for e in events for v in e.summary.value])


def a_loop_grows_the_graph(tf, see):
    x = tf.placeholder(tf.float32, [], name="x")
    for _ in range(3):
        see((x * 2.0).name)
    see(len(tf.get_default_graph().get_operations()))


def print_shows_no_value(tf, see):
    x = tf.constant([1.0, 2.0], name="x")
    v = tf.Variable(1.0, name="v")
    see(str(x), repr(x), str(x + 1.0), repr(v), str(v.initializer.name), repr(tf.no_op(name="n")))
    see(f"{x}", f"{x.shape}", str(x.dtype), str(tf.placeholder(tf.string, [None], name="s")))
