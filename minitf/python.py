"""TensorFlow's internal modules, which many programs import from (tf.python).

`from minitf.python.framework import ops` gives a module whose names are looked up among the
public ones: `ops.reset_default_graph`, `array_ops.identity`.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

# Each module, and where its names are: the public namespaces and modules of this package.
_MODULES = {
    "client": (),
    "client.session": ("minitf",),
    "client.timeline": ("minitf.timeline",),
    "framework": (),
    "framework.constant_op": ("minitf",),
    "framework.dtypes": ("minitf.dtypes",),
    "framework.errors": ("minitf.errors",),
    "framework.graph_util": ("minitf.graph_util",),
    "framework.ops": ("minitf", "minitf.graph"),
    "framework.smart_cond": ("minitf.layers.base",),
    "framework.random_seed": ("minitf.random_seed",),
    "framework.tensor_shape": ("minitf.shape",),
    "framework.tensor_util": ("minitf.infer", "minitf"),
    "layers": (),
    "layers.core": ("minitf.layers.core",),
    "layers.layers": ("minitf.layers",),
    "layers.utils": ("minitf.layers.base",),
    "ops": (),
    "ops.array_ops": ("minitf",),
    "ops.check_ops": ("minitf",),
    "ops.clip_ops": ("minitf",),
    "ops.control_flow_ops": ("minitf",),
    "ops.embedding_ops": ("minitf.nn",),
    "ops.gradients_impl": ("minitf",),
    "ops.init_ops": ("minitf", "minitf.initializers"),
    "ops.linalg_ops": ("minitf", "minitf.linalg"),
    "ops.logging_ops": ("minitf",),
    "ops.lookup_ops": ("minitf.contrib.lookup", "minitf.tables", "minitf.table_initializers"),
    "ops.math_ops": ("minitf", "minitf.math"),
    "ops.nn": ("minitf.nn",),
    "ops.nn_ops": ("minitf.nn",),
    "ops.random_ops": ("minitf", "minitf.random"),
    "ops.rnn": ("minitf.nn",),
    "ops.rnn_cell": ("minitf.rnn_cell",),
    "ops.rnn_cell_impl": ("minitf.rnn_cell",),
    "ops.script_ops": ("minitf",),
    "ops.sparse_ops": ("minitf", "minitf.sparse"),
    "ops.state_ops": ("minitf",),
    "ops.string_ops": ("minitf", "minitf.strings"),
    "ops.tensor_array_ops": ("minitf",),
    "ops.variable_scope": ("minitf",),
    "ops.variables": ("minitf",),
    "platform": (),
    "platform.app": ("minitf.app",),
    "platform.flags": ("minitf.flags",),
    "platform.gfile": ("minitf.gfile",),
    "platform.tf_logging": ("minitf.logging",),
    "saved_model": (),
    "saved_model.builder": ("minitf.saved_model.builder",),
    "saved_model.constants": ("minitf.saved_model.constants",),
    "saved_model.loader": ("minitf.saved_model.loader",),
    "saved_model.main_op": ("minitf.saved_model.main_op",),
    "saved_model.signature_constants": ("minitf.saved_model.signature_constants",),
    "saved_model.signature_def_utils": ("minitf.saved_model.signature_def_utils",),
    "saved_model.tag_constants": ("minitf.saved_model.tag_constants",),
    "saved_model.utils": ("minitf.saved_model.utils",),
    "summary": (),
    "summary.summary": ("minitf.summary",),
    "tools": (),
    "tools.inspect_checkpoint": ("minitf.train.inspect_checkpoint",),
    "training": (),
    "training.basic_session_run_hooks": ("minitf.train",),
    "training.coordinator": ("minitf.train",),
    "training.monitored_session": ("minitf.train",),
    "training.moving_averages": ("minitf.train",),
    "training.optimizer": ("minitf.train",),
    "training.queue_runner": ("minitf.train",),
    "training.saver": ("minitf.train",),
    "training.session_manager": ("minitf.train",),
    "training.session_run_hook": ("minitf.train",),
    "training.supervisor": ("minitf.train",),
    "training.training": ("minitf.train",),
    "training.training_util": ("minitf.train",),
    "util": (),
    "util.compat": ("minitf.compat",),
    "util.nest": ("minitf.nest",),
}


class _Module(types.ModuleType):
    """A module without names of its own."""

    def __init__(self, name: str, sources: tuple[str, ...]) -> None:
        super().__init__(name, f"What programs import from TensorFlow's {name[len('minitf.') :]}.")
        self.__path__: list[str] = []
        self._sources = sources

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__"):
            for source in self._sources:
                try:
                    return getattr(importlib.import_module(source), name)
                except AttributeError:
                    pass
        raise AttributeError(f"minitf has no tf.{self.__name__[len('minitf.') :]}.{name}")


__path__: list[str] = []
for _name, _sources in _MODULES.items():
    _outer, _, _last = f"{__name__}.{_name}".rpartition(".")
    sys.modules[f"{__name__}.{_name}"] = _Module(f"{__name__}.{_name}", _sources)
    setattr(sys.modules[_outer], _last, sys.modules[f"{__name__}.{_name}"])
