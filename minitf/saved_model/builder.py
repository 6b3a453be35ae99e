"""Writing SavedModels: graphs with their signatures, variables and files, in one folder."""

from __future__ import annotations

import filecmp
import logging
import os
import shutil
from typing import Any

from minitf.dtypes import string
from minitf.graph import GraphKeys, add_to_collection, get_collection
from minitf.saved_model import constants, signature_constants, tag_constants
from minitf.saved_model.signature_def_utils import predict_signature_def
from minitf.tensor import Operation, Tensor
from minitf.train import files
from minitf.train.saver import Saver, saveable_variables

_log = logging.getLogger("minitf")


class SavedModelBuilder:
    """A SavedModel in the making; `save()` writes its graphs into the folder.

    First comes one graph with the variables' values, then others that use the same variables.
    AssertionError for a folder that is not empty.
    """

    def __init__(self, export_dir: Any) -> None:
        from minitf.saved_model.protos import SavedModel

        self._export_dir = os.fsdecode(export_dir)
        if os.path.isdir(self._export_dir) and os.listdir(self._export_dir):
            raise AssertionError(
                f"Export directory {self._export_dir} already exists, and isn't empty. Please "
                "choose a different export directory, or delete all the contents of the "
                "specified directory."
            )
        _make_folder(self._export_dir)
        self._saved_model = SavedModel(
            saved_model_schema_version=constants.SAVED_MODEL_SCHEMA_VERSION
        )
        self._has_saved_variables = False

    def add_meta_graph_and_variables(
        self,
        sess: Any,
        tags: Any,
        signature_def_map: Any = None,
        assets_collection: Any = None,
        legacy_init_op: Any = None,
        clear_devices: bool = False,
        main_op: Any = None,
        strip_default_attrs: bool = False,
        saver: Any = None,
    ) -> None:
        """Adds the default graph and writes its variables; AssertionError the second time.

        `main_op` runs after loading. The files that `assets_collection` names, constant string
        tensors, are kept with the model.
        """
        if self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has already been saved. Please "
                "invoke `add_meta_graph()` instead."
            )
        _check_signatures(signature_def_map or {})
        self._add_collections(assets_collection, main_op or legacy_init_op)
        folder = os.path.join(self._export_dir, constants.VARIABLES_DIRECTORY)
        _make_folder(folder)
        saver = saver or _new_saver()
        path = os.path.join(folder, constants.VARIABLES_FILENAME)
        saver.save(sess, path, write_meta_graph=False, write_state=False)
        self._add(saver, tags, signature_def_map, clear_devices, strip_default_attrs)
        self._has_saved_variables = True

    def add_meta_graph(
        self,
        tags: Any,
        signature_def_map: Any = None,
        assets_collection: Any = None,
        legacy_init_op: Any = None,
        clear_devices: bool = False,
        main_op: Any = None,
        strip_default_attrs: bool = False,
        saver: Any = None,
    ) -> None:
        """Adds the default graph; AssertionError before `add_meta_graph_and_variables`."""
        if not self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has not been saved yet. Please "
                "invoke `add_meta_graph_and_variables()` first."
            )
        _check_signatures(signature_def_map or {})
        self._add_collections(assets_collection, main_op or legacy_init_op)
        saver = saver or _new_saver()
        self._add(saver, tags, signature_def_map, clear_devices, strip_default_attrs)

    def save(self, as_text: bool = False) -> bytes:
        """Writes the graphs, as text if so asked; gives the file's path."""
        name = (
            constants.SAVED_MODEL_FILENAME_PBTXT if as_text else constants.SAVED_MODEL_FILENAME_PB
        )
        path = os.path.join(self._export_dir, name)
        data = self._saved_model.SerializeToString(deterministic=True)
        files.write_atomically(path, str(self._saved_model).encode() if as_text else data)
        _log.info("SavedModel written to: %s", path)
        return os.fsencode(path)

    def _add(self, saver: Any, tags: Any, signatures: Any, clear: bool, strip: bool) -> None:
        meta = saver.export_meta_graph(clear_devices=clear, strip_default_attrs=strip)
        meta.meta_info_def.tags.extend(tags)
        for key, signature in (signatures or {}).items():
            meta.signature_def[key].CopyFrom(signature)
        self._saved_model.meta_graphs.add().CopyFrom(meta)

    def _add_collections(self, assets: Any, main_op: Any) -> None:
        self._keep_assets(assets or ())
        if main_op is None:
            return
        if not isinstance(main_op, Operation):
            raise TypeError(
                f"Expected {main_op} to be an Operation but got type {type(main_op)} instead."
            )
        for key in (constants.MAIN_OP_KEY, constants.LEGACY_INIT_OP_KEY):
            if get_collection(key):
                raise ValueError(
                    f"Graph already contains one or more main ops under the collection {key}."
                )
        add_to_collection(constants.MAIN_OP_KEY, main_op)

    def _keep_assets(self, assets: Any) -> None:
        """Copies the files that the tensors name, and notes in the graph which is which."""
        kept: dict[str, str] = {}
        for tensor in assets:
            path = _asset_path(tensor)
            name = _asset_name(path, kept)
            add_to_collection(constants.ASSETS_KEY, _packed_asset(name, tensor.name))
            kept[name] = path
        if not kept:
            return
        folder = os.path.join(self._export_dir, constants.ASSETS_DIRECTORY)
        _make_folder(folder)
        for name, path in kept.items():
            if os.path.exists(path):
                shutil.copyfile(path, os.path.join(folder, name))
        _log.info("Assets written to: %s", folder)


