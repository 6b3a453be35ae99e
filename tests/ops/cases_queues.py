"""Queues and readers: what goes in and what comes out again."""

import tempfile

import numpy as np
from ops.cases import Case

import minitf as tf


def through(queue, put, take):
    """What a queue gives back of what was put in before."""
    with tf.control_dependencies([put]):
        return take()


def fifo(x):
    queue = tf.FIFOQueue(9, tf.float64, shapes=[x.shape])
    return through(queue, queue.enqueue(x * 2.0), queue.dequeue)


def many(x):
    queue = tf.FIFOQueue(9, tf.float64, shapes=[[]])
    return through(queue, queue.enqueue_many([x]), lambda: queue.dequeue_many(3))


def up_to():
    queue = tf.FIFOQueue(9, tf.int32, shapes=[[]])
    with tf.control_dependencies([queue.enqueue(5)]):
        close = queue.close()
    with tf.control_dependencies([close]):
        return [queue.dequeue_up_to(4), queue.is_closed()]


def kept(x):
    """A value that the session keeps, read in the same run."""
    handle = tf.get_session_handle(x)
    value = tf.raw_ops.GetSessionTensor(handle=handle, dtype=x.dtype)
    with tf.control_dependencies([value]):
        forget = tf.raw_ops.DeleteSessionTensor(handle=handle)
    with tf.control_dependencies([forget]):
        return tf.identity(value)


def size():
    queue = tf.FIFOQueue(9, tf.int32, shapes=[[]])
    return through(queue, queue.enqueue_many([[4, 5, 6]]), queue.size)


def padded():
    queue = tf.PaddingFIFOQueue(9, tf.int32, shapes=[[None]])
    put = [queue.enqueue([[1]]), queue.enqueue([[2, 3]])]
    return through(queue, tf.group(*put), lambda: queue.dequeue_many(2))


def shuffled():
    queue = tf.RandomShuffleQueue(20, 0, tf.int32, shapes=[[]], seed=3)
    taken = through(queue, queue.enqueue_many([np.arange(5)]), lambda: queue.dequeue_many(5))
    return tf.sort(taken)


def read(make, content=b"one\ntwo\n"):
    """The values that a reader gives of one file."""
    with tempfile.NamedTemporaryFile(suffix=".txt", delete=False) as file:
        file.write(content)
    queue = tf.FIFOQueue(9, tf.string, shapes=[[]])
    with tf.control_dependencies([queue.enqueue(file.name)]):
        return make().read(tf.identity(queue.queue_ref))[1]


def read_up_to():
    queue = tf.FIFOQueue(9, tf.string, shapes=[[]])
    with tf.control_dependencies([queue.enqueue("name")]):
        return tf.IdentityReader().read_up_to(tf.identity(queue.queue_ref), 3)[0]


NAMES = np.array([b"name"], object)
VECTOR = np.array([1.5, -2.0, 4.0])

CASES = [
    Case("FIFOQueueV2 QueueEnqueueV2 QueueDequeueV2", fifo, (VECTOR,), 2 * VECTOR, order=0,
         run_unknown=False),
    Case("QueueEnqueueManyV2 QueueDequeueManyV2", many, (VECTOR,), VECTOR, order=0),
    Case("QueueDequeueUpToV2 QueueCloseV2 QueueIsClosedV2", up_to,
         want=[np.int32([5]), np.True_], order=0, exact_shape=False),
    Case("GetSessionHandle GetSessionTensor DeleteSessionTensor", kept, (VECTOR,), VECTOR,
         order=0, exact_shape=False),
    Case("QueueSizeV2", size, want=np.int32(3), order=0),
    Case("PaddingFIFOQueueV2", padded, want=np.int32([[1, 0], [2, 3]]), order=0,
         exact_shape=False),
    Case("RandomShuffleQueueV2", shuffled, want=np.arange(5, dtype=np.int32), order=0),
    Case("TextLineReaderV2 ReaderReadV2", lambda: read(lambda: tf.TextLineReader(1)), want=b"two",
         order=0),
    Case("WholeFileReaderV2", lambda: read(tf.WholeFileReader), want=b"one\ntwo\n", order=0),
    Case("IdentityReaderV2 ReaderReadUpToV2", read_up_to, want=NAMES, order=0, exact_shape=False),
]  # fmt: skip
