"""Random ops: seeds, and the numbers themselves, run after run."""


def graph_seed(tf, see):
    tf.set_random_seed(1234)
    a = tf.random_uniform([3], name="a")
    b = tf.random_normal([3], name="b")
    c = tf.truncated_normal([3], name="c")
    for _ in range(3):
        see.run([a, b, c])


def op_seed(tf, see):
    a = tf.random_uniform([2], seed=1)
    b = tf.random_uniform([2], seed=1)
    c = tf.random_normal([2], seed=2)
    for _ in range(2):
        see.run([a, b, c])


def both_seeds(tf, see):
    tf.set_random_seed(87654321)
    see.full(tf.random_uniform([4], seed=5))
    see.full(tf.random_normal([4], seed=5))
    see(tf.get_seed(5), tf.get_seed(None), tf.random.get_seed(None))


def seed_follows_the_number_of_ops(tf, see):
    tf.set_random_seed(1)
    see.full(tf.random_uniform([2]))
    tf.constant(1)
    tf.constant(2)
    see.full(tf.random_uniform([2]))
    see(tf.get_seed(None))
    with tf.name_scope("s"):
        see(tf.get_seed(None))
    see(tf.get_default_graph().seed)


def no_seed(tf, see):
    see(tf.get_seed(None), tf.get_seed(0), tf.get_default_graph().seed, tf.random_uniform([2]))
    tf.set_random_seed(0)
    see(tf.get_seed(0), tf.get_seed(None))


def seeds_out_of_the_ordinary(tf, see):
    for seed in (0, -1, 2**31 - 1, 2**31):
        see.full(tf.random_uniform([2], seed=seed))
    tf.set_random_seed(-5)
    see(tf.random_uniform([2], seed=3), tf.get_seed(3))


def new_session_starts_over(tf, see):
    tf.set_random_seed(3)
    a = tf.random_normal([2])
    for _ in range(2):
        with tf.Session() as sess:
            see(sess.run(a), sess.run(a))


def uniform(tf, see):
    tf.set_random_seed(1)
    see.full(tf.random_uniform([]))
    see.full(tf.random_uniform([5], -3.0, 3.0))
    see.full(tf.random_uniform([2, 3], 0, 10, name="u"))
    see.full(tf.random_uniform([3], dtype=tf.float64))
    see.full(tf.random_uniform([3], maxval=100, dtype=tf.int32))
    see.full(tf.random_uniform([3], -5, 5, dtype=tf.int64))
    see.full(tf.random_uniform([3], dtype=tf.float16))
    see.full(tf.random_uniform([7]))
    see.full(tf.random_uniform([1000]))
    see.full(tf.random_uniform([2, 2], minval=[0.0, 10.0], maxval=[1.0, 20.0]))
    see.attempt(lambda: tf.random_uniform([2], dtype=tf.int32), "maxval")
    see.attempt(lambda: tf.random_uniform([2], dtype=tf.string))
    see.attempt(lambda: see.session.run(tf.random_uniform([2], 5, 5, tf.int32)), "minval")
    see(tf.random_uniform(tf.placeholder(tf.int32, [2])), tf.random_uniform([tf.constant(2), 3]))


def normal(tf, see):
    tf.set_random_seed(2)
    see.full(tf.random_normal([]))
    see.full(tf.random_normal([5], 10.0, 0.5))
    see.full(tf.random_normal([2, 3], stddev=0.1, name="n"))
    see.full(tf.random_normal([3], dtype=tf.float64))
    see.full(tf.random_normal([3], dtype=tf.float16))
    see.full(tf.random_normal([1001]))
    see.full(tf.truncated_normal([]))
    see.full(tf.truncated_normal([2, 3], 1.0, 0.1))
    see.full(tf.truncated_normal([3], dtype=tf.float64))
    see.full(tf.truncated_normal([999], name="t"))
    see.full(tf.random_normal([2], mean=[0.0, 100.0]))
    see.attempt(lambda: tf.random_normal([2], dtype=tf.int32))


def large_draws(tf, see):
    tf.set_random_seed(3)
    see.full(tf.random_uniform([300, 400]))
    see.full(tf.random_normal([300, 401]))
    see.full(tf.truncated_normal([301, 400]))
    see.full(tf.random_uniform([70001], 0, 1000, tf.int32))
    tail = tf.random_normal([5])
    see.run(tail)
    see.run(tail)


def shuffle(tf, see):
    tf.set_random_seed(4)
    shuffled = tf.random_shuffle([1, 2, 3, 4, 5])
    see(shuffled)
    for _ in range(3):
        see.run(shuffled)
    see.full(tf.random_shuffle([[1, 2], [3, 4], [5, 6]], seed=1))
    see.full(tf.random_shuffle(tf.range(50), seed=2))


def multinomial(tf, see):
    tf.set_random_seed(5)
    draw = tf.multinomial([[0.0, 0.0, 0.0], [10.0, 0.0, -10.0]], 5)
    see(draw)
    for _ in range(2):
        see.run(draw)
    see.full(tf.multinomial([[1.0, 2.0]], 4, seed=1, name="m"))
    see.full(tf.random.categorical([[1.0, 2.0]], 4, dtype=tf.int32, seed=1))
    see.attempt(lambda: tf.multinomial([1.0, 2.0], 1), "rank")


def dropout_again_and_again(tf, see):
    tf.set_random_seed(6)
    dropped = tf.nn.dropout(tf.ones([10]), 0.5)
    for _ in range(3):
        see.run(dropped)


def other_distributions(tf, see):
    see(tf.random_gamma([2], 1.0, seed=1), tf.random_poisson(2.0, [2], seed=1))
    see(tf.random_crop(tf.ones([4, 4]), [2, 2], seed=1))
    see.full(tf.random.stateless_uniform([3], seed=[1, 2]))
    see.full(tf.random.stateless_normal([3], seed=[1, 2]))


def two_sessions_draw_alike(tf, see):
    tf.set_random_seed(8)
    a = tf.random_uniform([1])
    first, second = tf.Session(), tf.Session()
    see(first.run(a), second.run(a), first.run(a), second.run(a))
    first.close()
    second.close()


def aliases(tf, see):
    see(tf.random.uniform is tf.random_uniform, tf.random.normal is tf.random_normal)
    see(tf.random.truncated_normal is tf.truncated_normal, tf.random.shuffle is tf.random_shuffle)
    see(tf.random.set_random_seed is tf.set_random_seed, tf.random.multinomial is tf.multinomial)


def several_draws_in_one_run(tf, see):
    tf.set_random_seed(9)
    a = tf.random_uniform([2], name="a")
    see.run([a, a + 0.0, tf.identity(a)])
    b = tf.Variable(tf.random_uniform([2]), name="b")
    c = tf.Variable(b.initialized_value() * 2.0, name="c")
    see.start()
    see.run([b, c])
