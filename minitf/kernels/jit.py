"""The one place that decides how, and when, a kernel is compiled.

Compiled code lives in modules named `*_compiled.py`, which nothing imports until a kernel is hot:
so `import minitf` and small arrays never load Numba. Those modules decorate with `jit`; the NumPy
modules beside them hold one `Hot` for each compiled function and ask it before each call.
"""

import importlib
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

PAUSE_NS = 1_000_000_000  # importing Numba and compiling one kernel, nothing being cached
LOADED_PAUSE_NS = 400_000_000  # the same once Numba is imported
CALL_NS = 5_000  # calling a compiled kernel, types checked and all


def disabled() -> bool:
    """Whether NUMBA_DISABLE_JIT asks for no compiled code at all."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def jit(function: Callable | None = None, *, reassociate: bool = False) -> Callable:
    """Compile with the flags every kernel here shares.

    The GIL is released, division follows NumPy, and the machine code is cached on disk where a
    folder can be written. Sums keep their order unless `reassociate`, which lets them use SIMD.
    """
    if function is None:
        return lambda inner: jit(inner, reassociate=reassociate)
    import numba

    flags = {
        "nogil": True,
        "error_model": "numpy",
        "fastmath": {"reassoc", "nsz", "contract"} if reassociate else False,
    }
    try:
        compiled = numba.njit(function, cache=True, **flags)
    except RuntimeError:  # no folder for a cache can be written
        compiled = numba.njit(function, **flags)
    return compiled


class Hot:
    """A compiled function that is loaded once NumPy has lost as much time as compiling costs.

    `saves_ns` is what the compiled code saves over NumPy, per element. Whoever waits until the
    loss equals the price never pays more than twice what a clairvoyant would have paid.
    """

    def __init__(self, module: str, name: str, saves_ns: float) -> None:
        self.module, self.name, self.saves_ns = module, name, saves_ns
        self.lost_ns = 0.0
        self._function: Callable | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        state = "compiled" if self._function else f"{self.lost_ns / 1e6:.1f} ms lost to NumPy"
        return f"<Hot {self.name}: {state}>"

    def worth(self, elements: int) -> bool:
        """Whether to call the compiled function for this many elements; the answer is counted."""
        gain = elements * self.saves_ns
        if gain < CALL_NS:
            return False
        if self._function is not None:
            return True
        self.lost_ns += gain
        pause = LOADED_PAUSE_NS if "numba" in sys.modules else PAUSE_NS
        return self.lost_ns >= pause and not disabled()

    def __call__(self, *args: Any) -> Any:
        function = self._function or self._load()
        try:
            return function(*args)
        except (OSError, EOFError, ValueError, RuntimeError, AttributeError, ImportError):
            # Kernels raise nothing themselves: what failed is reading machine code from the cache.
            return self._without_cache(function)(*args)

    def _load(self) -> Callable:
        with self._lock:
            if self._function is None:
                self._function = getattr(importlib.import_module(self.module), self.name)
        return self._function

    def _without_cache(self, function: Callable) -> Callable:
        import numba

        options = dict(function.targetoptions, cache=False)
        options.pop("nopython", None)
        self._function = numba.njit(function.py_func, **options)
        return self._function
