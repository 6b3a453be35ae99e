"""Recurrent cells and networks under their former names (tf.contrib.rnn)."""

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.rnn_cell": "BasicLSTMCell BasicRNNCell DeviceWrapper DropoutWrapper GRUCell LSTMCell "
    "LSTMStateTuple MultiRNNCell RNNCell ResidualWrapper",
    "minitf.rnn": "static_bidirectional_rnn static_rnn",
    "minitf.contrib.rnn_wrappers": "EmbeddingWrapper InputProjectionWrapper "
    "OutputProjectionWrapper",
}

__all__ = sorted(names_of(_NAMES))  # pyright: ignore
__getattr__ = getter(__name__, _NAMES)
