"""Loading SavedModels: a graph by its tags, with its variables' values (tf.saved_model.loader)."""

from __future__ import annotations

import logging
import os
from typing import Any

from minitf.errors import NotFoundError
from minitf.graph import get_collection, get_default_graph
from minitf.saved_model import constants
from minitf.train.saver import Saver, import_meta_graph, saveable_variables
from minitf.variable_parts import with_scope

_log = logging.getLogger("minitf")


def maybe_saved_model_directory(export_dir: Any) -> bool:
    """Whether the folder holds a SavedModel."""
    return any(
        os.path.exists(os.path.join(os.fsdecode(export_dir), name))
        for name in (constants.SAVED_MODEL_FILENAME_PBTXT, constants.SAVED_MODEL_FILENAME_PB)
    )


contains_saved_model = maybe_saved_model_directory


def load(
    sess: Any, tags: Any, export_dir: Any, import_scope: str | None = None, **saver_kwargs: Any
) -> Any:
    """Adds the graph with exactly these tags to the session's, and restores its variables there.

    Gives its MetaGraphDef. Raises OSError where there is no SavedModel or it is damaged,
    RuntimeError where no graph has these tags.
    """
    export_dir = os.fsdecode(export_dir)
    meta = _tagged(_parsed(export_dir), tags)
    with sess.graph.as_default():
        saver = import_meta_graph(meta, import_scope=import_scope, **saver_kwargs)
        if isinstance(saver, Saver):
            folder = os.path.join(export_dir, constants.VARIABLES_DIRECTORY)
            saver.restore(sess, os.path.join(folder, constants.VARIABLES_FILENAME))
        elif not saveable_variables(import_scope):
            _log.info("The specified SavedModel has no variables; no checkpoints were restored.")
        init_op = _init_op(meta, import_scope)
        if init_op is not None:
            sess.run([init_op], _assets(export_dir, meta, import_scope))
    return meta


def _parsed(export_dir: str) -> Any:
    from google.protobuf import text_format
    from google.protobuf.message import DecodeError

    from minitf.saved_model.protos import SavedModel

    path = os.path.join(export_dir, constants.SAVED_MODEL_FILENAME_PB)
    text_path = os.path.join(export_dir, constants.SAVED_MODEL_FILENAME_PBTXT)
    if not maybe_saved_model_directory(export_dir):
        names = f"{constants.SAVED_MODEL_FILENAME_PBTXT}|{constants.SAVED_MODEL_FILENAME_PB}"
        raise OSError(f"SavedModel file does not exist at: {export_dir}{os.path.sep}{{{names}}}")
    if not os.path.exists(path):
        path = text_path
    with open(path, "rb") as file:
        data = file.read()
    try:
        if path == text_path:
            return text_format.Parse(data.decode(), SavedModel())
        return SavedModel.FromString(data)
    except (DecodeError, text_format.ParseError, UnicodeDecodeError) as error:
        raise OSError(f"Cannot parse file {path}: {error}.") from error


def _tagged(saved_model: Any, tags: Any) -> Any:
    """The graph with exactly these tags."""
    available = []
    for meta in saved_model.meta_graphs:
        available.append(set(meta.meta_info_def.tags))
        if available[-1] == set(tags):
            return meta
    raise RuntimeError(
        f"MetaGraphDef associated with tags {str(tags).strip('[]')} could not be found in "
        f"SavedModel, with available tags '{available}'."
    )


def _init_op(meta: Any, scope: str | None) -> Any:
    """The op to run after loading, or None."""
    key = constants.INIT_OP_SIGNATURE_KEY
    if key in meta.signature_def:
        name = meta.signature_def[key].outputs[key].name
        try:
            return get_default_graph().as_graph_element(with_scope(name, scope))
        except KeyError:
            message = f'The key "{key}" could not be found in the graph.'
            raise NotFoundError(None, None, message) from None
    for key in (constants.MAIN_OP_KEY, constants.LEGACY_INIT_OP_KEY):
        if key in meta.collection_def:
            found = meta.collection_def[key].node_list.value
            if len(found) != 1:
                raise RuntimeError(
                    f"Expected exactly one SavedModel init op. Found {len(found)}: {found}."
                )
            return get_collection(key)[0]
    return None


def _assets(export_dir: str, meta: Any, scope: str | None) -> dict[str, bytes]:
    """Where the model's files lie now, by the names of the tensors that hold their paths."""
    from tensorboard.compat.proto.meta_graph_pb2 import AssetFileDef

    assets = list(meta.asset_file_def)
    if not assets and constants.ASSETS_KEY in meta.collection_def:
        packed = meta.collection_def[constants.ASSETS_KEY].any_list.value
        assets = [AssetFileDef.FromString(item.value) for item in packed]
    folder = os.path.join(export_dir, constants.ASSETS_DIRECTORY)
    return {
        with_scope(asset.tensor_info.name, scope): os.fsencode(os.path.join(folder, asset.filename))
        for asset in assets
    }
