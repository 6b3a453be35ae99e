"""tf.train.Supervisor: the ops it makes, its sessions, its threads, what it writes."""

import os
import tempfile
import time


def _counting(tf):
    step = tf.train.get_or_create_global_step()
    w = tf.Variable(4.0, name="w")
    return w, step, tf.train.GradientDescentOptimizer(0.25).minimize(w * w, global_step=step)


def _files(folder):
    return sorted(n for n in os.listdir(folder) if not n.startswith("events"))


def _events(tf, folder):
    seen = []
    for name in os.listdir(folder):
        if name.startswith("events"):
            for event in tf.train.summary_iterator(os.path.join(folder, name)):
                kind = event.WhichOneof("what")
                status = event.session_log.status if kind == "session_log" else None
                tags = [v.tag for v in event.summary.value] if kind == "summary" else None
                seen.append((event.step, kind, status, tags))
    return seen


def what_it_makes(tf, see):
    w, _, _ = _counting(tf)
    tf.summary.scalar("weight", w)
    sv = tf.train.Supervisor()
    see(sv.init_op, sv.ready_op, sv.ready_for_local_init_op, sv.summary_op, sv.global_step)
    see(sv.saver.saver_def.save_tensor_name, sv.is_chief, sv.save_path, sv.summary_writer)
    see(sv.save_summaries_secs, sv.save_model_secs, sv.init_feed_dict)
    see(tf.get_default_graph().finalized, isinstance(sv.coord, tf.train.Coordinator))
    see(isinstance(sv.session_manager, tf.train.SessionManager))
    see(sorted(tf.get_default_graph().get_all_collection_keys()))
    with sv.managed_session() as sess:
        see(sess.run(w), sv.should_stop())
    see(sv.should_stop())


def without_variables(tf, see):
    c = tf.constant(2.0)
    sv = tf.train.Supervisor(local_init_op=None)
    see(sv.saver, sv.summary_op, sv.global_step)
    with sv.managed_session() as sess:
        see(sess.run(c))


def given_and_found(tf, see):
    w, step, _ = _counting(tf)
    tf.add_to_collection(tf.GraphKeys.INIT_OP, tf.global_variables_initializer())
    tf.add_to_collection(tf.GraphKeys.INIT_OP, tf.no_op(name="another"))
    saver = tf.train.Saver([w])
    sv = tf.train.Supervisor(saver=saver, ready_op=None, summary_op=None, global_step=None)
    see(sv.init_op, sv.saver is saver, sv.ready_op, sv.summary_op, sv.global_step)
    with sv.managed_session() as sess:
        see(sess.run([w, step]))


def trains_and_restores(tf, see):
    w, step, train = _counting(tf)
    with tempfile.TemporaryDirectory() as folder:
        sv = tf.train.Supervisor(logdir=folder, save_summaries_secs=0, save_model_secs=0)
        see(os.path.basename(sv.save_path))
        with sv.managed_session() as sess:
            for _ in range(3):
                sess.run(train)
            path = sv.saver.save(sess, sv.save_path, global_step=sv.global_step)
            see(os.path.basename(path))
        see("graph.pbtxt" in _files(folder), "model.ckpt-3.index" in _files(folder))
        with sv.managed_session(start_standard_services=False) as sess:
            see(sess.run([w, step]))


def writes_into_its_folder(tf, see):
    w, _, train = _counting(tf)
    with tempfile.TemporaryDirectory() as folder:
        sv = tf.train.Supervisor(logdir=folder, summary_op=None, save_model_secs=0)
        with sv.managed_session(start_standard_services=False) as sess:
            sess.run(train)
            summary = tf.Summary(value=[tf.Summary.Value(tag="mine", simple_value=1.0)])
            sv.summary_computed(sess, summary)
            sv.summary_computed(sess, summary, global_step=9)
            see(sess.run(w))
        see(_events(tf, folder), _files(folder))


