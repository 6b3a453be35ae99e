"""Typical wrong answers to lesson 2's exercises, each with words of the reply it should get."""

WRONG = {
    "zeros": [
        ("lambda: tf.zeros([3])", "returns a tensor (Const)"),
        ("lambda: tf.Variable([0.0, 0.0, 0.0])", "called Variable:0"),
        ('lambda: tf.Variable([0, 0, 0], name="weights")', "of type int32"),
        ('lambda: tf.Variable(0.0, name="weights")', "three numbers"),
        ('lambda: tf.get_variable("weights", shape=[3])', "other numbers than zeros"),
    ],
    "nodes": [("1", "get there"), ("2", "carries"), ("3", "Nearly"), ("5", "story")],
    "only_one": [
        ("lambda sess, v: sess.run(v)", "Attempting to use uninitialized value"),
        (
            "lambda sess, v: (sess.run(tf.global_variables_initializer()), sess.run(v))[1]",
            "is for all of them",
        ),
        ("lambda sess, v: v.initializer", "a node of the graph"),
        ("lambda sess, v: 7", "still holds no value"),
        ("lambda sess, v: sess.run(v.initializer)", "now return its value"),
    ],
    "without_value": [
        ('["s"]', "settled when init itself was made"),
        ('["q"]', "r's alone"),
        ('["q", "r", "s"]', "own initializer was run"),
        ('["p", "q", "s"]', "p has its value"),
        ('["q", "z"]', "no variable z"),
        ("2", "list of names"),
    ],
    "count_up": [
        ("lambda sess, v: [sess.run(v + 2) for _ in range(5)][-1]", "still holds 10"),
        ("lambda sess, v: [sess.run(v.assign_add(2)) for _ in range(5)][-1]", "grew by 10 nodes"),
        ("lambda sess, v: sess.run(v.assign_add(2))", "now holds 12"),
        ("lambda sess, v: [sess.run(u) for u in [v.assign_add(2)] * 5]", "now return its last"),
    ],
    "throws": [
        ("lambda sess, v: [sess.run(v) for _ in range(3)]", "Your numbers repeat"),
        ("lambda sess, v: [sess.run(v.initial_value) for _ in range(3)]", "keeps it nowhere"),
        ("lambda sess, v: [sess.run(v + 0) for _ in range(3)]", "adds nodes"),
        ("lambda sess, v: sess.run(v)", "list of three numbers"),
    ],
}
