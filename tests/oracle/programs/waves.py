"""Fourier transforms, windows, frames and their spectra."""

import numpy as np


def _w(*shape, s=1.0):
    return (
        (np.sin(np.arange(np.prod(shape), dtype=np.float32) * s)).reshape(shape).astype(np.float32)
    )


def of_complex_numbers(tf, see):
    z = tf.constant(_w(2, 3, 4, 5, s=1.3) + 1j * _w(2, 3, 4, 5, s=0.7))
    for there, back in ((tf.fft, tf.ifft), (tf.fft2d, tf.ifft2d), (tf.fft3d, tf.ifft3d)):
        y = there(z)
        see.full(y, rtol=1e-5)
        see.run(back(y), rtol=1e-5)
        see.full(tf.gradients(tf.abs(y) ** 2, z)[0], rtol=2e-5)
        see.run(tf.gradients(tf.real(back(z)), z), rtol=2e-5)
    see.attempt(lambda: tf.fft2d(tf.constant([1j, 2.0], tf.complex64)))
    see.attempt(lambda: tf.fft([1.0, 2.0]))
    see.attempt(lambda: tf.fft(tf.constant([1.0, 2.0])))
    see.run(tf.signal.fft(tf.cast([1.0, 2.0, 3.0], tf.complex128)))


def of_real_numbers(tf, see):
    for sizes in ((2, 6), (2, 7)):
        x = tf.constant(_w(*sizes, s=1.3))
        for options in ({}, {"fft_length": [4]}, {"fft_length": [9]}):
            y = tf.signal.rfft(x, **options)
            see.full(y, rtol=1e-5)
            if not options:
                see.full(tf.gradients(tf.abs(y), x)[0], rtol=2e-5)
            back = tf.signal.irfft(y, **options)
            see.full(back, rtol=1e-5)
            see.full(tf.gradients(back * back, y)[0], rtol=2e-5)
    p = tf.placeholder(tf.float32)
    q = tf.placeholder(tf.float32, [None, None])
    for x in (p, q):
        y = tf.signal.rfft(x)
        see(y)
        see.run(y, {x: _w(2, 6)}, rtol=1e-5)
    see.run(tf.signal.irfft(y), {q: _w(2, 6)}, rtol=1e-5)
    see.run(tf.spectral.rfft(tf.constant([1.0, 2.0, 4.0], tf.float64)))
    see.attempt(lambda: tf.signal.rfft(tf.constant([1, 2])))
    see.attempt(lambda: tf.signal.irfft(tf.constant([1.0, 2.0])))
    see.attempt(lambda: tf.signal.rfft(tf.constant(1.0)))


def of_real_matrices(tf, see):
    for sizes in ((2, 4, 6), (3, 5)):
        x = tf.constant(_w(*sizes, s=1.3))
        y = tf.signal.rfft2d(x)
        see.full(y, rtol=1e-5)
        see.full(tf.gradients(tf.real(y) * tf.imag(y), x)[0], rtol=2e-5)
        back = tf.signal.irfft2d(y)
        see.full(back, rtol=1e-5)
        see.run(tf.gradients(back * back, y), rtol=2e-5)


def windows(tf, see):
    for window in (tf.signal.hann_window, tf.signal.hamming_window):
        see.full(window(6))
        see.full(window(5, periodic=False))
        see.full(window(1))
        see.run(window(4, dtype=tf.float64))
    n = tf.placeholder(tf.int32, [])
    w = tf.signal.hann_window(n)
    see(w)
    see.run(w, {n: 4})
    see.run(w, {n: 1})
    see.attempt(lambda: tf.signal.hann_window(4, dtype=tf.int32))


def frames_of_signals(tf, see):
    x = tf.constant(np.arange(20, dtype=np.float32).reshape(2, 10))
    for options in ({}, {"pad_end": True, "pad_value": -1.0}, {"axis": 0, "pad_end": True}):
        y = tf.signal.frame(x, 4, 2, **options)
        see.full(y)
        see.run(tf.gradients(y * y, x))
    see.full(tf.signal.frame(x, 3, 2))
    see.full(tf.signal.frame(x, 12, 2))
    p = tf.placeholder(tf.float32, [None, None])
    see(tf.signal.frame(p, 4, 3))
    n = tf.placeholder(tf.int32, [])
    y = tf.signal.frame(x, n, 2)
    see.full(y, {n: 4})


def spectra_over_time(tf, see):
    x = tf.constant(np.sin(np.arange(64, dtype=np.float32) ** 1.5 / 20).reshape(2, 32))
    for options in ({}, {"fft_length": 16}, {"window_fn": None}, {"pad_end": True}):
        y = tf.signal.stft(x, 8, 4, **options)
        see.full(y, rtol=1e-5)
    loss = tf.reduce_sum(tf.abs(tf.signal.stft(x, 8, 4)) ** 2)
    see.run(tf.gradients(loss, x), rtol=2e-5)
