"""What to use instead of those names of TensorFlow 1 that are not here."""

_INSTEAD = {
    "contrib.learn": "build the graph and run it in a tf.Session",
    "contrib.framework": "tf.train and tf.variable_scope",
    "estimator": "build the graph and run it in a tf.train.MonitoredTrainingSession",
    "distribute": "minitf runs in one process",
    "feature_column": "make the features in NumPy and feed them",
    "lite": "tf.saved_model and tf.graph_util write a model for other programs",
    "tpu": "minitf runs on CPUs",
    "xla": "minitf compiles a program that runs often by itself",
    "autograph": "tf.cond and tf.while_loop",
    "GradientTape": "tf.gradients",
    "Module": "a Python class or tf.make_template",
    "RaggedTensor": "tf.SparseTensor, or a tensor with the rows' lengths",
    "TensorSpec": "tf.placeholder",
    "py_function": "tf.py_func",
    "enable_v2_behavior": "minitf is graph mode only: run tensors in a tf.Session",
    "enable_resource_variables": "variables are TensorFlow 1's reference variables",
    "wrap_function": "a Python function that builds nodes does the same in graph mode",
    "vectorized_map": "tf.map_fn",
    "load_op_library": "an op is a Python class: see CONTRIBUTING.md",
    "enable_eager_execution": "minitf is graph mode only: run tensors in a tf.Session",
    "function": "a Python function that builds nodes does the same in graph mode",
    "initializers_v2": "tf.initializers",
    "train.ClusterDef": "minitf runs in one process",
    "train.SyncReplicasOptimizer": "minitf runs in one process: the optimizer itself",
    "train.Server": "minitf runs in one process: tf.Session()",
    "train.ClusterSpec": "minitf runs in one process",
    "train.replica_device_setter": "minitf runs in one process: tf.device",
}


def explained(name: str) -> str:
    """The message for a name under tf that is not here, such as "train.Server"."""
    instead = _INSTEAD.get(name)
    if instead is None and name.startswith("contrib."):  # what stands for the module as a whole
        instead = _INSTEAD.get(".".join(name.split(".")[:2]))
    return f"minitf has no tf.{name}" + (f"; instead: {instead}" if instead else "")
