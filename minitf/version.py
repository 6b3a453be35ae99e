"""Which TensorFlow this is like, and which GraphDefs it writes and reads (tf.version)."""

from minitf.graph import PRODUCER

VERSION = "2.21.0"
GRAPH_DEF_VERSION = PRODUCER
GRAPH_DEF_VERSION_MIN_CONSUMER = 0
GRAPH_DEF_VERSION_MIN_PRODUCER = 0
