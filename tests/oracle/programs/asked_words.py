"""Errors that are seldom met, in TensorFlow's words."""

import numpy as np

from oracle.looking import look


def seldom_met(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.bitcast(np.zeros([1, 1], np.int8), tf.int32),
        lambda: tf.bitcast(np.zeros([4], np.int8), tf.int32),
        lambda: tf.bitcast(np.zeros([3], np.int8), tf.int32),
        lambda: tf.bitcast(np.zeros([], np.int8), tf.int32),
        lambda: tf.bitcast([1], tf.int8),
        lambda: tf.bitcast(["a"], tf.int8),
        lambda: tf.bitcast([1.0], tf.string),
        lambda: tf.multinomial(tf.zeros([5, 0]), 7),
        lambda: tf.random_gamma([2], 0.001, seed=1),
        lambda: tf.random_gamma([2], 0.0, seed=1),
        lambda: tf.random_gamma([3], -1.5, seed=1),
        lambda: tf.random_gamma([3], 1e-10, dtype=tf.float64, seed=1),
        lambda: tf.segment_sum([1.0, 2.0, 3.0, 4.0], [0, 1, 2, 0]),
        lambda: tf.segment_sum([1.0, 2.0, 3.0, 4.0], [0, 1, 0, 1]),
        lambda: tf.segment_sum([1.0, 2.0, 3.0, 4.0], [1, 2, 0, 0]),
        lambda: tf.segment_sum([1.0, 2.0, 3.0, 4.0], [-1, 0, 1, 1]),
        lambda: tf.segment_sum([1.0, 2.0, 3.0, 4.0], [0, 0, 0]),
        lambda: tf.segment_mean([1.0, 2.0, 3.0], [0, 2, 1]),
        lambda: tf.segment_max([1.0, 2.0, 3.0], [2, 1, 0]),
        lambda: tf.segment_sum([1.0, 2.0], [0, -1]),
        lambda: tf.sparse_segment_sum([1.0, 2.0, 3.0, 4.0], [0, 1, 2, 3], [0, 1, 2, 0]),
        lambda: tf.sparse_segment_mean([1.0, 2.0, 3.0, 4.0], [0, 1, 2, 3], [0, 1, 0, 1]),
        lambda: tf.sparse_segment_sum([1.0, 2.0, 3.0, 4.0], [0, 1, 2, 9], [0, 1, 2, 3]),
        lambda: tf.sparse_segment_sum([1.0, 2.0], [0, 1], [-1, 0]),
        lambda: tf.raw_ops.Einsum(
            inputs=[np.ones([1, 2, 3]), np.ones([3, 4])], equation="ij,jk->ik"
        ),
        lambda: tf.raw_ops.Einsum(inputs=[np.ones([3]), np.ones([3, 4])], equation="...ij,jk->ik"),
        lambda: tf.raw_ops.Einsum(inputs=[np.ones([2, 3]), np.ones([4, 4])], equation="ij,jk->ik"),
        lambda: tf.raw_ops.Einsum(
            inputs=[np.ones([5, 2, 3]), np.ones([7, 3, 4])], equation="...ij,...jk->...ik"
        ),
        lambda: tf.raw_ops.Einsum(
            inputs=[np.ones([2, 2, 3]), np.ones([3, 4])], equation="...ij,...jk->ik"
        ),
        lambda: tf.raw_ops.Einsum(
            inputs=[tf.placeholder_with_default(np.ones([2, 2, 3]), None), np.ones([3, 4])],
            equation="...ij,...jk->ik",
        ),
        lambda: tf.raw_ops.Einsum(
            inputs=[tf.placeholder_with_default(np.ones([2, 3]), None), np.ones([4, 4])],
            equation="ij,jk->ik",
        ),
        lambda: tf.raw_ops.Einsum(
            inputs=[tf.placeholder_with_default(np.ones([2, 3]), None), np.ones([4, 4])],
            equation="...ij,jk->ik",
        ),
        lambda: tf.raw_ops.Einsum(
            inputs=[tf.placeholder_with_default(np.ones([2]), None), np.ones([4, 4])],
            equation="ij,jk->ik",
        ),
        lambda: tf.raw_ops.Einsum(
            inputs=[tf.placeholder_with_default(np.ones([2]), None), np.ones([4, 4])],
            equation="...ij,jk->...ik",
        ),
        lambda: tf.raw_ops.Einsum(
            inputs=[tf.placeholder_with_default(np.ones([5, 2, 3]), None), np.ones([7, 3, 4])],
            equation="...ij,...jk->...ik",
        ),
        lambda: tf.einsum("ij,jk->ik", np.ones([2, 3]), np.ones([4, 4])),
        lambda: tf.einsum("ij,jk->ik", np.ones([2]), np.ones([4, 4])),
        lambda: tf.einsum("ij,jk", np.ones([2, 3]), np.ones([3, 4])),
        lambda: tf.einsum("ij->ji", np.ones([2, 3]), np.ones([3, 4])),
        lambda: tf.einsum("ij,jk->iz", np.ones([2, 3]), np.ones([3, 4])),
        lambda: tf.einsum("ij;jk->ik", np.ones([2, 3]), np.ones([3, 4])),
        lambda: tf.einsum("ii->i", np.ones([2, 2])),
        lambda: tf.einsum("...ij->...ji", np.ones([2, 3, 4])),
        lambda: tf.einsum("ij,j->", np.ones([2, 3]), np.ones([3])),
        lambda: tf.decode_base64(b"YQ"),
        lambda: tf.decode_base64(b"YQ="),
        lambda: tf.decode_base64(b"YQ=="),
        lambda: tf.decode_base64(b"YQ==="),
        lambda: tf.decode_base64(b"Y"),
        lambda: tf.decode_base64(b"YWFh="),
        lambda: tf.decode_base64(b"YWFh===="),
        lambda: tf.decode_base64(b"Y?=="),
        lambda: tf.decode_base64(b"Y+=="),
        lambda: tf.decode_base64(b"===="),
        lambda: tf.decode_base64(b"Y=Q="),
        lambda: tf.decode_base64(b"YR"),
        lambda: tf.decode_base64(b"YWE"),
        lambda: tf.decode_base64(b"YWF"),
    )
    x = tf.placeholder(tf.float32, [1, 10, None, None])
    look(
        tf,
        see,
        lambda: (
            tf.nn.convolution(
                x, tf.zeros([3, 3, 10, 20]), "VALID", dilation_rate=[2, 2], data_format="NCHW"
            ).shape
        ),
        lambda: (
            tf.nn.convolution(
                tf.placeholder(tf.float32, [1, None, None, 10]),
                tf.zeros([3, 3, 10, 20]),
                "VALID",
                dilation_rate=[2, 2],
            ).shape
        ),
        lambda: (
            tf.nn.atrous_conv2d(
                tf.placeholder(tf.float32, [1, None, None, 10]), tf.zeros([3, 3, 10, 20]), 2, "SAME"
            ).shape
        ),
    )
    d = tf.Dimension(5)
    look(
        tf,
        see,
        lambda: d.__reduce__(),
        lambda: tf.DeviceSpec(device_type="MyFunny").to_string(),
        lambda: tf.DeviceSpec.from_string("/device:MyFunny:2").to_string(),
        lambda: tf.DeviceSpec.from_string("/device:gpu:2").to_string(),
        lambda: tf.train.start_queue_runners("x"),
        lambda: tf.train.start_queue_runners(),
    )
    ta = tf.TensorArray(tf.float32, 3)
    look(
        tf,
        see,
        lambda: ta.write(0, "a").flow,
        lambda: ta.write(0, 1).flow,
        lambda: ta.write("a", 1.0).flow,
        lambda: ta.write(-1, 1.0).flow,
        lambda: ta.write(3, 1.0).flow,
        lambda: ta.read(0),
        lambda: ta.read(-1),
        lambda: ta.read(3),
        lambda: (
            tf.TensorArray(tf.float32, 3, infer_shape=False)
            .write(0, [1.0])
            .write(1, [2.0])
            .write(2, [[3.0]])
            .concat()
        ),
        lambda: (
            tf.TensorArray(tf.float32, 3, infer_shape=False)
            .write(0, [1.0])
            .write(1, [2.0])
            .write(2, [[3.0]])
            .stack()
        ),
        lambda: (
            tf.TensorArray(tf.float32, 3)
            .split([1.0, 2.0, 3.0], tf.placeholder_with_default(1, []))
            .flow
        ),
        lambda: tf.TensorArray(tf.float32, 3).split([1.0, 2.0, 3.0], [1]).flow,
        lambda: tf.TensorArray(tf.float32, 1).split(1.0, [1]).flow,
        lambda: tf.TensorArray(tf.float32, 1).split([1.0, 2.0, 3.0], [1, 2]).flow,
        lambda: tf.TensorArray(tf.float32, 2).split([1.0, 2.0, 3.0], [1, -2]).flow,
        lambda: tf.TensorArray(tf.float32, 2).split([1.0, 2.0, 3.0], [1, 2]).concat(),
        lambda: tf.TensorArray(tf.float32, 2).unstack([1.0, 2.0, 3.0]).stack(),
        lambda: tf.TensorArray(tf.float32, 2).scatter([0, 1, 2], [1.0, 2.0]).flow,
        lambda: tf.TensorArray(tf.float32, 2).scatter([0, 5], [1.0, 2.0]).flow,
    )
    w = (
        tf.TensorArray(tf.float32, 3, dynamic_size=True)
        .split([1.0, 2.0, 3.0], [1, 1, 1])
        .write(3, [4.0])
    )
    look(
        tf,
        see,
        lambda: w.concat(),
        lambda: tf.raw_ops.TensorArrayReadV3(
            handle=w.handle, index=0, dtype=tf.float64, flow_in=w.flow
        ),
    )
    w2 = tf.TensorArray(tf.float32, 3).write(0, [1.0]).write(0, [2.0])
    look(
        tf,
        see,
        lambda: w2.flow,
        lambda: tf.TensorArray(tf.float32, 2).write(0, [1.0]).write(1, [1.0, 2.0]),
        lambda: tf.TensorArray(tf.float32, 2).write(0, [1.0]).stack(),
        lambda: tf.TensorArray(tf.float32, -1).size(),
        lambda: tf.TensorArray(tf.float32, 2).gather([0, 1]),
        lambda: tf.TensorArray(tf.float32, 0).stack(),
        lambda: tf.TensorArray(tf.float32, 0, element_shape=[2]).stack(),
        lambda: tf.TensorArray(tf.float32, 0, element_shape=[2]).concat(),
        lambda: tf.TensorArray(tf.float32),
        lambda: tf.TensorArray(tf.float32, 2, tensor_array_name="bad name"),
    )


