"""Neural networks: activations, losses, convolution, pooling, normalization, lookups (tf.nn)."""

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.ops.activations": "crelu elu gelu leaky_relu relu relu6 selu softplus softsign",
    "minitf.ops.elementwise": "sigmoid tanh",
    "minitf.ops.biases": "bias_add relu_layer xw_plus_b",
    "minitf.ops.softmax": "log_softmax softmax",
    "minitf.ops.cross_entropy": "log_poisson_loss sigmoid_cross_entropy_with_logits "
    "softmax_cross_entropy_with_logits softmax_cross_entropy_with_logits_v2 "
    "sparse_softmax_cross_entropy_with_logits weighted_cross_entropy_with_logits",
    "minitf.ops.dropout": "dropout",
    "minitf.ops.moments": "batch_norm_with_global_normalization batch_normalization l2_loss "
    "l2_normalize moments normalize_moments sufficient_statistics weighted_moments",
}

__all__ = sorted(names_of(_NAMES))  # pyright: ignore
_find = getter(__name__, _NAMES)


def __getattr__(name: str) -> object:
    import minitf.ops.math  # noqa: F401 (tensors' operators, whatever is used first)

    return _find(name)


def __dir__() -> list[str]:
    return __all__
