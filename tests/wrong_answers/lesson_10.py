"""Typical wrong answers to lesson 10's exercises, each with words of the reply it should get."""

WRONG = {
    "scalar_of": [
        ("lambda loss: loss", "no summary"),
        ("lambda loss: tf.summary.histogram('loss/test', loss)", "asked for is a scalar"),
        ("lambda loss: tf.summary.scalar('test', loss)", "is test"),
        ("lambda loss: tf.summary.scalar('loss/test', loss + 1)", "another number"),
    ],
    "unpack": [
        ("lambda sess, summary: summary", "You return a tensor"),
        ("lambda sess, summary: sess.run(summary)", "the bytes"),
        ("lambda sess, summary: tf.Summary.FromString(sess.run(summary))", "whole summary"),
        ("lambda sess, summary: tf.Summary.FromString(sess.run(summary)).value[0]", "its tag"),
    ],
    "tags": [
        ("['a/x', 'a/x', 'a/x']", "entered anew"),
        ("['a/x', 'a/x_1', 'a/x_2']", "it is the scope"),
        ("['a/x', 'a_1/x', 'a/x']", "taken by the first line"),
        ("['x', 'x_1', 'a/x']", "in front of the tag"),
    ],
    "log_five": [
        ("lambda sess, step, summary, folder: sess.run([summary, step])", "no event file"),
        ("lambda sess, step, summary, folder: tf.summary.FileWriter(folder).close()", "in it yet"),
        (
            "def answer(sess, step, summary, folder):\n"
            "    with tf.summary.FileWriter(folder) as writer:\n"
            "        for i in range(5):\n"
            "            sess.run(step)\n"
            "            writer.add_summary(sess.run(summary), i)\n",
            "before its step",
        ),
        (
            "def answer(sess, step, summary, folder):\n"
            "    with tf.summary.FileWriter(folder) as writer:\n"
            "        for i in range(5):\n"
            "            writer.add_summary(sess.run(summary), i)\n",
            "it ran 0 times",
        ),
        (
            "def answer(sess, step, summary, folder):\n"
            "    with tf.summary.FileWriter(folder) as writer:\n"
            "        for i in range(5):\n"
            "            writer.add_summary(sess.run(summary))\n"
            "            sess.run(step)\n",
            "for the steps",
        ),
    ],
    "values_of": [
        ("lambda path, tag: tf.train.summary_iterator(path)", "asked for is a list"),
        (
            "lambda path, tag: [v.simple_value for e in tf.train.summary_iterator(path)"
            " for v in e.summary.value]",
            "the values of all tags",
        ),
        ("lambda path, tag: []", "0 items"),
    ],
    "just_these": [
        ("lambda one, two: [one, two]", "You return a list"),
        ("lambda one, two: tf.summary.merge_all()", "a sibling"),
        ("lambda one, two: one", "['one']"),
        ("lambda one, two: one.op", "asked for is a tensor"),
    ],
}
