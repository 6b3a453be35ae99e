"""Monitored sessions: their nodes, their hooks, what they save, how they start and stop."""

import logging
import os
import re
import tempfile

import numpy as np


def _count_up(tf):
    """A model of one weight, and the op that trains it a step."""
    step = tf.train.get_or_create_global_step()
    w = tf.Variable(4.0, name="w")
    loss = tf.square(w, name="loss")
    return w, loss, tf.train.GradientDescentOptimizer(0.25).minimize(loss, global_step=step)


def _files(folder):
    return sorted(n for n in os.listdir(folder) if not n.startswith("events"))


class _Messages:
    """What a block logs, without times and folders."""

    def __init__(self, tf, *words):
        self.tf, self.words, self.lines = tf, words, []

    def __enter__(self):
        self.level = self.tf.logging.get_verbosity()
        self.tf.logging.set_verbosity(self.tf.logging.INFO)
        self.handler = logging.Handler()
        self.handler.emit = lambda record: self.add(record.getMessage())
        logging.getLogger("tensorflow").addHandler(self.handler)
        return self.lines

    def add(self, text):
        if any(word in text for word in self.words):
            self.lines.append(re.sub(r"\d\.\d\d\d sec|/\S*tmp\w*", "..", text))

    def __exit__(self, *error):
        logging.getLogger("tensorflow").removeHandler(self.handler)
        self.tf.logging.set_verbosity(self.level)


def training_with_checkpoints(tf, see):
    w, _, train = _count_up(tf)
    tf.summary.scalar("weight", w)
    with tempfile.TemporaryDirectory() as folder:
        hooks = [tf.train.StopAtStepHook(last_step=3)]
        with tf.train.MonitoredTrainingSession(checkpoint_dir=folder, hooks=hooks) as session:
            while not session.should_stop():
                session.run(train)
        see(_files(folder), os.path.basename(tf.train.latest_checkpoint(folder)))
        see(tf.train.load_variable(tf.train.latest_checkpoint(folder), "w"))
        hooks = [tf.train.StopAtStepHook(num_steps=2)]
        with tf.train.MonitoredTrainingSession(checkpoint_dir=folder, hooks=hooks) as session:
            see(session.run([w, tf.train.get_global_step()]))
            while not session.should_stop():
                session.run(train)
        see(_files(folder))
        see(sorted(tf.get_default_graph().get_all_collection_keys()))


def summaries_of_training(tf, see):
    w, _, train = _count_up(tf)
    tf.summary.scalar("weight", w)
    with tempfile.TemporaryDirectory() as folder:
        with tf.train.MonitoredTrainingSession(
            checkpoint_dir=folder,
            save_summaries_steps=2,
            save_checkpoint_steps=3,
            log_step_count_steps=0,
            hooks=[tf.train.StopAtStepHook(5)],
        ) as session:
            while not session.should_stop():
                session.run(train)
        seen = []
        for name in os.listdir(folder):
            if name.startswith("events"):
                for event in tf.train.summary_iterator(os.path.join(folder, name)):
                    kind = event.WhichOneof("what")
                    value = None
                    if kind == "summary":
                        value = [v.tag for v in event.summary.value]
                    elif kind == "session_log":
                        value = event.session_log.status
                    seen.append((event.step, kind, value))
        see(seen, _files(folder))


def without_a_folder(tf, see):
    w, _, train = _count_up(tf)
    with tf.train.MonitoredTrainingSession() as session:
        see(session.run([w, train]), session.run(w), session.should_stop())
        see(session.graph is tf.get_default_graph(), session.graph.finalized)
        see.attempt(lambda: tf.constant(1), "finalized")
    see(tf.get_default_graph().finalized, session.graph, session.should_stop())
    see.attempt(lambda: session.close(), "already closed")
    see(tf.constant(1, name="again"))


def finalized_before(tf, see):
    w = tf.Variable(1.0)
    scaffold = tf.train.Scaffold().finalize()
    see(scaffold.init_op, scaffold.ready_op, scaffold.local_init_op, scaffold.summary_op)
    see(scaffold.ready_for_local_init_op, scaffold.init_fn, scaffold.init_feed_dict)
    see(scaffold.saver.saver_def.save_tensor_name, scaffold.local_init_feed_dict)
    with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(scaffold)) as session:
        see(session.run(w))
    see(tf.get_default_graph().finalized)


