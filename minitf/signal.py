"""tf.signal and tf.spectral: Fourier transforms, windows and frames."""

from minitf.lazy import getter
from minitf.ops.fourier import (
    fft,
    fft2d,
    fft3d,
    ifft,
    ifft2d,
    ifft3d,
    irfft,
    irfft2d,
    rfft,
    rfft2d,
)
from minitf.ops.frames import frame, hamming_window, hann_window, stft

__all__ = [
    "fft", "fft2d", "fft3d", "frame", "hamming_window", "hann_window", "ifft", "ifft2d", "ifft3d",
    "irfft", "irfft2d", "rfft", "rfft2d", "stft",
]  # fmt: skip
__getattr__ = getter(__name__, {})
