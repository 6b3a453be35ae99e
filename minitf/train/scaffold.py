"""The ops that a training needs around the model's own: initialize, check, summarize, save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import initialization
from minitf.graph import (
    GraphKeys,
    add_to_collection,
    device,
    get_collection,
    get_default_graph,
    name_scope,
)
from minitf.messages import logger
from minitf.ops.constants import constant
from minitf.ops.control import group, no_op
from minitf.ops.joining import concat
from minitf.summary.making import merge_all
from minitf.tensor import Operation, Tensor
from minitf.train.saver import Saver
from minitf.train.saving_hooks import several_savers

_FIELDS = (
    *("init_op", "init_feed_dict", "ready_op", "ready_for_local_init_op"),
    *("local_init_op", "local_init_feed_dict", "summary_op", "saver"),
)


class Scaffold:
    """Those ops, as given here, as the graph's collections hold them, or as usual.

    `finalize()` makes the missing ones. `init_fn(scaffold, session)` runs after `init_op`. What is
    not given is taken from `copy_from_scaffold`; TypeError where that is no Scaffold.
    """

    def __init__(
        self,
        init_op: Any = None,
        init_feed_dict: Any = None,
        init_fn: Callable[[Scaffold, Any], Any] | None = None,
        ready_op: Any = None,
        ready_for_local_init_op: Any = None,
        local_init_op: Any = None,
        summary_op: Any = None,
        saver: Any = None,
        copy_from_scaffold: Scaffold | None = None,
        local_init_feed_dict: Any = None,
    ) -> None:
        if not (copy_from_scaffold is None or isinstance(copy_from_scaffold, Scaffold)):
            raise TypeError("copy_from_scaffold is not a Scaffold instance.")
        given = locals()
        self._parts = {field: given[field] for field in _FIELDS}
        if copy_from_scaffold is not None:
            for field, value in copy_from_scaffold._parts.items():
                if self._parts[field] is None:
                    self._parts[field] = value
            init_fn = init_fn or copy_from_scaffold._user_init_fn
        self._user_init_fn: Callable[[Scaffold, Any], Any] | None = init_fn

    def finalize(self) -> Scaffold:
        """Makes the missing ops and finalizes the default graph."""
        for field, key, make in (
            ("init_op", GraphKeys.INIT_OP, _init_op),
            ("ready_op", GraphKeys.READY_OP, _ready_op),
            (
                "ready_for_local_init_op",
                GraphKeys.READY_FOR_LOCAL_INIT_OP,
                _ready_for_local_init_op,
            ),
            ("local_init_op", GraphKeys.LOCAL_INIT_OP, Scaffold.default_local_init_op),
            ("summary_op", GraphKeys.SUMMARY_OP, merge_all),
        ):
            if self._parts[field] is None:
                self._parts[field] = Scaffold.get_or_default(field, key, make)
        if self._parts["saver"] is None:
            self._parts["saver"] = _saver_of_graph()
        self._parts["saver"].build()
        get_default_graph().finalize()
        logger.info("Graph was finalized.")
        return self

    @property
    def init_fn(self) -> Callable[[Any], Any] | None:
        function = self._user_init_fn
        return None if not function else lambda session: function(self, session)

    @property
    def init_op(self) -> Any:
        return self._parts["init_op"]

    @property
    def init_feed_dict(self) -> Any:
        return self._parts["init_feed_dict"]

    @property
    def ready_op(self) -> Any:
        return self._parts["ready_op"]

    @property
    def ready_for_local_init_op(self) -> Any:
        return self._parts["ready_for_local_init_op"]

    @property
    def local_init_op(self) -> Any:
        return self._parts["local_init_op"]

    @property
    def local_init_feed_dict(self) -> Any:
        return self._parts["local_init_feed_dict"]

    @property
    def summary_op(self) -> Any:
        return self._parts["summary_op"]

    @property
    def saver(self) -> Any:
        return self._parts["saver"]

    @staticmethod
    def get_or_default(
        arg_name: str, collection_key: str, default_constructor: Callable[[], Any]
    ) -> Any:
        """The one item of a collection, or a new one; RuntimeError where it holds several."""
        found = get_collection(collection_key)
        if len(found) > 1:
            raise RuntimeError(
                f'More than one item in the collection "{collection_key}". Please indicate which '
                "one to use by passing it to the tf.Scaffold constructor as:  "
                f"tf.Scaffold({arg_name}=item to use)"
            )
        if found:
            return found[0]
        op = default_constructor()
        if op is not None:
            add_to_collection(collection_key, op)
        return op

    @staticmethod
    def default_local_init_op() -> Operation:
        """An op that initializes local variables and tables."""
        return group(
            initialization.local_variables_initializer(),
            initialization.tables_initializer(),
            no_op(name="init"),  # TensorFlow's resources, of which there are none
        )


def _init_op() -> Operation:
    initializer = initialization.global_variables_initializer()
    others = get_collection("saved_model_initializers")
    return group(initializer, no_op(name="init"), others)


def _ready_op() -> Tensor:
    return _with_resources(initialization.report_uninitialized_variables())


def _ready_for_local_init_op() -> Tensor:
    variables = initialization.global_variables()
    return _with_resources(initialization.report_uninitialized_variables(variables))


def _with_resources(missing: Tensor) -> Tensor:
    """`missing` and the names of TensorFlow's uninitialized resources: there are none here."""
    with name_scope("report_uninitialized_resources"), device("/cpu:0"):
        none = constant([], dtype="string")
    return concat([missing, none], 0)


def _saver_of_graph() -> Saver:
    """The saver in the graph's collection, or a new one there."""
    savers = get_collection(GraphKeys.SAVERS)
    if len(savers) > 1:
        raise several_savers()
    if savers:
        return savers[0]
    saver = Saver(sharded=True, allow_empty=True)
    add_to_collection(GraphKeys.SAVERS, saver)
    return saver
