"""How fast one reader may ask."""

from bot.chat import pace
from bot.chat.pace import Pace, Paces


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_a_burst_then_a_wait_that_is_told_once_then_on():
    clock = Clock()
    bucket = Pace(burst=20, rate=1, pause=5, clock=clock)
    assert [bucket.ask(1) for _ in range(20)] == [None] * 20
    first, second = bucket.ask(1), bucket.ask(1)
    assert (first.seconds, first.begins) == (5, True)
    assert (second.seconds, second.begins) == (5, False)
    clock.now += 4.5
    assert (bucket.ask(1).seconds, bucket.ask(1).begins) == (1, False)
    clock.now += 0.5
    assert [bucket.ask(1) for _ in range(5)] == [None] * 5
    assert bucket.ask(1).begins


def test_who_asks_once_a_second_never_waits():
    clock = Clock()
    bucket = Pace(burst=20, rate=1, pause=5, clock=clock)
    for _ in range(1000):
        assert bucket.ask(1) is None
        clock.now += 1


def test_what_was_sent_in_a_night_may_come_at_once():
    bucket = Pace(burst=20, rate=1, pause=5, clock=Clock())
    assert all(bucket.ask(1, sent=float(60 * i)) is None for i in range(500))
    assert [bucket.ask(2, sent=0.0) is None for _ in range(30)].count(True) == 20


def test_a_clock_that_is_set_back_keeps_nobody_waiting():
    clock = Clock()
    bucket = Pace(burst=20, rate=1, pause=5, clock=clock)
    assert [bucket.ask(1) is None for _ in range(30)].count(True) == 20
    clock.now -= 3600
    assert bucket.ask(1) is None


def test_one_readers_haste_is_nobody_elses_wait():
    bucket = Pace(burst=2, rate=1, pause=1, clock=Clock())
    assert [bucket.ask(1) is None for _ in range(3)] == [True, True, False]
    assert bucket.ask(2) is None


def test_a_million_ids_take_bounded_memory(monkeypatch):
    monkeypatch.setattr(pace, "_READERS", 100)
    bucket = Pace(burst=2, rate=1, pause=1, clock=Clock())
    for reader in range(1_000_000):
        bucket.ask(reader)
        assert len(bucket) <= 100
    assert [bucket.ask(999_999) is None for _ in range(2)] == [True, False]  # those who just asked are known


def test_typing_has_a_bucket_that_is_larger():
    paces = Paces.at(1.0)
    assert all(paces.typing.ask(1) is None for _ in range(60))
    assert all(paces.asking.ask(1) is None for _ in range(20))
    assert paces.asking.ask(1) is not None
