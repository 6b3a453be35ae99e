"""Typical wrong answers to lesson 7's exercises, each with words of the reply it should get."""

WRONG = {
    "rows_of_four": [
        ('lambda: tf.placeholder(tf.float32, [4], name="rows")', "two dimensions"),
        ('lambda: tf.placeholder(tf.float32, [4, None], name="rows")', "wrong way round"),
        ('lambda: tf.placeholder(tf.float32, name="rows")', "any shape at all"),
        ('lambda: tf.placeholder(tf.int32, [None, 4], name="rows")', "is for int32"),
        ("lambda: tf.placeholder(tf.float32, [None, 4])", "ask for the name rows"),
        ('lambda: tf.zeros([1, 4], name="rows")', "asked for is a placeholder"),
    ],
    "over_batches": [
        ("lambda sess, x, y, batches: [sess.run(y, {x: batches[0]})] * 3", "not y's"),
        ("lambda sess, x, y, batches: y", "You return a tensor"),
        ("lambda sess, x, y, batches: print(sess.run(y, {x: batches[0]}))", "returns nothing"),
        ("lambda sess, x, y, batches: sess.run(y, {x: batches[0]})", "a list of 3 values"),
        (
            "lambda sess, x, y, batches: [sess.run(tf.reduce_sum(x), {x: b}) for b in batches]",
            "your loop adds nodes",
        ),
        ("lambda sess, x, y, batches: sess.run(y, {x: batches})", "stops with ValueError"),
    ],
    "must_feed": [
        ('["p", "q", "s"]', "the multiplication does not run"),
        ('["r", "s"]', "it has a default"),
        ("[]", "neither a feed nor a default"),
        ('["left"]', "no placeholder left"),
    ],
    "printed": [
        ("[11, 5, 6]", "In the first run"),
        ("[2, 11, 12]", "In the second run w is fed"),
        ("[2, 5, 2]", "assigned something"),
        ("[2, 5, 11]", "the fed one"),
        ("[2, 5, 5]", "prints w"),
        ("[2, None, 6]", "Item 2 is None; asked for are numbers"),
    ],
    "per_row": [
        ("lambda x: tf.reduce_mean(x)", "mean of all numbers"),
        ("lambda x: tf.reduce_sum(x) / 3.0", "Divide by the number of rows"),
        ("lambda x: tf.reduce_sum(x, axis=1)", "one number"),
        ("lambda x: tf.reduce_sum(x) / x.shape[0]", "stops with"),
    ],
    "mean_of_all": [
        (
            "lambda sess, x, y, batches: sum(sess.run(y, {x: b}) for b in batches) / len(batches)",
            "mean of the means",
        ),
        ("lambda sess, x, y, batches: y", "one number"),
        ("lambda sess, x, y, batches: sess.run(y, {x: batches[-1]})", "you return 8"),
    ],
    "what_if": [
        (
            """
def what_if(sess, v, y, candidates):
    values = []
    for candidate in candidates:
        v.load(candidate, sess)
        values.append(sess.run(y))
    return values
""",
            "now it holds 4",
        ),
        ("lambda sess, v, y, candidates: [sess.run(y) for c in candidates]", "for the candidates"),
        (
            "lambda sess, v, y, candidates: [sess.run(v * v, {v: c}) for c in candidates]",
            "adds none",
        ),
    ],
}
