"""The session: where a graph runs and where its variables' values live."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import numpy as np

from minitf import graph as graphs
from minitf.errors import CancelledError, InvalidArgumentError, NotFoundError
from minitf.graph import Graph
from minitf.kernels.threads import limited
from minitf.runtime import observing
from minitf.runtime.compiled import Program
from minitf.runtime.explain import Explanation
from minitf.runtime.feeds import as_fed, as_given, flat_feeds, flat_keys
from minitf.runtime.fetches import Fetches
from minitf.runtime.handles import TensorHandle
from minitf.runtime.limits import check_options, deadline, limited_to
from minitf.runtime.memory import keep_freed
from minitf.runtime.partial import NOT_SET_UP, PartialRun
from minitf.runtime.placement import DeviceAttributes, Placer
from minitf.runtime.plan import Plan
from minitf.runtime.races import Race, races
from minitf.runtime.state import VariableSlot
from minitf.runtime.taping import Taping
from minitf.runtime.trace import RunTrace, traced
from minitf.tensor import DEAD, Operation, Tensor


class _Runner:
    """A plan made ready for one set of fetches and feeds in one session."""

    def __init__(self, session: BaseSession, fetches: Fetches, feeds: tuple[Tensor, ...]) -> None:
        self.fetches = fetches
        self.feeds = feeds
        self.edits = session.graph._edits
        plan = session._plan(fetches, feeds)
        self._taping = Taping(plan, session)
        self._threads = session._threads
        self.fed_fetches = [
            (i, feeds.index(t)) for i, t in enumerate(fetches.tensors) if t in feeds
        ]
        self.handles = [
            (i, t.op._inputs[0]._dtype._base, session)
            for i, t in enumerate(fetches.tensors)
            if t.op.type == "GetSessionHandle" and t not in feeds
        ]

    @property
    def program(self) -> Program:
        """What the last run executed."""
        return self._taping.program

    def run(self, values: list[Any], given: Iterable[Any] = ()) -> Any:
        with np.errstate(all="ignore"):
            if self._threads:
                with limited(self._threads):
                    fetched = self._taping(values)
            else:
                fetched = self._taping(values)
        results = [_returned(i, value) for i, value in enumerate(fetched)]
        if self.fed_fetches:
            fed = tuple(given)
            for position, feed in self.fed_fetches:
                results[position] = as_given(self.feeds[feed], fed[feed])
        for position, dtype, session in self.handles:
            results[position] = TensorHandle(results[position], dtype, session)
        return self.fetches.rebuild(results)


def _key(fetches: Any, feed_dict: Any) -> Any:
    """What tells one call's fetches and fed tensors from another's; None for nested fetches."""
    kind = type(fetches)
    if kind is list or kind is tuple:
        for item in fetches:
            if isinstance(item, tuple):  # a named tuple equals a plain one
                return None
        fetches = (kind, *fetches)
    elif isinstance(fetches, tuple):
        return None
    return fetches if not feed_dict else (fetches, None, *feed_dict)


def _returned(index: int, value: Any) -> Any:
    """A fetched value that is the caller's own: nobody else's array, never a view of one."""
    if type(value) is np.ndarray:
        flags = value.flags
        if not flags.writeable or not flags.owndata:
            return value.copy()
        return value if value.ndim else value[()]
    if value is DEAD:
        raise InvalidArgumentError(
            None, None, f"Retval[{index}] does not have value: its branch was not taken"
        )
    return value


def _no_such(target: Any) -> NotFoundError:
    return NotFoundError(
        None,
        None,
        f'No session factory registered for the given session options: {{target: "{target}" '
        'config: device_count { key: "CPU" value: 1 } device_count { key: "GPU" value: 0 }}. '
        "minitf runs graphs in this process only: leave `target` empty.",
    )


class BaseSession:
    """What Session and InteractiveSession share.

    `config` is a ConfigProto; its `intra_op_parallelism_threads` bounds a kernel's threads. With
    `shuffle_seed`, ops whose order the graph leaves open run in an order drawn from that seed;
    without, in the order in which they were made.
    """

    _place_pruned = False

    def __init__(
        self,
        target: str = "",
        graph: Graph | None = None,
        config: Any = None,
        *,
        shuffle_seed: int | None = None,
    ) -> None:
        if graph is not None and not isinstance(graph, Graph):
            raise TypeError(
                f'Argument `graph` must be a tf.Graph, but got "{type(graph).__name__}"'
            )
        if target is not None and not isinstance(target, (str, bytes)):
            raise TypeError(
                f'Argument `target` must be a string, but got "{type(target).__name__}"'
            )
        if config is not None and not hasattr(config, "device_count"):
            raise TypeError(
                f'Argument `config` must be a tf.ConfigProto, but got "{type(config).__name__}"'
            )
        if target:
            raise _no_such(target)
        keep_freed()
        self._graph = graph or graphs.get_default_graph()
        self._target = target
        self._closed = False
        self._order_seed = shuffle_seed
        self._placer = Placer(config, self._place_pruned)
        self._shows_shapes = bool(config is not None and config.graph_options.infer_shapes)
        self._threads = 0 if config is None else config.intra_op_parallelism_threads
        self._wait_limit = 0 if config is None else config.operation_timeout_in_ms
        self._runners: dict[Any, Any] = {}
        self._slots: dict[Operation, VariableSlot] = {}
        self._op_state: dict[Operation, Any] = {}
        self._variable_observers: list[Callable[..., Any]] = []
        self._lock = threading.RLock()

    @property
    def graph(self) -> Graph:
        return self._graph

    @property
    def graph_def(self) -> Any:
        """The session's graph as a GraphDef."""
        return self._graph.as_graph_def(add_shapes=self._shows_shapes)

    @property
    def sess_str(self) -> Any:
        return self._target.encode() if isinstance(self._target, str) else self._target

    def as_default(self) -> Any:
        """A block in which `eval` and `run` of tensors and operations use this session."""
        return graphs.default_session(self)

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """The values of `fetches`, in their nesting: NumPy arrays and scalars, None for ops.

        `feed_dict` gives tensors' values for this run only. Raises RuntimeError in a closed
        session, TypeError and ValueError for fetches and feeds that don't fit the graph, and an
        OpError for what goes wrong in the run.
        """
        if observing.observers:
            run = partial(self._run, fetches, feed_dict, options, run_metadata)
            return observing.observed_run(self, fetches, feed_dict, run)
        return self._run(fetches, feed_dict, options, run_metadata)

    def _run(self, fetches: Any, feed_dict: Any, options: Any, run_metadata: Any) -> Any:
        if options is not None or run_metadata is not None:
            return self._run_told(fetches, feed_dict, options, run_metadata)
        try:
            key = _key(fetches, feed_dict)
            runner = self._runners.get(key)
        except TypeError:  # lists and dicts have no hash
            key, runner = None, None
        if runner is None or runner.edits != self._graph._edits:
            return self._run_anew(key, fetches, feed_dict or {})
        if not feed_dict:
            return runner.run([])
        values = feed_dict.values()
        arrays = [as_fed(t, v) for t, v in zip(runner.feeds, values, strict=True)]
        return runner.run(arrays, values)

    def _run_anew(self, key: Any, fetches: Any, feed_dict: Any) -> Any:
        self._check_open()
        wanted = Fetches(self._graph, fetches)
        feeds = flat_feeds(self._graph, feed_dict)
        flat_key = (wanted.tensors, tuple(wanted.targets), tuple(feeds))
        values = [as_fed(t, v) for t, v in feeds.items()]
        runner = self._runners.get(flat_key)
        if runner is None or runner.edits != self._graph._edits:
            with self._lock:
                runner = _Runner(self, wanted, tuple(feeds))
                self._runners[flat_key] = runner
        else:
            runner = _Rebuilt(runner, wanted)
        if key is not None and len(feeds) == len(feed_dict) and all(t in feeds for t in feed_dict):
            self._runners[key] = runner
        return runner.run(values, feeds.values())

    def _plan(self, fetches: Fetches, feeds: tuple[Tensor, ...]) -> Plan:
        plan = Plan(fetches.tensors, tuple(fetches.targets), feeds, self._order_seed)
        self._placer.check(self._graph._operations, plan.ops)
        return plan

    def _run_told(self, fetches: Any, feed_dict: Any, options: Any, run_metadata: Any) -> Any:
        check_options(options, run_metadata)
        with limited_to(getattr(options, "timeout_in_ms", 0)):
            if not hasattr(run_metadata, "step_stats"):
                return self._run(fetches, feed_dict, None, None)
            return self._run_recorded(fetches, feed_dict, options, run_metadata)

    def _run_recorded(self, fetches: Any, feed_dict: Any, options: Any, run_metadata: Any) -> Any:
        from minitf.runtime.metadata import add_partition_graphs, fill_run_metadata

        run_metadata.Clear()
        if getattr(options, "output_partition_graphs", False):
            wanted, fed = Fetches(self._graph, fetches), flat_feeds(self._graph, feed_dict or {})
            add_partition_graphs(run_metadata, self._plan(wanted, tuple(fed)), self._placer)
        if not getattr(options, "trace_level", 0):
            return self._run(fetches, feed_dict, None, None)
        began = time.time()
        trace = self.trace(fetches, feed_dict)
        fill_run_metadata(run_metadata, trace.events, began)
        if trace.error is not None:
            raise trace.error
        return trace.values

    def _deadline(self) -> float:
        """When a wait of this thread that begins now must end, by `time.monotonic`."""
        return deadline(self._wait_limit)

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        if not self._graph.version:
            raise RuntimeError(
                "The Session graph is empty. Add operations to the graph before calling run()."
            )

    def trace(self, fetches: Any, feed_dict: Any = None) -> RunTrace:
        """Runs as `run` does, one op at a time, and records each: see RunTrace.

        A failure in the run does not raise: it stands in the trace, after the events before it.
        """
        self._check_open()
        wanted = Fetches(self._graph, fetches)
        feeds = flat_feeds(self._graph, feed_dict or {})
        plan = self._plan(wanted, tuple(feeds))
        values = [as_fed(t, v) for t, v in feeds.items()]
        with np.errstate(all="ignore"):
            fetched, events, error = traced(plan, self, values, self._placer.device_of)
        if error is not None:
            return RunTrace(None, plan, events, error)
        results = [
            as_given(t, feeds[t]) if t in feeds else _returned(i, value)
            for i, (t, value) in enumerate(zip(wanted.tensors, fetched, strict=True))
        ]
        return RunTrace(wanted.rebuild(results), plan, events)

    def explain(self, fetches: Any, feed_dict: Any = None) -> Explanation:
        """The program that `run` executes for these fetches and feeds; `print` it.

        A program that has run often may have its small ops on a tape: see `runtime/taping.py`.
        `feed_dict` may also be a list of the tensors that will be fed.
        """
        self._check_open()
        feeds = feed_dict if isinstance(feed_dict, dict) else dict.fromkeys(feed_dict or ())
        wanted, fed = Fetches(self._graph, fetches), tuple(flat_feeds(self._graph, feeds))
        runner = self._runners.get((wanted.tensors, tuple(wanted.targets), fed))
        if runner is None or runner.edits != self._graph._edits:
            program = Program(self._plan(wanted, fed), self)
        else:
            program = runner.program
        return Explanation(program, self._placer.transfers(program.plan.ops))

    def races(self, fetches: Any, feed_dict: Any = None) -> list[Race]:
        """The reads and writes of a variable that a run of `fetches` may do in either order."""
        self._check_open()
        feeds = feed_dict if isinstance(feed_dict, dict) else dict.fromkeys(feed_dict or ())
        wanted = Fetches(self._graph, fetches)
        return races(self._plan(wanted, tuple(flat_feeds(self._graph, feeds))))

    def list_devices(self) -> list[DeviceAttributes]:
        """The devices that ops of this session can run on; CancelledError once it is closed."""
        if self._closed:
            raise CancelledError(None, None, "Session has been closed.")
        return self._placer.list_devices()

    def partial_run_setup(self, fetches: Any, feeds: Any = None) -> PartialRun:
        """A handle for `partial_run`, with all that its calls will fetch and feed."""
        self._check_open()
        wanted = Fetches(self._graph, fetches)
        fed = flat_keys(self._graph, feeds)
        return PartialRun(self, wanted.tensors, tuple(wanted.targets), tuple(fed))

    def partial_run(self, handle: PartialRun | None, fetches: Any, feed_dict: Any = None) -> Any:
        """Feeds and fetches more of the run that `handle` stands for; of a run alone if None."""
        self._check_open()
        if handle is None:
            return self.run(fetches, feed_dict)
        if not isinstance(handle, (PartialRun, str)):
            raise TypeError(f"A handle of partial_run_setup is needed, not {handle!r}.")
        if isinstance(handle, str) or handle.session is not self:
            raise InvalidArgumentError(None, None, NOT_SET_UP)
        wanted = Fetches(self._graph, fetches)
        feeds = flat_feeds(self._graph, feed_dict or {})
        values = {t: as_fed(t, v) for t, v in feeds.items()}
        return wanted.rebuild(handle.run(wanted.tensors, tuple(wanted.targets), values))

    def make_callable(
        self, fetches: Any, feed_list: Any = None, accept_options: bool = False
    ) -> Callable[..., Any]:
        """A function of the fed values, in the order of `feed_list`, that runs `fetches`."""
        if feed_list is not None and not isinstance(feed_list, (list, tuple)):
            raise TypeError(
                f"Argument `feed_list` must be a list or tuple. Received: {feed_list!r}"
            )
        if feed_list is not None:

            def call(*values: Any, **told: Any) -> Any:
                # As in TensorFlow, a value too few leaves a placeholder unfed, one too many is
                # ignored.
                return self.run(fetches, dict(zip(feed_list, values, strict=False)), **told)

            return call
        wanted = Fetches(self._graph, fetches)  # what cannot be fetched is told now

        def call_alone(options: Any = None, run_metadata: Any = None) -> Any:
            if self._closed:
                raise CancelledError(None, None, "Session has been closed.")
            if not wanted.tensors and not wanted.targets:
                raise InvalidArgumentError(
                    None, None, "Must specify at least one target to fetch or execute."
                )
            return self.run(fetches, None, options, run_metadata)

        return call_alone if accept_options else lambda: call_alone()

    def close(self) -> None:
        """Ends the session: its variables' values are gone, and it cannot run again."""
        with self._lock:
            if observing.observers and not self._closed:
                observing.tell(observing.SessionEvent("close", self))
            self._closed = True
            self._runners.clear()
            for slot in self._slots.values():
                slot.die()
            self._slots.clear()
            self._op_state.clear()

    @staticmethod
    def observe_all(observer: Callable[[Any], None]) -> Any:
        """A block in which `observer` is told what every session does: see observe_sessions."""
        return observing.observe_sessions(observer)

    # what kernels use

    def _slot(self, op: Operation) -> VariableSlot:
        """Where this session keeps the variable of node `op`."""
        slot = self._slots.get(op)
        if slot is None:
            with self._lock:
                slot = self._slots.setdefault(op, VariableSlot(op, self))
        return slot

    @contextmanager
    def observe_variables(self, observer: Callable[..., Any]) -> Any:
        """Calls `observer(VariableEvent)` at each birth, write and death in the block."""
        self._variable_observers.append(observer)
        try:
            yield
        finally:
            self._variable_observers.remove(observer)


