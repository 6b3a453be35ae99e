"""What the operating system says about files, in TensorFlow's exceptions."""

from __future__ import annotations

import errno

from minitf import errors

_CLASS_OF_ERRNO = {
    errno.ENOENT: errors.NotFoundError,
    errno.EEXIST: errors.AlreadyExistsError,
    errno.EPERM: errors.PermissionDeniedError,
    errno.EACCES: errors.PermissionDeniedError,
    errno.EROFS: errors.PermissionDeniedError,
    errno.ENOTDIR: errors.FailedPreconditionError,
    errno.EISDIR: errors.FailedPreconditionError,
    errno.EBUSY: errors.FailedPreconditionError,
    errno.ENOSPC: errors.ResourceExhaustedError,
    errno.EDQUOT: errors.ResourceExhaustedError,
    errno.EMFILE: errors.ResourceExhaustedError,
    errno.ENFILE: errors.ResourceExhaustedError,
    errno.ENOMEM: errors.ResourceExhaustedError,
    errno.ENAMETOOLONG: errors.InvalidArgumentError,
    errno.EINVAL: errors.InvalidArgumentError,
    errno.EFBIG: errors.OutOfRangeError,
}


def file_error(error: OSError, path: str) -> errors.OpError:
    """TensorFlow's exception for what the operating system said about a file.

    `path` is named where the error itself names none.
    """
    kind = _CLASS_OF_ERRNO.get(error.errno or 0, errors.UnknownError)
    return kind(None, None, f"{error.filename or path}; {error.strerror or error}")
