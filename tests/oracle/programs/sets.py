"""Sets as last dimensions, places of numbered elements, and rows of sparse tensors."""

import numpy as np


def _sparse(tf, rows):
    places = [[i, j] for i, row in enumerate(rows) for j in range(len(row))]
    values = [value for row in rows for value in row]
    longest = max(map(len, rows))
    indices = np.array(places, np.int64).reshape(-1, 2)
    return tf.SparseTensor(indices, values, [len(rows), longest])


def _full(see, tensor, feed_dict=None):
    parts = [tensor.indices, tensor.values, tensor.dense_shape]
    see(parts, tensor.shape)
    see.run(parts, feed_dict)


def sets_of_rows(tf, see):
    a, b = [[1, 2, 2], [3, 3, 5]], [[2, 3, 9], [4, 5, 5]]
    for function in (tf.sets.union, tf.sets.intersection, tf.sets.difference):
        _full(see, function(a, b))
        _full(see, function(tf.constant([["x", "y"]]), tf.constant([["y", "z"]])))
        _full(see, function(np.array(a, np.int32), _sparse(tf, [[2], [5, 9]])))
        _full(see, function(_sparse(tf, [[2], [5, 9]]), a))
        _full(see, function(_sparse(tf, [[2, 4], [5]]), _sparse(tf, [[2], [9]])))
    _full(see, tf.sets.set_difference(a, b, aminusb=False))
    _full(see, tf.sets.set_difference(_sparse(tf, [[2], [5, 9]]), a, aminusb=False))
    _full(see, tf.sets.set_union([[[1, 2]], [[3, 4]]], [[[1]], [[3]]]))
    placed = tf.placeholder(tf.int32)
    _full(see, tf.sets.set_intersection(placed, placed, validate_indices=False), {placed: a})


def sizes_of_sets(tf, see):
    see.full(tf.sets.size(_sparse(tf, [[2, 2], [], [4, 3, 9]])))
    see.full(tf.sets.set_size(_sparse(tf, [[b"a", b"b"]])))
    mixed = tf.SparseTensor([[1, 0], [0, 0]], [1, 2], [2, 1])
    see.full(tf.sets.size(mixed, validate_indices=False))
    see.attempt(lambda: see.session.run(tf.sets.size(mixed)), "indices[1] = [0,0]", "out of order")


def sets_that_misfit(tf, see):
    one, two = (
        tf.placeholder_with_default([[1]], None),
        tf.placeholder_with_default([[2], [3]], None),
    )
    for wrong, words in (
        (lambda: tf.sets.size([[1]]), ("SparseTensor",)),
        (lambda: tf.sets.union([[1.0]], [[2.0]]), ("dtype", "float32")),
        (lambda: tf.sets.union([[1]], tf.constant([[2]], tf.int64)), ("int32", "int64")),
        (lambda: tf.sets.union([1], [2]), ("rank 2", "rank 1")),
        (lambda: tf.sets.union([[1]], [[2], [3]]), ("1", "2")),
        (
            lambda: see.session.run(tf.sets.union(one, two).values),
            ("Mismatched shapes [1] vs [2]",),
        ),
    ):
        see.attempt(wrong, *words)


def places_of_numbers(tf, see):
    see.full(tf.unravel_index([22, 41, 37], (7, 6)))
    see.full(tf.unravel_index(1621, (6, 7, 8, 9), name="one"))
    see.full(tf.unravel_index(tf.constant([5], tf.int64), tf.constant([3, 2], tf.int64)))
    see(tf.unravel_index(tf.placeholder(tf.int32), [3, 4]))
    for indices, sizes, words in (
        ([100], (7, 6), "out of bound"),
        ([1], (7, 0), "dims contains zero at index 1"),
        ([[1]], (7, 6), '"[1,1]"'),
    ):
        wrong = tf.unravel_index(indices, sizes)
        see.attempt(lambda wrong=wrong: see.session.run(wrong), words)
