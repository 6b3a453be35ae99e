"""Names of devices: taken apart, put together, merged."""

import pytest

import minitf as tf


def test_a_device_is_parsed_merged_and_replaced():
    spec = tf.DeviceSpec(job="worker")
    spec.task = 3
    assert spec.to_string() == "/job:worker/task:3"
    assert str(spec) == (
        "<DeviceSpec(job=worker, replica=None, task=3, device_type=None, device_index=None)>"
    )
    assert spec.parse_from_string("/gpu:0") is spec
    assert spec.to_string() == "/device:GPU:0"
    spec.merge_from(tf.DeviceSpec(job="ps", replica=1))
    assert spec.to_string() == "/job:ps/replica:1/device:GPU:0"
    assert (
        spec.make_merged_spec(tf.DeviceSpec(job="k")).to_string() == "/job:k/replica:1/device:GPU:0"
    )
    assert spec.replace(job="p", device_index=2).to_string() == "/job:p/replica:1/device:GPU:2"
    assert spec.to_string() == "/job:ps/replica:1/device:GPU:0"


def test_only_usual_types_are_written_in_capitals():
    assert tf.DeviceSpec(device_type="gpu").device_type == "GPU"
    assert tf.DeviceSpec.from_string("/device:Mine:2").to_string() == "/device:Mine:2"


@pytest.mark.parametrize(
    ("name", "words"), [("/foo:1", "foo"), ("/device:GPU:2/cpu:0", "Multiple device types")]
)
def test_what_is_no_device_is_refused(name, words):
    with pytest.raises(ValueError, match=words):
        tf.DeviceSpec.from_string(name)


def test_tensors_and_variables_are_keys_by_reference():
    with tf.Graph().as_default():
        tensor, variable = tf.constant(1), tf.Variable(2)
        found = {tensor.ref(): "tensor", variable.ref(): "variable"}
        assert (found[tensor.ref()], found[variable.ref()]) == ("tensor", "variable")
        assert tensor.ref().deref() is tensor
        assert tensor.ref() != variable.ref()
        with pytest.raises(TypeError, match="unwrapped"):
            assert tensor.ref() == tensor
