"""TensorFlow's own definition of each op, in the words of its REGISTER_OP.

Run by `record.py`; `opdefs.json` holds one op a line: inputs, outputs, attributes, flags.
"""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from oracle.nodes import shape_text, type_text

OPDEFS = Path(__file__).parent / "opdefs.json"

ELSEWHERE = re.compile(
    r"TPU|Tpu|Xla|XLA|Mkl|_Fused|Quantize|Dequantize|Quantization|Collective|Nccl|Cudnn"
    r"|BoostedTrees|DebugIdentity|DebugNan|DebugNumeric|Sdca|TensorForest|RiscN|Risc|Uniform.*ized"
    r"|Encapsulate|Gru|BlockLSTM|LSTMBlock|GRUBlock|Infeed|Outfeed|Conditional.*TPU|TRT|Sharded(?!File)"
    r"|Experimental|Composite|Summary.*V\dWriter|Audio(?!Summary)|Mfcc|Spectrogram|^_|Embeddings$|Stats"
    r"|Reinterpret.*Device|Sparse.*(Eigen|CSR|Matrix[A-Z])|CSR|Rpc|Dtensor"
    r"|DTensor|Copy(Host|Op)?$|GcsConf|Distributed|Shuffle.*V3|Sobol|Assert.*Next|Ragged|Unicode"
    r"|Map(Clear|Size|Peek|Stage|Unstage|Incomplete)|Stage|Model"
)


def opdef_lines() -> dict[str, list[str]]:
    """Every op of the installed TensorFlow that could ever be wanted here."""
    from tensorflow.core.framework import op_def_pb2
    from tensorflow.python.client import pywrap_tf_session
    from tensorflow.python.framework import op_def_registry

    ops = op_def_pb2.OpList()
    ops.ParseFromString(bytes(pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList())))
    names = sorted(op.name for op in ops.op if not ELSEWHERE.search(op.name))
    return {name: _words(op_def_registry.get(name)) for name in names}


def _words(op: Any) -> list[str]:
    flags = [flag for flag in ("is_stateful", "is_commutative") if getattr(op, flag)]
    return [
        ", ".join(map(_arg, op.input_arg)),
        ", ".join(map(_arg, op.output_arg)),
        ", ".join(map(_attr, op.attr)),
        " ".join(flags),
    ]


def _arg(arg: Any) -> str:
    kind = arg.type_attr or arg.type_list_attr or type_text(arg.type)
    if arg.is_ref:
        kind = f"Ref({kind})"
    return f"{arg.name}: {arg.number_attr} * {kind}" if arg.number_attr else f"{arg.name}: {kind}"


def _attr(attr: Any) -> str:
    kind = attr.type
    if attr.HasField("allowed_values"):
        allowed = attr.allowed_values.list
        items = [type_text(t) for t in allowed.type] + [f"'{s.decode()}'" for s in allowed.s]
        braces = "{" + ", ".join(items) + "}"
        kind = f"list({braces})" if kind.startswith("list(") else braces
    if attr.has_minimum:
        kind += f" >= {attr.minimum}"
    default = f" = {_value(attr.default_value)}" if attr.HasField("default_value") else ""
    return f"{attr.name}: {kind}{default}"


def _value(value: Any) -> str:
    kind = value.WhichOneof("value")
    if kind == "list":
        parts = value.list
        for part in ("s", "i", "f", "b", "type", "shape"):
            if len(getattr(parts, part)):
                return "[" + ", ".join(_one(part, item) for item in getattr(parts, part)) + "]"
        return "[]"
    return _one(kind, getattr(value, kind))


def _one(kind: str, value: Any) -> str:
    if kind == "s":
        return json.dumps(value.decode("latin-1"))
    if kind == "type":
        return f"DT_{type_text(value).upper()}"
    if kind == "shape":
        return "{ unknown_rank: true }" if value.unknown_rank else shape_text(value)
    if kind == "f":
        return str(np.float32(value))
    if kind == "tensor":
        return f"{type_text(value.dtype)}[{', '.join(map(str, value.int_val))}]"
    return str(value).lower()


def dump() -> str:
    """The text of `opdefs.json`, one op a line."""
    lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in opdef_lines().items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"
