"""A shape's dimension where a value is wanted; the words are TensorFlow 2.21's."""

import pytest

import minitf as tf

UNKNOWN = r"Cannot convert unknown Dimension \? to a Tensor\."


@pytest.fixture(autouse=True)
def _own_graph():
    with tf.Graph().as_default():
        yield


def test_a_known_dimension_becomes_a_whole_number():
    assert repr(tf.constant(1) * tf.Dimension(3)) == "<tf.Tensor 'mul:0' shape=() dtype=int32>"
    assert tf.convert_to_tensor(tf.Dimension(3), tf.int64).name == "shape_as_tensor:0"


def test_an_unknown_dimension_is_refused():
    x = tf.placeholder(tf.float32, [None, 3])
    for use in (lambda: tf.reduce_sum(x) / x.shape[0], lambda: x + x.shape[0]):
        with pytest.raises(ValueError, match=UNKNOWN):
            use()


def test_a_dimension_never_becomes_a_float():
    text = (
        "Expected float32 passed to parameter 'y' of op 'Mul', got Dimension(3) of type "
        "'Dimension' instead. Error: Cannot convert Dimension 3 to dtype <dtype: 'float32'>. "
        "Allowed dtypes are tf.int32 and tf.int64."
    )
    with pytest.raises(TypeError) as raised:
        tf.constant(1.0) * tf.Dimension(3)
    assert str(raised.value).startswith(text)