def gradients_in_a_loop(tf, see):
    tf.set_random_seed(7)
    x = tf.placeholder(tf.float32, shape=(), name="x")
    y = x + 1
    look(
        tf,
        see,
        lambda: tf.while_loop(
            lambda i, v: i < 3, lambda i, v: (i + 1, tf.gradients(v * 2, x)[0]), [0, y]
        ),
        lambda: tf.while_loop(
            lambda i, v: i < 3, lambda i, v: (i + 1, tf.gradients(v * 2, y)[0]), [0, y]
        ),
        lambda: tf.while_loop(
            lambda i, v: i < 3, lambda i, v: (i + 1, tf.gradients(v * y, y)[0]), [0, y]
        ),
        lambda: tf.while_loop(
            lambda i, v: i < 3,
            lambda i, v: (i + 1, tf.gradients(v * y, x)[0]),
            [0, tf.constant(1.0)],
        ),
    )


def nests(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.nest.flatten([1, [2, (3,)], {"b": 1, "a": 2}]),
        lambda: tf.nest.flatten({"b": 1, "a": 2}.keys()),
        lambda: tf.nest.flatten({"b": 1, "a": 2}.values()),
        lambda: tf.nest.is_nested({}.items()),
        lambda: tf.nest.is_nested(set()),
        lambda: tf.nest.flatten(None),
        lambda: tf.nest.flatten("ab"),
        lambda: tf.nest.flatten(np.ones(2)),
        lambda: tf.nest.map_structure(lambda x: x),
        lambda: tf.nest.map_structure(3, [1]),
        lambda: tf.nest.map_structure(lambda x: x, [1], foo=1),
        lambda: tf.nest.map_structure(lambda x, y: x, [1], [1, 2]),
        lambda: tf.nest.map_structure(lambda x, y: x, [1], (1,)),
        lambda: tf.nest.map_structure(lambda x, y: x, [1], (1,), check_types=False),
        lambda: tf.nest.assert_same_structure((((1, 2), 3), 4, (5, 6)), ("spam", "eggs")),
        lambda: tf.nest.assert_same_structure([1, [2]], [1, 2]),
        lambda: tf.nest.assert_same_structure([1], [1, 2]),
        lambda: tf.nest.assert_same_structure({"a": 1}, {"b": 1}),
        lambda: tf.nest.assert_same_structure([1], 1),
        lambda: tf.nest.assert_same_structure([[1], 2], [2, [1]]),
        lambda: tf.nest.pack_sequence_as([1, 2], [1]),
        lambda: tf.nest.pack_sequence_as(1, [1, 2]),
        lambda: tf.nest.pack_sequence_as([1, 2], 3),
        lambda: tf.nest.pack_sequence_as({"a": 1, "b": (2, 3)}, [1, 2, 3]),
    )
