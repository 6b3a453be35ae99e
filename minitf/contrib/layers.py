"""Layers, initializers and regularizers under their former names (tf.contrib.layers)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from minitf import dtypes
from minitf.contrib.framework import (
    add_arg_scope,
    add_to_named_collections,
    model_variable,
    renaming_getter,
)
from minitf.contrib.normalizing import batch_norm, layer_norm
from minitf.contrib.weights import (
    apply_regularization,
    l1_l2_regularizer,
    l1_regularizer,
    l2_regularizer,
    sum_regularizer,
    variance_scaling_initializer,
    xavier_initializer,
    xavier_initializer_conv2d,
)
from minitf.graph import add_to_collections, name_scope
from minitf.initial_values import zeros_initializer
from minitf.layers import core, images
from minitf.lazy import getter
from minitf.op import convert_to_tensor
from minitf.ops.activations import relu, relu6
from minitf.ops.casts import cast
from minitf.ops.embedding import embedding_lookup
from minitf.ops.pooling import avg_pool, max_pool
from minitf.ops.selecting import one_hot
from minitf.ops.shapes import reshape, shape
from minitf.ops.softmax import softmax as softmax_of
from minitf.tensor import Tensor
from minitf.user_lines import tells_lines
from minitf.variable_scope import variable_scope

__all__ = [
    "apply_regularization", "avg_pool2d", "batch_norm", "bias_add", "conv2d", "conv2d_transpose",
    "convolution2d", "convolution2d_transpose", "dropout", "embed_sequence", "flatten",
    "fully_connected", "l1_l2_regularizer", "l1_regularizer", "l2_regularizer", "layer_norm",
    "linear", "max_pool2d", "one_hot_encoding", "relu", "relu6", "repeat", "softmax", "stack",
    "sum_regularizer", "variance_scaling_initializer", "xavier_initializer",
    "xavier_initializer_conv2d",
]  # fmt: skip
__getattr__ = getter(__name__, {})

_getter = renaming_getter({"kernel": "weights", "bias": "biases"})
_FORMATS = {None: "channels_last", "NHWC": "channels_last", "NCHW": "channels_first"}


def _finished(
    layer: Any, outputs: Tensor, normalizer_fn: Any, normalizer_params: Any, activation_fn: Any,
    variables_collections: Any, outputs_collections: Any,
) -> Tensor:  # fmt: skip
    """A layer's outputs, normalized and activated, and what belongs in collections there."""
    add_to_named_collections(layer.kernel, variables_collections, "weights")
    add_to_named_collections(layer.bias, variables_collections, "biases")
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    if outputs_collections:
        add_to_collections(outputs_collections, outputs)
    return outputs


def _options(
    weights_initializer: Any, weights_regularizer: Any, biases_initializer: Any,
    biases_regularizer: Any, normalizer_fn: Any, trainable: bool,
) -> dict[str, Any]:  # fmt: skip
    """What the layers below are told of their variables."""
    if isinstance(biases_initializer, type):
        biases_initializer = biases_initializer()
    return {
        "use_bias": normalizer_fn is None and biases_initializer is not None,
        "kernel_initializer": weights_initializer or xavier_initializer(),
        "bias_initializer": biases_initializer,
        "kernel_regularizer": weights_regularizer,
        "bias_regularizer": biases_regularizer,
        "trainable": trainable,
    }


