"""Runs in parts: what each call may feed and fetch, and what ends the run."""

from functools import partial


def _sums(tf):
    a, b, c = (tf.placeholder(tf.float32, [], name=name) for name in "abc")
    first = tf.add(a, b, name="first")
    return a, b, c, first, tf.multiply(first, c, name="second")


def _calls(see, handle, *calls):
    for fetch, feeds in calls:
        see.attempt(partial(see.session.partial_run, handle, fetch, feeds))


def in_turn(tf, see):
    a, b, c, first, second = _sums(tf)
    handle = see.session.partial_run_setup([first, second], [a, b, c])
    _calls(see, handle, (first, {a: 1, b: 2}), (second, {c: 3}), (second, {c: 3}), (first, None))


def too_early(tf, see):
    a, b, c, first, second = _sums(tf)
    handle = see.session.partial_run_setup([first, second], [a, b, c])
    _calls(see, handle, (first, {a: 1}), (first, {b: 2}), (first, {a: 1, b: 2}), (second, {c: 1}))


def ops_are_not_for_parts(tf, see):
    a, b, c, first, second = _sums(tf)
    handle = see.session.partial_run_setup([first.op, second], [a, b, c])
    _calls(see, handle, (first.op, {a: 1, b: 1}), (tf.no_op(), None), ("second", {a: 1}))
    _calls(see, handle, (second, {a: 1, b: 1, c: 4}))


def what_is_not_declared(tf, see):
    a, b, c, first, second = _sums(tf)
    handle = see.session.partial_run_setup([first], [a, b])
    _calls(see, handle, (second, {a: 1}), (first, {c: 1}), (first, {a: 1, b: [1, 2]}))
    _calls(see, handle, (first, {a: 1, b: "x"}), ([], {a: 1}), ({"k": first}, {"b:0": 5}))


def declarations(tf, see):
    a, b, _, first, _ = _sums(tf)
    setup = see.session.partial_run_setup
    for fetches, feeds in [([], []), ([], [a]), (None, [a]), (["zz"], [a]), ([first], [a, a, b])]:
        see.attempt(partial(setup, fetches, feeds))
    see.attempt(lambda: setup([first, a], [a, b]), "a:0 is both fed and fetched")
    see.attempt(lambda: setup([first], [a, b, first]), "first:0 is both fed and fetched")
    handle = setup(first, [a, b])
    _calls(see, handle, (first, {a: 1, b: 1}))
    handle = setup([first, first], [a, b])
    _calls(see, handle, (first, {a: 1, b: 1}))


def handles(tf, see):
    a, b, _, first, _ = _sums(tf)
    handle = see.session.partial_run_setup([first], [a, b])
    with tf.Session() as other:
        see.attempt(lambda: other.partial_run(handle, first, {a: 1, b: 1}))
    _calls(see, "no handle", (first, {a: 1}))
    _calls(see, None, (first, {a: 1, b: 1}))
    see.attempt(lambda: see.session.partial_run(1, first, {a: 1}), "")
    _calls(see, handle, (first, {a: 1, b: 1}))
    other = tf.Session()
    handle = other.partial_run_setup([first], [a, b])
    other.close()
    see.attempt(lambda: other.partial_run(handle, first, {a: 1, b: 2}))


def a_failure_ends_it(tf, see):
    a, b, _, first, _ = _sums(tf)
    bad = tf.check_numerics(tf.log(a), "oh", name="bad")
    handle = see.session.partial_run_setup([bad, first], [a, b])
    _calls(see, handle, (bad, {a: -1.0}), (first, {b: 1}))


def variables_run_once(tf, see):
    a = tf.placeholder(tf.float32, [])
    v = tf.Variable(1.0, name="v")
    more = v.assign_add(a)
    see.start()
    handle = see.session.partial_run_setup([more, v], [a])
    _calls(see, handle, (more, {a: 5}))
    see.run(v)
    _calls(see, handle, (v, None), (v, None))
