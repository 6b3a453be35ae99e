"""Checkpoints on the disk: which files there are, what keeps and drops them, odd paths."""

import contextlib
import hashlib
import os
import tempfile


@contextlib.contextmanager
def _folder():
    """A new folder that is the current one meanwhile, so that paths are the same everywhere."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(before)


def _files(folder="."):
    """All files below the folder, without the graphs, whose sizes differ."""
    found = []
    for place, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(place, name), folder) for name in names]
    return sorted(found)


def _digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:16]


def _text(path):
    with open(path) as file:
        return file.read()


def _contents(tf, prefix):
    reader = tf.train.NewCheckpointReader(prefix)
    shapes = reader.get_variable_to_shape_map()
    return [(name, shapes[name], reader.get_tensor(name)) for name in sorted(shapes)]


def _session(tf, cpus=1):
    session = tf.Session(config=tf.ConfigProto(device_count={"CPU": cpus}))
    session.run(tf.global_variables_initializer())
    return session


def sharded(tf, see):
    for index, place in enumerate(["/cpu:1", "/cpu:0", ""]):
        with tf.device(place):
            tf.Variable([float(index)] * 2, name=f"v{index}")
            tf.Variable([f"text {index}"], name=f"s{index}")
            with tf.variable_scope(f"p{index}", partitioner=tf.fixed_size_partitioner(2)):
                tf.get_variable("w", initializer=tf.ones([4, 2]) * index)
    saver = tf.train.Saver(sharded=True)
    with _folder(), _session(tf, 2) as sess:
        os.mkdir("a")
        for step in (1, 1, 2):
            see(saver.save(sess, "a/m", global_step=step, write_meta_graph=False), _files())
        see(_text("a/checkpoint"))
        see([(name, _digest(f"a/{name}")) for name in _files("a") if "-2." in name])
        see(_contents(tf, "a/m-2"))
        sess.run([v.assign(tf.zeros_like(v)) for v in tf.global_variables() if "v" in v.name])
        saver.restore(sess, "a/m-2")
        see(sess.run(["v0:0", "v1:0", "v2:0", "s1:0", "p1/w/part_1:0"]))
        tf.train.Saver(name="whole").restore(sess, "a/m-2")
        see(saver.last_checkpoints, tf.train.latest_checkpoint("a"))


def merging_checkpoints(tf, see):
    raw = tf.raw_ops

    def save(prefix, name, value, spec=""):
        return raw.SaveV2(
            prefix=prefix, tensor_names=[name], shape_and_slices=[spec], tensors=[value]
        )

    def merge(sources, target, **options):
        return raw.MergeV2Checkpoints(
            checkpoint_prefixes=sources, destination_prefix=target, **options
        )

    ones = tf.ones([2, 2])
    saves = [
        save("a/x", "x", tf.constant(["ab", "c"])),
        save("b/y", "y", ones),
        save("c/w1", "w", ones, "4 2 0,2:0,2"),
        save("c/w2", "w", 2 * ones, "4 2 2,2:0,2"),
        save("d/e", "e", tf.zeros([0, 3])),
        save("d/x", "x", tf.zeros([3])),
    ]
    for sources, options in [
        (["a/x", "b/y", "c/w1", "c/w2"], {}),
        (["c/w2", "a/x", "c/w1"], {}),
        (["a/x", "b/y"], {"delete_old_dirs": False}),
        (["d/e", "a/x"], {}),
        (["a/x", "none/z"], {"allow_missing_files": True}),
        (["b/y"], {}),
    ]:
        with _folder():
            see.session.run(saves)
            see.session.run(merge(sources, "m", **options))
            see(_files(), sorted(os.listdir(".")), _digest("m.index"), _contents(tf, "m"))
    with _folder():
        see.session.run(saves)
        for sources, options in [
            (["a/x", "none/z"], {}),
            (["none/y", "none/z"], {"allow_missing_files": True}),
            (["a/x", "d/x"], {}),
            (["b/y", "b/y"], {}),
        ]:
            see.attempt(lambda s=sources, o=options: see.session.run(merge(s, "m", **o)))
        see(len(_files()), os.path.exists("m.index"))


def what_is_kept(tf, see):
    tf.Variable(1.0, name="v")
    with _folder(), _session(tf) as sess:
        saver = tf.train.Saver(max_to_keep=3)
        for step in range(3):
            saver.save(sess, "./m", global_step=step, write_meta_graph=False)
        see(saver.last_checkpoints, _text("checkpoint"))
        # A second saver does not know what the first one wrote, unless it is told.
        other = tf.train.Saver(max_to_keep=2)
        other.save(sess, "./m", global_step=3, write_meta_graph=False)
        see(other.last_checkpoints, _files(), _text("checkpoint"))
        other.recover_last_checkpoints(["./m-0", "./gone-1", "./m-1", "./m-3"])
        see(other.last_checkpoints)
        other.save(sess, "./m", global_step=4, write_meta_graph=False)
        see(other.last_checkpoints, _files())
        other.set_last_checkpoints(["./m-2", "./m-1"])
        see(other.last_checkpoints)
        other.save(sess, "./m", global_step=5, write_meta_graph=False)
        see(other.last_checkpoints, _files(), _text("checkpoint"))
        other.set_last_checkpoints_with_time([("./m-1", 1.5)])
        see(other.last_checkpoints)
        other.save(sess, "./m", global_step=1, write_meta_graph=False)  # the same again
        see(other.last_checkpoints, _files())
        see.attempt(lambda: other.set_last_checkpoints("m"))
        see.attempt(lambda: other.recover_last_checkpoints([]), "")
        see(other.last_checkpoints)


def everything_is_kept(tf, see):
    tf.Variable(1.0, name="v")
    for most in (None, 0, 1):
        with _folder(), _session(tf) as sess:
            saver = tf.train.Saver(max_to_keep=most)
            for step in range(3):
                saver.save(sess, "m", global_step=step, write_meta_graph=False)
            see(saver.last_checkpoints, _files(), _text("checkpoint"))
            see(saver.as_saver_def().max_to_keep)


def where_and_under_which_name(tf, see):
    tf.Variable(1.0, name="v")
    step = tf.train.create_global_step()
    with _folder() as folder, _session(tf) as sess:
        sess.run(step.assign(12))
        saver = tf.train.Saver()
        see(saver.save(sess, "m", global_step=step), saver.save(sess, "m", global_step=step + 1))
        see(saver.save(sess, "./n", latest_filename="mine", meta_graph_suffix="graph"))
        see(saver.save(sess, "sub/o", write_state=False, write_meta_graph=False))
        see(saver.save(sess, os.path.join(folder, "p")) == os.path.join(folder, "p"))
        see(_files(), _text("mine"), [os.path.basename(p) for p in saver.last_checkpoints])
        see(os.path.relpath(tf.train.latest_checkpoint("."), folder))
        see(tf.train.latest_checkpoint(".", "mine"))
        see(tf.train.latest_checkpoint("sub"), tf.train.latest_checkpoint("none"))
        padded = tf.train.Saver(pad_step_number=True, save_relative_paths=True, name="padded")
        see(padded.save(sess, "sub/q", global_step=3), _text("sub/checkpoint"))
        see(os.path.basename(padded.save(sess, os.path.join(folder, "sub", "r"))))
        see(_text("sub/checkpoint"))
        os.rename("sub", "moved")
        see(tf.train.latest_checkpoint("moved"))
        state = tf.train.get_checkpoint_state("moved/")
        see(state.model_checkpoint_path, list(state.all_model_checkpoint_paths))
        see.attempt(lambda: saver.save(sess, "checkpoint"), "collides")
        see.attempt(lambda: saver.save(sess, "mine", latest_filename="mine"), "collides")
        see.attempt(lambda: saver.save(sess, "m", latest_filename="a/b"), "path components")
        see.attempt(lambda: saver.save(sess, "no/way/m"), "Parent directory")
        see.attempt(lambda: saver.save(sess, "checkpoint", global_step=1))
        see.attempt(lambda: saver.save(sess, "m", global_step="one"))
        see.attempt(lambda: saver.save(sess, "m", global_step=1.5))
        see.attempt(lambda: saver.save("sess", "m"), "Session")
        see.attempt(lambda: saver.save(sess, 3))
        see.attempt(lambda: saver.save(sess, None))
        see.attempt(lambda: saver.save(sess, "moved/"))
        see(sorted(os.listdir("moved")))


def state_files(tf, see):
    train = tf.train
    with _folder():
        see(train.get_checkpoint_state("."), train.get_checkpoint_state("none"))
        for text in ["", "nonsense", 'model_checkpoint_path: "a"\nmore: 3', "{"]:
            with open("checkpoint", "w", encoding="latin-1") as file:
                file.write(text)
            see.attempt(lambda: train.get_checkpoint_state("."))
            see.attempt(lambda: train.latest_checkpoint("."))
        os.makedirs("d/e")
        for arguments in [
            ("d", "d/m-1"),
            ("d", "/abs/m-2", ["d/m-1", "/abs/m-2"]),
            ("d/e", "d/m-3", ["d/e/m-1", "x/m-2"]),
            ("./d", "./d/m-4", ["./d/m-3"]),
            ("d/", "d/m-5"),
            ("", "m-6"),
        ]:
            train.update_checkpoint_state(*arguments)
            see(_text(os.path.join(arguments[0], "checkpoint")))
            state = train.get_checkpoint_state(arguments[0])
            see(state.model_checkpoint_path, list(state.all_model_checkpoint_paths))
        train.update_checkpoint_state("d", "d/m", latest_filename="l", last_preserved_timestamp=2.5)
        see(_text("d/l"))
        stamps = {"all_model_checkpoint_timestamps": [1.0, 2.0]}
        train.update_checkpoint_state("d", "d/n", ["d/m", "d/n"], **stamps)
        see(_text("d/checkpoint"))
        see.attempt(lambda: train.update_checkpoint_state("d", "d/n", ["d/m"], **stamps | {}))
        see.attempt(lambda: train.update_checkpoint_state("d", "d/o", **stamps), "timestamps")
        see.attempt(lambda: train.update_checkpoint_state("/d", "/d/checkpoint"), "conflicts")
        see.attempt(lambda: train.update_checkpoint_state("none", "d/m"))
        proto = train.generate_checkpoint_state_proto
        see(str(proto("d", "d/m", ["d/l"])), str(proto("/d", "d/m", ["d/l"])))


def what_is_there(tf, see):
    train = tf.train
    tf.Variable(1.0, name="v")
    with _folder(), _session(tf) as sess:
        train.Saver().save(sess, "m", global_step=1)
        train.Saver(name="other").save(sess, "m", global_step=20)
        for prefix in ["m-1", "./m-1", "m-2", "m-*", "m-?", "m", "", "none/m"]:
            see(train.checkpoint_exists(prefix), len(train.get_checkpoint_mtimes([prefix])))
        see(len(train.get_checkpoint_mtimes(["m-1", "none", "m-20"])))
        os.unlink("m-20.data-00000-of-00001")
        see(train.checkpoint_exists("m-20"), train.latest_checkpoint("."))
        os.unlink("m-20.index")
        see(train.checkpoint_exists("m-20"), train.latest_checkpoint("."))
        train.remove_checkpoint("m-20")
        see(_files())
        train.remove_checkpoint("m-1", meta_graph_suffix="none")
        see(_files())
        train.remove_checkpoint("m-1")


def other_files(tf, see):
    """What is not a checkpoint, though there is something of that name."""
    train = tf.train
    tf.Variable(1.0, name="v")
    with _folder(), _session(tf) as sess:
        saver = train.Saver()
        saver.save(sess, "m")
        os.mkdir("folder")
        with open("empty", "w"):
            pass
        for prefix in ["m.meta", "m.data-00000-of-00001", "checkpoint", "empty", "folder"]:
            see(train.checkpoint_exists(prefix))
            see.attempt(lambda at=prefix: saver.restore(sess, at), "Unable to open table file")
            see.attempt(lambda at=prefix: train.NewCheckpointReader(at), "different file format")
        see(train.checkpoint_exists("m.index"), train.checkpoint_exists("fold*"))
        see.attempt(lambda: saver.restore(sess, "m.index"))
        wrong = tf.raw_ops.RestoreV2(
            prefix="m", tensor_names=["v"], shape_and_slices=[""], dtypes=[tf.float64]
        )
        expected = "expected dtype double does not equal original dtype float"
        see.attempt(lambda: sess.run(wrong), expected)


def looking_inside(tf, see):
    train = tf.train
    tf.Variable([[1.0, 2.0]], name="b/v")
    tf.Variable(["x", "yy"], name="a/s")
    tf.Variable(True, name="t")
    tf.Variable(tf.zeros([0, 2], tf.int64), name="empty")
    with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
        tf.get_variable("w", initializer=tf.range(5))
    with _folder(), _session(tf) as sess:
        train.Saver().save(sess, "d/m", write_meta_graph=False)
        see(train.list_variables("d/m"), train.list_variables("d"), train.list_variables("d/"))
        for name in ["b/v", "b/v:0", "a/s", "t", "empty", "p/w"]:
            see(train.load_variable("d", name))
        for name in ["b/v:1", "none", "p/w/part_0", "b"]:
            see.attempt(lambda n=name: train.load_variable("d", n), "not found in checkpoint")
        for path in ["d/none", "none", "."]:
            see.attempt(lambda p=path: train.list_variables(p), path)
            see.attempt(lambda p=path: train.load_checkpoint(p), path)
        reader = train.NewCheckpointReader("d/m")
        see(sorted(reader.get_variable_to_shape_map().items()))
        types = reader.get_variable_to_dtype_map()
        see([(name, types[name]) for name in sorted(types)])
        see(reader.has_tensor("t"), reader.has_tensor("p/w/part_0"), reader.has_tensor("t:0"))
        see(reader.debug_string())
        see.attempt(lambda: reader.get_tensor("none"), "none")
        see.attempt(lambda: train.NewCheckpointReader("none"), "none")
        see.attempt(lambda: train.NewCheckpointReader(None))
        see.attempt(lambda: reader.get_tensor(3))


def names_of_a_dict(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    n = tf.Variable(3, name="n")
    with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
        w = tf.get_variable("w", initializer=tf.range(4))
    with _folder(), _session(tf) as sess:
        saver = tf.train.Saver({"weights": v, "deep/count": n, "cut": w})
        path = saver.save(sess, "m", write_meta_graph=False)
        see(tf.train.list_variables(path), tf.train.load_variable(path, "cut"))
        sess.run([v.assign([0.0, 0.0]), n.assign(0)])
        saver.restore(sess, path)
        see(sess.run([v, n]))
        swapped = tf.train.Saver({"weights": v}, name="one")
        see(sorted(swapped.as_saver_def().restore_op_name.split("/")))
        swapped.restore(sess, path)
        for wrong in [
            {"a": v, "b": v},
            {"a": tf.constant(1.0)},
            {3: v},
            {"a": None},
            {"a": [v, n]},
            {"a": "v"},
            {},
            v,
            [tf.constant(1.0)],
            [None],
            "v",
            {"cut": list(w)[:1], "v": v},
        ]:
            see.attempt(lambda w=wrong: tf.train.Saver(w).as_saver_def().save_tensor_name)
        other = tf.train.Saver({"count": v}, name="two")
        see.attempt(lambda: other.restore(sess, path), "count", "not found")
        other = tf.train.Saver({"deep/count": v}, name="three")
        see.attempt(lambda: other.restore(sess, path), "float", "int32")
        see.attempt(lambda: other.restore(sess, None), "None")
        see.attempt(lambda: other.restore(sess, ""), "valid checkpoint")


def restoring_cut_otherwise(tf, see):
    def variable(count, name="w"):
        cut = tf.fixed_size_partitioner(count) if count else None
        with tf.variable_scope("p", partitioner=cut, reuse=tf.AUTO_REUSE):
            return tf.get_variable(name, initializer=tf.reshape(tf.range(10), [5, 2]))

    with _folder():
        for saved in (0, 2, 3):
            with tf.Graph().as_default(), tf.Session() as sess:
                variable(saved)
                sess.run(tf.global_variables_initializer())
                tf.train.Saver().save(sess, f"m{saved}", write_meta_graph=False)
                see(_digest(f"m{saved}.index"), _digest(f"m{saved}.data-00000-of-00001"))
            for restored in (0, 2, 5):
                with tf.Graph().as_default(), tf.Session() as sess:
                    whole = tf.convert_to_tensor(variable(restored))
                    tf.train.Saver().restore(sess, f"m{saved}")
                    see(sess.run(whole))
        with tf.Graph().as_default(), tf.Session() as sess:
            tf.get_variable("p/w", [2, 5], tf.int32)
            see.attempt(lambda: tf.train.Saver().restore(sess, "m0"), "shape")
            tf.train.Saver(reshape=True).restore(sess, "m0")
            see(sess.run("p/w:0"))


def savers_of_savers(tf, see):
    tf.Variable(1.0, name="v")
    saver = tf.train.Saver(max_to_keep=7, keep_checkpoint_every_n_hours=2.5, filename="mine")
    see(str(saver.as_saver_def()))
    with tf.name_scope("s"):
        inner = tf.train.Saver(name="inner")
    see(str(inner.to_proto("s")), inner.to_proto("other"), str(inner.to_proto()))
    copy = tf.train.Saver.from_proto(saver.to_proto())
    see(str(copy.as_saver_def()) == str(saver.as_saver_def()), copy.last_checkpoints)
    see(tf.train.Saver.from_proto(inner.to_proto("s"), "s").as_saver_def().restore_op_name)
    deferred = tf.train.Saver(defer_build=True)
    see(deferred.saver_def)
    tf.Variable(2.0, name="later")
    deferred.build()
    see(deferred.as_saver_def().save_tensor_name)
    see.attempt(lambda: tf.train.Saver(saver_def="text"), "saver_def")
    see.attempt(lambda: tf.train.Saver(saver_def=tf.train.SaverDef()))
    see.attempt(lambda: tf.train.Saver([1], defer_build=True), "deferred")
    see.attempt(lambda: tf.train.Saver(defer_build=True).save(see.session, "m"), "build")
    see.start()
    with _folder():
        see(copy.save(see.session, "m"), copy.last_checkpoints)
        copy.restore(see.session, "m")
        see(_files())


def one_of_each_hours(tf, see):
    tf.Variable(1.0, name="v")
    with _folder(), _session(tf) as sess:
        saver = tf.train.Saver(max_to_keep=1, keep_checkpoint_every_n_hours=1e-9)
        for step in range(4):
            saver.save(sess, "m", global_step=step, write_meta_graph=False)
        see(_files(), saver.last_checkpoints, _text("checkpoint"))


def one_after_the_other(tf, see):
    tf.Variable(1.0, name="v")
    with _folder(), _session(tf) as sess:
        saver = tf.train.Saver()
        see(list(tf.train.checkpoints_iterator("none", timeout=0)))
        asked = []
        saver.save(sess, "./m", global_step=1, write_meta_graph=False)
        found = tf.train.checkpoints_iterator(".", 0.01, 0, lambda: asked.append(1) or asked[2:])
        see(next(found))
        saver.save(sess, "./m", global_step=2, write_meta_graph=False)
        saver.save(sess, "./m", global_step=3, write_meta_graph=False)
        see(next(found), list(found), len(asked))


def _variables_of_every_type(tf):
    kinds = [tf.float16, tf.float32, tf.float64, tf.int8, tf.int16, tf.int32, tf.int64, tf.uint8]
    kinds += [tf.uint16, tf.uint32, tf.uint64, tf.complex64, tf.complex128, tf.bool]
    for kind in kinds:
        tf.Variable(tf.cast(tf.constant([[0, 1, 2], [3, 4, 5]]), kind), name=f"v_{kind.name}")
        tf.Variable(tf.zeros([2, 0], kind), name=f"empty/{kind.name}")
    texts = [b"", b"a\0b", "ä日".encode(), b"\xff\xfe", b"x" * 300]
    tf.Variable(tf.constant([texts]), name="texts")
    tf.Variable(tf.constant(b"one"), name="text")
    tf.Variable(tf.zeros([0], tf.string), name="no_texts")
    tf.Variable(tf.fill([700, 1000], 0.25), name="large")
    for index in range(60):
        tf.Variable(float(index), name=f"deep/{'long' * 20}/{index % 7}/v{index}")


def every_type(tf, see):
    with _folder(), tf.Graph().as_default():
        _variables_of_every_type(tf)
        sess = _session(tf)
        saver = tf.train.Saver()
        saver.save(sess, "m", write_meta_graph=False)
        see(_digest("m.index"), _digest("m.data-00000-of-00001"))
        see(os.path.getsize("m.index"), os.path.getsize("m.data-00000-of-00001"))
        saver.restore(sess, "m")
        see(sess.run(["v_int8:0", "v_complex64:0", "texts:0", "text:0", "empty/bool:0"]))
        see(len(tf.train.list_variables("m")))
        sess.close()


def sessions_and_graphs(tf, see):
    v = tf.Variable(1.0, name="v")
    local = tf.Variable(5, name="local", collections=[tf.GraphKeys.LOCAL_VARIABLES])
    saver = tf.train.Saver()
    with _folder():
        with tf.Session() as sess:
            see.attempt(lambda: saver.save(sess, "./m"), "v")  # not initialized
            see(_files())
            sess.run(v.initializer)
            saver.save(sess, "m")
            saver.build()
            see(_files(), tf.train.list_variables("m"))
        see.attempt(lambda: saver.save(sess, "n"), "closed")
        see.attempt(lambda: saver.restore(sess, "m"), "closed")
        with tf.Session() as fresh:
            saver.restore(fresh, "m")
            see(fresh.run(v), fresh.run(tf.report_uninitialized_variables()))
            see(tf.train.Saver([local], name="locals").as_saver_def().restore_op_name)
            tf.get_default_graph().finalize()
            see(saver.save(fresh, "o"))
            saver.restore(fresh, "o")
        with tf.Graph().as_default(), tf.Session() as other:
            see.attempt(lambda: saver.restore(other, "m"))
            see.attempt(lambda: saver.save(other, "p"))
            see.attempt(lambda: tf.train.Saver([v]).as_saver_def().save_tensor_name)


def odd_savers(tf, see):
    v = tf.Variable(1.0, name="v")
    w = tf.Variable(2.0, name="w")
    see.start()
    with _folder():
        for arguments in [
            {"var_list": (v, w)},
            {"var_list": {v, w}},
            {"var_list": [v, [w]]},
            {"var_list": [v.name]},
            {"var_list": [v.op]},
            {"var_list": [v.value()]},
            {"var_list": iter([v])},
            {"var_list": {"v": [v]}},
            {"var_list": {"": v}},
            {"var_list": {"a/b c:é": v}},
            {"max_to_keep": -1},
            {"max_to_keep": 1.5},
            {"max_to_keep": "2"},
            {"keep_checkpoint_every_n_hours": "x"},
            {"name": "odd name"},
            {"name": "a/b"},
            {"name": ""},
            {"restore_sequentially": True},
            {"filename": 3},
        ]:
            see.attempt(lambda a=arguments: str(tf.train.Saver(**a).as_saver_def()))
        for step in [-1, 0, 10**12, True, 2.0, None, "3", [4], v]:
            saver = tf.train.Saver()
            see.attempt(lambda s=step, saver=saver: saver.save(see.session, "m", s), "")
        see([name for name in _files() if name.endswith("index")])
        odd = tf.train.Saver({"a/b c:é": v}, name="odd")
        see(odd.save(see.session, "a b (1)", write_meta_graph=False))
        see(tf.train.list_variables("a b (1)"), sorted(os.listdir("."))[:4])
        odd.restore(see.session, "a b (1)")
