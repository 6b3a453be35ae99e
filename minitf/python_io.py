"""tf.python_io: TFRecord files, written and read from Python."""

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.records": "TFRecordCompressionType TFRecordOptions TFRecordWriter tf_record_iterator",
}

__all__ = sorted(names_of(_NAMES))  # pyright: ignore
__getattr__ = getter(__name__, _NAMES)
