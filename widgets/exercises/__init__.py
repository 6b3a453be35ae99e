"""The lessons' exercises: `from widgets.exercises import lesson_01 as exercises`."""

from .exercise import Exercise, Wrong

__all__ = ["Exercise", "Wrong"]
