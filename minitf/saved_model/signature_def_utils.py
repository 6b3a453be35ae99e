"""Signatures: which tensors a model takes and gives (tf.saved_model.signature_def_utils)."""

from __future__ import annotations

from typing import Any

from minitf.dtypes import float32, string
from minitf.saved_model import signature_constants as names
from minitf.saved_model.utils import build_tensor_info
from minitf.tensor import Tensor

_STRING, _FLOAT = string.as_datatype_enum, float32.as_datatype_enum


def build_signature_def(
    inputs: Any = None, outputs: Any = None, method_name: str | None = None, defaults: Any = None
) -> Any:
    """A SignatureDef of dicts of TensorInfos; `defaults` are inputs' default values, constants.

    ValueError for a default that is no constant.
    """
    from tensorboard.compat.proto.meta_graph_pb2 import SignatureDef

    signature = SignatureDef()
    for given, field in ((inputs, signature.inputs), (outputs, signature.outputs)):
        for key in given or ():
            field[key].CopyFrom(given[key])
    if method_name is not None:
        signature.method_name = method_name
    for key, default in (defaults or {}).items():
        if default.op.type != "Const":
            raise ValueError(
                f"Unable to convert object {default} of type {type(default)} to TensorProto."
            )
        signature.defaults[key].CopyFrom(default.op.get_attr("value"))
    return signature


def predict_signature_def(inputs: Any, outputs: Any) -> Any:
    """The signature of a model that computes `outputs` from `inputs`, dicts of tensors."""
    for given, what in ((inputs, "inputs"), (outputs, "outputs")):
        if not given:
            raise ValueError(f"Prediction `{what}` cannot be None or empty.")
    return build_signature_def(
        {key: build_tensor_info(tensor) for key, tensor in inputs.items()},
        {key: build_tensor_info(tensor) for key, tensor in outputs.items()},
        names.PREDICT_METHOD_NAME,
    )


def regression_signature_def(examples: Any, predictions: Any) -> Any:
    """The signature of a model of serialized examples, a string tensor, to float predictions."""
    if examples is None:
        raise ValueError("Regression `examples` cannot be None.")
    if not isinstance(examples, Tensor):
        raise ValueError(
            "Expected regression `examples` to be of type Tensor. Found `examples` of type "
            f"{type(examples)}."
        )
    if predictions is None:
        raise ValueError("Regression `predictions` cannot be None.")
    taken = _info_of_type(examples, _STRING, "Regression input tensors must be of type string")
    given = _info_of_type(predictions, _FLOAT, "Regression output tensors must be of type float")
    return build_signature_def(
        {names.REGRESS_INPUTS: taken}, {names.REGRESS_OUTPUTS: given}, names.REGRESS_METHOD_NAME
    )


def classification_signature_def(examples: Any, classes: Any, scores: Any) -> Any:
    """The signature of a model of serialized examples to classes, strings, and float scores."""
    if examples is None:
        raise ValueError("Classification `examples` cannot be None.")
    if not isinstance(examples, Tensor):
        raise ValueError(
            "Classification `examples` must be a string Tensor. Found `examples` of type "
            f"{type(examples)}."
        )
    if classes is None and scores is None:
        raise ValueError("Classification `classes` and `scores` cannot both be None.")
    taken = _info_of_type(examples, _STRING, "Classification input tensors must be of type string")
    outputs = {}
    if classes is not None:
        wanted = "Classification classes must be of type string Tensor"
        outputs[names.CLASSIFY_OUTPUT_CLASSES] = _info_of_type(classes, _STRING, wanted)
    if scores is not None:
        wanted = "Classification scores must be a float Tensor"
        outputs[names.CLASSIFY_OUTPUT_SCORES] = _info_of_type(scores, _FLOAT, wanted)
    return build_signature_def({names.CLASSIFY_INPUTS: taken}, outputs, names.CLASSIFY_METHOD_NAME)


def _info_of_type(tensor: Any, dtype: int, wanted: str) -> Any:
    info = build_tensor_info(tensor)
    if info.dtype != dtype:
        raise ValueError(f"{wanted}. Found tensors with type {info.dtype}.")
    return info


def is_valid_signature(signature_def: Any) -> bool:
    """Whether a SignatureDef is one of a classification, a regression or a prediction."""
    if signature_def is None:
        return False
    taken = {key: info.dtype for key, info in signature_def.inputs.items()}
    given = {key: info.dtype for key, info in signature_def.outputs.items()}
    method = signature_def.method_name
    if method == names.PREDICT_METHOD_NAME:
        return bool(taken and given)
    if method == names.REGRESS_METHOD_NAME:
        return taken == {names.REGRESS_INPUTS: _STRING} and given == {names.REGRESS_OUTPUTS: _FLOAT}
    if method != names.CLASSIFY_METHOD_NAME:
        return False
    allowed = {names.CLASSIFY_OUTPUT_CLASSES: _STRING, names.CLASSIFY_OUTPUT_SCORES: _FLOAT}
    return (
        taken == {names.CLASSIFY_INPUTS: _STRING}
        and bool(given)
        and all(allowed.get(key) == dtype for key, dtype in given.items())
    )
