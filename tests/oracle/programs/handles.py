"""Values that a session keeps between runs: handles."""


def kept_and_read(tf, see):
    a = tf.constant([1.0, 2.0], name="a")
    keep = tf.get_session_handle(a * 2.0)
    see(keep)
    handle = see.session.run(keep)
    see(type(handle).__name__, str(handle), handle.handle)
    holder, value = tf.get_session_tensor(handle.handle, tf.float32)
    see(holder, value)
    see(see.session.run(value + 1.0, {holder: handle.handle}))
    see(see.session.run(value, {holder: handle.handle.encode()}))
    see(handle.eval(), handle.eval())
    again = see.session.run([keep, {"twice": keep}])
    see(again[0].handle, again[0] is again[1]["twice"], again[0].eval())


def deleted(tf, see):
    x = tf.placeholder(tf.int32, [2], name="x")
    keep = tf.get_session_handle(x, name="mine")
    handle = see.session.run(keep, {x: [1, 2]})
    holder, value = tf.get_session_tensor(handle.handle, tf.int32, name="read")
    see.run(value, {holder: handle.handle})
    forgotten, forget = tf.delete_session_tensor(handle.handle, name="forget")
    see(forgotten, forget)
    see.run(forget, {forgotten: handle.handle})
    see.attempt(
        lambda: see.session.run(value, {holder: handle.handle}), "is not in the session store"
    )
    see.attempt(
        lambda: see.session.run(forget, {forgotten: handle.handle}), "Failed to delete a tensor"
    )
    other = see.session.run(keep, {x: [3, 4]})
    other.delete()
    see.attempt(other.eval, "may have already been deleted")
    see.attempt(other.delete, "may have already been deleted")
    raw = see.session.run(keep, {x: [5, 6]}).get_raw_handle()
    see(raw)
    see.run(value, {holder: raw})
    handle.get_raw_handle()


def handles_of_variables(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    see.attempt(lambda: tf.get_session_handle(v), "must be of type Tensor")
    see.attempt(lambda: tf.get_session_handle([1.0]), "must be of type Tensor")
    keep = tf.get_session_handle(v * 2.0)
    change = v.assign([7.0, 8.0])
    see.start()
    handle = see.session.run(keep)
    see.session.run(change)
    see(handle.eval())
    with tf.Session() as other:
        holder, value = tf.get_session_tensor(handle.handle, tf.float32)
        see.attempt(
            lambda: other.run(value, {holder: handle.handle}), "is not in the session store"
        )
    see.attempt(lambda: see.session.run(value), "must feed a value")
    see.attempt(lambda: tf.get_session_tensor("no handle", tf.float32), "no handle")
