"""A bot whose index is on a Milvus server (Milvus Lite as one): it answers, and says so when the server is gone."""

import socket
import subprocess
import sys
import time
from contextlib import closing
from importlib.util import find_spec

import pytest

from bot.chat.texts import for_language
from tests.conversations.test_reading import FOUND

pytestmark = pytest.mark.skipif(find_spec("milvus_lite") is None, reason="pip install '.[milvus]'")


@pytest.fixture
def server(tmp_path):
    """A server as a process of its own, and the address by which the bot finds it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = ["milvus_lite", "server", "--data-dir", tmp_path / "milvus", "--host", "127.0.0.1", "--port", port]
    process = subprocess.Popen([sys.executable, "-m", *map(str, command)], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield process, f"milvus+http://reader:geheim@127.0.0.1:{port}"
    process.kill()
    process.wait()


async def test_a_question_is_answered_and_then_the_server_is_gone(tg, serve, server):
    process, address = server
    bot = await serve(NEWSBOT_SEARCH=address)
    reader = tg.user("小明", language_code="zh-hans")
    assert (await reader.send("红十字 救援队", timeout=20))[-1].text == FOUND
    process.kill()
    process.wait()
    assert (await reader.send("灯会", timeout=60))[-1].text == for_language("zh-hans", "en").search_down
    output = "\n".join(bot.output)
    assert "does not answer: is the server up" in output
    assert "geheim" not in output
    tg.check()