class _Rebuilt(_Runner):
    """A runner whose plan another nesting of the same fetches uses too."""

    def __init__(self, runner: _Runner, fetches: Fetches) -> None:
        self.feeds, self.edits, self._taping = runner.feeds, runner.edits, runner._taping
        self._threads = runner._threads
        self.fed_fetches, self.handles = runner.fed_fetches, runner.handles
        self.fetches = fetches


class Session(BaseSession):
    """Runs a graph; as a context manager it is the default session, and closes at the end."""

    def __init__(
        self,
        target: str = "",
        graph: Graph | None = None,
        config: Any = None,
        *,
        shuffle_seed: int | None = None,
    ) -> None:
        super().__init__(target, graph, config, shuffle_seed=shuffle_seed)
        self._contexts: list[ExitStack] = []

    def __enter__(self) -> Session:
        if self._contexts:
            raise RuntimeError(
                "Session context managers are not re-entrant. Use `Session.as_default()` if you "
                "want to enter a session multiple times."
            )
        stack = ExitStack()
        stack.enter_context(self._graph.as_default())
        stack.enter_context(self.as_default())
        self._contexts.append(stack)
        return self

    def __exit__(self, *exc_info: Any) -> None:
        try:
            self._contexts.pop().__exit__(*exc_info)
        finally:
            self.close()

    @staticmethod
    def reset(target: str, containers: Any = None, config: Any = None) -> None:
        """Would clear the variables a server shares between sessions; here none are shared.

        NotFoundError for a target, as sessions run in this process only.
        """
        if target:
            raise _no_such(target)


class InteractiveSession(BaseSession):
    """A session that is the default one from the moment it is made until it is closed."""

    _place_pruned = True

    def __init__(
        self,
        target: str = "",
        graph: Graph | None = None,
        config: Any = None,
        *,
        shuffle_seed: int | None = None,
    ) -> None:
        super().__init__(target, graph, config, shuffle_seed=shuffle_seed)
        self._stack = ExitStack()
        if graph is not None:
            self._stack.enter_context(graph.as_default())
        self._stack.enter_context(self.as_default())

    def close(self) -> None:
        """Ends the session and stops being the default one."""
        if not self._closed:
            super().close()
            self._stack.close()
