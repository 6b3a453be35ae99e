"""What a tf.test.TestCase can say of arrays, tensors, messages and errors."""

# ruff: noqa: PT009 (these are a TestCase's own methods)

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from absl.testing import absltest

from minitf import dtypes
from minitf.device import DeviceSpec
from minitf.errors import InvalidArgumentError, OpError
from minitf.graph import PRODUCER
from minitf.tensor import Tensor


def is_symbolic(thing: Any) -> bool:
    """Whether a value is had by running a session: a tensor or a variable."""
    return hasattr(thing, "_as_graph_element")


def error_words(error: BaseException) -> str:
    """What a pattern is looked for in: the message, and the names of the ops behind it."""
    if not isinstance(error, OpError):
        return str(error)
    words, op = [str(error.message)], error.op
    while op is not None:
        words.append(f"Caused by: {op.name}")
        op = getattr(op, "_original_op", None)
    return "\n".join(words)


class Assertions(absltest.TestCase):
    """absl's TestCase, and comparisons that take tensors wherever they take arrays."""

    def evaluate(self, tensors: Any) -> Any:
        """The tensors' values; a TestCase of tf.test knows the session."""
        raise NotImplementedError

    def evaluate_if_both_tensors(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Both values out of one run if both are tensors, else the two as they are."""
        if is_symbolic(a) and is_symbolic(b):
            values = self.evaluate([a, b])
            return values[0], values[1]
        return a, b

    def _array(self, thing: Any) -> np.ndarray:
        if is_symbolic(thing):
            thing = self.evaluate(thing)
        try:
            return np.asarray(thing)
        except ValueError:  # rows of several lengths
            return np.array(thing, dtype=object)

    def _arrays(self, a: Any, b: Any) -> tuple[np.ndarray, np.ndarray]:
        a, b = self.evaluate_if_both_tensors(a, b)
        return self._array(a), self._array(b)

    def assertAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Fails unless both have the same shape and elements; NaN equals NaN."""
        x, y = self._arrays(a, b)
        self.assertEqual(x.shape, y.shape, f"Shape mismatch: expected {x.shape}, got {y.shape}")
        if (
            "O" in (x.dtype.kind + y.dtype.kind)
            and x.dtype.kind + y.dtype.kind != "OO"
            or {x.dtype.kind, y.dtype.kind} == {"U", "S"}
        ):
            x, y = _as_bytes(x), _as_bytes(y)
        np.testing.assert_array_equal(x, y, err_msg=msg or "")

    def assertNotAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Fails if both have the same shape and elements."""
        try:
            self.assertAllEqual(a, b)
        except AssertionError:
            return
        raise AssertionError(f"The two values are equal at all elements. {msg or ''}")

    def assertAllClose(
        self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: str | None = None
    ) -> None:
        """Fails unless two values, or nests of dicts, tuples and lists of them, are close.

        ValueError if one is a dict where the other is not, or lengths differ.
        """
        self._assert_nests_close(a, b, rtol, atol, "", msg or "")

    def _assert_nests_close(
        self, a: Any, b: Any, rtol: float, atol: float, path: str, msg: str
    ) -> None:
        a, b = (x._asdict() if hasattr(x, "_asdict") else x for x in (a, b))
        if isinstance(a, Mapping) != isinstance(b, Mapping):
            raise ValueError(f"Can't compare dict to non-dict, a{path} vs b{path}. {msg}")
        if isinstance(a, Mapping):
            keys = f"mismatched keys: a{path} has keys {[*a]}, but b{path} has keys {[*b]}. {msg}"
            self.assertCountEqual(a.keys(), b.keys(), keys)
            for key in a:
                self._assert_nests_close(a[key], b[key], rtol, atol, f"{path}[{key}]", msg)
            return
        if isinstance(a, list | tuple):
            try:
                x, y = self._arrays(a, b)
                np.isfinite(x), np.isfinite(y)  # TypeError for what holds no plain numbers
            except (TypeError, ValueError, NotImplementedError):
                self._assert_items_close(a, b, rtol, atol, path, msg)
                return
        self._assert_arrays_close(
            a, b, rtol, atol, f"Mismatched value: a{path} is different from b{path}. {msg}"
        )

    def _assert_items_close(
        self, a: Any, b: Any, rtol: float, atol: float, path: str, msg: str
    ) -> None:
        if len(a) != len(b):
            raise ValueError(
                f"Mismatched length: a{path} has {len(a)} items, "
                f"but b{path} has {len(b)} items. {msg}"
            )
        for index, (x, y) in enumerate(zip(a, b, strict=True)):
            self._assert_nests_close(x, y, rtol, atol, f"{path}[{index}]", msg)

    def _assert_arrays_close(self, a: Any, b: Any, rtol: float, atol: float, msg: str) -> None:
        x, y = self._arrays(a, b)
        self.assertEqual(x.shape, y.shape, f"Shape mismatch: expected {x.shape}, got {y.shape}.")
        x, y = (z.astype(np.float32) if z.dtype.kind == "V" else z for z in (x, y))
        np.testing.assert_allclose(x, y, rtol=rtol, atol=atol, err_msg=msg, equal_nan=True)

    def assertAllCloseAccordingToType(
        self,
        a: Any,
        b: Any,
        rtol: float = 1e-6,
        atol: float = 1e-6,
        float_rtol: float = 1e-6,
        float_atol: float = 1e-6,
        half_rtol: float = 1e-3,
        half_atol: float = 1e-3,
        bfloat16_rtol: float = 1e-2,
        bfloat16_atol: float = 1e-2,
        msg: str | None = None,
    ) -> None:
        """Fails unless all are close, by the tolerance of the coarser of the two dtypes."""
        a, b = self._arrays(a, b)
        kinds = (np.dtype(a.dtype), np.dtype(b.dtype))
        for dtype, least_rtol, least_atol in (
            (np.float32, float_rtol, float_atol),
            (np.complex64, float_rtol, float_atol),
            (np.float16, half_rtol, half_atol),
            (dtypes.bfloat16.as_numpy_dtype, bfloat16_rtol, bfloat16_atol),
        ):
            if np.dtype(dtype) in kinds:
                rtol, atol = max(rtol, least_rtol), max(atol, least_atol)
        self.assertAllClose(a, b, rtol, atol, msg)

    def assertNotAllClose(
        self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: str | None = None
    ) -> None:
        """Fails if all elements are close."""
        try:
            self.assertAllClose(a, b, rtol, atol, msg)
        except AssertionError:
            return
        raise AssertionError(f"The two values are close at all elements. {msg or ''}")

    def assertNear(self, f1: float, f2: float, err: float, msg: str | None = None) -> None:
        """Fails unless the numbers differ by at most `err`."""
        near = f1 == f2 or abs(f1 - f2) <= err
        self.assertTrue(near, f"{f1!r} != {f2!r} +/- {err!r}" + (f" ({msg})" if msg else ""))

    def assertArrayNear(
        self, farray1: Any, farray2: Any, err: float, msg: str | None = None
    ) -> None:
        """Fails unless the lists are as long as one another, each pair within `err`."""
        self.assertEqual(len(farray1), len(farray2), msg)
        for f1, f2 in zip(farray1, farray2, strict=True):
            self.assertNear(float(f1), float(f2), err, msg)

    def assertNDArrayNear(
        self, ndarray1: Any, ndarray2: Any, err: float, msg: str | None = None
    ) -> None:
        """Fails unless the norm of the difference is below `err`."""
        distance = np.linalg.norm(self._array(ndarray1) - self._array(ndarray2))
        self.assertTrue(distance < err, msg)

    def assertAllGreater(self, a: Any, comparison_target: Any) -> None:
        """Fails unless the least element is greater than the target."""
        x, target = self._arrays(a, comparison_target)
        self.assertGreater(np.min(x), target)

    def assertAllLess(self, a: Any, comparison_target: Any) -> None:
        """Fails unless the greatest element is less than the target."""
        x, target = self._arrays(a, comparison_target)
        self.assertLess(np.max(x), target)

    def assertAllGreaterEqual(self, a: Any, comparison_target: Any) -> None:
        """Fails unless the least element is at least the target."""
        x, target = self._arrays(a, comparison_target)
        self.assertGreaterEqual(np.min(x), target)

    def assertAllLessEqual(self, a: Any, comparison_target: Any) -> None:
        """Fails unless the greatest element is at most the target."""
        x, target = self._arrays(a, comparison_target)
        self.assertLessEqual(np.max(x), target)

    def assertAllInRange(
        self,
        target: Any,
        lower_bound: Any,
        upper_bound: Any,
        open_lower_bound: bool = False,
        open_upper_bound: bool = False,
    ) -> None:
        """Fails unless every element lies between the bounds; a NaN does not."""
        x = self._array(target)
        if x.dtype.kind not in "fiu":
            raise AssertionError(
                f"The value of {x} does not have an ordered numeric type, instead it has type: "
                f"{x.dtype}"
            )
        above = x > lower_bound if open_lower_bound else x >= lower_bound
        below = x < upper_bound if open_upper_bound else x <= upper_bound
        outside = x[~(above & below)]
        if outside.size:
            shown = ("(" if open_lower_bound else "[") + f"{lower_bound}, {upper_bound}"
            shown += ")" if open_upper_bound else "]"
            raise AssertionError(
                f"{outside.size} of the {x.size} element(s) are outside the range {shown}: "
                f"{outside}"
            )

    def assertAllInSet(self, target: Any, expected_set: Any) -> None:
        """Fails unless every element is one of the set's."""
        strangers = np.setdiff1d(self._array(target).reshape(-1), list(expected_set))
        if strangers.size:
            raise AssertionError(
                f"{strangers.size} unique element(s) are not in the set {expected_set}: {strangers}"
            )

    def assertDTypeEqual(self, target: Any, expected_dtype: Any) -> None:
        """Fails unless the array has that NumPy dtype."""
        self.assertEqual(self._array(target).dtype, expected_dtype)

    def assertShapeEqual(self, input_a: Any, input_b: Any, msg: str | None = None) -> None:
        """Fails unless two arrays or tensors have the same (static) shape."""
        shapes = []
        for name, thing in (("input_a", input_a), ("input_b", input_b)):
            if isinstance(thing, Tensor):
                shapes.append(thing.get_shape().as_list())
            elif isinstance(thing, np.ndarray | np.generic):
                shapes.append(list(thing.shape))
            else:
                raise TypeError(
                    f"{name} must be a Numpy ndarray, Numpy scalar, or a Tensor."
                    f"Instead received {type(thing)}"
                )
        self.assertEqual(shapes[0], shapes[1], msg)

    def assertDeviceEqual(self, device1: Any, device2: Any, msg: str | None = None) -> None:
        """Fails unless both name the same device, however they are written."""
        one, other = (_canonical_device(d) for d in (device1, device2))
        self.assertEqual(one, other, f"Devices {one} and {other} are not equal. {msg or ''}")

    def assertStartsWith(self, actual: Any, expected_start: Any, msg: str | None = None) -> None:
        """Fails unless the text begins so."""
        if not actual.startswith(expected_start):
            self.fail(f"{actual!r} does not start with {expected_start!r}. {msg or ''}")

    def assertProtoEquals(
        self,
        expected_message_maybe_ascii: Any,
        validate_message: Any,
        msg: str | None = None,
        relative_tolerance: float | None = None,
    ) -> None:
        """Fails unless a message equals another, which may be given as protocol-buffer text."""
        from google.protobuf import text_format

        expected, actual = expected_message_maybe_ascii, validate_message
        if isinstance(expected, str | bytes):
            expected = text_format.Parse(expected, type(actual)())
        elif not isinstance(expected, type(actual)):
            self.fail(f"Can't compare protos of type {type(expected)} and {type(actual)}.")
        if relative_tolerance is not None:
            for field in _floats(expected, actual):
                self.assertAlmostEqual(*field, delta=relative_tolerance * abs(field[0]))
            return
        one, other = (text_format.MessageToString(m) for m in (expected, actual))
        self.assertMultiLineEqual(one, other, msg)

    def assertProtoEqualsVersion(
        self,
        expected: str,
        actual: Any,
        producer: int = PRODUCER,
        min_consumer: int = 0,
        msg: str | None = None,
    ) -> None:
        """Fails unless a GraphDef equals the text and bears these versions."""
        versions = f"versions {{ producer: {producer} min_consumer: {min_consumer} }};\n"
        self.assertProtoEquals(versions + expected, actual, msg)

    @contextmanager
    def assertRaisesWithPredicateMatch(  # type: ignore[override] # TensorFlow's, not absl's
        self, exception_type: Any, expected_err_re_or_predicate: Any
    ) -> Iterator[None]:
        """Fails unless the block raises such an exception, for which the predicate holds.

        A text is a pattern to find in the message, or in the names of the ops behind it.
        """
        holds: Callable[[BaseException], Any]
        if callable(expected_err_re_or_predicate):
            holds = expected_err_re_or_predicate
        else:
            pattern = expected_err_re_or_predicate

            def holds(error: BaseException) -> Any:
                return re.search(pattern, error_words(error))

        try:
            yield
        except Exception as error:
            if not isinstance(error, exception_type) or not holds(error):
                raise AssertionError(f"Exception of type {type(error)}: {error}") from error
        else:
            self.fail(f"{getattr(exception_type, '__name__', exception_type)} not raised")

    def assertRaisesOpError(self, expected_err_re_or_predicate: Any) -> Any:
        """Fails unless the block raises an OpError that matches."""
        return self.assertRaisesWithPredicateMatch(OpError, expected_err_re_or_predicate)

    def assertRaisesIncompatibleShapesError(
        self,
        exception_type: Any = InvalidArgumentError,
        expected_err_re_or_predicate: Any = "Dimensions must be equal|Incompatible shapes|"
        "required broadcastable shapes",
    ) -> Any:
        """Fails unless the block raises an error of shapes that do not fit."""
        return self.assertRaisesWithPredicateMatch(exception_type, expected_err_re_or_predicate)


def _as_bytes(array: np.ndarray) -> np.ndarray:
    items = [x.encode() if isinstance(x, str) else x for x in array.reshape(-1).tolist()]
    result = np.empty(len(items), object)
    result[:] = items
    return result.reshape(array.shape)


def _canonical_device(device: Any) -> str:
    if device is None:
        return ""
    text = device if isinstance(device, str) else device.to_string()
    return DeviceSpec.from_string(text).to_string()


def _floats(expected: Any, actual: Any) -> Iterator[tuple[float, float]]:
    """Pairs of the two messages' numbers, after a failure unless all else is equal."""
    from google.protobuf import text_format

    number = re.compile(r"(?<![\w.])-?(?:\d+\.?\d*(?:e[+-]?\d+)?|inf|nan)(?![\w.])")
    one, other = (text_format.MessageToString(m) for m in (expected, actual))
    if number.sub("#", one) != number.sub("#", other):
        raise AssertionError(f"{one}\n!=\n{other}")
    yield from zip(map(float, number.findall(one)), map(float, number.findall(other)), strict=True)
