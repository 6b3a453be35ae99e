"""When a kernel is compiled, what its cache may do to it, and how rows are shared by threads."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from minitf.kernels import jit, softmax, threads

CODE = """
import sys
import numpy as np
from minitf.kernels import jit, philox
jit.Hot.worth = lambda self, elements: not jit.disabled()
numbers = philox.normal(philox.Philox(1, 2), [9], np.float32)
assert ("numba" in sys.modules) is (not jit.disabled())
print(numbers.tobytes().hex())
"""


def draw(environment):
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_nothing_small_imports_numba():
    code = (
        "import sys, numpy as np; from minitf.kernels import philox, softmax, optimizers, "
        "convolution, pooling, draws; g = philox.Philox(1, 2);"
        "[philox.normal(g, [1000], np.float32) for _ in range(50)];"
        "softmax.softmax(np.ones([64, 10], np.float32));"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_kernel_is_compiled_when_numpy_has_lost_its_price():
    hot = jit.Hot("minitf.kernels.philox_compiled", "fill_words", saves_ns=10)
    assert not hot.worth(1)
    assert hot.lost_ns == 0  # too small to count
    price = hot.price_ns()
    calls = 1
    while not hot.worth(1_000_000) and calls < 1000:
        calls += 1
    if jit.disabled():
        assert calls == 1000
    else:
        assert price <= hot.lost_ns < price + 2 * 10_000_000
        assert "lost to NumPy" in repr(hot)


@pytest.mark.slow
def test_a_broken_cache_is_no_error(tmp_path):
    environment = {"NUMBA_CACHE_DIR": str(tmp_path)}
    expected = draw(environment)
    cached = [path for path in tmp_path.rglob("*") if path.suffix in (".nbi", ".nbc")]
    for junk in (b"not a cache at all", None):
        for path in cached:
            path.write_bytes(path.read_bytes()[:100] if junk is None else junk)
        assert draw(environment) == expected


@pytest.mark.slow
def test_a_cache_is_not_used_after_a_called_functions_file_has_changed(tmp_path):
    for name, text in {
        "lower_compiled": "from minitf.kernels.jit import jit\n@jit\ndef number(): return {}\n",
        "upper_compiled": "from minitf.kernels.jit import jit\nfrom lower_compiled import number\n"
        "@jit\ndef twice(): return 2 * number()\nprint(twice())\n",
    }.items():
        (tmp_path / f"{name}.py").write_text(text.format(1))
    command = [sys.executable, "-c", "import upper_compiled"]
    path = os.pathsep.join([str(tmp_path), os.getcwd()])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    assert subprocess.check_output(command, env=environment, text=True) == "2\n"
    lower = tmp_path / "lower_compiled.py"
    lower.write_text(lower.read_text().replace("return 1", "return 21"))
    assert subprocess.check_output(command, env=environment, text=True) == "42\n"


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_is_no_error(tmp_path):
    file = tmp_path / "file"
    file.write_text("where a folder should be")
    assert draw({"NUMBA_CACHE_DIR": str(file / "cache")}) == draw({})


def test_read_only_arrays_need_no_second_compilation(half):
    x = np.random.default_rng(0).normal(size=[50, 30]).astype(np.float32)
    before = softmax.softmax(x)
    x.flags.writeable = False
    assert np.array_equal(softmax.softmax(x), before)
    if half == "compiled" and not jit.disabled():
        assert len(softmax._softmax_hot._function.signatures) == 1


def test_parallel_covers_every_row_once(monkeypatch):
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "3")
    for total, grain in ((0, 1), (1, 1), (10, 3), (1000, 7), (5, 100)):
        seen, used = np.zeros(total, int), set()

        def work(start, stop, seen=seen, used=used):
            used.add(threading.get_ident())
            seen[start:stop] += 1

        threads.parallel(work, total, grain)
        assert (seen == 1).all()
        assert len(used) <= 3


def test_the_number_of_threads_is_the_callers_then_the_environments(monkeypatch):
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "5")
    assert threads.limit() == 5
    with threads.limited(1):
        assert threads.limit() == 1
        used = set()
        threads.parallel(lambda start, stop: used.add(threading.get_ident()), 1000, 1)
        assert used == {threading.get_ident()}
    assert threads.limit() == 5


def test_an_error_in_a_thread_reaches_the_caller(monkeypatch):
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "2")

    def work(start, stop):
        if start:
            raise ZeroDivisionError(start)

    with pytest.raises(ZeroDivisionError):
        threads.parallel(work, 1000, 1)
