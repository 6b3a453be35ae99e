"""The optimizers themselves: the numbers and slots of each, and the op that updates a variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.graph import colocate_with, control_dependencies, get_default_graph
from minitf.indexed_slices import IndexedSlices
from minitf.initial_values import constant_initializer, ones_initializer
from minitf.op import convert_to_tensor
from minitf.ops import training
from minitf.ops.arithmetic import maximum
from minitf.ops.array import constant, fill, ones, ones_like
from minitf.ops.array import shape as shape_of
from minitf.ops.casts import cast
from minitf.ops.control import group
from minitf.ops.elementwise import sqrt
from minitf.ops.scatter import scatter_add
from minitf.ops.state import assign, assign_sub
from minitf.tensor import Operation, Tensor
from minitf.train.optimizer import Optimizer
from minitf.variables import Variable

Number = float | Tensor | Callable[[], Any]


class GradientDescentOptimizer(Optimizer):
    """A step against the gradient, `learning_rate` times as long."""

    def __init__(
        self, learning_rate: Number, use_locking: bool = False, name: str = "GradientDescent"
    ) -> None:
        super().__init__(use_locking, name)
        self._numbers = {"learning_rate": learning_rate}

    def _apply_dense(self, grad: Tensor, var: Variable) -> Operation:
        rate = self._number("learning_rate", var)
        return training.ApplyGradientDescent(
            var._ref(), rate, grad, use_locking=self._use_locking
        ).op

    def _apply_sparse_duplicate_indices(self, grad: IndexedSlices, var: Variable) -> Any:
        # A sum of steps is a step along the sum: rows need not be added up first.
        delta = grad.values * self._number("learning_rate", var)
        return var.scatter_sub(
            IndexedSlices(delta, grad.indices, grad.dense_shape), use_locking=self._use_locking
        )


class MomentumOptimizer(Optimizer):
    """Steps along a decaying sum of gradients (Polyak 1964), or ahead of it (Nesterov)."""

    def __init__(
        self,
        learning_rate: Number,
        momentum: Number,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name)
        self._numbers = {"learning_rate": learning_rate, "momentum": momentum}
        self._use_nesterov = use_nesterov

    def _create_slots(self, var_list: list[Variable]) -> None:
        for v in var_list:
            self._zeros_slot(v, "momentum", self._name)

    def _apply_dense(self, grad: Tensor, var: Variable) -> Operation:
        return training.ApplyMomentum(
            var._ref(),
            self._slot(var, "momentum")._ref(),
            self._number("learning_rate", var),
            grad,
            self._number("momentum", var),
            use_locking=self._use_locking,
            use_nesterov=self._use_nesterov,
        ).op

    def _apply_sparse(self, grad: IndexedSlices, var: Variable) -> Operation:
        return training.SparseApplyMomentum(
            var._ref(),
            self._slot(var, "momentum")._ref(),
            self._number("learning_rate", var),
            grad.values,
            grad.indices,
            self._number("momentum", var),
            use_locking=self._use_locking,
            use_nesterov=self._use_nesterov,
        ).op


class AdagradOptimizer(Optimizer):
    """Steps over the root of the sum of squared gradients (Duchi et al. 2011)."""

    def __init__(
        self,
        learning_rate: Number,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "Adagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(
                f"initial_accumulator_value must be positive: {initial_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._numbers = {"learning_rate": learning_rate}
        self._initial = initial_accumulator_value

    def _create_slots(self, var_list: list[Variable]) -> None:
        for v in var_list:
            dtype = v.dtype.base_dtype
            initializer: Any = constant_initializer(self._initial, dtype=dtype)
            if not v.get_shape().is_fully_defined():
                initializer = lambda v=v, dtype=dtype: cast(  # noqa: E731
                    fill(shape_of(v), self._initial), dtype
                )
            self._get_or_make_slot_with_initializer(
                v, initializer, v.get_shape(), dtype, "accumulator", self._name
            )

    def _apply_dense(self, grad: Tensor, var: Variable) -> Tensor:
        return training.ApplyAdagrad(
            var._ref(),
            self._slot(var, "accumulator")._ref(),
            self._number("learning_rate", var),
            grad,
            use_locking=self._use_locking,
        )

    def _apply_sparse(self, grad: IndexedSlices, var: Variable) -> Tensor:
        return training.SparseApplyAdagrad(
            var._ref(),
            self._slot(var, "accumulator")._ref(),
            self._number("learning_rate", var),
            grad.values,
            grad.indices,
            use_locking=self._use_locking,
        )


class AdadeltaOptimizer(Optimizer):
    """Steps that need no learning rate of the right size (Zeiler 2012)."""

    def __init__(
        self,
        learning_rate: Number = 0.001,
        rho: Number = 0.95,
        epsilon: Number = 1e-8,
        use_locking: bool = False,
        name: str = "Adadelta",
    ) -> None:
        super().__init__(use_locking, name)
        self._numbers = {"lr": learning_rate, "rho": rho, "epsilon": epsilon}

    def _create_slots(self, var_list: list[Variable]) -> None:
        for v in var_list:
            self._zeros_slot(v, "accum", self._name)
            self._zeros_slot(v, "accum_update", self._name)

    def _state(self, var: Variable) -> list[Any]:
        slots = [self._slot(var, name)._ref() for name in ("accum", "accum_update")]
        return [var._ref(), *slots, *(self._number(n, var) for n in ("lr", "rho", "epsilon"))]

    def _apply_dense(self, grad: Tensor, var: Variable) -> Tensor:
        return training.ApplyAdadelta(*self._state(var), grad, use_locking=self._use_locking)

    def _apply_sparse(self, grad: IndexedSlices, var: Variable) -> Tensor:
        return training.SparseApplyAdadelta(
            *self._state(var), grad.values, grad.indices, use_locking=self._use_locking
        )


class RMSPropOptimizer(Optimizer):
    """Steps over the root of a decaying mean of squared gradients (Tieleman and Hinton 2012)."""

    def __init__(
        self,
        learning_rate: Number,
        decay: Number = 0.9,
        momentum: Number = 0.0,
        epsilon: Number = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        name: str = "RMSProp",
    ) -> None:
        super().__init__(use_locking, name)
        self._numbers = {
            "learning_rate": learning_rate,
            "decay": decay,
            "momentum": momentum,
            "epsilon": epsilon,
        }
        self._centered = centered

    def _create_slots(self, var_list: list[Variable]) -> None:
        for v in var_list:
            dtype = v.dtype.base_dtype
            known = v.get_shape().is_fully_defined()
            initializer = ones_initializer(dtype=dtype) if known else ones_like(v)
            self._get_or_make_slot_with_initializer(
                v, initializer, v.get_shape(), dtype, "rms", self._name
            )
            if self._centered:
                self._zeros_slot(v, "mg", self._name)
            self._zeros_slot(v, "momentum", self._name)

    def _state(self, var: Variable) -> list[Any]:
        names = ["mg", "rms", "momentum"] if self._centered else ["rms", "momentum"]
        slots = [self._slot(var, name)._ref() for name in names]
        return [var._ref(), *slots, *(self._number(name, var) for name in self._numbers)]

    def _apply_dense(self, grad: Tensor, var: Variable) -> Operation:
        apply = training.ApplyCenteredRMSProp if self._centered else training.ApplyRMSProp
        return apply(*self._state(var), grad, use_locking=self._use_locking).op

    def _apply_sparse(self, grad: IndexedSlices, var: Variable) -> Tensor:
        apply = (
            training.SparseApplyCenteredRMSProp if self._centered else training.SparseApplyRMSProp
        )
        return apply(*self._state(var), grad.values, grad.indices, use_locking=self._use_locking)


class AdamOptimizer(Optimizer):
    """Adaptive moment estimation (Kingma and Ba 2015)."""

    def __init__(
        self,
        learning_rate: Number = 0.001,
        beta1: Number = 0.9,
        beta2: Number = 0.999,
        epsilon: Number = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(use_locking, name)
        self._numbers = {
            "learning_rate": learning_rate,
            "beta1": beta1,
            "beta2": beta2,
            "epsilon": epsilon,
        }

    def _create_slots(self, var_list: list[Variable]) -> None:
        first = min(var_list, key=lambda v: v.name)
        for beta in ("beta1", "beta2"):
            initial = self._numbers[beta]
            self._create_non_slot_variable(initial, f"{beta}_power", first)
        for v in var_list:
            self._zeros_slot(v, "m", self._name)
            self._zeros_slot(v, "v", self._name)

    def _powers(self) -> tuple[Variable, Variable]:
        graph = get_default_graph()
        return (
            self._get_non_slot_variable("beta1_power", graph),
            self._get_non_slot_variable("beta2_power", graph),
        )

    def _apply_dense(self, grad: Tensor, var: Variable) -> Operation:
        dtype = var.dtype.base_dtype
        return training.ApplyAdam(
            var._ref(),
            self._slot(var, "m")._ref(),
            self._slot(var, "v")._ref(),
            *[cast(power, dtype) for power in self._powers()],
            *[self._number(name, var) for name in self._numbers],
            grad,
            use_locking=self._use_locking,
        ).op

    def _apply_sparse(self, grad: IndexedSlices, var: Variable) -> Operation:
        dtype = var.dtype.base_dtype
        beta1_power, beta2_power = [cast(power, dtype) for power in self._powers()]
        rate, beta1, beta2, epsilon = [self._number(name, var) for name in self._numbers]
        rate = rate * sqrt(1 - beta2_power) / (1 - beta1_power)
        m = self._slot(var, "m")
        scaled = grad.values * (1 - beta1)
        m_t = self._decayed(m, beta1, grad.indices, scaled)
        v = self._slot(var, "v")
        scaled = grad.values * grad.values * (1 - beta2)
        v_t = self._decayed(v, beta2, grad.indices, scaled)
        root = sqrt(v_t)
        update = assign_sub(
            var._ref(), rate * m_t / (root + epsilon), use_locking=self._use_locking
        )
        return group(update, m_t, v_t)

    def _decayed(self, slot: Variable, decay: Tensor, indices: Tensor, added: Tensor) -> Tensor:
        """The slot after all of it has decayed and some rows have been added to."""
        decayed = assign(slot._ref(), slot * decay, use_locking=self._use_locking)
        with control_dependencies([decayed]):
            return scatter_add(slot._ref(), indices, added, use_locking=self._use_locking)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Operation:
        with control_dependencies(update_ops):
            beta1_power, beta2_power = self._powers()
            with colocate_with(beta1_power):
                updates = [
                    power.assign(power * self._tensors[beta], use_locking=self._use_locking)
                    for power, beta in ((beta1_power, "beta1"), (beta2_power, "beta2"))
                ]
        return group(*update_ops, *updates, name=name_scope)


class FtrlOptimizer(Optimizer):
    """Follow the regularized leader (McMahan et al. 2013)."""

    def __init__(
        self,
        learning_rate: Any,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "Ftrl",
        accum_name: str | None = None,
        linear_name: str | None = None,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float | None = None,
    ) -> None:
        super().__init__(use_locking, name)
        if learning_rate_power > 0.0:
            raise ValueError(
                f"learning_rate_power {learning_rate_power:f} needs to be negative or zero"
            )
        for label, value in (
            ("initial_accumulator_value", initial_accumulator_value),
            ("l1_regularization_strength", l1_regularization_strength),
            ("l2_regularization_strength", l2_regularization_strength),
            ("l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength),
        ):
            if value < 0.0:
                raise ValueError(f"{label} {value:f} needs to be positive or zero")
        self._rate, self._beta = learning_rate, 0.0 if beta is None else beta
        self._l2 = l2_regularization_strength
        self._shrinkage = l2_shrinkage_regularization_strength
        self._initial = initial_accumulator_value
        self._accum_name, self._linear_name = accum_name or name, linear_name or name
        self._power, self._l1 = learning_rate_power, l1_regularization_strength

    def _create_slots(self, var_list: list[Variable]) -> None:
        def initial(shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
            return ones(shape=shape, dtype=dtype) * self._initial

        for v in var_list:
            dtype = v.dtype.base_dtype
            self._get_or_make_slot_with_initializer(
                v, initial, v.get_shape(), dtype, "accum", self._accum_name
            )
            self._zeros_slot(v, "linear", self._linear_name)

    def _prepare(self) -> None:
        def keep(name: str, value: Any) -> None:
            self._tensors[name] = convert_to_tensor(value, name=name)

        keep("learning_rate", self._rate)
        keep("l1_regularization_strength", self._l1)
        adjusted = self._l2 + self._beta / (2.0 * maximum(self._rate, 1e-36))
        keep("adjusted_l2_regularization_strength", adjusted)
        keep("beta", self._beta)
        keep("l2_shrinkage_regularization_strength", self._shrinkage)
        keep("learning_rate_power", self._power)

    def _arguments(self, var: Variable, *grad: Tensor) -> list[Any]:
        slots = [self._slot(var, name)._ref() for name in ("accum", "linear")]
        names = ["learning_rate", "l1_regularization_strength"]
        names.append("adjusted_l2_regularization_strength")
        if self._shrinkage > 0.0:
            names.append("l2_shrinkage_regularization_strength")
        names.append("learning_rate_power")
        return [var._ref(), *slots, *grad, *(self._number(name, var) for name in names)]

    def _apply_dense(self, grad: Tensor, var: Variable) -> Tensor:
        apply = training.ApplyFtrlV2 if self._shrinkage > 0.0 else training.ApplyFtrl
        return apply(*self._arguments(var, grad), use_locking=self._use_locking)

    def _apply_sparse(self, grad: IndexedSlices, var: Variable) -> Tensor:
        apply = training.SparseApplyFtrlV2 if self._shrinkage > 0.0 else training.SparseApplyFtrl
        arguments = self._arguments(var, grad.values, grad.indices)
        return apply(*arguments, use_locking=self._use_locking)


class ProximalGradientDescentOptimizer(Optimizer):
    """Gradient descent on the loss, exact steps on its l1 and l2 terms."""

    def __init__(
        self,
        learning_rate: Number,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "ProximalGradientDescent",
    ) -> None:
        super().__init__(use_locking, name)
        self._numbers = {
            "learning_rate": learning_rate,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
        }

    def _apply_dense(self, grad: Tensor, var: Variable) -> Operation:
        numbers = [self._tensors[name] for name in self._numbers]
        return training.ApplyProximalGradientDescent(
            var._ref(), *numbers, grad, use_locking=self._use_locking
        ).op

    def _apply_sparse(self, grad: IndexedSlices, var: Variable) -> Operation:
        numbers = [self._tensors[name] for name in self._numbers]
        return training.SparseApplyProximalGradientDescent(
            var._ref(), *numbers, grad.values, grad.indices, use_locking=self._use_locking
        ).op


class ProximalAdagradOptimizer(Optimizer):
    """Adagrad on the loss, exact steps on its l1 and l2 terms."""

    def __init__(
        self,
        learning_rate: Number,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "ProximalAdagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(
                f"initial_accumulator_value must be positive: {initial_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._initial = initial_accumulator_value
        self._numbers = {
            "learning_rate": learning_rate,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
        }

    def _create_slots(self, var_list: list[Variable]) -> None:
        for v in var_list:
            with colocate_with(v):
                start = constant(self._initial, shape=v.get_shape(), dtype=v.dtype.base_dtype)
            self._get_or_make_slot(v, start, "accumulator", self._name)

    def _state(self, var: Variable) -> list[Any]:
        accumulator = self._slot(var, "accumulator")._ref()
        return [var._ref(), accumulator, *(self._tensors[name] for name in self._numbers)]

    def _apply_dense(self, grad: Tensor, var: Variable) -> Tensor:
        return training.ApplyProximalAdagrad(*self._state(var), grad, use_locking=self._use_locking)

    def _apply_sparse(self, grad: IndexedSlices, var: Variable) -> Tensor:
        return training.SparseApplyProximalAdagrad(
            *self._state(var), grad.values, grad.indices, use_locking=self._use_locking
        )
