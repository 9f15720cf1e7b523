"""A bot that serves: backups are made beside it, and nobody else serves on its data or replaces it."""

import asyncio
import os
import sys

from tests.conftest import ROOT


async def newsbot(data_dir, *arguments, **env):
    """A command in a process of its own: exit code, stdout, stderr."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *map(str, arguments)),
        env={**os.environ, "NEWSBOT_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT), **env},
        cwd=data_dir.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_backup_damage_restore(tg, serve, data_dir, tmp_path):
    bot = await serve()
    reader = tg.user("小明", language_code="zh-hans")
    [before] = await reader.send("红十字救援队")
    file = tmp_path / "night.zip"

    code, out, err = await newsbot(data_dir, "backup", file)
    assert (code, err) == (0, "")
    assert out.startswith(f"{file}: ") and out.endswith(" kB, checked.\n")

    code, _, err = await newsbot(data_dir, "restore", file)
    assert (code, err) == (1, f"Error: process {bot.process.pid} serves on {data_dir}. Stop it, then try again.\n")
    second = {"TELEGRAM_BOT_TOKEN": "2:second", "TELEGRAM_API_BASE_URL": "http://127.0.0.1:9/bot"}
    code, _, err = await newsbot(data_dir, "serve", **second)
    assert code == 1
    assert err == (
        f"Error: process {bot.process.pid} serves on {data_dir} already. Stop it, or set another NEWSBOT_DATA_DIR.\n"
    )

    assert await bot.stop() == 0
    for name in ("newsbot.db-wal", "newsbot.db-shm"):
        (data_dir / name).unlink(missing_ok=True)
    (data_dir / "newsbot.db").write_bytes(b"no database" * 1000)
    code, _, err = await newsbot(data_dir, "status")
    assert code == 1 and "`newsbot restore` brings back" in err
    file_cut = tmp_path / "cut.zip"
    file_cut.write_bytes(file.read_bytes()[:-100])
    code, _, err = await newsbot(data_dir, "restore", file_cut)
    assert (code, err) == (
        1,
        f"Error: {file_cut} is no backup, or a damaged one, perhaps cut short. Take another one.\n",
    )
    code, out, err = await newsbot(data_dir, "restore", file)
    assert (code, err) == (0, "")
    [kept] = data_dir.glob("replaced-*")
    assert out == (
        f"{data_dir} is as {file} has it.\n"
        f"What was there before is in {kept}; delete it when you do not need it any more.\n"
    )

    await serve()
    [after] = await reader.send("红十字救援队")
    assert after.text == before.text
    tg.check()
