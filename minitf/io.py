"""tf.io: files, records, examples and images, which TensorFlow 1 has under other names, too."""

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf": "gfile",
    "minitf.records": "TFRecordCompressionType TFRecordOptions TFRecordWriter tf_record_iterator",
    "minitf.queues": "PaddingFIFOQueue QueueBase RandomShuffleQueue",
    "minitf.ops.io": "matching_files read_file write_file",
    "minitf.ops.encodings": "decode_base64 decode_raw encode_base64",
    "minitf.ops.features": "FixedLenFeature FixedLenSequenceFeature SparseFeature VarLenFeature "
    "parse_example parse_sequence_example parse_single_example parse_single_sequence_example",
    "minitf.ops.image_files": "decode_and_crop_jpeg decode_bmp decode_gif decode_image decode_jpeg "
    "decode_png encode_jpeg encode_png extract_jpeg_shape is_jpeg",
    "minitf.ops.parsing": "decode_csv",
    "minitf.ops.serializing": "decode_compressed decode_json_example parse_tensor serialize_tensor",
    "minitf.train": "match_filenames_once write_graph",
}

__all__ = sorted(names_of(_NAMES))  # pyright: ignore
__getattr__ = getter(__name__, _NAMES)
