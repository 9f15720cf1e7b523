"""What a bot that serves leaves for who looks from outside."""

import json
import os
import time

from click.testing import CliRunner

from bot import heartbeat
from bot.archive.lock import holder, serving
from bot.cli import main


def test_where_nobody_serves_an_old_state_says_nothing(tmp_path):
    heartbeat.write(tmp_path, {"healthy": True, "reasons": []})
    assert heartbeat.read(tmp_path) is None
    assert heartbeat.read(tmp_path / "nowhere") is None


def test_a_state_is_that_of_who_serves(tmp_path):
    with serving(tmp_path):
        assert heartbeat.read(tmp_path) == {
            "process": str(os.getpid()),
            "healthy": False,
            "reasons": ["it is starting"],
        }
        heartbeat.write(tmp_path, {"healthy": True, "reasons": []})
        assert heartbeat.read(tmp_path) == {"process": str(os.getpid()), "healthy": True, "reasons": []}
        heartbeat.end(tmp_path)
        assert heartbeat.read(tmp_path)["reasons"] == ["it is starting"]


def test_a_state_that_grows_old_is_that_of_one_who_hangs(tmp_path):
    with serving(tmp_path):
        heartbeat.write(tmp_path, {"healthy": True, "reasons": [], "messages_waiting": 2})
        state = json.loads(heartbeat.path(tmp_path).read_text())
        heartbeat.path(tmp_path).write_text(json.dumps({**state, "beat": time.monotonic() - 100}))
        state = heartbeat.read(tmp_path)
    assert (state["healthy"], state["reasons"], state["messages_waiting"]) == (False, ["no sign of life for 100 s"], 2)


def test_who_looks_keeps_nobody_from_serving(tmp_path):
    with serving(tmp_path):
        assert holder(tmp_path) == str(os.getpid())
    assert holder(tmp_path) is None
    with serving(tmp_path):
        pass


def test_status_says_it_in_words(data_dir, monkeypatch):
    monkeypatch.setenv("NEWSBOT_DATA_DIR", str(data_dir))
    assert CliRunner().invoke(main, ["status"]).stdout.endswith("\nNo bot serves it.\n")
    with serving(data_dir):
        heartbeat.write(data_dir, {"healthy": False, "reasons": ["polling has stalled", "chat.db: OperationalError"]})
        said = CliRunner().invoke(main, ["status"]).stdout.splitlines()[-1]
        assert said == f"Process {os.getpid()} serves it: polling has stalled; chat.db: OperationalError."
        heartbeat.write(data_dir, {"healthy": True, "reasons": []})
        assert CliRunner().invoke(main, ["status"]).stdout.endswith(f"Process {os.getpid()} serves it: all is well.\n")