def without_variables(tf, see):
    c = tf.constant(3.0)
    with tf.train.MonitoredSession() as session:
        see(session.run(c), session.run({"c": c, "twice": [c, c]}))
    with tf.train.SingularMonitoredSession() as session:
        see(session.run(c), isinstance(session.raw_session(), tf.Session))
    see(session.raw_session())


def hooks_in_order(tf, see):
    seen = []

    class Noting(tf.train.SessionRunHook):
        def __init__(self, name):
            self.name = name

        def begin(self):
            seen.append((self.name, "begin", tf.get_default_graph().finalized))

        def after_create_session(self, session, coord):
            seen.append((self.name, "after_create_session", coord.should_stop()))
            seen.append(session.run("c:0").item())

        def before_run(self, run_context):
            seen.append((self.name, "before_run", run_context.stop_requested))
            seen.append(str(run_context.original_args.fetches))
            seen.append(str(run_context.original_args.feed_dict))
            return tf.train.SessionRunArgs({"twice": "d:0"}, options=tf.RunOptions(trace_level=3))

        def after_run(self, run_context, run_values):
            seen.append((self.name, "after_run", run_values.results["twice"].item()))
            seen.append(run_values.options.trace_level)
            seen.append(len(run_values.run_metadata.step_stats.dev_stats) > 0)

        def end(self, session):
            seen.append((self.name, "end", session.run("c:0").item()))

    c = tf.constant(3.0, name="c")
    tf.add(c, c, name="d")
    with tf.train.MonitoredSession(hooks=[Noting("a"), Noting("b")]) as session:
        session.run("c:0")
        session.run_step_fn(lambda step_context: step_context.run_with_hooks("d:0"))
        session.run_step_fn(lambda step_context: step_context.session.run("d:0"))
    see(seen)


def hooks_that_ask_for_nothing(tf, see):
    class Idle(tf.train.SessionRunHook):
        def after_run(self, run_context, run_values):
            see(run_values.results)

    with tf.train.MonitoredSession(hooks=[Idle(), tf.train.SessionRunHook()]) as session:
        see(session.run(tf.get_default_graph().get_all_collection_keys()[:0]))


def feeding_hooks(tf, see):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.placeholder_with_default(1.0, [], name="y")
    total = x + y
    hook = tf.train.FeedFnHook(lambda: {x: 2.0})
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        see(session.run(total), session.run(total, {y: 5.0}))
        see.attempt(lambda: session.run(total, {x: 5.0}), "SessionRunHook and user", "Conflict")
    with tf.train.MonitoredSession(hooks=[hook, hook]) as session:
        see.attempt(lambda: session.run(total), "fed by two hooks", "Conflict")


def logging_hook(tf, see):
    w, loss, train = _count_up(tf)
    by_name = tf.train.LoggingTensorHook({"weight": w, "cost": loss}, every_n_iter=2)
    listed = tf.train.LoggingTensorHook(["w/read", "loss:0"], every_n_iter=3, at_end=True)
    formatted = tf.train.LoggingTensorHook(
        {"weight": "w:0"}, at_end=True, formatter=lambda values: f"weight: {values['weight']:.5f}"
    )
    hooks = [by_name, listed, formatted]
    with (
        _Messages(tf, "weight", "loss") as lines,
        tf.train.MonitoredSession(hooks=hooks) as session,
    ):
        for _ in range(4):
            session.run(train)
    see(lines)


def wrong_logging_hooks(tf, see):
    hook = tf.train.LoggingTensorHook
    see.attempt(lambda: hook(["x"]), "exactly one of every_n_iter")
    see.attempt(lambda: hook(["x"], every_n_iter=1, every_n_secs=1), "exactly one of")
    see.attempt(lambda: hook(["x"], every_n_iter=0), "invalid every_n_iter=0")
    see.attempt(lambda: hook(["x"], at_end=True).begin(), "x:0")
    tf.split(tf.ones([2]), 2, name="parts")
    see.attempt(lambda: hook(["parts"], at_end=True).begin(), "ambiguous", "parts")
    see.attempt(lambda: hook([3], at_end=True).begin(), "graph attribute")
    with tf.Graph().as_default():
        other = tf.constant(1)
    see.attempt(lambda: hook([other], at_end=True).begin(), "graph attribute")


