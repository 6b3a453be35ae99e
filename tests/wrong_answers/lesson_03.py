"""Typical wrong answers to lesson 3's exercises, each with words of the reply it should get."""

WRONG = {
    "two_sessions": [
        ("[15, 5]", "The third time is second's"),
        ("[10, 15]", "does not see"),
        ("[5, 5]", "look for both lines"),
        ("[10, 0]", "after its own init"),
        ("10", "a list of 2"),
        ("[10]", "your list has 1"),
    ],
    "last": [
        ("1", "did change"),
        ("2", "computed again"),
        ("4", "Only up writes"),
        ("7", "line by line"),
    ],
    "has_value": [
        ("lambda sess, v: sess.run(v) is not None", "without a value raises"),
        ("lambda sess, v: tf.is_variable_initialized(v)", "You return a tensor"),
        ("lambda sess, v: sess.run(v.initializer) is None", "gave the variable a value"),
        (
            "lambda sess, v: bool(sess.run(tf.report_uninitialized_variables([v])).size)",
            "also where",
        ),
        ("lambda sess, v: True", "is not alive"),
        ("lambda sess, v: 1", "True or False"),
    ],
    "begin_anew": [
        ("lambda sess, v: v.initializer", "still holds 105"),
        ("lambda sess, v: v.load(0, sess)", "not at 0"),
        ("lambda sess, v: sess.run([w.initializer for w in tf.global_variables()])", "v only"),
        ("lambda sess, v: sess.run(v.assign(100))", "no new node"),
    ],
    "carry": [
        ("lambda first, second, v: first.run(v)", "second holds no value yet"),
        ("lambda first, second, v: second.run(v.initializer)", "has the initial value"),
        ("lambda first, second, v: first.run(v.initializer)", "first held 42"),
        ("lambda first, second, v: second.run(v)", "Attempting to use uninitialized value"),
        ("lambda first, second, v: v.load(41, second)", "now holds 41"),
    ],
}
