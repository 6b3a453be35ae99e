"""Summaries and the event files that TensorBoard reads (tf.summary)."""

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.summary.making": "audio histogram image merge merge_all scalar tensor_summary text",
    "minitf.summary.newer": "all_v2_summary_ops get_summary_description initialize",
    "minitf.summary.writer": "FileWriter FileWriterCache",
    "tensorboard.compat.proto.summary_pb2": "Summary SummaryDescription",
    "tensorboard.compat.proto.event_pb2": "Event SessionLog TaggedRunMetadata",
}

__all__ = sorted(names_of(_NAMES))  # pyright: ignore
__getattr__ = getter(__name__, _NAMES)


def __dir__() -> list[str]:
    return __all__