@tells_lines
@add_arg_scope
def fully_connected(
    inputs: Any,
    num_outputs: int,
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = None,
    weights_regularizer: Any = None,
    biases_initializer: Any = zeros_initializer,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """`activation_fn(inputs @ weights + biases)`; no biases where there is a `normalizer_fn`.

    Raises ValueError where the inputs' last dimension is unknown.
    """
    opened = variable_scope(scope, "fully_connected", [inputs], reuse=reuse, custom_getter=_getter)
    with opened as sc:
        inputs = convert_to_tensor(inputs)
        options = _options(
            weights_initializer, weights_regularizer, biases_initializer, biases_regularizer,
            normalizer_fn, trainable,
        )  # fmt: skip
        layer = core.Dense(num_outputs, name=sc.name, _scope=sc, _reuse=reuse, **options)
        outputs = layer.apply(inputs)
        return _finished(
            layer, outputs, normalizer_fn, normalizer_params, activation_fn,
            variables_collections, outputs_collections,
        )  # fmt: skip


linear = partial(fully_connected, activation_fn=None)


@tells_lines
@add_arg_scope
def conv2d(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = None,
    weights_regularizer: Any = None,
    biases_initializer: Any = zeros_initializer,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """`activation_fn(convolution + biases)`; no biases where there is a `normalizer_fn`.

    Raises ValueError for another `data_format` than NHWC and NCHW.
    """
    return _convolved(
        images.Conv2D, "Conv", inputs, num_outputs, kernel_size, stride, padding, data_format,
        {"dilation_rate": rate}, activation_fn, normalizer_fn, normalizer_params,
        weights_initializer, weights_regularizer, biases_initializer, biases_regularizer, reuse,
        variables_collections, outputs_collections, trainable, scope,
    )  # fmt: skip


@tells_lines
@add_arg_scope
def conv2d_transpose(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = "NHWC",
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = None,
    weights_regularizer: Any = None,
    biases_initializer: Any = zeros_initializer,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """The same turned round: images `stride` times as large."""
    return _convolved(
        images.Conv2DTranspose, "Conv2d_transpose", inputs, num_outputs, kernel_size, stride,
        padding, data_format, {}, activation_fn, normalizer_fn, normalizer_params,
        weights_initializer, weights_regularizer, biases_initializer, biases_regularizer, reuse,
        variables_collections, outputs_collections, trainable, scope,
    )  # fmt: skip


def _convolved(
    kind: Any, default_name: str, inputs: Any, num_outputs: int, kernel_size: Any, stride: Any,
    padding: str, data_format: str | None, more: dict[str, Any], activation_fn: Any,
    normalizer_fn: Any, normalizer_params: Any, weights_initializer: Any,
    weights_regularizer: Any, biases_initializer: Any, biases_regularizer: Any, reuse: Any,
    variables_collections: Any, outputs_collections: Any, trainable: bool, scope: Any,
) -> Tensor:  # fmt: skip
    if data_format not in _FORMATS:
        raise ValueError(f"Invalid data_format: {data_format!r}")
    with variable_scope(scope, default_name, [inputs], reuse=reuse, custom_getter=_getter) as sc:
        inputs = convert_to_tensor(inputs)
        options = _options(
            weights_initializer, weights_regularizer, biases_initializer, biases_regularizer,
            normalizer_fn, trainable,
        )  # fmt: skip
        layer = kind(
            num_outputs, kernel_size, stride, padding, data_format=_FORMATS[data_format],
            name=sc.name, _scope=sc, _reuse=reuse, **more, **options,
        )  # fmt: skip
        return _finished(
            layer, layer.apply(inputs), normalizer_fn, normalizer_params, activation_fn,
            variables_collections, outputs_collections,
        )  # fmt: skip


convolution2d, convolution2d_transpose = conv2d, conv2d_transpose


def _pooled(
    pool: Callable[..., Tensor], default_name: str, inputs: Any, kernel_size: Any, stride: Any,
    padding: str, data_format: str, collections: Any, scope: Any,
) -> Tensor:  # fmt: skip
    if data_format not in ("NCHW", "NHWC"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    sizes = [list(images.numbers(n, "kernel_size")) for n in (kernel_size, stride)]
    window, steps = ([1, *n, 1] if data_format == "NHWC" else [1, 1, *n] for n in sizes)
    with name_scope(scope, default_name, [inputs]):
        inputs = convert_to_tensor(inputs)
        outputs = pool(
            inputs, ksize=window, strides=steps, padding=padding, data_format=data_format
        )
        if collections:
            add_to_collections(collections, outputs)
        return outputs


@add_arg_scope
def max_pool2d(
    inputs: Any, kernel_size: Any, stride: Any = 2, padding: str = "VALID",
    data_format: str = "NHWC", outputs_collections: Any = None, scope: Any = None,
) -> Tensor:  # fmt: skip
    """Each window's maximum."""
    return _pooled(
        max_pool, "MaxPool2D", inputs, kernel_size, stride, padding, data_format,
        outputs_collections, scope,
    )  # fmt: skip


@add_arg_scope
def avg_pool2d(
    inputs: Any, kernel_size: Any, stride: Any = 2, padding: str = "VALID",
    data_format: str = "NHWC", outputs_collections: Any = None, scope: Any = None,
) -> Tensor:  # fmt: skip
    """Each window's mean."""
    return _pooled(
        avg_pool, "AvgPool2D", inputs, kernel_size, stride, padding, data_format,
        outputs_collections, scope,
    )  # fmt: skip


@tells_lines
@add_arg_scope
def flatten(inputs: Any, outputs_collections: Any = None, scope: str | None = None) -> Tensor:
    """Each example of a batch as one row."""
    with name_scope(scope, "Flatten", [inputs]):
        outputs = core.flatten(convert_to_tensor(inputs))
        if outputs_collections:
            add_to_collections(outputs_collections, outputs)
        return outputs


@add_arg_scope
def dropout(
    inputs: Any,
    keep_prob: Any = 0.5,
    noise_shape: Any = None,
    is_training: Any = True,
    outputs_collections: Any = None,
    scope: Any = None,
    seed: int | None = None,
) -> Tensor:
    """Each element with probability `keep_prob`, scaled up, and zero otherwise, in training."""
    with variable_scope(scope, "Dropout", [inputs]):
        outputs = core.dropout(inputs, 1 - keep_prob, noise_shape, seed, is_training)
        if outputs_collections:
            add_to_collections(outputs_collections, outputs)
        return outputs


@add_arg_scope
def bias_add(
    inputs: Any,
    activation_fn: Any = None,
    initializer: Any = zeros_initializer,
    regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Tensor:
    """`activation_fn(inputs + biases)`, a bias a channel; ValueError for an unknown number."""
    from minitf.ops.biases import bias_add as added

    if isinstance(initializer, type):
        initializer = initializer()
    with variable_scope(scope, "BiasAdd", [inputs], reuse=reuse):
        inputs = convert_to_tensor(inputs)
        channels = inputs.shape.as_list()[1 if data_format == "NCHW" else -1]
        if channels is None:
            raise ValueError("The number of channels must be known.")
        biases = model_variable(
            "biases", shape=[channels], dtype=inputs.dtype.base_dtype, initializer=initializer,
            regularizer=regularizer, collections=variables_collections, trainable=trainable,
        )  # fmt: skip
        outputs = added(inputs, biases, data_format=data_format)
        outputs = outputs if activation_fn is None else activation_fn(outputs)
        if outputs_collections:
            add_to_collections(outputs_collections, outputs)
        return outputs


@add_arg_scope
def embed_sequence(
    ids: Any,
    vocab_size: int | None = None,
    embed_dim: int | None = None,
    unique: bool = False,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    scope: Any = None,
    reuse: Any = None,
) -> Tensor:
    """The vector of each id [batch, length]: [batch, length, embed_dim].

    Raises ValueError where sizes are missing and no variable is shared.
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(
            "Must specify vocab size and embedding dimension when not reusing. Got "
            f"vocab_size={vocab_size} and embed_dim={embed_dim}"
        )
    if unique:
        raise NotImplementedError("minitf looks up ids one by one: leave `unique` out")
    with variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        sizes = None if vocab_size is None or embed_dim is None else [vocab_size, embed_dim]
        embeddings = model_variable(
            "embeddings", shape=sizes, initializer=initializer, regularizer=regularizer,
            trainable=trainable,
        )  # fmt: skip
        return embedding_lookup(embeddings, ids)


@add_arg_scope
def one_hot_encoding(
    labels: Any,
    num_classes: int,
    on_value: float = 1.0,
    off_value: float = 0.0,
    outputs_collections: Any = None,
    scope: Any = None,
) -> Tensor:
    """Each label as a row that is `on_value` at its place and `off_value` elsewhere."""
    with name_scope(scope, "OneHotEncoding", [labels, num_classes]):
        labels = convert_to_tensor(labels)
        if labels.dtype == dtypes.int32:
            labels = cast(labels, dtypes.int64, name="ToInt64")
        outputs = one_hot(labels, num_classes, on_value=on_value, off_value=off_value)
        if outputs_collections:
            add_to_collections(outputs_collections, outputs)
        return outputs


@add_arg_scope
def softmax(logits: Tensor, scope: Any = None) -> Tensor:
    """The softmax of the last dimension, which must be known."""
    with variable_scope(scope, "softmax", [logits]):
        classes = logits.shape.as_list()[-1]
        flat = reshape(logits, [-1, classes])
        predictions = reshape(softmax_of(flat), shape(logits))
        predictions.set_shape(logits.shape)
        return predictions


def _name_of(layer: Any, otherwise: str) -> str:
    return getattr(layer, "__name__", getattr(getattr(layer, "func", None), "__name__", otherwise))


def repeat(
    inputs: Any, repetitions: int, layer: Callable[..., Any], *args: Any, **kwargs: Any
) -> Tensor:
    """A layer, and the same kind on its outputs again, in scopes `name_1`, `name_2`, ..."""
    scope = kwargs.pop("scope", None)
    with variable_scope(scope, "Repeat", [inputs]):
        outputs = convert_to_tensor(inputs)
        name = scope or _name_of(layer, "repeat")
        for number in range(1, repetitions + 1):
            outputs = layer(outputs, *args, **kwargs, scope=f"{name}_{number}")
        return outputs


def stack(inputs: Any, layer: Callable[..., Any], stack_args: Any, **kwargs: Any) -> Tensor:
    """The same with other arguments each time: a tuple or list of them, or a single one."""
    scope = kwargs.pop("scope", None)
    with variable_scope(scope, "Stack", [inputs]):
        outputs = convert_to_tensor(inputs)
        name = scope or _name_of(layer, "stack")
        for number, arguments in enumerate(stack_args, start=1):
            given = arguments if isinstance(arguments, (list, tuple)) else [arguments]
            outputs = layer(outputs, *given, **kwargs, scope=f"{name}_{number}")
        return outputs