def threads_that_save(tf, see):
    _counting(tf)
    with tempfile.TemporaryDirectory() as folder:
        sv = tf.train.Supervisor(logdir=folder, save_model_secs=60, save_summaries_secs=60)
        sess = sv.prepare_or_wait_for_session(start_standard_services=False)
        threads = sv.start_standard_services(sess)
        see([type(thread).__name__ for thread in threads], sv.start_queue_runners(sess))
        deadline = time.time() + 20
        while "checkpoint" not in os.listdir(folder) and time.time() < deadline:
            time.sleep(0.01)
        sv.stop(threads)
        sess.close()
        see("model.ckpt-0.index" in _files(folder), "graph.pbtxt" in _files(folder))


def errors_and_ends(tf, see):
    c = tf.placeholder(tf.float32, [], name="c")
    ends = tf.data.make_one_shot_iterator(tf.data.Dataset.range(2)).get_next()
    sv = tf.train.Supervisor()

    def failing():
        with sv.managed_session() as sess:
            sess.run(c)

    see.attempt(failing, "must feed a value")
    seen = []
    with sv.managed_session() as sess:
        while not sv.should_stop():
            seen.append(sess.run(ends))
    see(seen)
    see.attempt(lambda: sv.summary_computed(None, None), "requires a summary writer")
    see(sv.start_standard_services(None))


def not_the_chief(tf, see):
    with tf.device("/cpu:0"):
        v = tf.Variable(1.0, name="v")
    sv = tf.train.Supervisor(is_chief=False, logdir="/nowhere")
    see(sv.is_chief, sv.save_path, sv.summary_writer, sv.save_model_secs, sv.save_summaries_secs)
    see.attempt(lambda: sv.start_standard_services(None), "Only chief supervisor")
    see(v)


def not_the_chief_without_devices(tf, see):
    tf.Variable(1.0, name="v")
    see.attempt(lambda: tf.train.Supervisor(is_chief=False), "must have their device set")


def own_threads(tf, see):
    sv = tf.train.Supervisor(graph=tf.get_default_graph(), local_init_op=None, init_op=tf.no_op())
    seen = []

    def work(number):
        seen.append(number)
        if len(seen) == 3:
            sv.request_stop()

    thread = sv.loop(0.001, work, args=(7,))
    sv.wait_for_stop()
    sv.stop([thread])
    see(seen, sv.ShouldStop())
    with sv.stop_on_exception():
        see("inside")


def basic_loop(tf, see):
    _, step, train = _counting(tf)
    sv = tf.train.Supervisor()
    seen = []

    def one_step(sess, limit, say="step"):
        sess.run(train)
        seen.append((say, int(sess.run(step))))
        if sess.run(step) >= limit:
            sv.request_stop()

    tf.train.basic_train_loop(sv, one_step, args=(2,))
    tf.train.basic_train_loop(sv, one_step, args=(1,), kwargs={"say": "again"})
    see(seen)


def feeds_and_functions(tf, see):
    x = tf.placeholder(tf.float32, [], name="x")
    v = tf.Variable(x, name="v")
    sv = tf.train.Supervisor(init_feed_dict={x: 3.0}, init_fn=lambda sess: see(sess.run(v)))
    with sv.managed_session() as sess:
        see(sess.run(v))
    incomplete = tf.Graph()
    with incomplete.as_default():
        tf.Variable(1.0, name="left")
        sv = tf.train.Supervisor(init_op=tf.no_op(name="idle"))
        see.attempt(lambda: sv.prepare_or_wait_for_session(), "did not make model ready", "left")


def steps_of_other_types(tf, see):
    tf.constant(1.0, name="global_step")
    see(tf.train.Supervisor(local_init_op=None).global_step)
    with tf.Graph().as_default():
        tf.constant(1, name="global_step")
        see(tf.train.Supervisor(local_init_op=None).global_step)
