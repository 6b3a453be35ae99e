"""Typical wrong answers to lesson 6's exercises, each with words of the reply it should get."""

WRONG = {
    "shared": [
        (
            'lambda: [tf.Variable([0.0, 0.0], name="m/w") for _ in range(2)]',
            "These are two variables",
        ),
        ('lambda: [tf.Variable([0.0, 0.0], name="m/w")] * 2', "Ask get_variable for it twice"),
        ('lambda: [tf.get_variable("m/w", shape=[2]) for _ in range(2)]', "already exists"),
        ('lambda: [tf.get_variable("w", shape=[2])] * 2', "Asked for is m/w:0"),
        ('lambda: tf.get_variable("m/w", shape=[2])', "one and the same"),
    ],
    "outcomes": [
        ('["new", "old", "old", "error", "new", "old"]', "has to be allowed"),
        ('["new", "new", "old", "error", "new", "old"]', "does not take suffixes"),
        ('["new", "error", "old", "new", "new", "old"]', "never makes anything"),
        ('["new", "error", "old", "error", "error", "old"]', "makes what is missing"),
        ('["new", "error", "old", "error", "new", "new"]', "since line 5"),
        ('["new", "maybe"]', "'maybe' is none of them"),
        ('["new", "error"]', "your list has 2"),
    ],
    "tower": [
        ('lambda x: x * tf.get_variable("w", shape=[2])', "The first call works"),
        ("lambda x: x * tf.Variable([1.0, 1.0])", "there are 2 variables"),
        ("lambda x: x * [2.0, 5.0]", "makes no variable"),
        (
            """
def tower(x):
    with tf.variable_scope("tower", reuse=True):
        return x * tf.get_variable("w", shape=[2])
""",
            "does not exist",
        ),
        (
            """
def tower(x):
    with tf.variable_scope("tower", reuse=tf.AUTO_REUSE):
        return x + tf.get_variable("w", shape=[2])
""",
            "not x times that variable",
        ),
    ],
    "seen": [
        ("0", "both names stand for"),
        ("10", "Only one"),
        ("1", "a is b"),
        ("6", "line by line"),
    ],
    "borrowed": [
        (
            """
def borrowed():
    with tf.variable_scope("foo", reuse=True):
        return tf.get_variable("a", shape=[1])
""",
            "looked for another name",
        ),
        (
            """
def borrowed():
    with tf.variable_scope("foo", reuse=tf.AUTO_REUSE):
        return tf.get_variable("a", shape=[1])
""",
            "made a new variable, baz/foo/a:0",
        ),
        ("lambda: tf.global_variables()[-1]", "That is foo/b"),
        ('lambda: tf.get_default_graph().get_tensor_by_name("foo/a:0")', "returns a tensor"),
    ],
}
