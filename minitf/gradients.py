"""Gradients: the walk backwards from what is differentiated to what it depends on.

Reverse-mode differentiation as TensorFlow does it: each op's own rule (declared with the op)
adds the nodes of its gradient, so a gradient is a graph like any other and can be differentiated
again. Contributions that meet at a tensor are summed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from enum import Enum
from typing import Any

from minitf import dtypes, registry
from minitf.graph import colocate_with, device, get_default_graph, name_scope
from minitf.indexed_slices import IndexedSlices, convert_to_tensor_or_indexed_slices
from minitf.op import convert_to_tensor
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops.arithmetic import add_n
from minitf.ops.array import concat, identity, ones, shape, zeros_like
from minitf.ops.casts import cast
from minitf.ops.control import LoopGradients, loops_between, zeros_like_output
from minitf.ops.control import tuple as gate
from minitf.ops.flow import in_own_loop, no_gradient_by_initial_value
from minitf.tensor import Operation, Tensor
from minitf.user_lines import tells_lines


class UnconnectedGradients(Enum):
    """What the gradient is where there is no path: None, or zeros."""

    NONE = "none"
    ZERO = "zero"


class AggregationMethod:
    """How contributions that meet at a tensor are summed: at once, or one after the other."""

    ADD_N = 0
    DEFAULT = ADD_N
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


_registered: dict[str, Callable[..., Any] | None] = {}


class RegisterGradient:
    """A decorator that makes a function the gradient of an op type, or of a name for
    `gradient_override_map`. Raises KeyError when the name has one already.
    """

    def __init__(self, op_type: str) -> None:
        if not isinstance(op_type, str):
            raise TypeError("op_type must be a string")
        self._op_type = op_type

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        _register(self._op_type, function)
        return function


def NotDifferentiable(op_type: str) -> None:
    """Declares that an op type has no gradient; KeyError when it has one."""
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")
    _register(op_type, None)


NoGradient = NotDifferentiable


def _register(op_type: str, function: Callable[..., Any] | None) -> None:
    if op_type in _registered or op_type in registry.registered():
        raise KeyError(
            f"Registering two gradient with name '{op_type}'! (The gradient is registered already)"
        )
    _registered[op_type] = function


def gradient_function(op: Operation) -> Callable[..., Any] | None:
    """The function that adds the nodes of an op's gradient, or None where it has none.

    Raises LookupError for a name in `gradient_override_map` that nobody registered.
    """
    if not op._inputs:
        return None
    override = op._attrs.get("_gradient_op_type")
    name = op.type if override is None else override.decode()
    if name in _registered:
        return _registered[name]
    try:
        gradient = registry.get(name).gradient
    except KeyError:
        gradient = LookupError
    if gradient is LookupError:
        raise LookupError(
            f"No gradient defined for operation'{op.name}' (op type: {op.type}): no rule is known "
            f"for {name}, in TensorFlow neither. @tf.RegisterGradient can give one, and "
            "`tf.stop_gradient` holds a tensor constant"
        )
    return gradient


def is_trainable(tensor: Tensor) -> bool:
    """Whether small changes of this tensor make sense: it is of a floating or complex type."""
    base = tensor._dtype._base
    return base.is_floating or base.is_complex


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
    stop_gradients: Any = None,
    unconnected_gradients: Any = UnconnectedGradients.NONE,
) -> list[Any]:
    """The sum of the derivatives of all `ys` with respect to each of `xs`.

    A list of tensors (IndexedSlices where only some rows are touched), of the shapes of `xs`;
    None, or zeros, where there is no path. `grad_ys` are the derivatives with respect to `ys`
    (default: ones); `stop_gradients` are held constant. Raises TypeError for types that have no
    derivative, LookupError for an op without a gradient, ValueError for lengths that differ.
    """
    ys, xs = _as_list(ys), _as_list(xs)
    stops = [] if stop_gradients is None else _as_list(stop_gradients)
    try:
        unconnected_gradients = UnconnectedGradients(unconnected_gradients)
    except ValueError:
        raise ValueError(
            f"Unknown value for unconnected_gradients: '{unconnected_gradients}'"
        ) from None
    grad_ys = [None] * len(ys) if grad_ys is None else _as_list(grad_ys)
    values = [v for v in [*ys, *xs, *stops, *grad_ys] if v is not None]
    with name_scope(name, "gradients", values):
        walk = _Walk(colocate_gradients_with_ops, gate_gradients, aggregation_method)
        ys = [
            None if y is None else convert_to_tensor_or_indexed_slices(y, name=f"y_{i}")
            for i, y in enumerate(ys)
        ]
        targets = [_handle(x, f"x_{i}") for i, x in enumerate(xs)]
        starts = walk.default_grad_ys(grad_ys, ys)
        walk.run(ys, targets, starts, [t.op for t in stops])
    if walk.loops:
        walk.loops.post_processing()
    return [walk.result(x, unconnected_gradients) for x in targets]


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _handle(x: Any, name: str) -> Any:
    """The tensor to differentiate by; of a variable the variable itself, not a read of it."""
    if x is None:
        return None
    x = x.values if isinstance(x, IndexedSlices) else x
    if isinstance(x, (list, tuple)) and any(isinstance(part, Tensor) for part in x):
        raise TypeError("Expected any non-tensor type, but got a tensor instead.")
    return convert_to_tensor(x, name=name, as_ref=True)


class _Walk:
    """One call of `gradients`: what has been collected at each tensor so far."""

    def __init__(self, colocate: bool, gated: bool, aggregation_method: int | None) -> None:
        method = AggregationMethod.DEFAULT if aggregation_method is None else aggregation_method
        self.graph = get_default_graph()
        self.graph.unique_name("uid")  # TensorFlow marks this name as used
        self.colocate = colocate
        self.gated = gated
        self.method = method
        self.in_turn = method != AggregationMethod.ADD_N
        self.collected: dict[Operation, list[Any]] = {}
        self.pending: dict[Operation, int] = {}
        self.loops: LoopGradients | None = None

    # where it starts

    def default_grad_ys(self, grad_ys: list[Any], ys: list[Any]) -> list[Any]:
        if len(grad_ys) != len(ys):
            raise ValueError(f"Length mismatch. Passed {len(grad_ys)} grad_ys for {len(ys)} ys")
        starts = []
        given = [
            None if g is None else convert_to_tensor_or_indexed_slices(g, name=f"grad_y_{i}")
            for i, g in enumerate(grad_ys)
        ]
        for i, (y, grad_y) in enumerate(zip(ys, given, strict=True)):
            with self._colocated(y.op):
                if grad_y is None:
                    if y.dtype.is_complex:
                        raise TypeError(
                            f"Gradients of complex tensors ({y}) must set grad_ys (y.dtype = "
                            f"{y.dtype.name})"
                        )
                    starts.append(ones(shape(y), dtype=y.dtype, name=f"grad_ys_{i}"))
                else:
                    _check_grad_y(y, grad_y)
                    starts.append(_renamed(grad_y, i))
        return starts

    def _colocated(self, op: Operation) -> Any:
        return colocate_with(op) if self.colocate else nullcontext()

    # the walk

    def run(
        self, ys: list[Any], xs: list[Tensor], starts: list[Any], stops: list[Operation]
    ) -> None:
        """Goes from `ys` back to `xs`: an op is ready once all its readers have been."""
        if self.method not in (0, 1, 2):
            raise ValueError(
                f"Invalid `aggregation_method` specified {self.method}. "
                "Accepted values are [0, 1, 2]."
            )
        to_ops = [y.op for y in ys]
        self.from_ops = from_ops = [x.op for x in xs]
        reached = self._reached(from_ops)
        self._count_pending(to_ops, reached)
        for y, start in zip(ys, starts, strict=True):
            self.add(y, start)
        ready = dict.fromkeys(op for op in to_ops if not self.pending.get(op) and op in reached)
        queue = deque(ready)
        if self.loops:
            for t in self.loops.process_unused_loop_exits(self.pending, set(ready)):
                if is_trainable(t):
                    self.add(t, self.loops.zeros_like_for_exit(t))
                    queue.append(t.op)
        stop_ops = {
            op for op in from_ops if not any(self.pending.get(t.op, 0) > 0 for t in op._inputs)
        }
        stop_ops.update(stops)
        while queue:
            op = queue.popleft()
            with self._colocated(op):
                self._differentiate(op, stop_ops)
            self._enqueue_inputs(op, queue)

    def _reached(self, from_ops: list[Operation]) -> set[Operation]:
        """The ops that `from_ops` can change: they take a trainable output of one of them."""
        reached = set(from_ops)
        if self.graph._edits:  # loops and branches lead values to ops made earlier
            return self._reached_in_any_order(reached)
        first = min((op._id for op in reached), default=0)
        for op in self.graph._operations[first:]:
            if op not in reached and any(t.op in reached and is_trainable(t) for t in op._inputs):
                reached.add(op)
        return reached

    def _reached_in_any_order(self, reached: set[Operation]) -> set[Operation]:
        readers: dict[Operation, list[Operation]] = {}
        for op in self.graph._operations:
            for t in op._inputs:
                if is_trainable(t):
                    readers.setdefault(t.op, []).append(op)
        pending = list(reached)
        while pending:
            for op in readers.get(pending.pop(), ()):
                if op not in reached:
                    reached.add(op)
                    pending.append(op)
        return reached

    def _count_pending(self, to_ops: list[Operation], reached: set[Operation]) -> None:
        between: dict[Operation, None] = {}
        queue = deque(to_ops)
        while queue:
            op = queue.popleft()
            if op in reached and op not in between:
                between[op] = None
                queue.extend(t.op for t in op._inputs)
        self.loops = loops_between(between, self.colocate)
        for op in between:
            for t in op._inputs:
                if t.op in between:
                    self.pending[t.op] = self.pending.get(t.op, 0) + 1

    def _differentiate(self, op: Operation, stop_ops: set[Operation]) -> None:
        loops = self.loops
        if loops:
            loops.enter(op, before=True)
        out_grads = self._aggregated(op)
        if loops:
            loops.exit(op, before=True)
        function = None
        has_grads = any(grad is not None for grad in out_grads)
        if has_grads and op not in stop_ops:
            function = gradient_function(op)
        if loops:
            loops.enter(op, before=False)
        if function is not None and has_grads:
            for i, grad in enumerate(out_grads):
                if grad is None and is_trainable(op._outputs[i]):
                    out_grads[i] = loops.zeros_like(op, i) if loops else zeros_like_output(op, i)
            in_grads = self._input_gradients(op, function, out_grads)
        else:
            in_grads = [None] * len(op._inputs)
        for i, (t, grad) in enumerate(zip(op._inputs, in_grads, strict=True)):
            if grad is not None:
                _check_shape(op, i, t, grad)
                self.add(t, grad)
        if loops:
            loops.exit(op, before=False)

    def _input_gradients(
        self, op: Operation, function: Callable[..., Any], out_grads: list[Any]
    ) -> list[Any]:
        if op.type in ("Switch", "RefSwitch") and in_own_loop(op):
            raise no_gradient_by_initial_value(self._nearest_start(op).name)
        with name_scope(op.name + "_grad"):
            grads = function(op, *out_grads)
            grads = list(grads) if isinstance(grads, (list, tuple)) else [grads]
            if len(grads) != len(op._inputs):
                raise ValueError(
                    f"Num gradients {len(grads)} generated for op {op.node_def} do not match num "
                    f"inputs {len(op._inputs)}"
                )
            if self.gated and sum(grad is not None for grad in grads) > 1:
                with device(None), colocate_with(None, ignore_existing=True):
                    grads = gate(grads)
        return grads

    def _nearest_start(self, op: Operation) -> Operation:
        """The op asked for that lies the fewest steps before `op`."""
        queue, seen = deque([op]), {op}
        while queue:
            op = queue.popleft()
            if op in self.from_ops:
                break
            before = [t.op for t in op._inputs if t.op not in seen]
            seen.update(before)
            queue.extend(before)
        return op

    def _enqueue_inputs(self, op: Operation, queue: deque[Operation]) -> None:
        for t in op._inputs:
            source = t.op
            self.pending[source] = self.pending.get(source, 0) - 1
            ready = self.pending[source] == 0
            if self.loops:
                if not ready and self.pending[source] > 0 and self.loops.is_loop_switch(source):
                    ready = True
                if ready and self.loops.is_loop_exit(source):
                    queue.extend(self.loops.deferred_exits(source, t, self))
                    continue
            if ready:
                queue.append(source)

    # what is collected

    def add(self, tensor: Tensor, grad: Any) -> None:
        """Adds a contribution to a tensor's gradient."""
        op = tensor.op
        grads = self.collected.setdefault(op, [[] for _ in op._outputs])
        if isinstance(grads[tensor.value_index], list):
            grads[tensor.value_index].append(grad)
        else:  # a loop's switch, met a second time
            grads[tensor.value_index] = grad

    def has_gradient(self, op: Operation) -> bool:
        """Whether anything has been collected for one of the op's outputs."""
        return any(g is not None and g != [] for g in self.collected.get(op, []))

    def _aggregated(self, op: Operation) -> list[Any]:
        grads = self.collected.get(op)
        if grads is None:
            return [None] * len(op._outputs)
        for i, parts in enumerate(grads):
            if isinstance(parts, list):
                grads[i] = self._sum(op, parts)
        return list(grads)

    def _sum(self, op: Operation, parts: list[Any]) -> Any:
        if len(parts) < 2:
            return parts[0] if parts else None
        if not all(isinstance(part, Tensor) for part in parts):
            return _joined(parts)
        if self.in_turn:
            with name_scope(op.name + "_gradient_sum"):
                total = parts[0]
                for part in parts[1:]:
                    total = add_n([total, part])
            return total
        by_device: dict[str, list[Tensor]] = {}
        for part in parts:
            by_device.setdefault(part.device or "", []).append(part)
        sums = []
        for _, group in sorted(by_device.items()):
            with colocate_with(group[0].op, ignore_existing=True):
                sums.append(add_n(group))
        return add_n(sums)

    def result(self, x: Tensor, unconnected: UnconnectedGradients) -> Any:
        """The gradient collected at `x`, or what stands for none."""
        grads = self.collected.get(x.op)
        grad = None if grads is None else grads[x.value_index]
        if isinstance(grad, list):
            grad = self._sum(x.op, grad)
        if grad is None and unconnected is UnconnectedGradients.ZERO:
            return zeros_like(x, dtype=x.dtype.base_dtype)
        return grad


