"""sd_notify, held to a real socket."""

import os
import socket

import pytest

from bot.notify import notify, watchdog_seconds


@pytest.fixture
def supervisor(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(2)
        yield listening


def test_states_arrive_in_one_datagram(supervisor, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", supervisor.getsockname())
    notify("READY=1", "STATUS=it runs")
    assert supervisor.recv(100) == b"READY=1\nSTATUS=it runs"


def test_an_abstract_socket_is_found(monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0newsbot-{os.getpid()}")
        listening.settimeout(2)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@newsbot-{os.getpid()}")
        notify("WATCHDOG=1")
        assert listening.recv(100) == b"WATCHDOG=1"


def test_no_supervisor_no_harm(monkeypatch, tmp_path):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify("READY=1")


@pytest.mark.parametrize(
    ("usec", "process", "seconds"),
    [
        ("", "", None),
        ("30000000", "", 30),
        ("30000000", "own", 30),
        ("30000000", "1", None),
        ("x", "", None),
    ],
)
def test_the_watchdog_is_meant_for_this_process(monkeypatch, usec, process, seconds):
    monkeypatch.setenv("WATCHDOG_USEC", usec)
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()) if process == "own" else process)
    assert watchdog_seconds() == seconds