def wrong_hooks(tf, see):
    train = tf.train
    see.attempt(lambda: train.StopAtStepHook(), "One of num_steps or last_step")
    see.attempt(lambda: train.StopAtStepHook(1, 2), "Only one of num_steps or last_step")
    see.attempt(lambda: train.StopAtStepHook(1).begin(), "Global step should be created")
    see.attempt(lambda: train.CheckpointSaverHook("/tmp/x"), "Either every_secs or every_steps")
    see.attempt(lambda: train.CheckpointSaverHook("/tmp/x", 1, 1), "both every_secs and")
    see.attempt(
        lambda: train.CheckpointSaverHook("/tmp/x", 1, saver=3, scaffold=train.Scaffold()),
        "both saver and scaffold",
    )
    see.attempt(lambda: train.SummarySaverHook(1), "Exactly one of scaffold or summary_op")
    see.attempt(lambda: train.SummarySaverHook(summary_op=3), "Either every_secs or every_steps")
    see.attempt(lambda: train.StepCounterHook(1, 1), "exactly one of every_n_steps")
    see.attempt(lambda: train.StepCounterHook().begin(), "Global step should be created")
    see.attempt(lambda: train.GlobalStepWaiterHook(2).begin(), "Global step should be created")
    see.attempt(lambda: train.SecondOrStepTimer(), "Either every_secs or every_steps")
    see.attempt(lambda: train.Scaffold(copy_from_scaffold=3), "not a Scaffold")
    see.attempt(lambda: train.SessionCreator(), "abstract")


def global_step_that_is_a_tensor(tf, see):
    step = tf.constant(5, tf.int64, name="global_step")
    with tf.train.MonitoredSession(hooks=[tf.train.StopAtStepHook(last_step=4)]) as session:
        see(session.run(step), session.should_stop())
        see.attempt(lambda: session.run(step), "Run called even after should_stop requested")


def nan_hooks(tf, see):
    x = tf.placeholder(tf.float32, [])
    strict = tf.train.NanTensorHook(x)
    with tf.train.MonitoredSession(hooks=[strict]) as session:
        see(session.run(x, {x: 1.0}))
        see.attempt(lambda: session.run(x, {x: np.nan}), "NaN loss during training")
    mild = tf.train.NanTensorHook(x, fail_on_nan_loss=False)
    with tf.train.MonitoredSession(hooks=[mild]) as session:
        see(session.run(x, {x: np.nan}), session.should_stop())
    see(issubclass(tf.train.NanLossDuringTrainingError, RuntimeError))


def final_ops(tf, see):
    w, _, train = _count_up(tf)
    hook = tf.train.FinalOpsHook({"w": w, "step": tf.train.get_global_step()})
    see(hook.final_ops_values)
    with tf.train.SingularMonitoredSession(hooks=[hook]) as session:
        session.run(train)
        session.run(train)
    see(hook.final_ops_values)
    x = tf.placeholder(tf.float32, [])
    fed = tf.train.FinalOpsHook(x * 2, {x: 4.0})
    with tf.train.MonitoredSession(hooks=[fed]):
        pass
    see(fed.final_ops_values)


def step_counts(tf, see):
    _, _, train = _count_up(tf)

    class Writer:
        def __init__(self):
            self.seen = []

        def add_summary(self, summary, step):
            self.seen.append((int(step), [v.tag for v in summary.value]))

    writer = Writer()
    hook = tf.train.StepCounterHook(2, summary_writer=writer)
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        for _ in range(6):
            session.run(train)
    see(writer.seen)


def step_that_stands_still(tf, see):
    step = tf.train.get_or_create_global_step()
    hooks = [tf.train.StepCounterHook(), tf.train.GlobalStepWaiterHook(0)]
    noted = _Messages(tf, "has not been increased")
    with noted as lines, tf.train.MonitoredSession(hooks=hooks) as session:
        for _ in range(3):
            session.run(step)
    see(len(lines))


def waiting_for_a_step(tf, see):
    step = tf.train.get_or_create_global_step()
    hook = tf.train.GlobalStepWaiterHook(3)
    scaffold = tf.train.Scaffold(init_op=tf.assign(step, 3).op)
    with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(scaffold), [hook]) as session:
        see(session.run(step))


