"""tf.train.Saver: a graph's variables into checkpoints and back."""

from __future__ import annotations

import logging
import os
import shutil
import time
from typing import Any

import numpy as np

from minitf import errors, meta_graph
from minitf.graph import GraphKeys, get_collection, get_default_graph
from minitf.runtime.session import BaseSession
from minitf.train import checkpoint_state, saver_nodes
from minitf.train.files import path_text
from minitf.train.saver_nodes import SaveableObject
from minitf.train.training_util import global_step as value_of_step
from minitf.variable_parts import with_scope, without_scope

_log = logging.getLogger("minitf")
_NAMES = ("filename_tensor_name", "save_tensor_name", "restore_op_name")


class Saver:
    """Saves and restores variables: all, a list, or a dict of the names they have in checkpoints.

    It adds nodes for both (`save/SaveV2`, `save/restore_all`) when it is made, or at `build()` with
    `defer_build`. It keeps the last `max_to_keep` checkpoints, and one of every
    `keep_checkpoint_every_n_hours`. Raises ValueError where there is nothing to save, unless
    `allow_empty`, and where two variables have the same name; TypeError for what is no variable.
    """

    def __init__(
        self,
        var_list: Any = None,
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000.0,
        name: str | None = None,
        restore_sequentially: bool = False,
        saver_def: Any = None,
        builder: Any = None,
        defer_build: bool = False,
        allow_empty: bool = False,
        write_version: int = 2,
        pad_step_number: bool = False,
        save_relative_paths: bool = False,
        filename: str | None = None,
    ) -> None:
        if defer_build and var_list:
            raise ValueError(
                "If `var_list` is provided then build cannot be deferred. Either set "
                "defer_build=False or var_list=None."
            )
        if write_version != 2 or builder is not None:
            raise NotImplementedError(
                "minitf writes checkpoints of TensorFlow's version V2, by its own builder: leave "
                "write_version and builder out"
            )
        self._var_list = var_list
        self._reshape = reshape
        self._sharded = sharded
        self._max_to_keep = max_to_keep
        self._hours = keep_checkpoint_every_n_hours
        self._name = name
        self.saver_def = saver_def
        self._allow_empty = allow_empty
        self._pad_step_number = pad_step_number
        self._save_relative_paths = save_relative_paths
        self._filename = filename
        self._is_built = False
        self._is_empty = False
        self._last_checkpoints: list[tuple[str, float]] = []
        self._to_be_deleted: list[tuple[str, float]] = []
        if not defer_build:
            self.build()
        elif saver_def:
            self._check_saver_def()

    def build(self) -> None:
        """Adds the nodes, unless they are there."""
        if self._is_built:
            return
        self._is_built = True
        if self.saver_def is None:
            variables = self._var_list
            if variables is None:
                variables = self._var_list = saveable_variables()
            if not variables:
                if not self._allow_empty:
                    raise ValueError("No variables to save")
                self._is_empty = True
                return
            self.saver_def = self._build_nodes(variables)
        elif self._name:
            for field in _NAMES:
                scoped = with_scope(getattr(self.saver_def, field), self._name)
                setattr(self.saver_def, field, scoped)
        self._check_saver_def()
        self._next_kept = time.time() + self.saver_def.keep_checkpoint_every_n_hours * 3600

    def _build_nodes(self, variables: Any) -> Any:
        from tensorboard.compat.proto.saver_pb2 import SaverDef

        names = saver_nodes.build(
            variables, self._reshape, self._sharded, self._filename, self._name
        )
        return SaverDef(
            **dict(zip(_NAMES, names, strict=True)),
            max_to_keep=self._max_to_keep or 0,
            sharded=self._sharded,
            keep_checkpoint_every_n_hours=self._hours,
            version=SaverDef.V2,
        )

    def _check_saver_def(self) -> None:
        from tensorboard.compat.proto.saver_pb2 import SaverDef

        if not isinstance(self.saver_def, SaverDef):
            raise ValueError(f"saver_def must be a saver_pb2.SaverDef: {self.saver_def}")
        for field in _NAMES[1:]:
            if not getattr(self.saver_def, field):
                raise ValueError(f"saver_def must specify the {field}: {self.saver_def}")

    # protocol buffers

    def as_saver_def(self) -> Any:
        """The names of the saver's nodes and its settings as a SaverDef."""
        return self.saver_def

    def to_proto(self, export_scope: str | None = None) -> Any:
        """The SaverDef as it is named outside `export_scope`; None unless all of it lies there."""
        if export_scope is None:
            return self.saver_def
        scoped = type(self.saver_def)()
        scoped.CopyFrom(self.saver_def)
        for field in _NAMES:
            name = getattr(scoped, field)
            if not name.startswith(export_scope):
                return None
            setattr(scoped, field, without_scope(name, export_scope))
        return scoped

    @staticmethod
    def from_proto(saver_def: Any, import_scope: str | None = None) -> Saver:
        """The saver whose nodes a SaverDef names; a new one for None."""
        if saver_def is None:
            return Saver(name=import_scope)
        copy = type(saver_def)()
        copy.CopyFrom(saver_def)
        return Saver(saver_def=copy, name=import_scope)

    # which checkpoints there are

    @property
    def last_checkpoints(self) -> list[str]:
        """The prefixes of the checkpoints kept, the oldest first."""
        return [path for path, _ in self._last_checkpoints]

    def set_last_checkpoints(self, last_checkpoints: list[str]) -> None:
        """Replaces the list of kept checkpoints, by paths; AssertionError unless it is a list."""
        if not isinstance(last_checkpoints, list):
            raise AssertionError(f"last_checkpoints must be a list: {last_checkpoints!r}")
        self._last_checkpoints = [(path, np.inf) for path in last_checkpoints]

    def set_last_checkpoints_with_time(self, last_checkpoints_with_time: Any) -> None:
        """Replaces the list of kept checkpoints, by pairs of path and time in seconds."""
        self._last_checkpoints = last_checkpoints_with_time

    def recover_last_checkpoints(self, checkpoint_paths: Any) -> None:
        """Replaces the list of kept checkpoints by those of the paths that are there."""
        found = []
        for path in checkpoint_paths:
            times = checkpoint_state.get_checkpoint_mtimes([path])
            if times:
                found.append((path, times[0]))
        self._last_checkpoints = found

    def _record(self, path: str) -> None:
        if not self.saver_def.max_to_keep:
            return
        self._last_checkpoints = [kept for kept in self._last_checkpoints if kept[0] != path]
        self._last_checkpoints.append((path, time.time()))
        if len(self._last_checkpoints) > self.saver_def.max_to_keep:
            self._to_be_deleted.append(self._last_checkpoints.pop(0))

    def _delete_old(self, meta_graph_suffix: str) -> None:
        """Removes the checkpoint that is one too many, unless it is the one of its hours."""
        if not self._to_be_deleted:
            return
        path, saved_at = self._to_be_deleted.pop(0)
        if saved_at > self._next_kept:
            self._next_kept += self.saver_def.keep_checkpoint_every_n_hours * 3600
            return
        try:
            checkpoint_state.remove_checkpoint(path, self.saver_def.version, meta_graph_suffix)
        except errors.OpError as error:
            _log.warning("Ignoring: %s", error)

    # saving and restoring

    def save(
        self,
        sess: Any,
        save_path: str,
        global_step: Any = None,
        latest_filename: str | None = None,
        meta_graph_suffix: str = "meta",
        write_meta_graph: bool = True,
        write_state: bool = True,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> str | None:
        """Writes a checkpoint at `save_path`, or `save_path-global_step`; gives its prefix.

        Also writes the graph (`.meta`) and the folder's list of checkpoints. Raises ValueError
        where the folder is missing, and the errors of the file system as TensorFlow's.
        """
        if not self._is_built:
            raise RuntimeError("`build()` should be called before save if defer_build==True")
        latest_filename = latest_filename or "checkpoint"
        if os.path.split(latest_filename)[0]:
            raise ValueError("'latest_filename' must not contain path components")
        save_path = path_text(save_path)
        prefix = self._prefix(sess, save_path, global_step, latest_filename)
        if not isinstance(sess, BaseSession):
            raise TypeError(f"'sess' must be a Session; {sess}")
        saved = None
        if not self._is_empty:
            try:
                saved = self._write(sess, prefix)
                if write_state:
                    self._write_state(os.path.dirname(save_path), saved, latest_filename)
                    self._delete_old(meta_graph_suffix)
            except (errors.FailedPreconditionError, errors.NotFoundError):
                if not os.path.isdir(os.path.dirname(save_path) or "."):
                    message = f"Parent directory of {save_path} doesn't exist, can't save."
                    raise ValueError(message) from None
                raise
        if write_meta_graph:
            with sess.graph.as_default():
                self.export_meta_graph(
                    checkpoint_state.meta_graph_filename(prefix, meta_graph_suffix),
                    strip_default_attrs=strip_default_attrs,
                )
        return saved

    def _prefix(self, sess: Any, path: str, step: Any, latest_filename: str) -> str:
        if step is None:
            if os.path.basename(path) == latest_filename and not self._sharded:
                raise ValueError(
                    f"'latest_filename' collides with 'save_path': '{latest_filename}' and '{path}'"
                )
            return path
        if not isinstance(step, (int, np.integer)):
            step = value_of_step(sess, step)
        return f"{path}-{step:08d}" if self._pad_step_number else f"{path}-{step:d}"

    def _write(self, sess: Any, prefix: str) -> str:
        feed = {self.saver_def.filename_tensor_name: prefix}
        try:
            return os.fsdecode(sess.run(self.saver_def.save_tensor_name, feed))
        except BaseException:
            if self.saver_def.sharded:  # shards that were finished would only take room
                shutil.rmtree(f"{prefix}_temp", ignore_errors=True)
            raise

    def _write_state(self, folder: str, saved: str, latest_filename: str) -> None:
        self._record(saved)
        checkpoint_state.update_checkpoint_state(
            folder,
            saved,
            self.last_checkpoints,
            latest_filename,
            save_relative_paths=self._save_relative_paths,
        )

    def export_meta_graph(
        self,
        filename: str | None = None,
        collection_list: Any = None,
        as_text: bool = False,
        export_scope: str | None = None,
        clear_devices: bool = False,
        clear_extraneous_savers: bool = False,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> Any:
        """The default graph with this saver as a MetaGraphDef, also written to `filename`."""
        return meta_graph.export_meta_graph(
            filename=filename,
            graph_def=get_default_graph().as_graph_def(add_shapes=True),
            saver_def=self.saver_def,
            collection_list=collection_list,
            as_text=as_text,
            export_scope=export_scope,
            clear_devices=clear_devices,
            clear_extraneous_savers=clear_extraneous_savers,
            strip_default_attrs=strip_default_attrs,
        )

    def restore(self, sess: Any, save_path: str) -> None:
        """Gives the variables the values that the checkpoint at `save_path` holds.

        Raises ValueError where there is no checkpoint, NotFoundError where it lacks a variable,
        InvalidArgumentError where shapes or types differ, DataLossError where it is damaged.
        """
        if self._is_empty:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        prefix = path_text(save_path)
        if not checkpoint_state.checkpoint_exists(prefix):
            raise ValueError(f"The passed save_path is not a valid checkpoint: {prefix}")
        _log.info("Restoring parameters from %s", prefix)
        try:
            sess.run(self.saver_def.restore_op_name, {self.saver_def.filename_tensor_name: prefix})
        except errors.NotFoundError as error:
            cause = "a Variable name or other graph key that is missing"
            raise _restore_error(error, cause) from error
        except errors.InvalidArgumentError as error:
            cause = "a mismatch between the current graph and the graph"
            raise _restore_error(error, cause) from error


def saveable_variables(scope: str | None = None) -> list[Any]:
    """All that a saver saves by default: global variables and saveable objects."""
    return get_collection(GraphKeys.GLOBAL_VARIABLES, scope) + get_collection(
        GraphKeys.SAVEABLE_OBJECTS, scope
    )


def _restore_error(error: Any, cause: str) -> Exception:
    return type(error)(
        error.node_def,
        error.op,
        f"Restoring from checkpoint failed. This is most likely due to {cause} from the "
        "checkpoint. Please ensure that you have not altered the graph expected based on the "
        f"checkpoint. Original error:\n\n{error.message}",
    )


def import_meta_graph(
    meta_graph_or_file: Any,
    clear_devices: bool = False,
    import_scope: str | None = None,
    **kwargs: Any,
) -> Saver | None:
    """Adds a MetaGraphDef's graph and collections; gives its saver, or None where it has none.

    Raises OSError where there is no such file, ValueError for one that holds no sound graph.
    """
    definition, variables, _ = meta_graph.import_scoped_meta_graph(
        meta_graph_or_file, clear_devices=clear_devices, import_scope=import_scope, **kwargs
    )
    if definition.HasField("saver_def"):
        scope = import_scope
        for name, variable in variables.items():
            scope = variable.name[: -len(name)]  # where the name was taken, another was used
            break
        return Saver.from_proto(definition.saver_def, scope)
    if saveable_variables(import_scope):
        return Saver()
    _log.info("Saver not created because there are no variables in the graph to restore")
    return None


meta_graph.register_collection(
    GraphKeys.SAVERS, "tensorboard.compat.proto.saver_pb2", "SaverDef", Saver.from_proto
)

__all__ = ["SaveableObject", "Saver", "import_meta_graph"]
