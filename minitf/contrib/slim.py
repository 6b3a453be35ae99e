"""TF-Slim: layers, defaults for their arguments, variables and losses under one roof."""

from minitf import losses
from minitf.contrib.framework import (
    add_arg_scope,
    add_model_variable,
    arg_scope,
    arg_scoped_arguments,
    assign_from_checkpoint_fn,
    create_global_step,
    get_global_step,
    get_model_variables,
    get_or_create_global_step,
    get_trainable_variables,
    get_unique_variable,
    get_variables,
    get_variables_by_name,
    get_variables_by_suffix,
    get_variables_to_restore,
    has_arg_scope,
    model_variable,
    variable,
)
from minitf.contrib.layers import (
    avg_pool2d,
    batch_norm,
    bias_add,
    conv2d,
    conv2d_transpose,
    convolution2d,
    convolution2d_transpose,
    dropout,
    flatten,
    fully_connected,
    l1_l2_regularizer,
    l1_regularizer,
    l2_regularizer,
    layer_norm,
    linear,
    max_pool2d,
    one_hot_encoding,
    repeat,
    softmax,
    stack,
    variance_scaling_initializer,
    xavier_initializer,
)
from minitf.lazy import getter

__all__ = [
    "add_arg_scope", "add_model_variable", "arg_scope", "arg_scoped_arguments",
    "assign_from_checkpoint_fn", "avg_pool2d", "batch_norm", "bias_add", "conv2d",
    "conv2d_transpose", "convolution2d", "convolution2d_transpose", "create_global_step",
    "dropout", "flatten", "fully_connected", "get_global_step", "get_model_variables",
    "get_or_create_global_step", "get_trainable_variables", "get_unique_variable",
    "get_variables", "get_variables_by_name", "get_variables_by_suffix",
    "get_variables_to_restore", "has_arg_scope", "l1_l2_regularizer", "l1_regularizer",
    "l2_regularizer", "layer_norm", "linear", "losses", "max_pool2d", "model_variable",
    "one_hot_encoding", "repeat", "softmax", "stack", "variable", "variance_scaling_initializer",
    "xavier_initializer",
]  # fmt: skip

__getattr__ = getter(__name__, {})
