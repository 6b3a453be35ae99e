"""Neural networks: activations, losses, convolution, pooling, normalization, lookups (tf.nn)."""

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.ops.activations": "crelu elu leaky_relu log_sigmoid relu relu6 selu softplus softsign",
    "minitf.swish": "silu swish",
    "minitf.ops.fraction": "zero_fraction",
    "minitf.ops.elementwise": "sigmoid tanh",
    "minitf.ops.biases": "bias_add relu_layer xw_plus_b",
    "minitf.ops.softmax": "log_softmax softmax",
    "minitf.ops.cross_entropy": "log_poisson_loss sigmoid_cross_entropy_with_logits "
    "softmax_cross_entropy_with_logits softmax_cross_entropy_with_logits_v2 "
    "sparse_softmax_cross_entropy_with_logits weighted_cross_entropy_with_logits",
    "minitf.ops.convolution": "conv1d conv1d_transpose conv2d conv2d_backprop_filter "
    "conv2d_backprop_input conv2d_transpose",
    "minitf.ops.volumes": "avg_pool3d conv3d conv3d_backprop_filter conv3d_transpose max_pool3d",
    "minitf.ops.pooling": "avg_pool avg_pool1d avg_pool2d max_pool max_pool1d max_pool2d "
    "max_pool_with_argmax",
    "minitf.ops.dilated": "atrous_conv2d convolution pool",
    "minitf.ops.depthwise": "depthwise_conv2d depthwise_conv2d_native separable_conv2d",
    "minitf.ops.normalization": "fused_batch_norm local_response_normalization lrn",
    "minitf.ops.array": "depth_to_space space_to_batch space_to_depth",
    "minitf.ops.ranking": "in_top_k top_k",
    "minitf.ops.embedding": "embedding_lookup embedding_lookup_sparse",
    "minitf.ops.safe_embedding": "safe_embedding_lookup_sparse",
    "minitf.ops.candidates": "compute_accidental_hits log_uniform_candidate_sampler "
    "uniform_candidate_sampler",
    "minitf.ops.ctc": "ctc_beam_search_decoder ctc_beam_search_decoder_v2 ctc_greedy_decoder "
    "ctc_loss",
    "minitf.ops.sampled": "nce_loss sampled_softmax_loss",
    "minitf.rnn": "bidirectional_dynamic_rnn dynamic_rnn static_bidirectional_rnn static_rnn",
    "minitf.raw_rnn": "raw_rnn",
    "minitf.ops.dropout": "dropout",
    "minitf.ops.moments": "batch_norm_with_global_normalization batch_normalization l2_loss "
    "l2_normalize moments normalize_moments sufficient_statistics weighted_moments",
}

__all__ = sorted([*names_of(_NAMES), "rnn_cell"])  # pyright: ignore
_find = getter(__name__, _NAMES)


def __getattr__(name: str) -> object:
    import minitf.ops.math  # tensors' operators, whatever is used first

    if name == "rnn_cell":
        import minitf.rnn_cell

        return minitf.rnn_cell
    return _find(name)


def __dir__() -> list[str]:
    return __all__
