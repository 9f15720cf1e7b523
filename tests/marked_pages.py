"""Pages whose truth is written beside every unit, and the ways in which a page's text reaches an operator."""

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.models import Role

FOLDER = Path(__file__).parent / "marked"

ROLES = {
    "L": Role.LABEL,
    "K": Role.SUBHEAD,
    "H": Role.HEADLINE,
    "D": Role.SUBHEAD,
    "B": Role.BYLINE,
    "T": Role.TEXT,
    "X": Role.CROSSHEAD,
    "P": Role.CAPTION,
    "R": Role.CREDIT,
    "S": Role.TEXT,  # a signature: who signs a notice or an essay
}


@dataclass(frozen=True)
class MarkedPage:
    """A page as a list of units: the letter of each one's role, and its text."""

    units: tuple[tuple[str, str], ...]

    def articles(self) -> list[list[tuple[Role, str]]]:
        """The articles as they should be read: an article begins with the first unit of a head."""
        found: list[list[tuple[Role, str]]] = []
        in_head = False
        for mark, text in self.units:
            if not found or (mark in "LKH" and not in_head):
                found.append([])
            in_head = mark in "LKHD"
            found[-1].append((ROLES[mark], text))
        return found


def pages() -> dict[str, MarkedPage]:
    return {
        file.stem: MarkedPage(
            tuple((line[0], line[2:]) for line in file.read_text("utf-8").splitlines() if line.strip())
        )
        for file in sorted(FOLDER.glob("*.txt"))
    }


def spaced(page: MarkedPage, rng: random.Random) -> str:
    return "\n\n" + "\n\n".join(text for _, text in page.units) + "\n"


def half_width(page: MarkedPage, rng: random.Random) -> str:
    return unicodedata.normalize("NFKC", spaced(page, rng))


def without_blank_lines(page: MarkedPage, rng: random.Random) -> str:
    return "\n".join(text for _, text in page.units)


def many_blank_lines(page: MarkedPage, rng: random.Random) -> str:
    blank = ["\n", "\n \n", "\n\t\n\n", "\n　\n"]
    return "".join(text + " " * rng.randint(0, 2) + "\n" + rng.choice(blank) for _, text in page.units)


def indented(page: MarkedPage, rng: random.Random) -> str:
    def line(mark: str, text: str) -> str:
        return f"　　{text}" if mark in "TS" else f"          {text}" if rng.random() < 0.5 else text

    return "\n".join(line(*unit) for unit in page.units)


def wrapped(text: str, width: int) -> list[str]:
    """Break where the column is full; no line begins with a mark that closes."""
    lines = []
    while len(text) > width:
        cut = width
        while cut < len(text) and text[cut] in "，。、；：！？”）》%":
            cut += 1
        lines.append(text[:cut])
        text = text[cut:]
    return [*lines, text] if text else lines


def wrapped_and_indented(page: MarkedPage, rng: random.Random) -> str:
    lines = []
    for mark, text in page.units:
        lines += wrapped(f"　　{text}", 20) if mark in "TS" else [text]
    return "\n".join(lines)


def wrapped_between_blank_lines(page: MarkedPage, rng: random.Random) -> str:
    return "\n\n".join("\n".join(wrapped(text, 21)) if mark in "TS" else text for mark, text in page.units)


def hyphenated(page: MarkedPage, rng: random.Random) -> str:
    def broken(text: str) -> str:
        lines = wrapped(text, 17)
        return "\n".join(
            line + "-" * (bool(re.search(r"[\u4e00-\u9fff]$", line)) and i + 1 < len(lines) and rng.random() < 0.3)
            for i, line in enumerate(lines)
        )

    return "\n\n".join(broken(text) if mark == "T" else text for mark, text in page.units)


def broken_paragraphs(page: MarkedPage, rng: random.Random) -> str:
    """A blank line in the middle of long paragraphs, between two Han characters."""
    texts = []
    for mark, text in page.units:
        places = [
            m.start() + 1 for m in re.finditer(r"(?=[\u4e00-\u9fff]{2})", text) if 14 <= m.start() < len(text) - 8
        ]
        if mark == "T" and len(text) >= 45 and places:
            cut = rng.choice(places)
            texts += [text[:cut], text[cut:]]
        else:
            texts.append(text)
    return "\n\n".join(texts)


def with_furniture(page: MarkedPage, rng: random.Random) -> str:
    top = [
        "第01版：要闻",
        "2026年1月13日 星期二 乙巳年十一月廿五",
        "清河日报",
        "国内统一连续出版物号 CN 00-0000  第18257号  今日8版",
    ]
    bottom = [
        "责任编辑：于 墨  版式：秦 川  校对：苏 木",
        "新闻热线：0000-1234567  投稿邮箱：tougao@example.com",
        "社址：清河市人民路1号  邮编：000000  零售价：1.50元",
    ]
    return "\n\n".join([*top, *(text for _, text in page.units), *bottom])


def with_page_break(page: MarkedPage, rng: random.Random) -> str:
    """The page's furniture in the middle of a paragraph."""
    long = [i for i, (mark, text) in enumerate(page.units) if mark == "T" and len(text) >= 40]
    at = rng.choice(long)
    text = page.units[at][1]
    cut = rng.choice(
        [m.start() + 1 for m in re.finditer(r"(?=[\u4e00-\u9fff]{2})", text) if 14 <= m.start() < len(text) - 8]
    )
    furniture = ["清河日报", "2026年1月13日 星期二", "02 要闻"]
    texts = [t for _, t in page.units]
    return "\n\n".join([*texts[:at], text[:cut], *furniture, text[cut:], *texts[at + 1 :], "责编/于墨 版式/秦川"])


def with_contents(page: MarkedPage, rng: random.Random) -> str:
    headlines = [text for mark, text in page.units if mark == "H"]
    sections = ["第01版:要闻", "第02版:综合", "第03版:国内"]
    return "\n\n".join(
        ["当前版: 02版 上一版  下一版", *(text for _, text in page.units), "标题导航", *sections, *headlines]
    )


def with_noise(page: MarkedPage, rng: random.Random) -> str:
    return "".join(c + rng.choice("\u200b\xad\ufeff") * (rng.random() < 0.02) for c in spaced(page, rng))


def with_spaces(page: MarkedPage, rng: random.Random) -> str:
    text = re.sub(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])", lambda _: " " * (rng.random() < 0.3), spaced(page, rng))
    return text.replace(" ", "\xa0") if rng.random() < 0.5 else text


def with_cr(page: MarkedPage, rng: random.Random) -> str:
    return spaced(page, rng).replace("\n", "\r")


def with_crlf(page: MarkedPage, rng: random.Random) -> str:
    return half_width(page, rng).replace("\n", "\r\n")


Variant = Callable[[MarkedPage, random.Random], str]
VARIANTS: tuple[Variant, ...] = (
    spaced,
    half_width,
    without_blank_lines,
    many_blank_lines,
    indented,
    wrapped_and_indented,
    wrapped_between_blank_lines,
    hyphenated,
    broken_paragraphs,
    with_furniture,
    with_page_break,
    with_contents,
    with_noise,
    with_spaces,
    with_cr,
    with_crlf,
)
