"""tf.TensorArray: tensors that a loop reads and writes one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf import dtypes
from minitf.graph import colocate_with, control_dependencies, device, name_scope
from minitf.infer import constant_value
from minitf.op import convert_to_tensor
from minitf.ops import tensor_array_ops as ops
from minitf.ops.casts import cast
from minitf.ops.constants import identity
from minitf.ops.filling import range_of
from minitf.ops.shapes import shape
from minitf.shape import TensorShape, as_shape
from minitf.tensor import Operation, Tensor


class TensorArray:
    """`size` tensors of one dtype, each of which can be written once and, by default, read once.

    Every write returns a new TensorArray to use from there on: its `flow` orders what follows.
    Raises ValueError for arguments that exclude one another.
    """

    def __init__(
        self,
        dtype: Any,
        size: Any = None,
        dynamic_size: bool | None = None,
        clear_after_read: bool | None = None,
        tensor_array_name: str | None = None,
        handle: Tensor | None = None,
        flow: Tensor | None = None,
        infer_shape: bool = True,
        element_shape: Any = None,
        colocate_with_first_write_call: bool = True,
        name: str | None = None,
    ) -> None:
        settings = {
            "tensor_array_name": tensor_array_name,
            "size": size,
            "element_shape": element_shape,
            "dynamic_size": dynamic_size,
            "clear_after_read": clear_after_read,
        }
        _check_arguments(handle, settings)
        self._dynamic_size = dynamic_size or False
        self._dtype = dtypes.as_dtype(dtype).base_dtype
        self._colocates = colocate_with_first_write_call
        self._colocated_with: list[Tensor] = []
        self._element_shape = [as_shape(element_shape)]
        self._infer_shape = infer_shape
        self._size = size
        with name_scope(name, "TensorArray", [handle, size, flow]) as scope:
            if handle is not None:
                if flow is None:
                    raise ValueError("flow must not be None if handle is not None.")
                self._handle, self._flow = handle, flow
            elif colocate_with_first_write_call:
                with device(None), colocate_with(None, ignore_existing=True):
                    self._create(settings, scope)
            else:
                self._create(settings, scope)

    def _create(self, settings: dict[str, Any], scope: str) -> None:
        cleared = settings["clear_after_read"]
        self._handle, self._flow = ops.TensorArrayV3(
            settings["size"],
            dtype=self._dtype,
            element_shape=self._element_shape[0],
            identical_element_shapes=self._infer_shape,
            dynamic_size=self._dynamic_size,
            clear_after_read=True if cleared is None else cleared,
            tensor_array_name=settings["tensor_array_name"],
            name=scope,
        )

    @property
    def flow(self) -> Tensor:
        return self._flow

    @property
    def dtype(self) -> dtypes.DType:
        return self._dtype

    @property
    def handle(self) -> Tensor:
        return self._handle

    @property
    def element_shape(self) -> TensorShape:
        return self._element_shape[0]

    @property
    def dynamic_size(self) -> bool:
        return self._dynamic_size

    def _with_flow(self, flow: Tensor) -> TensorArray:
        """This array after what `flow` stands for."""
        new = TensorArray(
            self._dtype,
            handle=self._handle,
            flow=flow,
            infer_shape=self._infer_shape,
            colocate_with_first_write_call=self._colocates,
        )
        new._dynamic_size, new._size = self._dynamic_size, self._size
        new._colocated_with, new._element_shape = self._colocated_with, self._element_shape
        return new

    def _check_element_shape(self, found: TensorShape) -> None:
        if not found.is_compatible_with(self.element_shape):
            raise ValueError(f"Inconsistent shapes: saw {found} but expected {self.element_shape}")
        if self._infer_shape:
            self._element_shape[0] = self.element_shape.merge_with(found)

    @contextmanager
    def _colocated(self, value: Tensor) -> Iterator[None]:
        """Places ops where the first value that is written is."""
        if not self._colocates:
            yield
            return
        if not self._colocated_with:
            self._colocated_with.append(value)
        with colocate_with(self._colocated_with[0]):
            yield

    def identity(self) -> TensorArray:
        """The same array, with a flow of its own."""
        return self._with_flow(identity(self._flow))

    def grad(self, source: str, flow: Tensor | None = None, name: str | None = None) -> TensorArray:
        """The array of the elements' gradients in the `gradients` call called `source`."""
        flow = self._flow if flow is None else flow
        with name_scope(name, "TensorArrayGrad", [self._handle]), colocate_with(self._handle):
            handle, _ = ops.TensorArrayGradV3(self._handle, flow, source=source, name=name)
            with control_dependencies([handle]):
                flow = identity(flow, name="gradient_flow")
            array = TensorArray(
                self._dtype,
                handle=handle,
                flow=flow,
                infer_shape=self._infer_shape,
                colocate_with_first_write_call=False,
            )
            array._element_shape = self._element_shape
            return array

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """The element at `index`."""
        value = ops.TensorArrayReadV3(self._handle, index, self._flow, dtype=self._dtype, name=name)
        value.set_shape(self.element_shape)
        return value

    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """This array with an element set; ValueError when the shape is known not to fit."""
        with name_scope(name, "TensorArrayWrite", [self._handle, index, value]):
            value = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
            self._check_element_shape(value.shape)
            with self._colocated(value):
                flow = ops.TensorArrayWriteV3(self._handle, index, value, self._flow, name=name)
            return self._with_flow(flow)

    def stack(self, name: str | None = None) -> Tensor:
        """All elements, along a new first axis."""
        with colocate_with(self._handle), name_scope(name, "TensorArrayStack", [self._handle]):
            value = self.gather(range_of(0, self.size()), name=name)
            if self.element_shape.dims is None or self._dynamic_size or self._size is None:
                return value
            count = constant_value(self._size) if isinstance(self._size, Tensor) else self._size
            value.set_shape(TensorShape([count]).concatenate(self.element_shape))
            return value

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """The elements at `indices`, along a new first axis."""
        value = ops.TensorArrayGatherV3(
            self._handle,
            indices,
            self._flow,
            dtype=self._dtype,
            element_shape=self.element_shape,
            name=name,
        )
        if self.element_shape.dims is not None:
            value.set_shape(TensorShape([None]).concatenate(self.element_shape))
        return value

    def concat(self, name: str | None = None) -> Tensor:
        """All elements, joined along their first axis."""
        known = self.element_shape
        value, _ = ops.TensorArrayConcatV3(
            self._handle,
            self._flow,
            dtype=self._dtype,
            element_shape_except0=known[1:],
            name=name,
        )
        if known.dims is not None:
            length = None
            if self._infer_shape:
                count = constant_value(self.size())
                if count is not None and known.as_list()[0] is not None:
                    length = int(count) * known.as_list()[0]
            value.set_shape(TensorShape([length]).concatenate(known[1:]))
        return value

    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """This array with the rows of `value` as its elements."""
        with name_scope(name, "TensorArrayUnstack", [self._handle, value]):
            count = shape(value)[0]
            return self.scatter(indices=range_of(0, count), value=value, name=name)

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> TensorArray:
        """This array with the rows of `value` as the elements at `indices`."""
        with name_scope(name, "TensorArrayScatter", [self._handle, value, indices]):
            value = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
            self._check_element_shape(value.shape[1:])
            with self._colocated(value):
                flow = ops.TensorArrayScatterV3(self._handle, indices, value, self._flow, name=name)
            return self._with_flow(flow)

    def split(self, value: Any, lengths: Any, name: str | None = None) -> TensorArray:
        """This array with parts of `value`, of these lengths, as its elements."""
        with name_scope(name, "TensorArraySplit", [self._handle, value, lengths]):
            value = convert_to_tensor(value, dtype=self._dtype, name="value")
            with self._colocated(value):
                lengths = cast(lengths, dtypes.int64)
                known = constant_value(lengths)
                if value.shape.dims is not None and known is not None:
                    if known.shape and known.max() == known.min():
                        rows = TensorShape([int(known[0])])
                        self._check_element_shape(rows.concatenate(value.shape[1:]))
                flow = ops.TensorArraySplitV3(self._handle, value, lengths, self._flow, name=name)
            return self._with_flow(flow)

    def size(self, name: str | None = None) -> Tensor:
        """The number of elements."""
        if not self._dynamic_size and self._size is not None:
            return convert_to_tensor(self._size, dtype=dtypes.int32)
        return ops.TensorArraySizeV3(self._handle, self._flow, name=name)

    def close(self, name: str | None = None) -> Operation:
        """An op that forgets the elements."""
        return ops.TensorArrayCloseV3(self._handle, name=name)


ops._array_class.append(TensorArray)


def _check_arguments(handle: Any, settings: dict[str, Any]) -> None:
    if handle is not None and not isinstance(handle, Tensor):
        raise TypeError(f"Expected `handle` to be a Tensor, but got `{handle}` of type `{type(handle)}` instead.")  # fmt: skip  # noqa: E501
    if handle is None and settings["size"] is None:
        raise ValueError("Argument `size` must be provided if handle is not provided.")
    for label, value in settings.items():
        if handle is not None and value is not None:
            raise ValueError(
                f"Cannot provide both a `handle` and `{label}` arguments at the same time."
            )


def flow_of(value: Any) -> Any:
    """The tensor that goes round a loop for a TensorArray; other values as they are."""
    return value.flow if isinstance(value, TensorArray) else value


def array_like(value: Any, flow: Any) -> Any:
    """`flow` as a TensorArray where `value` is one."""
    return value._with_flow(flow) if isinstance(value, TensorArray) else flow
