"""Training: optimizers, savers, summaries of progress, threads (tf.train)."""

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.train.optimizer": "Optimizer",
    "minitf.train.optimizers": "AdadeltaOptimizer AdagradOptimizer AdamOptimizer FtrlOptimizer "
    "GradientDescentOptimizer MomentumOptimizer ProximalGradientDescentOptimizer RMSPropOptimizer",
}

__all__ = sorted(names_of(_NAMES))  # pyright: ignore
__getattr__ = getter(__name__, _NAMES)


def __dir__() -> list[str]:
    return __all__
