"""Records the MetaGraphDefs of branches and loops that TensorFlow writes, and their gradients.

Run it with TensorFlow's Python: it writes `contexts.json`, which `test_contexts.py` holds against.
"""

import base64
import contextlib
import json
from pathlib import Path

import tensorflow.compat.v1 as tf
from branches_and_loops import FEEDS, PROGRAMS
from google.protobuf import json_format
from tensorflow.core.protobuf import control_flow_pb2

KINDS = {"cond_context": "CondContextDef", "while_context": "WhileContextDef"}


def contexts(meta):
    """The collections of contexts, as JSON can hold them."""
    found = {}
    for key, name in KINDS.items():
        message = getattr(control_flow_pb2, name)
        values = meta.collection_def[key].bytes_list.value if key in meta.collection_def else []
        protos = [message.FromString(value) for value in values]
        found[key] = [
            json_format.MessageToDict(p, preserving_proto_field_name=True) for p in protos
        ]
    return found


def values(x, y, feed):
    """The value, and the gradient where TensorFlow knows one."""
    wanted = [y]
    with contextlib.suppress(TypeError):  # no second order through loops
        wanted.append(tf.gradients(y, x)[0])
    with tf.Session() as sess:
        return [value.tolist() for value in sess.run(wanted, {x: feed})]


def recorded(program):
    """What TensorFlow makes of a program."""
    with tf.Graph().as_default():
        x, y = program(tf)
        tf.add_to_collection("ends", x)
        tf.add_to_collection("ends", y)
        plain = tf.train.export_meta_graph()
        scoped = None
        with tf.Graph().as_default():
            with tf.name_scope("outside"), tf.name_scope("inside"):
                program(tf)
            scoped = tf.train.export_meta_graph(export_scope="outside")
        feed = FEEDS.get(program.__name__, 1.5)
        numbers = values(x, y, feed)
    with tf.Graph().as_default():
        tf.train.import_meta_graph(plain, import_scope="in")
        again = tf.train.export_meta_graph()
    plain.meta_info_def.Clear()
    return {
        "contexts": contexts(plain),
        "scoped": contexts(scoped),
        "imported": contexts(again),
        "numbers": numbers,
        "meta": base64.b64encode(plain.SerializeToString(deterministic=True)).decode(),
    }


if __name__ == "__main__":
    tf.disable_v2_behavior()
    found = {program.__name__: recorded(program) for program in PROGRAMS}
    target = Path(__file__).with_name("contexts.json")
    target.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
