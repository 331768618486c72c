"""A time budget is shared among searches, and leaves each the time to fit what it found."""

from zerosec_analyses.modelling.budget import SharedTime


class Clock:
    """Told what time it is."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def trials(time: SharedTime, clock: Clock, method: str, each: float, most: int = 1000) -> int:
    """How many trials of so many seconds a search makes before it is told to end."""
    for number in range(1, most + 1):
        clock.now += each
        if not time.watch(method, number, 0.0):
            return number
    return most


def test_searches_share_what_is_left_and_leave_time_for_their_fits() -> None:
    clock = Clock()
    time = SharedTime(60, 2, clock)

    first = trials(time, clock, "quick", 1.0)
    after_first = time.used_s
    second = trials(time, clock, "slow", 4.0)

    assert 27 <= first <= 30
    assert after_first <= 30
    assert second >= 5
    assert time.used_s <= 60 - 4.0


def test_what_an_earlier_search_leaves_the_later_ones_have() -> None:
    clock = Clock()
    time = SharedTime(60, 2, clock)

    assert trials(time, clock, "few", 1.0, most=2) == 2
    assert trials(time, clock, "many", 1.0) >= 54


def test_the_first_trial_of_a_search_says_how_long_the_next_would_take() -> None:
    clock = Clock()
    time = SharedTime(60, 3, clock)
    trials(time, clock, "quick", 1.0, most=2)

    assert trials(time, clock, "slow", 25.0) == 1


def test_what_is_done_between_two_training_parts_is_no_trial() -> None:
    clock = Clock()
    time = SharedTime(100, 2, clock)
    time.enter("first part", "model")
    clock.now += 40

    time.enter("second part", "model")

    assert not time.search_over


def test_without_a_budget_nothing_ends() -> None:
    clock = Clock()

    assert trials(SharedTime(0, 2, clock), clock, "any", 1e6, most=5) == 5
    assert not SharedTime(0, 2, clock).over
