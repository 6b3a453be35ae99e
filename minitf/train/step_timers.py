"""When a hook does its work: every so many steps or seconds, or never."""

from __future__ import annotations

import time


class SecondOrStepTimer:
    """Due at the first step, and then every `every_secs` seconds or `every_steps` steps.

    Raises ValueError unless exactly one of them is given.
    """

    def __init__(self, every_secs: float | None = None, every_steps: int | None = None) -> None:
        self.reset()
        if every_secs is None and every_steps is None:
            raise ValueError("Either every_secs or every_steps should be provided.")
        if every_secs is not None and every_steps is not None:
            raise ValueError("Can not provide both every_secs and every_steps.")
        self._every_secs = every_secs
        self._every_steps = every_steps

    def reset(self) -> None:
        """Makes the next step the first one."""
        self._last_triggered_step: int | None = None
        self._last_triggered_time: float | None = None

    def should_trigger_for_step(self, step: int) -> bool:
        """Whether the work is due at this step; never twice at the same."""
        if self._last_triggered_step is None or self._last_triggered_time is None:
            return True
        if step == self._last_triggered_step:
            return False
        if self._every_secs is not None:
            return time.time() >= self._last_triggered_time + self._every_secs
        return step >= self._last_triggered_step + (self._every_steps or 0)

    def update_last_triggered_step(self, step: int) -> tuple[float | None, int | None]:
        """Notes that the work was done; gives the seconds and steps since the time before."""
        now = time.time()
        elapsed: tuple[float | None, int | None] = (None, None)
        if self._last_triggered_time is not None and self._last_triggered_step is not None:
            elapsed = (now - self._last_triggered_time, step - self._last_triggered_step)
        self._last_triggered_time, self._last_triggered_step = now, step
        return elapsed

    def last_triggered_step(self) -> int | None:
        """The step at which the work was last done, or None."""
        return self._last_triggered_step


class NeverTriggerTimer:
    """Never due."""

    def reset(self) -> None:
        """Nothing to forget."""

    def should_trigger_for_step(self, step: int) -> bool:
        """No."""
        return False

    def update_last_triggered_step(self, step: int) -> tuple[None, None]:
        """Nothing has passed since a time that never was."""
        return None, None

    def last_triggered_step(self) -> None:
        """There is none."""
