"""Typical wrong answers to lesson 5's exercises, each with words of the reply it should get."""

WRONG = {
    "names": [
        ('["a/b/w:0", "a/b/v:0", "a/b/add:0"]', "takes no notice of name scopes"),
        ('["b/w:0", "a/b/v:0", "a/b/add:0"]', "other way round"),
        ('["a/w:0", "a/v:0", "a/b/add:0"]', "goes by the name scopes"),
        ('["a/w:0", "b/v:0", "b/add:0"]', "opened a name scope"),
        ('["a/w:0", "a/b/v:0", "a/b/Add:0"]', "names its node add"),
        ('["a/w:0", "a/b/v:0", "a/add:0"]', "b is open"),
    ],
    "layer": [
        (
            """
def layer():
    with tf.name_scope("layer"):
        w = tf.get_variable("w", shape=[2])
        return w, tf.add(w, 1.0, name="out")
""",
            "goes by variable scopes",
        ),
        (
            """
def layer():
    with tf.variable_scope("layer"):
        w = tf.get_variable("w", shape=[2])
    with tf.variable_scope("layer"):
        return w, tf.add(w, 1.0, name="out")
""",
            "opened layer twice",
        ),
        (
            """
def layer():
    with tf.variable_scope("layer"):
        w = tf.get_variable("w", shape=[2])
        return w, w + 1.0
""",
            "asked for is layer/out:0",
        ),
        ('lambda: tf.get_variable("w", shape=[2])', "two things"),
    ],
    "twice": [
        ('["s/w:0", "s_1/u:0", "s_1/c:0", "s_1/v:0"]', "called s each time"),
        ('["s/w:0", "s/u:0", "s/c:0", "s/v:0"]', "taken as a name scope"),
        ('["s/w:0", "s/u:0", "s_1/c:0", "s/v:0"]', "goes by the name scope"),
    ],
    "hidden": [
        (
            """
def hidden():
    with tf.variable_scope("step"):
        return tf.get_variable("w", shape=[2]) * 2.0
""",
            "the scope step reached its name",
        ),
        ('lambda: tf.get_variable("w", shape=[2]) * 2.0', "a name in model/step/"),
        ("lambda: tf.constant(1.0) * 2.0", "makes no variable"),
        ('lambda: tf.get_variable("w", shape=[2])', "you return RefVariable"),
    ],
    "back": [
        ('lambda scope: tf.constant(2, name="second")', "no scope was open"),
        (
            """
def back(scope):
    with tf.variable_scope(scope):
        return tf.constant(2, name="second")
""",
            "makes a new name scope",
        ),
        (
            """
def back(scope):
    with tf.name_scope("net/"):
        return tf.constant(2)
""",
            "called net/Const:0",
        ),
    ],
}
