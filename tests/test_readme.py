"""The README is true: its commands exist, its library example runs, its conversation is what the bot says."""

import re
from html import unescape

import click
import pytest

from bot.archive import ingest
from bot.chat import replies
from bot.chat.texts import LANGUAGES
from bot.cli import main
from bot.models import Query
from bot.paper.files import page_files
from bot.search import Engine
from tests.conftest import ROOT, SEED

README = (ROOT / "README.md").read_text("utf-8")


def block(mark):
    return re.search(rf"<!-- {mark} -->\n```\w+\n(.*?)```", README, re.S)[1]


def test_every_command_and_option_is_described():
    described = README.partition("## For operators")[2].partition("## For developers")[0]
    for name, command in main.commands.items():
        [row] = [line for line in described.splitlines() if line.startswith(f"| `newsbot {name}")]
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name != "as_json":
                assert parameter.opts[0] in row, (name, parameter.opts)


def test_continuous_integration_runs_the_test_command():
    assert "<!-- tests -->" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert block("tests").rstrip().endswith(".venv/bin/pytest")


def test_every_picture_is_shown_and_told():
    shown = re.findall(r'!\[([^\]]+)\]\(([^)]+)\)|<img src="([^"]+)" width="\d+" alt="([^"]+)">', README)
    pictures = ROOT / "tests" / "pictures"
    assert sorted(ROOT / (first or second) for _, first, second, _ in shown) == sorted(pictures.iterdir())


def test_every_test_that_shows_safety_is_there():
    table = README.partition("## Safety")[2].partition("## For developers")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    named = [re.findall(r"`(test_\w+)`", row[-1]) for row in rows]
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(rows) > 8 and all(named)
    for name in (name for names in named for name in names):
        assert re.search(rf"^(?:async )?def {name}\(", sources, re.M), name


def test_the_demo_is_a_command():
    assert block("demo").split() == [".venv/bin/newsbot", main.commands["demo"].name]


def test_the_example_of_the_library_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = re.search(r"```python\n(.*?)```", README, re.S)[1]
    names: dict = {}
    exec(code, names)  # noqa: S102
    assert names["index"].search("紅十字")[0].position == 0
    assert len(names["ParagraphIndex"].open("index.db").search("大桥")) == 2


@pytest.mark.parametrize(("number", "language"), [(0, "zh-Hans"), (1, "zh-Hant"), (2, "zh-Hans")])
def test_the_conversation_is_real(number, language, empty_archive):
    list(ingest(empty_archive, page_files([SEED])))
    engine = Engine(empty_archive)
    engine.refresh()
    turns = re.findall(r"^小\S+   (.*?)\nbot    (.*?)(?=^小|\Z)", block("conversation"), re.S | re.M)
    question, shown = turns[number]
    reply = replies.results(engine.search(Query(question)), "id", empty_archive.coverage(), LANGUAGES[language])
    said = (
        unescape(re.sub(r"</?b>", "", reply.html))
        + "\n\n"
        + "\n".join(" ".join(f"[{button.label}]" for button in row) for row in reply.rows)
    )
    assert re.sub(r"^ {7}", "", shown, flags=re.M).strip() == said
