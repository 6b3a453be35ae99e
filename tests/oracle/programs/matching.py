"""Sizes that are named alike, checked."""


def sizes_named_alike(tf, see):
    x, y = tf.ones([2, 3]), tf.ones([3, 4])
    check = tf.debugging.assert_shapes
    see(check({x: ("N", "Q"), y: ("Q", 4)}))
    see(check([(x, (2, "Q")), (y, ["Q", None]), (tf.constant(1.0), ())], name="named"))
    see(check([(x, (..., 3)), (y, ("*", ".", "D")), (x, None)]))
    n = tf.placeholder(tf.float32, [None, 3])
    open_one = tf.placeholder(tf.float32)
    made = check([(n, ("N", 3)), (open_one, ("N", "D")), (x, ("D", 3))], message="told")
    see(made)
    see.session.run(made, {n: [[1.0] * 3] * 4, open_one: [[1.0, 2.0]] * 4})
    see.attempt(lambda: see.session.run(made, {n: [[1.0] * 3] * 4, open_one: [[1.0, 2.0]]}), "told")
    see.attempt(lambda: see.session.run(made, {n: [[1.0] * 3], open_one: [1.0]}))


def sizes_that_differ(tf, see):
    x, y = tf.ones([2, 3]), tf.ones([3, 4])
    check = tf.debugging.assert_shapes
    for shapes, words in (
        ([(x, ("N", "N"))], ("dimension 1", "size 2", "3")),
        ([(x, (2, 4))], ("Specified explicitly", "dimension 1", "4")),
        ([(x, ("a", "b")), (y, ("a", "b"))], ("Specified by tensor", "dimension 0")),
        ([(x, 3)], ("iterable", "3")),
        ([(x, (2, ...))], ("index 1", "first entry")),
        ([(x, (2, 3, 4))], ("rank",)),
        ([(x, ("*", 2, 3, 4))], ("rank",)),
        ([(x, ())], ("rank",)),
    ):
        see.attempt(lambda shapes=shapes: check(shapes, message="told"), *words)