def saving_listeners(tf, see):
    _, _, train = _count_up(tf)
    seen = []

    class Noting(tf.train.CheckpointSaverListener):
        def begin(self):
            seen.append("begin")

        def before_save(self, session, global_step_value):
            seen.append(("before", int(global_step_value), session.run("w:0").item()))

        def after_save(self, session, global_step_value):
            seen.append(("after", int(global_step_value)))
            return global_step_value >= 4

        def end(self, session, global_step_value):
            seen.append(("end", int(global_step_value)))

    with tempfile.TemporaryDirectory() as folder:
        hook = tf.train.CheckpointSaverHook(
            folder, save_steps=2, saver=tf.train.Saver(), listeners=[Noting()], save_graph_def=False
        )
        with tf.train.MonitoredSession(hooks=[hook]) as session:
            while not session.should_stop():
                session.run(train)
        see(seen, _files(folder))


def savers_of_the_graph(tf, see):
    _count_up(tf)
    with tempfile.TemporaryDirectory() as folder:
        hook = tf.train.CheckpointSaverHook(folder, save_steps=2)
        see.attempt(lambda: hook._get_saver(), "No items in collection savers")
        for _ in range(2):
            tf.add_to_collection(tf.GraphKeys.SAVERS, tf.train.Saver())
        see.attempt(lambda: hook._get_saver(), "More than one item in collection savers")
        see.attempt(lambda: tf.train.MonitoredSession(hooks=[hook]), "More than one item")


