"""Typical wrong answers to lesson 9's exercises, each with words of the reply it should get."""

WRONG = {
    "one_step": [
        ("lambda loss: tf.train.GradientDescentOptimizer(0.1)", "Its minimize"),
        ("lambda loss: tf.gradients(loss, tf.trainable_variables())[0]", "move no variable"),
        ("lambda loss: tf.train.GradientDescentOptimizer(-0.1).minimize(loss)", "uphill"),
        ("lambda loss: tf.train.GradientDescentOptimizer(0.01).minimize(loss)", "Which rate"),
        ("lambda loss: tf.train.AdamOptimizer(0.1).minimize(loss)", "variables of its own"),
    ],
    "train_20": [
        ("lambda sess, step, loss: loss", "You return a node"),
        ("lambda sess, step, loss: sess.run(loss)", "has made 0"),
        (
            "lambda sess, step, loss: [sess.run([step, loss])[1] for _ in range(20)][-1]",
            "a run of its own",
        ),
        (
            "lambda sess, step, loss: [sess.run([step, loss])[1] for _ in range(20)]",
            "one number",
        ),
    ],
    "by_file": [
        ("lambda first, second, path: path", "no checkpoint"),
        ("lambda first, second, path: tf.train.Saver().save(first, path)", "for some variable"),
        (
            "def answer(first, second, path):\n"
            "    saver = tf.train.Saver()\n"
            "    saver.save(first, path)\n"
            "    saver.restore(second, path)\n"
            "    second.run(tf.global_variables_initializer())\n",
            "run after restore",
        ),
    ],
    "names_in": [
        ("lambda path: tf.train.list_variables(path)", "pairs"),
        ("lambda path: path", "returns str"),
        ("lambda path: ['a']", "it has three"),
    ],
    "load_old": [
        ("lambda sess, v, path: tf.train.Saver().restore(sess, path)", "called old there"),
        ("lambda sess, v, path: sess.run(v.initializer)", "not the checkpoint's"),
        ("lambda sess, v, path: tf.train.load_variable(path, 'old')", "holds no value"),
    ],
    "only_w": [
        (
            "lambda loss, v, w: tf.train.GradientDescentOptimizer(0.1).minimize(loss)",
            "v moves, too",
        ),
        ("lambda loss, v, w: w.assign_sub(0.1)", "not by 0.1 times"),
        ("lambda loss, v, w: tf.no_op()", "w does not move"),
    ],
    "printed": [
        ("[1, 2, 1]", "restore writes over it"),
        ("[10, 20, 1]", "What does the saver know"),
        ("[10, 2, 10]", "assigns the initial value again"),
    ],
}