def _make_folder(path: str) -> None:
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise files.file_error(error, path) from error


def _new_saver() -> Saver:
    return Saver(saveable_variables(), sharded=True, allow_empty=True)


def _check_signatures(signatures: Any) -> None:
    """AssertionError for a tensor without a name or dtype, KeyError for a key that is taken."""
    for signature in signatures.values():
        for infos in (signature.inputs, signature.outputs):
            for key in infos:
                _check_tensor_info(infos[key])
    for key, what in (
        (constants.INIT_OP_SIGNATURE_KEY, "initialization"),
        (constants.TRAIN_OP_SIGNATURE_KEY, "the train op"),
    ):
        if key in signatures:
            raise KeyError(
                f'SignatureDef map key "{key}" is reserved for {what}. Please use a different key.'
            )


def _check_tensor_info(info: Any) -> None:
    prefix = f"Invalid `tensor_info`: {info}. All TensorInfo protos used in the SignatureDefs must"
    if info.WhichOneof("encoding") is None:
        raise AssertionError(
            f"{prefix} have one of the 'encoding' fields (e.g., name or coo_sparse) set."
        )
    if not info.dtype and info.WhichOneof("encoding") != "composite_tensor":
        raise AssertionError(f"{prefix} have the dtype field set.")


def _asset_path(tensor: Any) -> str:
    """The path that a constant string scalar holds; TypeError for anything else."""
    wrong = f"Asset path tensor {tensor} must be"
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{wrong} a Tensor.")
    if tensor.op.type != "Const":
        raise TypeError(f"{wrong} of type constant.Has type {tensor.op.type} instead.")
    if tensor.dtype != string:
        raise TypeError(f"{wrong} of dtype string.Has type {tensor.dtype} instead.")
    paths = tensor.op.get_attr("value").string_val
    if len(paths) != 1:
        raise TypeError(f"{wrong} a scalar.")
    if not paths[0]:
        raise ValueError(f"Asset filepath tensor {tensor} in is invalid.")
    return os.fsdecode(paths[0])


def _asset_name(path: str, kept: dict[str, str]) -> str:
    """The file's name in the model: its own, with a number where another file has that."""
    base = name = os.path.basename(path)
    other = kept.get(base)
    if other is None or other == path or filecmp.cmp(path, other, shallow=False):
        return base
    number = 0
    while name in kept:
        number += 1
        name = f"{base}_{number}"
    return name


def _packed_asset(filename: str, tensor_name: str) -> Any:
    from google.protobuf.any_pb2 import Any as Packed
    from tensorboard.compat.proto.meta_graph_pb2 import AssetFileDef

    asset = AssetFileDef(filename=filename)
    asset.tensor_info.name = tensor_name
    kind = "type.googleapis.com/tensorflow.AssetFileDef"
    return Packed(type_url=kind, value=asset.SerializeToString())


def simple_save(
    session: Any, export_dir: Any, inputs: Any, outputs: Any, legacy_init_op: Any = None
) -> None:
    """Writes a SavedModel that serves: `outputs` from `inputs`, dicts of tensors."""
    key = signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY
    signatures = {key: predict_signature_def(inputs, outputs)}
    builder = SavedModelBuilder(export_dir)
    builder.add_meta_graph_and_variables(
        session,
        tags=[tag_constants.SERVING],
        signature_def_map=signatures,
        assets_collection=get_collection(GraphKeys.ASSET_FILEPATHS),
        main_op=legacy_init_op,
        clear_devices=True,
    )
    builder.save()
