"""What a stranger does with a thing: look at it, run it, and see what either says."""

from contextlib import suppress
from typing import Any


def look(tf: Any, see: Any, *makers: Any, run: bool = True) -> None:
    """Note what each function gives or raises, and what a run of that gives or raises.

    Variables are initialized before the run, as far as they can be; `run=False` leaves runs out.
    """
    for make in makers:
        made: list = []
        see.attempt(lambda make=make, made=made: _kept(make(), made))
        if run and made and _runs(tf, made[0]):
            _initialize(tf, see)
            see.attempt(lambda made=made: see.session.run(made[0]))


def _kept(value: Any, made: list) -> Any:
    made.append(value)
    return value


def _runs(tf: Any, value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return bool(value) and all(_runs(tf, item) for item in value)
    if isinstance(value, dict):
        return bool(value) and all(_runs(tf, item) for item in value.values())
    return isinstance(
        value, (tf.Tensor, tf.Operation, tf.Variable, tf.SparseTensor, tf.IndexedSlices)
    )


def _initialize(tf: Any, see: Any) -> None:
    for variable in [*tf.global_variables(), *tf.local_variables()]:
        with suppress(
            tf.errors.OpError
        ):  # one whose initial value wants a feed: reading it says so
            see.session.run(variable.initializer)
