"""The tutorials' own modules."""

from minitf.examples.tutorials import mnist

__all__ = ["mnist"]