def _joined(parts: list[Any]) -> Any:
    """The sum of contributions some of which are IndexedSlices."""
    parts = [part for part in parts if part is not None]
    if any(isinstance(part, Tensor) for part in parts):
        return add_n(parts)
    indices = [part.indices for part in parts]
    if any(t.dtype == dtypes.int32 for t in indices) and any(
        t.dtype == dtypes.int64 for t in indices
    ):
        indices = [cast(t, dtypes.int64) for t in indices]
    return IndexedSlices(
        concat([part.values for part in parts], axis=0),
        concat(indices, axis=0),
        parts[0].dense_shape,
    )


@tells_lines
def _check_grad_y(y: Tensor, grad_y: Any) -> None:
    kinds = (
        ("real", lambda dtype: dtype.is_floating or dtype.is_integer),
        ("complex", lambda dtype: dtype.is_complex),
    )
    for kind, belongs in kinds:
        if belongs(y.dtype):
            if not belongs(grad_y.dtype):
                raise TypeError(
                    f"Gradient type {grad_y.dtype.name} generated for {kind}-valued tensor {y} "
                    f"with type {y.dtype.name} must be {kind}"
                )
            return
    raise TypeError(
        f"Tensor {y} with type {y.dtype.name} must be numeric to obtain a default gradient"
    )


def _renamed(grad_y: Any, i: int) -> Any:
    if not isinstance(grad_y, IndexedSlices):
        return identity(grad_y, name=f"grad_ys_{i}")
    shape_name = f"grad_ys_{i}_shape"
    return IndexedSlices(
        values=identity(grad_y.values, name=f"grad_ys_{i}_values"),
        indices=identity(grad_y.indices, name=f"grad_ys_{i}_indices"),
        dense_shape=None
        if grad_y.dense_shape is None
        else identity(grad_y.dense_shape, name=shape_name),
    )


@tells_lines
def _check_shape(op: Operation, index: int, tensor: Tensor, grad: Any) -> None:
    if isinstance(grad, Tensor):
        try:
            grad.set_shape(tensor.get_shape())
        except ValueError:
            raise ValueError(
                "Incompatible shapes between op input and calculated input gradient. Forward "
                f"operation: {op.name}. Input index: {index}. Original input shape: "
                f"{tensor.shape}. Calculated input gradient shape: {grad.shape}"
            ) from None
