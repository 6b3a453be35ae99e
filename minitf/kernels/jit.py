"""The one place that decides how, and when, a kernel is compiled.

Compiled code lives in modules named `*_compiled.py`, which nothing imports until a kernel is hot:
so `import minitf` and small arrays never load Numba. Those modules decorate with `jit`; the NumPy
modules beside them hold one `Hot` for each compiled function and ask it before each call.
"""

import contextlib
import importlib
import importlib.util
import os
import pathlib
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

IMPORT_NS = 600_000_000  # importing Numba
COMPILE_NS = 600_000_000  # compiling one kernel
READ_NS = 50_000_000  # reading it from the cache on disk instead
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
    if _use_cache:
        _forget_stale(function)
        try:
            return numba.njit(function, cache=True, **flags)
        except RuntimeError:  # no folder for a cache can be written
            pass
    return numba.njit(function, **flags)


_use_cache = True


class _Alias:
    """An array's memory, said to be writable; kernels write into their outputs only."""

    def __init__(self, array: np.ndarray) -> None:
        interface = array.__array_interface__
        self.__array_interface__ = interface | {"data": (interface["data"][0], False)}
        self.array = array


def _writable(array: np.ndarray) -> np.ndarray:
    return array if array.flags.writeable else np.asarray(_Alias(array))


def index_files(folder: pathlib.Path, module: str, name: str) -> Iterator[pathlib.Path]:
    """Numba's index files of a function, by the folder and the name of its module's file."""
    pattern = f"{module}.{name}-*.nbi"
    cache = os.environ.get("NUMBA_CACHE_DIR")
    return (
        pathlib.Path(cache).glob(f"*/{pattern}") if cache else folder.glob(f"__pycache__/{pattern}")
    )


def _index_files(module: str, name: str) -> Iterator[pathlib.Path]:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return iter(())
    return index_files(pathlib.Path(spec.origin).parent, module.rpartition(".")[2], name)


def _forget_stale(function: Callable) -> None:
    # Numba sees when a function's own file has changed, but not those of functions it calls.
    called: list[Any] = [function.__globals__.get(name) for name in function.__code__.co_names]
    files = {other.py_func.__code__.co_filename for other in called if hasattr(other, "py_func")}
    with contextlib.suppress(OSError):
        changed = max([os.path.getmtime(file) for file in files], default=0.0)
        for index in _index_files(function.__module__, function.__name__):
            if index.stat().st_mtime < changed:
                index.unlink()


class Hot:
    """A compiled function that is loaded once NumPy has lost as much time as compiling costs.

    `saves_ns` is what the compiled code saves over NumPy, per element. Whoever waits until the
    loss equals the price never pays more than twice what a clairvoyant would have paid. For
    importing Numba, which serves them all, the losses of all functions count.
    """

    all_lost_ns = 0.0

    def __init__(self, module: str, name: str, saves_ns: float) -> None:
        self.module, self.name, self.saves_ns = module, name, saves_ns
        self.lost_ns = 0.0
        self._cached: bool | None = None
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
        Hot.all_lost_ns += gain
        price = self.price_ns()
        if "numba" not in sys.modules and Hot.all_lost_ns < price + IMPORT_NS:
            return False
        return self.lost_ns >= price and not disabled()

    def price_ns(self) -> int:
        """What having the compiled function would cost, beside importing Numba."""
        if self._cached is None:
            self._cached = self._on_disk()
        return READ_NS if self._cached else COMPILE_NS

    def _on_disk(self) -> bool:
        return any(_index_files(self.module, self.name))

    def __call__(self, *args: Any) -> Any:
        function = self._function or self._load()
        # Numba would compile once more for arrays that cannot be written, such as fed ones.
        args = tuple([_writable(arg) if isinstance(arg, np.ndarray) else arg for arg in args])
        try:
            return function(*args)
        except Exception:
            # Kernels raise nothing themselves: what failed is reading the cache on disk.
            if not self.module:
                raise
            return self._load_without_cache()(*args)

    def _load(self) -> Callable:
        with self._lock:
            if self._function is None:
                self._function = getattr(importlib.import_module(self.module), self.name)
        return self._function

    def _load_without_cache(self) -> Callable:
        # All of the module afresh: the broken file may be that of a function this one calls.
        global _use_cache
        with self._lock:
            _use_cache = False
            module = importlib.reload(importlib.import_module(self.module))
            function = self._function = getattr(module, self.name)
        return function
