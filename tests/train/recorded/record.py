"""Records a small training in TensorFlow: run it with TensorFlow's Python, in this folder.

Writes `training/`: the checkpoint after four steps with its graph; prints the losses of these
steps and of the four that follow, which `test_saver.py` holds.
"""

import numpy as np
import tensorflow.compat.v1 as tf

X = np.sin(np.arange(60, dtype=np.float32)).reshape(20, 3)
Y = np.cos(np.arange(20, dtype=np.float32)).reshape(20, 1)


def build():
    """A two-layer model with parts, strings, a global step and Adam."""
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = tf.placeholder(tf.float32, [None, 1], name="y")
    with tf.variable_scope("net", partitioner=tf.fixed_size_partitioner(2)):
        w = tf.get_variable("w", [4, 2], initializer=tf.ones_initializer())
    with tf.variable_scope("l"):
        line = np.linspace(-1, 1, 12).astype(np.float32)
        w1 = tf.get_variable("w1", initializer=line.reshape(3, 4))
        b = tf.get_variable("b", [4], initializer=tf.zeros_initializer())
        w2 = tf.get_variable("w2", initializer=line[::3].reshape(4, 1))
    tf.Variable(["a", "bc"], name="s", trainable=False)
    step = tf.train.get_or_create_global_step()
    h = tf.nn.relu(tf.matmul(x, w1) + b) + 0.1 * tf.reduce_sum(w)
    loss = tf.reduce_mean(tf.square(tf.matmul(h, w2) - y), name="loss")
    train = tf.train.AdamOptimizer(0.05).minimize(loss, global_step=step, name="train")
    tf.add_to_collection("train_op", train)
    tf.add_to_collection("n", 3)
    tf.add_to_collection("words", "hello")


def losses(session, steps=4):
    """The losses of that many steps."""
    train = tf.get_collection("train_op")[0]
    return [float(session.run(["loss:0", train], {"x:0": X, "y:0": Y})[0]) for _ in range(steps)]


if __name__ == "__main__":
    tf.disable_v2_behavior()
    build()
    saver = tf.train.Saver()
    tf.add_to_collection(tf.GraphKeys.SAVERS, saver)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        print(losses(sess))
        saver.save(sess, "training/m", global_step=4)
        print(losses(sess))
