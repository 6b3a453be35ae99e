"""Typical wrong answers to lesson 1's exercises, each with words of the reply it should get."""

WRONG = {
    "first_graph": [
        ("lambda: 2 * 3 + 4", "worked out by Python"),
        ("lambda: tf.constant(10)", "Python did the arithmetic"),
        ("lambda: tf.constant(2) * (3 + 4)", "Did you add before you multiplied?"),
        ('lambda: "2 * 3 + 4"', "returns str"),
        ("lambda: tf.Session().run(tf.constant(2) * 3 + 4)", "runs a session"),
        ("lambda: print(tf.constant(2) * 3 + 4)", "return missing"),
    ],
    "named": [
        ("lambda: tf.constant(3) + 4", "tf.add takes a name"),
        ('lambda: tf.constant(7, name="total")', "is a constant"),
        ('lambda: tf.add(3, 5, name="total")', "computes 8"),
        ('lambda: tf.add(3, 4, name="total:0")', "put behind it"),
    ],
    "count": [
        ("3", "operators"),
        ("4", "a node of its own"),
        ("1", "each operator"),
        ("'5'", "whole"),
    ],
    "both": [
        ("lambda sess, b, c: [b, c]", "You return tensors"),
        ("lambda sess, b, c: [sess.run(b), sess.run(c)]", "ran the graph 2 times"),
        ("lambda sess, b, c: sess.run([c, b])", "c's comes first"),
        ("lambda sess, b, c: sess.run(c)", "you return [15]"),
        ("lambda sess, b, c: sess.run(b, c)", "into one list"),
        ("lambda sess, b, c: print(sess.run([b, c]))", "returns nothing"),
    ],
    "own_graph": [
        ("lambda: tf.constant(42)", "to the graph that was the default"),
        ("lambda: 42", "returns int"),
        ("lambda: tf.int32.as_numpy_dtype(42)", "returns its value"),
    ],
    "one_addition": [
        ("lambda sess, x: [sess.run(x + x) for _ in range(3)]", "grew by 3 nodes"),
        ("lambda sess, x: [sess.run(x) * 2 for _ in range(3)]", "Python did the work"),
        ("lambda sess, x: sess.run(x + x)", "three times"),
        ("lambda sess, x: sess.run([x + x] * 3)", "makes 1"),
        ("lambda sess, x: [sess.run(y) for y in [2 * x] * 3]", "Mul"),
    ],
}
