"""tf.examples.tutorials.mnist: files of digits read, split and handed out as TensorFlow 1 did."""

import gzip

import numpy as np
import pytest

import minitf as tf
from minitf.examples.tutorials.mnist import input_data

NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
         "t10k-labels-idx1-ubyte")  # fmt: skip


def idx(array: np.ndarray) -> bytes:
    """An array as a file of MNIST's format."""
    header = np.array([0x800 + array.ndim, *array.shape], ">u4")
    return header.tobytes() + array.astype(np.uint8).tobytes()


@pytest.fixture
def folder(tmp_path):
    """Twelve images to train with and four to test, each of its number and labelled with it."""
    for images, labels, n in ((*NAMES[:2], 12), (*NAMES[2:], 4)):
        pixels = np.broadcast_to(np.arange(n)[:, None, None], (n, 2, 3))
        (tmp_path / f"{images}.gz").write_bytes(gzip.compress(idx(pixels)))
        (tmp_path / f"{labels}.gz").write_bytes(gzip.compress(idx(np.arange(n) % 10)))
    return tmp_path


def numbers(images: np.ndarray) -> list[int]:
    return [round(255 * row[0]) for row in images]


def test_the_first_images_validate_and_the_rest_train(folder):
    mnist = input_data.read_data_sets(str(folder), one_hot=True, validation_size=5)
    assert [part.num_examples for part in mnist] == [7, 5, 4]
    assert numbers(mnist.validation.images) == [0, 1, 2, 3, 4]
    assert numbers(mnist.train.images) == [5, 6, 7, 8, 9, 10, 11]
    assert mnist.train.images.shape == (7, 6)
    assert mnist.train.images.dtype == np.float32
    np.testing.assert_array_equal(mnist.test.labels, np.eye(10)[:4])


def test_types_and_shapes_that_were_asked_for(folder):
    mnist = input_data.read_data_sets(str(folder), dtype=tf.uint8, reshape=False, validation_size=0)
    assert mnist.test.images.shape == (4, 2, 3, 1)
    assert mnist.test.images.dtype == np.uint8
    assert mnist.test.labels.tolist() == [0, 1, 2, 3]
    with pytest.raises(TypeError, match="Invalid image dtype"):
        input_data.read_data_sets(str(folder), dtype=tf.int32, validation_size=0)


def batches_of_tensorflow_1(seed: int, n: int, batch_size: int, count: int) -> list[list[int]]:
    """The order of batches, drawn by the slow and obvious way from NumPy's old generator."""
    draw = np.random.RandomState(seed)
    order, start, result = list(range(n)), 0, []
    for step in range(count):
        if step == 0:
            new = np.arange(n)
            draw.shuffle(new)
            order = [order[i] for i in new]
        if start + batch_size > n:
            rest = order[start:]
            new = np.arange(n)
            draw.shuffle(new)
            order = [order[i] for i in new]
            start = batch_size - len(rest)
            result.append(rest + order[:start])
        else:
            result.append(order[start : start + batch_size])
            start += batch_size
    return result


@pytest.mark.parametrize("graph_seed", [None, 7])
def test_batches_come_in_the_order_that_the_seed_decides(folder, graph_seed):
    with tf.Graph().as_default():
        tf.set_random_seed(graph_seed)
        mnist = input_data.read_data_sets(
            str(folder), validation_size=0, seed=7 if graph_seed is None else None
        )
        got = [mnist.train.next_batch(5) for _ in range(6)]
    wanted = batches_of_tensorflow_1(7, 12, 5, 6)
    assert [numbers(images) for images, _ in got] == wanted
    assert [list(labels) for _, labels in got] == [[i % 10 for i in batch] for batch in wanted]
    assert mnist.train.epochs_completed == 2


def test_batches_in_the_files_order_where_nothing_is_shuffled(folder):
    mnist = input_data.read_data_sets(str(folder), validation_size=0)
    got = [numbers(mnist.test.next_batch(3, shuffle=False)[0]) for _ in range(3)]
    assert got == [[0, 1, 2], [3, 0, 1], [2, 3, 0]]


def test_seeding_draws_no_seed_from_the_graph(folder):
    """The ops made afterwards draw the numbers that they draw without."""

    def drawn(read: bool) -> float:
        with tf.Graph().as_default(), tf.Session() as sess:
            tf.set_random_seed(3)
            if read:
                input_data.read_data_sets(str(folder), validation_size=0)
            return sess.run(tf.random_normal([]))

    assert drawn(True) == drawn(False)


def test_false_data_needs_no_files():
    mnist = input_data.read_data_sets("nowhere", fake_data=True, one_hot=True)
    images, labels = mnist.train.next_batch(2, fake_data=True)
    assert images == [[1] * 784] * 2
    assert labels == [[1] + [0] * 9] * 2
    assert mnist.train.num_examples == 10000


def test_missing_files_are_named_with_the_folder(tmp_path):
    (tmp_path / NAMES[0]).write_bytes(idx(np.zeros((1, 2, 3))))
    with pytest.raises(FileNotFoundError) as error:
        input_data.read_data_sets(str(tmp_path))
    assert str(tmp_path) in str(error.value)
    assert NAMES[0] not in str(error.value)  # that one is there, unpacked
    assert all(f"{name}.gz" in str(error.value) for name in NAMES[1:])


def test_a_file_of_something_else_is_refused(folder):
    path = folder / f"{NAMES[0]}.gz"
    path.write_bytes((folder / f"{NAMES[1]}.gz").read_bytes())
    with pytest.raises(ValueError, match="Invalid magic number 2049 in MNIST image file"):
        input_data.read_data_sets(str(folder), validation_size=0)
    path.write_bytes(gzip.compress(idx(np.zeros((12, 2, 3)))[:-1]))
    with pytest.raises(ValueError, match="should hold"):
        input_data.read_data_sets(str(folder), validation_size=0)


def test_a_validation_part_must_fit(folder):
    with pytest.raises(ValueError, match=r"between 0 and 12\. Received: 13"):
        input_data.read_data_sets(str(folder), validation_size=13)


def test_the_tutorials_network_learns():
    mnist = tf.examples.tutorials.mnist.mnist
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        tf.set_random_seed(1)
        images = tf.placeholder(tf.float32, [4, mnist.IMAGE_PIXELS])
        labels = tf.placeholder(tf.int32, [4])
        logits = mnist.inference(images, 8, 6)
        loss = mnist.loss(logits, labels)
        train, right = mnist.training(loss, 0.1), mnist.evaluation(logits, labels)
        assert [v.name for v in graph.get_collection("trainable_variables")] == [
            f"{scope}/{name}:0"
            for scope in ("hidden1", "hidden2", "softmax_linear")
            for name in ("weights", "biases")
        ]
        sess.run(tf.global_variables_initializer())
        feed = {images: np.eye(4, 784) * 9, labels: [3, 1, 4, 1]}
        for _ in range(300):
            sess.run(train, feed)
        assert sess.run(right, feed) == 4
