"""minitf: TensorFlow 1's graph mode, small enough to read and true enough to trust.

Every public name stands below, by the module that defines it. A module is loaded when one of its
names is first used, so that `import minitf` takes no longer than importing NumPy.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

_NAMES = {
    "minitf.dtypes": "DType as_dtype bfloat16 bool complex64 complex128 double float16 float32 "
    "float64 half int8 int16 int32 int64 qint8 qint16 qint32 quint8 quint16 resource string uint8 "
    "uint16 uint32 uint64 variant",
    "minitf.errors": "OpError",
    "minitf.messages": "get_logger",
    "minitf.shape": "Dimension TensorShape dimension_at_index dimension_value",
    "minitf.device": "DeviceSpec",
    "minitf.tensor": "Operation Tensor",
    "minitf.graph_keys": "GraphKeys",
    "minitf.version": "GRAPH_DEF_VERSION GRAPH_DEF_VERSION_MIN_CONSUMER "
    "GRAPH_DEF_VERSION_MIN_PRODUCER",
    "minitf.graph": "Graph add_to_collection add_to_collections colocate_with container "
    "control_dependencies device get_all_collection_keys get_collection get_collection_ref "
    "get_default_graph get_default_session name_scope op_scope reset_default_graph",
    "minitf.proto": "make_ndarray",
    "minitf.arrays": "make_tensor_proto",
    "minitf.infer": "get_static_value",
    "minitf.op": "convert_to_tensor register_tensor_conversion_function",
    "minitf.ops.array": "batch_gather batch_to_space batch_to_space_nd bitcast boolean_mask "
    "broadcast_dynamic_shape broadcast_static_shape broadcast_to check_numerics concat constant "
    "depth_to_space diag diag_part dynamic_partition dynamic_stitch ensure_shape expand_dims eye "
    "fill gather gather_nd guarantee_const identity identity_n invert_permutation lin_space "
    "linspace matrix_band_part matrix_diag matrix_diag_part matrix_set_diag matrix_transpose "
    "meshgrid newaxis one_hot ones ones_like pad parallel_stack placeholder "
    "placeholder_with_default range rank repeat required_space_to_batch_paddings reshape reverse "
    "reverse_sequence reverse_v2 roll scatter_nd searchsorted sequence_mask setdiff1d shape "
    "shape_n size slice space_to_batch space_to_batch_nd space_to_depth sparse_to_dense split "
    "squeeze stack stop_gradient strided_slice tensor_diag tensor_diag_part tensor_scatter_add "
    "tensor_scatter_max tensor_scatter_min tensor_scatter_nd_add tensor_scatter_nd_max "
    "tensor_scatter_nd_min tensor_scatter_nd_sub tensor_scatter_nd_update tensor_scatter_sub "
    "tensor_scatter_update tile trace transpose unique unique_with_counts unstack where where_v2 "
    "zeros zeros_like",
    "minitf.ops.math": "count_nonzero reduce_logsumexp",
    "minitf.ops.arithmetic": "accumulate_n add add_n maximum minimum multiply negative scalar_mul "
    "squared_difference subtract",
    "minitf.ops.division": "div div_no_nan divide floor_div floordiv floormod mod realdiv truediv "
    "truncatediv truncatemod",
    "minitf.ops.elementwise": "ceil exp expm1 floor log log1p reciprocal rint round rsqrt sigmoid "
    "sqrt square tanh",
    "minitf.ops.trigonometry": "acos acosh asin asinh atan atan2 atanh cos cosh sin sinh tan",
    "minitf.ops.powers": "pow",
    "minitf.ops.complex_numbers": "abs angle complex imag real sign",
    "minitf.ops.casts": "cast conj to_bfloat16 to_complex128 to_complex64 to_double to_float "
    "to_int32 to_int64",
    "minitf.ops.logic": "equal greater greater_equal is_finite is_inf is_nan less less_equal "
    "logical_and logical_not logical_or logical_xor not_equal",
    "minitf.ops.positions": "arg_max arg_min argmax argmin",
    "minitf.ops.reductions": "reduce_all reduce_any reduce_max "
    "reduce_mean reduce_min reduce_prod reduce_sum",
    "minitf.ops.activations": "log_sigmoid",
    "minitf.ops.sorting": "argsort sort",
    "minitf.ops.clipping": "clip_by_average_norm clip_by_global_norm clip_by_norm clip_by_value "
    "global_norm saturate_cast",
    "minitf.ops.special": "betainc digamma erf erfc igamma igammac lbeta lgamma polygamma zeta",
    "minitf.ops.cumulative": "cumprod cumsum",
    "minitf.sparse_tensor": "SparseTensor SparseTensorValue convert_to_tensor_or_sparse_tensor "
    "is_tensor",
    "minitf.ops.sparse": "sparse_placeholder sparse_reorder sparse_retain "
    "sparse_tensor_dense_matmul sparse_tensor_to_dense sparse_transpose",
    "minitf.ops.fourier": "fft fft2d fft3d ifft ifft2d ifft3d",
    "minitf.ops.sparse_sums": "sparse_add sparse_maximum sparse_minimum sparse_reduce_max "
    "sparse_reduce_max_sparse sparse_reduce_sum sparse_reduce_sum_sparse",
    "minitf.ops.sparse_parts": "sparse_mask sparse_slice sparse_softmax sparse_split "
    "sparse_to_indicator",
    "minitf.ops.sparse_segments": "sparse_segment_mean sparse_segment_sqrt_n sparse_segment_sum",
    "minitf.ops.edit_distance": "edit_distance",
    "minitf.ops.patches": "extract_image_patches",
    "minitf.ops.segments": "segment_max segment_mean segment_min segment_prod segment_sum "
    "unsorted_segment_max unsorted_segment_mean unsorted_segment_min unsorted_segment_prod "
    "unsorted_segment_sqrt_n unsorted_segment_sum",
    "minitf.ops.products": "cross einsum tensordot",
    "minitf.ops.counting": "bincount histogram_fixed_width histogram_fixed_width_bins",
    "minitf.ops.confusion": "confusion_matrix",
    "minitf.ops.solving": "cholesky cholesky_solve matrix_determinant matrix_inverse matrix_solve "
    "matrix_solve_ls matrix_triangular_solve",
    "minitf.ops.linalg": "norm qr self_adjoint_eig self_adjoint_eigvals svd",
    "minitf.ops.matmul": "matmul sparse_matmul",
    "minitf.ops.control": "Assert Print TensorArray add_check_numerics_ops assert_equal "
    "assert_greater assert_greater_equal assert_integer assert_less assert_less_equal assert_near "
    "assert_negative assert_non_negative assert_non_positive assert_none_equal assert_positive "
    "assert_proper_iterable assert_rank assert_rank_at_least assert_rank_in "
    "assert_same_float_dtype assert_scalar assert_type case cond foldl foldr group "
    "is_non_decreasing is_numeric_tensor is_strictly_increasing map_fn no_op numpy_function "
    "print py_func scan "
    "switch_case tuple verify_tensor_all_finite while_loop",
    "minitf.custom_gradient": "custom_gradient",
    "minitf.second_order": "hessians",
    "minitf.gradients": "AggregationMethod NoGradient NotDifferentiable RegisterGradient "
    "UnconnectedGradients gradients",
    "minitf.ops.state": "assign assign_add assign_sub count_up_to",
    "minitf.ops.scatter": "scatter_add scatter_div scatter_max scatter_min scatter_mul "
    "scatter_nd_add scatter_nd_sub scatter_nd_update scatter_sub scatter_update",
    "minitf.ops.random": "multinomial random_gamma random_normal random_poisson "
    "random_shuffle random_uniform truncated_normal",
    "minitf.indexed_slices": "IndexedSlices IndexedSlicesValue convert_to_tensor_or_indexed_slices",
    "minitf.ops.random_crop": "random_crop",
    "minitf.ops.session_handles": "delete_session_tensor get_session_handle get_session_tensor",
    "minitf.ops.scatter_batch": "batch_scatter_update",
    "minitf.random_seed": "get_seed set_random_seed",
    "minitf.variables": "Variable",
    "minitf.variable_parts": "VariableAggregation VariableSynchronization",
    "minitf.initialization": "all_variables assert_variables_initialized global_variables "
    "global_variables_initializer initialize_all_tables initialize_all_variables "
    "initialize_local_variables initialize_variables is_variable_initialized local_variables "
    "local_variables_initializer model_variables moving_average_variables "
    "report_uninitialized_variables tables_initializer trainable_variables variables_initializer",
    # get_variable_scope_stack and get_variable_store are minitf's own: widgets look through them.
    "minitf.variable_scope": "VariableScope create_partitioned_variables get_local_variable "
    "get_variable get_variable_scope get_variable_scope_stack get_variable_store no_regularizer "
    "variable_creator_scope variable_op_scope variable_scope",
    "minitf.variable_store": "AUTO_REUSE",
    "minitf.template": "make_template",
    "minitf.partitioned_variables": "fixed_size_partitioner min_max_variable_partitioner "
    "variable_axis_size_partitioner",
    "minitf.initial_values": "constant_initializer glorot_normal_initializer "
    "glorot_uniform_initializer ones_initializer orthogonal_initializer random_normal_initializer "
    "random_uniform_initializer truncated_normal_initializer uniform_unit_scaling_initializer "
    "variance_scaling_initializer zeros_initializer",
    "minitf.graph_def": "import_graph_def",
    "minitf.compat": "control_flow_v2_enabled disable_control_flow_v2 disable_eager_execution "
    "disable_resource_variables disable_tensor_equality disable_v2_behavior "
    "disable_v2_tensorshape executing_eagerly resource_variables_enabled",
    "minitf.ops.strings": "reduce_join string_join string_strip substr",
    "minitf.ops.regexes": "regex_replace",
    "minitf.ops.splitting": "string_split",
    "minitf.ops.parsing": "as_string decode_csv string_to_number",
    "minitf.ops.encodings": "decode_base64 decode_raw encode_base64",
    "minitf.ops.hashing": "string_to_hash_bucket string_to_hash_bucket_fast "
    "string_to_hash_bucket_strong",
    "minitf.ops.features": "FixedLenFeature FixedLenSequenceFeature SparseFeature VarLenFeature "
    "parse_example parse_single_example parse_single_sequence_example",
    "minitf.ops.serializing": "decode_compressed decode_json_example parse_tensor serialize_tensor",
    "minitf.ops.sparse_merging": "sparse_merge",
    "minitf.ops.sparse_rows": "sparse_concat sparse_fill_empty_rows sparse_reshape",
    "minitf.ops.unraveling": "unravel_index",
    "minitf.ops.io": "matching_files read_file write_file",
    "minitf.queues": "FIFOQueue FixedLengthRecordReader IdentityReader PaddingFIFOQueue QueueBase "
    "RandomShuffleQueue ReaderBase TFRecordReader TextLineReader WholeFileReader",
    "minitf.runtime.session": "InteractiveSession Session",
    "minitf.runtime.fetches": "register_session_run_conversion_functions",
    # TensorFlow's own messages, as TensorBoard carries them.
    "tensorboard.compat.proto.config_pb2": "ConfigProto GPUOptions GraphOptions OptimizerOptions "
    "RunMetadata RunOptions",
    "tensorboard.compat.proto.graph_pb2": "GraphDef",
    "tensorboard.compat.proto.node_def_pb2": "NodeDef",
    "tensorboard.compat.proto.attr_value_pb2": "AttrValue NameAttrList",
    "tensorboard.compat.proto.meta_graph_pb2": "MetaGraphDef TensorInfo",
    "tensorboard.compat.proto.summary_pb2": "HistogramProto Summary SummaryMetadata",
    "tensorboard.compat.proto.event_pb2": "Event LogMessage SessionLog",
}

# Modules of public names under tf: `tf.nn.relu`.
_NAMESPACES = {
    "app": "minitf.app",
    "flags": "minitf.flags",
    "logging": "minitf.logging",
    "lookup": "minitf.lookup",
    "gfile": "minitf.gfile",
    "graph_util": "minitf.graph_util",
    "compat": "minitf.compat",
    "test": "minitf.test",
    "bitwise": "minitf.bitwise",
    "contrib": "minitf.contrib",
    "data": "minitf.data",
    "debugging": "minitf.debugging",
    "distributions": "minitf.distributions",
    "examples": "minitf.examples",
    "errors": "minitf.errors",
    "dtypes": "minitf.dtypes",
    "initializers": "minitf.initializers",
    "layers": "minitf.layers",
    "image": "minitf.image",
    "io": "minitf.io",
    "keras": "minitf.keras",
    "linalg": "minitf.linalg",
    "losses": "minitf.losses",
    "manip": "minitf.manip",
    "math": "minitf.math",
    "metrics": "minitf.metrics",
    "nn": "minitf.nn",
    "python": "minitf.python",
    "python_io": "minitf.python_io",
    "queue": "minitf.queue",
    "random": "minitf.random",
    "raw_ops": "minitf.raw_ops",
    "saved_model": "minitf.saved_model",
    "summary": "minitf.summary",
    "signal": "minitf.signal",
    "spectral": "minitf.signal",
    "sparse": "minitf.sparse",
    "sets": "minitf.sets",
    "strings": "minitf.strings",
    "train": "minitf.train",
    "version": "minitf.version",
}

__version__ = VERSION = "2.21.0"  # of the TensorFlow whose compat.v1 this is like

_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = sorted([*_MODULE_OF, *_NAMESPACES])  # pyright: ignore


def __getattr__(name: str) -> Any:
    if name in _NAMESPACES:
        value = importlib.import_module(_NAMESPACES[name])
    elif name in _MODULE_OF:
        # Tensors' operators and constants are made by these two, whatever is used first.
        importlib.import_module("minitf.ops.math")
        value = getattr(importlib.import_module(_MODULE_OF[name]), name)
    else:
        from minitf.absent_names import explained

        raise AttributeError(explained(name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


class _PublicNames(types.ModuleType):
    """This package, where a module must not hide the function that bears its name."""

    def __setattr__(self, name: str, value: Any) -> None:
        # Importing minitf.device would make `tf.device` that module, not the function.
        if not (name in _MODULE_OF and isinstance(value, types.ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _PublicNames
