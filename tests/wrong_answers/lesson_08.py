"""Typical wrong answers to lesson 8's exercises, each with words of the reply it should get."""

WRONG = {
    "calls_counted": [
        ("3", "in the last, t is fed"),
        ("1", "another run that needs t"),
        ("7", "one by one"),
    ],
    "after_first": [
        ("lambda first, y: y", "made before"),
        ("lambda first, y: tf.identity(y)", "does not carry out first"),
        ("lambda first, y: first", "asked for is a tensor"),
        (
            "def answer(first, y):\n"
            "    with tf.control_dependencies([first]):\n"
            "        return tf.identity(y) + 1\n",
            "and not y's",
        ),
    ],
    "doubled": [
        ("lambda v: v * 2", "does not add 1"),
        ("lambda v: v.assign(v * 2)", "from 3 to 4"),
        ("lambda v: v.assign_add(1)", "should be 8"),
        (
            "def answer(v):\n"
            "    with tf.control_dependencies([v.assign_add(1)]):\n"
            "        return v * 2\n",
            "waits for nothing",
        ),
        (
            "def answer(v):\n"
            "    old = v + 0\n"
            "    with tf.control_dependencies([old]):\n"
            "        up = v.assign_add(1)\n"
            "    with tf.control_dependencies([up]):\n"
            "        return old * 2\n",
            "the old value",
        ),
    ],
    "racing": [
        ("['a']", "plus waits"),
        ("['d']", "Where is the edge"),
        ("['a', 'b']", "Two variables"),
        ("['a', 'c', 'd']", "made inside the block"),
        ("['e']", "only reads"),
        ("['x']", "no x"),
    ],
    "old_and_new": [
        ("lambda v: [v + 0, v.assign_add(5)]", "Make the assignment wait"),
        ("lambda v: [v.read_value() + 0, v + 5 + 1]", "you give [10, 16]"),
        ("lambda v: v.assign_add(5)", "a list of two"),
        (
            "def answer(v):\n"
            "    old = v + 0\n"
            "    with tf.control_dependencies([old]):\n"
            "        return [v.assign_add(5), old]\n",
            "the old one comes first",
        ),
    ],
    "swap": [
        ("lambda v, w: tf.group(v.assign(w), w.assign(v))", "Both variables hold 2"),
        ("lambda v, w: [v.assign(w), w.assign(v)]", "tf.group"),
        ("lambda v, w: tf.group(v, w)", "after a run they are 1 and 2"),
        ("lambda v, w: 3", "returns int"),
    ],
}
