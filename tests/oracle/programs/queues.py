"""Queues, the threads that fill them, and what reads files and makes batches by way of them."""

import tempfile
from pathlib import Path

import numpy as np


def first_in_first_out(tf, see):
    queue = tf.FIFOQueue(3, [tf.float32, tf.int32], shapes=[[], [2]])
    put = queue.enqueue([1.0, [1, 2]])
    put_many = queue.enqueue_many(([2.0, 3.0], [[3, 4], [5, 6]]))
    one, two, rest = queue.dequeue(), queue.dequeue_many(2), queue.dequeue_up_to(2)
    size, closed, close = queue.size(), queue.is_closed(), queue.close()
    see(put, put_many, one, two, rest, size, closed, close)
    see(queue.name, queue.dtypes, queue.shapes, queue.names)
    see.session.run(put)
    see.session.run(put_many)
    see.run([size, closed])
    see.run(one)
    see.run(two)
    see.session.run(put)
    see.session.run(close)
    see.run(closed)
    see.attempt(lambda: see.session.run(put), "closed")
    see.attempt(lambda: see.session.run(two), "closed and has insufficient elements")
    see.run(rest)
    see.attempt(lambda: see.session.run(one), "closed and has insufficient elements")


def shuffled_by_a_queue(tf, see):
    queue = tf.RandomShuffleQueue(20, 2, tf.int32, shapes=[[]], seed=3)
    put = queue.enqueue_many([np.arange(12)])
    one, three, close = queue.dequeue(), queue.dequeue_many(3), queue.close()
    see.session.run(put)
    for _ in range(4):
        see.run(one)
    see.run(three)
    see.session.run(close)
    see.run(three)
    see.run(queue.size())


def padded_by_a_queue(tf, see):
    queue = tf.PaddingFIFOQueue(10, [tf.int32, tf.string], shapes=[[None], []])
    n = tf.placeholder(tf.int32, [])
    put = queue.enqueue([tf.fill([n], n), tf.as_string(n)])
    one, three = queue.dequeue(), queue.dequeue_many(3)
    see(one, three)
    for count in (2, 0, 3, 1):
        see.session.run(put, {n: count})
    see.run(three)
    see.run(one)


def named_components(tf, see):
    queue = tf.FIFOQueue(5, [tf.int32, tf.float32], shapes=[[], []], names=["n", "x"], name="q")
    see.session.run(queue.enqueue({"x": 2.5, "n": 7}))
    element = queue.dequeue()
    see(sorted(element))
    see.run([element["n"], element["x"]])
    see.attempt(lambda: queue.enqueue([1, 2.0]), "names")
    see.attempt(lambda: queue.enqueue({"x": 1.0}), "names")


def wrong_queues(tf, see):
    queue = tf.FIFOQueue(3, [tf.float32, tf.int32], shapes=[[], [2]])
    see.attempt(lambda: queue.enqueue([1.0, [1, 2, 3]]), "(3,)", "(2,)")
    see.attempt(lambda: queue.enqueue(["a", [1, 2]]))
    see.attempt(lambda: queue.enqueue_many([[1.0, 2.0], [[1, 2]]]), "2", "1")
    see.attempt(lambda: tf.FIFOQueue(3, [tf.int32], shapes=[[], []]))
    see.attempt(lambda: tf.PaddingFIFOQueue(3, [tf.int32], shapes=None))
    see.attempt(lambda: tf.train.QueueRunner(queue, []), "enqueue_ops")
    see.attempt(lambda: tf.train.string_input_producer([]), "non-null")
    see.attempt(lambda: tf.train.limit_epochs(tf.constant(1), 0), "num_epochs", "0")
    see.attempt(lambda: tf.train.start_queue_runners(), "No default session")


def lines_in_batches(tf, see):
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("a.csv", "h,h\n1,2\n3,4\n"), ("b.csv", "h,h\n5,6\r\n7,8")):
            (Path(folder) / name).write_text(rows, newline="")
        paths = np.array([str(Path(folder) / n).encode() for n in ("a.csv", "b.csv")], object)
        names = tf.py_func(lambda: paths, [], tf.string)
        names.set_shape([2])
        files = tf.train.input_producer(names, [], num_epochs=2, shuffle=False)
        key, line = tf.TextLineReader(skip_header_lines=1).read(files)
        x, y = tf.train.batch(tf.decode_csv(line, [[0.0], [0.0]]), batch_size=3)
        see(key, line, x, y, len(tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)))
        see.session.run(tf.local_variables_initializer())
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(see.session, coordinator)
        see(len(threads))
        see.run([x, y])
        see.run([x, y])
        see.attempt(lambda: see.session.run([x, y]), "insufficient elements")
        coordinator.request_stop()
        coordinator.join(threads)


