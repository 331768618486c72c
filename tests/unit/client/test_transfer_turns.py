"""Only so many transfers at the same time: in order, adjustable meanwhile, and none is lost when one is called off."""

import asyncio
from contextlib import suppress

import pytest

from zerosec_client.turns import SMALL_BYTES, Turns

LARGE = SMALL_BYTES + 1


class Transfers:
    """Transfers that last until they are told to end."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.going: list[int] = []
        self.tasks: dict[int, asyncio.Task[None]] = {}
        self.ends: dict[int, asyncio.Event] = {}

    def begin(self, *numbers: int, size_bytes: int = LARGE) -> None:
        for number in numbers:
            self.ends[number] = asyncio.Event()
            self.tasks[number] = asyncio.create_task(self._go(number, size_bytes))

    async def _go(self, number: int, size_bytes: int) -> None:
        async with self._turns.turn(size_bytes):
            self.going.append(number)
            await self.ends[number].wait()
            self.going.remove(number)

    async def end(self, *numbers: int) -> None:
        for number in numbers:
            self.ends[number].set()
            await self.tasks[number]
        await turn_of_the_loop()


async def turn_of_the_loop() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_no_more_than_allowed_go_and_the_others_follow_in_order() -> None:
    transfers = Transfers(Turns(2))

    transfers.begin(1, 2, 3, 4)
    await turn_of_the_loop()
    assert transfers.going == [1, 2]

    await transfers.end(2)
    assert transfers.going == [1, 3]
    await transfers.end(1, 3, 4)
    assert transfers.going == []


async def test_what_is_small_does_not_wait() -> None:
    transfers = Transfers(Turns(1))

    transfers.begin(1)
    transfers.begin(2, size_bytes=SMALL_BYTES)
    await turn_of_the_loop()

    assert transfers.going == [1, 2]
    await transfers.end(1, 2)


async def test_one_that_is_called_off_while_it_waits_keeps_no_place() -> None:
    transfers = Transfers(Turns(1))
    transfers.begin(1, 2, 3)
    await turn_of_the_loop()

    transfers.tasks[2].cancel()
    with suppress(asyncio.CancelledError):
        await transfers.tasks[2]
    await transfers.end(1)

    assert transfers.going == [3]
    await transfers.end(3)


async def test_one_that_is_called_off_just_as_it_is_let_in_gives_its_turn_on() -> None:
    turns = Turns(1)
    transfers = Transfers(turns)
    async with turns.turn(LARGE):
        transfers.begin(2, 3)
        await turn_of_the_loop()

    transfers.tasks[2].cancel()
    with suppress(asyncio.CancelledError):
        await transfers.tasks[2]
    await turn_of_the_loop()

    assert transfers.going == [3]
    await transfers.end(3)


async def test_a_failure_gives_the_turn_on() -> None:
    turns = Turns(1)

    with pytest.raises(ConnectionError):
        async with turns.turn(LARGE):
            raise ConnectionError

    async with asyncio.timeout(60), turns.turn(LARGE):
        pass


async def test_a_change_from_another_thread_holds_at_once_and_interrupts_none() -> None:
    turns = Turns(1)
    transfers = Transfers(turns)
    transfers.begin(1, 2, 3, 4)
    await turn_of_the_loop()

    await asyncio.to_thread(turns.allow, 3)
    await turn_of_the_loop()
    assert transfers.going == [1, 2, 3]

    turns.allow(1)
    await transfers.end(1)
    assert transfers.going == [2, 3]
    await transfers.end(2, 3)
    assert transfers.going == [4]
    await transfers.end(4)
