"""A time budget shared among searches: each gets its part of what is left, and what one leaves the later ones have."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable


class SharedTime:
    """``seconds`` for so many searches, by ``clock``, of which ``used_s`` are gone; no seconds: no end."""

    def __init__(
        self, seconds: float, searches: int, clock: Callable[[], float] = time.monotonic, used_s: float = 0.0
    ) -> None:
        self.seconds, self.searches, self.clock = seconds, searches, clock
        self.started = clock() - used_s
        self.begun = 0
        self._place: tuple[Hashable, Hashable] | None = None
        self._until = float("inf")
        self._told = self.started
        self._longest = 0.0

    @property
    def used_s(self) -> float:
        """Since the start."""
        return self.clock() - self.started

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return self.seconds > 0 and self.used_s > self.seconds

    def enter(self, part: Hashable, method: Hashable, kept_s: float = 0.0) -> None:
        """A trial of the search of ``method`` in a training part is done; a new place begins a new search.

        ``kept_s`` are for what follows the searches.
        """
        now, place = self.clock(), (part, method)
        same_part = self._place is not None and self._place[0] == part
        took = now - self._told if same_part else 0.0
        self._told = now
        if place == self._place:
            self._longest = max(self._longest, took)
            return
        self._place, self._longest = place, took
        self.begun += 1
        if self.seconds:
            left = self.seconds - kept_s - self.used_s
            self._until = now + max(0.0, left) / max(1, self.searches - self.begun + 1)

    @property
    def search_over(self) -> bool:
        """Whether this search has had its part, or what is left of it is not enough for a trial and the fit of what was found."""
        return self.over or self.clock() + 2 * self._longest > self._until

    def watch(self, method: Hashable, _trial: int, _best: float) -> bool:
        """Of one training part: whether the search of ``method`` goes on."""
        self.enter(None, method)
        return not self.search_over