def producers_of_files(tf, see):
    files = tf.train.string_input_producer(["a", "b"], num_epochs=2, shuffle=True, seed=1)
    see(files.name, files.dtypes)
    endless = tf.train.string_input_producer(["c"], shuffle=False, capacity=3, name="endless")
    key, content = tf.WholeFileReader().read(endless)
    see(key, content)
    word, same = tf.IdentityReader().read(endless)
    keys, lines = tf.TextLineReader().read_up_to(endless, 5)
    see(word, same, keys, lines)


def slices_in_shuffled_batches(tf, see):
    images, labels = np.arange(8, dtype=np.float32).reshape(4, 2), np.arange(4)
    image, label = tf.train.slice_input_producer([images, labels], shuffle=True, seed=4)
    batch = tf.train.shuffle_batch(
        [image, label], batch_size=2, capacity=20, min_after_dequeue=5, seed=5
    )
    see(image, label, batch)
    with see.session.as_default():
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(coord=coordinator)
        for _ in range(4):
            rows, classes = see.session.run(batch)
            see(rows.shape, bool((rows[:, 0] == 2 * classes).all()))
        coordinator.request_stop()
        coordinator.join(threads)


def batches_of_many(tf, see):
    x = tf.constant(np.arange(10, dtype=np.float32))
    whole = tf.train.batch({"x": x}, 4, enqueue_many=True, capacity=40, name="whole")
    rest = tf.train.batch([x, x + 1.0], 3, allow_smaller_final_batch=True, num_threads=2)
    padded = tf.train.batch([x[:2]], 3, dynamic_pad=True, shapes=[[None]])
    see(whole, rest, padded)
    queue_runner = tf.get_collection("queue_runners")[0]
    see(queue_runner.name, len(queue_runner.enqueue_ops), queue_runner.close_op)
    see.session.run(queue_runner.enqueue_ops[0])
    see.run(whole["x"])


def a_failing_thread_stops_the_others(tf, see):
    n = tf.placeholder_with_default(tf.constant(0), [])
    batch = tf.train.batch([tf.div(1, n)], 2, name="never")
    coordinator = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(see.session, coordinator)
    see.attempt(lambda: see.session.run(batch), "insufficient elements")
    see.attempt(lambda: coordinator.join(threads), "zero")


def names_of_files_from_a_variable(tf, see):
    names = tf.train.match_filenames_once("nothing/*.txt", name="names")
    queue = tf.train.string_input_producer(names, shuffle=False)
    see(queue.dequeue(), tf.train.string_input_producer(["a"], name="given").size())
    see.attempt(lambda: tf.train.string_input_producer([]))


def batches_of_several_lists(tf, see):
    pairs = [[tf.constant([1, 2]), tf.constant("a")], [tf.constant([3, 4]), tf.constant("b")]]
    joined = tf.train.batch_join(pairs, 4)
    see(joined)
    dicts = [{"x": tf.constant([[1.0]]), "n": tf.constant([1])} for _ in range(2)]
    see(tf.train.batch_join(dicts, 3, capacity=8, enqueue_many=True, dynamic_pad=True, name="mine"))
    see(tf.train.shuffle_batch_join(pairs, 2, 10, 3, seed=1))
    see(tf.train.shuffle_batch_join([[tf.constant([1, 2])]], 2, 9, 1, enqueue_many=True))
    see(tf.train.batch_join([[tf.constant(1)]], 2, allow_smaller_final_batch=True))
    see(len(tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)))
    see.attempt(lambda: tf.train.batch_join([], 2), "at least one set")
    see.attempt(lambda: tf.train.batch_join([[tf.zeros([2])], [tf.zeros([3])]], 2))
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(see.session, coord)
    words = see.session.run(joined)[1]
    see(sorted(set(words) | {b"a", b"b"}), len(words))
    coord.request_stop()
    coord.join(threads)


def numpy_functions(tf, see):
    x = tf.constant([1.0, 2.0])
    see.full(tf.numpy_function(lambda a: a * 2, [x], tf.float32))
    see(tf.numpy_function(lambda a: a, [x], [tf.float32], stateful=False, name="mine"))
