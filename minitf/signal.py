"""tf.signal and tf.spectral: Fourier transforms."""

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

__all__ = [
    "fft", "fft2d", "fft3d", "ifft", "ifft2d", "ifft3d", "irfft", "irfft2d", "rfft", "rfft2d",
]  # fmt: skip
__getattr__ = getter(__name__, {})
