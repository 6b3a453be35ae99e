"""What programs that don't use its estimators took from tf.contrib.learn."""

from minitf.contrib.learn import preprocessing

__all__ = ["ModeKeys", "preprocessing"]


class ModeKeys:
    """What a model is built for."""

    TRAIN = "train"
    EVAL = "eval"
    INFER = "infer"


def __getattr__(name: str) -> object:
    from minitf.absent_names import explained

    raise AttributeError(explained(f"contrib.learn.{name}"))
