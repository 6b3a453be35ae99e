"""Models in folders: a graph, its signatures and its variables' values (tf.saved_model)."""

import importlib
from typing import Any

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.saved_model.builder": "simple_save",
    "minitf.saved_model.constants": "ASSETS_DIRECTORY ASSETS_KEY DEBUG_DIRECTORY "
    "DEBUG_INFO_FILENAME_PB LEGACY_INIT_OP_KEY MAIN_OP_KEY SAVED_MODEL_FILENAME_PB "
    "SAVED_MODEL_FILENAME_PBTXT SAVED_MODEL_SCHEMA_VERSION VARIABLES_DIRECTORY VARIABLES_FILENAME",
    "minitf.saved_model.loader": "contains_saved_model load maybe_saved_model_directory",
    "minitf.saved_model.main_op": "main_op_with_restore",
    "minitf.saved_model.signature_constants": "CLASSIFY_INPUTS CLASSIFY_METHOD_NAME "
    "CLASSIFY_OUTPUT_CLASSES CLASSIFY_OUTPUT_SCORES DEFAULT_SERVING_SIGNATURE_DEF_KEY "
    "PREDICT_INPUTS PREDICT_METHOD_NAME PREDICT_OUTPUTS REGRESS_INPUTS REGRESS_METHOD_NAME "
    "REGRESS_OUTPUTS",
    "minitf.saved_model.signature_def_utils": "build_signature_def classification_signature_def "
    "is_valid_signature predict_signature_def regression_signature_def",
    "minitf.saved_model.tag_constants": "GPU SERVING TPU TRAINING",
    "minitf.saved_model.utils": "build_tensor_info get_tensor_from_tensor_info",
}
_MODULES = (
    *("builder", "constants", "loader", "main_op", "signature_constants"),
    *("signature_def_utils", "tag_constants", "utils"),
)

__all__ = sorted([*names_of(_NAMES), *_MODULES, "Builder"])  # pyright: ignore
_get = getter(__name__, _NAMES)


def __getattr__(name: str) -> Any:
    if name == "Builder":
        return __getattr__("builder").SavedModelBuilder
    return importlib.import_module(f"{__name__}.{name}") if name in _MODULES else _get(name)


def __dir__() -> list[str]:
    return __all__