def scaffolds(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    x = tf.placeholder(tf.float32, [2], name="x")
    given = tf.train.Scaffold(
        init_op=v.assign(x),
        init_feed_dict={x: [5.0, 6.0]},
        init_fn=lambda scaffold, session: see(session.run(v), scaffold.init_op),
    )
    copied = tf.train.Scaffold(local_init_op=tf.no_op(name="mine"), copy_from_scaffold=given)
    see(copied.init_op, copied.local_init_op, copied.saver, copied.init_fn is None)
    with tf.train.SingularMonitoredSession(scaffold=copied) as session:
        see(session.run(v))
    see(tf.get_collection(tf.GraphKeys.READY_OP), tf.get_collection(tf.GraphKeys.INIT_OP))
    for _ in range(2):
        tf.add_to_collection(tf.GraphKeys.INIT_OP, v.initializer)
    see.attempt(lambda: tf.train.Scaffold().finalize(), "More than one item", "init_op")


def not_made_ready(tf, see):
    v = tf.Variable(1.0, name="v")
    tf.Variable(2.0, name="other")
    some = tf.train.Scaffold(init_op=v.initializer)
    see.attempt(
        lambda: tf.train.SingularMonitoredSession(scaffold=some),
        *("did not make model ready for local_init", "Variables not initialized: other"),
    )


def not_made_ready_locally(tf, see):
    tf.Variable(1.0, name="v")
    tf.Variable(3.0, name="local", collections=[tf.GraphKeys.LOCAL_VARIABLES])
    quiet = tf.train.Scaffold(local_init_op=tf.no_op(name="nothing"))
    see.attempt(
        lambda: tf.train.SingularMonitoredSession(scaffold=quiet),
        *("did not make model ready.", "Variables not initialized: local", "Init op: group_deps"),
    )


def session_managers(tf, see):
    v = tf.Variable([1.0], name="v")
    init, saver = tf.global_variables_initializer(), tf.train.Saver()
    ready = tf.report_uninitialized_variables()
    see.attempt(
        lambda: tf.train.SessionManager(ready_for_local_init_op=ready), "must also pass a local_"
    )
    manager = tf.train.SessionManager(ready_op=ready, recovery_wait_secs=1)
    see.attempt(lambda: manager.prepare_session(""), "no init_op or init_fn or local_init_op")
    see.attempt(
        lambda: manager.prepare_session("", init_op=tf.no_op(name="idle")),
        *("did not make model ready", "Init op: idle", "Variables not initialized: v"),
    )
    with tempfile.TemporaryDirectory() as folder:
        with manager.prepare_session("", init_op=init, saver=saver, checkpoint_dir=folder) as sess:
            see(sess.run(v))
            sess.run(v.assign([7.0]))
            path = saver.save(sess, os.path.join(folder, "model"), global_step=1)
        again, loaded = manager.recover_session("", saver=saver, checkpoint_dir=folder)
        see(loaded, again.run(v))
        again, loaded = manager.recover_session("", saver, checkpoint_filename_with_path=path)
        see(loaded, again.run(v))
        fresh, loaded = manager.recover_session("")
        see(loaded)
        see.attempt(lambda: fresh.run(v), "uninitialized")
        see.attempt(
            lambda: manager.prepare_session("", init, saver, folder, path), "Can not provide both"
        )
    see.attempt(lambda: manager.wait_for_session("", max_wait_secs=0), "not ready after waiting 0")
    with tf.train.SessionManager().wait_for_session("") as sess:
        see(sess.run(init))


def ready_ops_of_other_kinds(tf, see):
    v = tf.Variable(1.0, name="v")
    checks = tf.assert_variables_initialized()
    manager = tf.train.SessionManager(ready_op=checks)
    see.attempt(
        lambda: manager.prepare_session("", init_fn=lambda sess: None),
        *("did not make model ready", "uninitialized"),
    )
    with manager.prepare_session("", init_fn=lambda sess: sess.run(v.initializer)) as sess:
        see(sess.run(v))


def ends_of_data(tf, see):
    item = tf.data.make_one_shot_iterator(tf.data.Dataset.range(3)).get_next()
    seen = []
    with tf.train.MonitoredSession() as session:
        while not session.should_stop():
            seen.append(session.run(item))
    see(seen)


def errors_in_a_block(tf, see):
    x = tf.placeholder(tf.float32, [])
    ends = []

    class Ending(tf.train.SessionRunHook):
        def end(self, session):
            ends.append("end")

    def failing():
        with tf.train.MonitoredSession(hooks=[Ending()]) as session:
            session.run(tf.get_default_graph().get_tensor_by_name(x.name))

    see.attempt(failing, "must feed a value")

    def stopping(step_context):
        step_context.request_stop()

    with tf.train.MonitoredSession(hooks=[Ending()]) as session:
        session.run_step_fn(stopping)
        see("not reached")
    see(ends)
    with tf.train.MonitoredSession() as session:
        see.attempt(lambda: session.run_step_fn(lambda: 3), "step_context")
        see.attempt(lambda: session.run_step_fn(lambda other: 3), "step_context", "other")


def lost_sessions(tf, see):
    v = tf.Variable(0, name="v")
    add = v.assign_add(1)
    failures = [tf.errors.AbortedError(None, None, "gone"), None, None]
    made = []

    class Losing(tf.train.SessionRunHook):
        def after_create_session(self, session, coord):
            made.append("session")

        def after_run(self, run_context, run_values):
            failure = failures.pop()
            if failure is not None:
                raise failure

    failures.insert(0, None)
    with tf.train.MonitoredSession(hooks=[Losing()]) as session:
        see(session.run(add), session.run(add), session.run(add))
    see(made)


def queue_runners_start_by_themselves(tf, see):
    names = tf.train.string_input_producer(["a", "b"], num_epochs=1, shuffle=False)
    item = names.dequeue()
    seen = []
    with tf.train.MonitoredSession() as session:
        while not session.should_stop():
            seen.append(session.run(item))
    see(seen)


def timers(tf, see):
    timer = tf.train.SecondOrStepTimer(every_steps=3)
    see(timer.should_trigger_for_step(1), timer.last_triggered_step())
    see(timer.update_last_triggered_step(1))
    see([timer.should_trigger_for_step(step) for step in (1, 2, 3, 4, 9)])
    see(timer.update_last_triggered_step(5)[1], timer.last_triggered_step())
    timer.reset()
    see(timer.should_trigger_for_step(5))
    seconds = tf.train.SecondOrStepTimer(every_secs=0.0)
    seconds.update_last_triggered_step(1)
    see(seconds.should_trigger_for_step(1), seconds.should_trigger_for_step(2))


def run_arguments(tf, see):
    args = tf.train.SessionRunArgs("x")
    see(args.fetches, args.feed_dict, args.options, len(args))
    context = tf.train.SessionRunContext(args, None)
    context.request_stop()
    see(context.stop_requested, context.session, context.original_args is args)
    values = tf.train.SessionRunValues(results=1, options=None, run_metadata=None)
    see(values.results, values._fields)
