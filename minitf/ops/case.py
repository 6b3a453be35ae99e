"""tf.case: the first of several branches whose predicate is true."""

from __future__ import annotations

from functools import partial
from typing import Any

from minitf import dtypes
from minitf.graph import control_dependencies, name_scope
from minitf.ops.asserting import Assert
from minitf.ops.casts import cast
from minitf.ops.cond import cond
from minitf.ops.constants import constant
from minitf.ops.joining import stack
from minitf.ops.logic import less_equal
from minitf.ops.reductions import reduce_sum
from minitf.tensor import Operation, Tensor


def case(
    pred_fn_pairs: Any,
    default: Any = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str = "case",
) -> Any:
    """What the function of the first true predicate returns, or else `default()`.

    `pred_fn_pairs` is a dict or a list of pairs. With `exclusive`, all predicates are computed,
    and the run fails if more than one is true. Raises TypeError for what are not such pairs.
    """
    pairs = _checked_pairs(pred_fn_pairs)
    predicates, actions = zip(*pairs, strict=True)
    with name_scope(name, "case", list(predicates)):
        function = default
        if default is None:
            function = partial(_last_action, predicates, actions[-1])
            predicates, actions = predicates[:-1], actions[:-1]
        for predicate, action in reversed(list(zip(predicates, actions, strict=True))):
            function = partial(cond, predicate, true_fn=action, false_fn=function, strict=strict)
        if not exclusive:
            return function()
        with control_dependencies([_assert_at_most(predicates, 1, "Input error: exclusive=True")]):
            return function()


def _last_action(predicates: Any, action: Any) -> Any:
    """The last pair stands for the missing default, if its predicate is the true one."""
    count = len(predicates) - 1
    message = (
        f"Implementation error: selected default action #{count} was called, but some of other "
        "predicates are True: "
    )
    data = (
        "Input error: None of conditions evaluated as True:",
        stack(list(predicates), name="preds_c"),
    )
    checks = [_assert_at_most(predicates[:-1], 0, message), Assert(predicates[-1], data)]
    with control_dependencies(checks):
        return action()


def _checked_pairs(pairs: Any) -> list[tuple[Tensor, Any]]:
    if not isinstance(pairs, (list, tuple, dict)):
        raise TypeError(f"'pred_fn_pairs' must be a list, tuple, or dict. Received: {type(pairs)}")
    if isinstance(pairs, dict):
        ordered = hasattr(pairs, "move_to_end")
        items = list(pairs.items())
        pairs = items if ordered else sorted(items, key=lambda item: item[0].name)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError(f"Each entry in 'pred_fn_pairs' must be a 2-tuple. Received {pair}.")
        pred, function = pair
        if not isinstance(pred, Tensor):
            raise TypeError(f"pred must be a Tensor, got: {pred}")
        if pred.dtype.base_dtype != dtypes.bool:
            raise TypeError(f"pred must be Tensor of type bool: {pred.name}")
        if not callable(function):
            raise TypeError(f"fn for pred {pred.name} must be callable.")
    return list(pairs)


def _assert_at_most(predicates: Any, most: int, message: str) -> Operation:
    """An op that fails if more than `most` of the predicates are true."""
    packed = stack(list(predicates), name="preds_c")
    count = reduce_sum(cast(packed, dtypes.int32), name="num_true_conds")
    holds = less_equal(count, constant(most, name="n_true_conds"))
    names = ", ".join(getattr(p, "name", "?") for p in predicates)
    text = f"{message}: more than {most} conditions ({names}) evaluated as True:"
    return Assert(holds, data=[text, packed], summarize=len(predicates))
