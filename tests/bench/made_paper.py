"""A paper that is made: editions of several pages, whose articles mention by chance what readers watch for."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

PER_PAGE = 5
PLACES = ("清河", "北山", "东湖", "南岗", "西岭", "云溪", "松坪", "白鹭", "柳林", "石桥", "金谷", "凤台")
THINGS = ("大桥", "隧道", "码头", "水库", "车站", "剧院", "书院", "医院", "园区", "灯塔")
EVENTS = ("通车", "招标", "完工", "启用", "检修")
TOPICS = [place + thing for place, thing in product(PLACES, THINGS)]


@dataclass(frozen=True)
class Watched:
    """What a reader watches for: any of the words, and the word that must not be there."""

    words: tuple[str, ...]
    without: str = ""

    @property
    def query(self) -> str:
        return "|".join(self.words) + (f" -{self.without}" if self.without else "")

    def met_by(self, text: str) -> bool:
        return any(word in text for word in self.words) and not (self.without and self.without in text)


def usable(sentences: Iterable[str]) -> list[str]:
    """Those that stand in the middle of any article without beginning another one, or making it another one's copy."""
    fitting = (s for s in sentences if 15 <= len(s) <= 120 and s.endswith("。") and "本报" not in s and "<" not in s)
    return sorted({s[-12:]: s for s in fitting}.values())


def watched(draw: random.Random) -> Watched:
    words = tuple(draw.sample(TOPICS, draw.choice((1, 1, 2))))
    return Watched(words, draw.choice(("", "", EVENTS[1])))


def edition(folder: Path, day: date, count: int, sentences: Sequence[str], draw: random.Random) -> list[str]:
    """Write an edition's pages into a folder; return the texts of its articles."""
    articles, bodies = list[str](), list[set[str]]()
    for number in range(count):
        body = _body(sentences, draw)
        while any(_alike(body, other) for other in bodies):  # one would be the other's copy
            body = _body(sentences, draw)
        bodies.append(body)
        articles.append(_article(day, number, sorted(body), draw))
    folder.mkdir(parents=True)
    for page, begin in enumerate(range(0, count, PER_PAGE), 1):
        text = f"第{page:02}版:要闻\n\n" + "\n\n".join(articles[begin : begin + PER_PAGE]) + "\n"
        (folder / f"{day:%Y%m%d}_{page:02}.txt").write_text(text, "utf-8")
    return articles


def _body(sentences: Sequence[str], draw: random.Random) -> set[str]:
    return set(draw.sample(sentences, draw.randint(4, 12)))


def _alike(one: set[str], other: set[str]) -> bool:
    """Whether half of the text of either is in the other."""
    smaller = min(sum(map(len, one)), sum(map(len, other)))
    return 2 * sum(map(len, one & other)) > smaller


def _article(day: date, number: int, sentences: Sequence[str], draw: random.Random) -> str:
    topic, event = draw.choice(TOPICS), draw.choice(EVENTS)
    headline = f"{topic}{day.month}月{day.day}日{event}第{number + 1}号通告"
    lead = f"本报讯(记者 王小明){topic}于{day.month}月{day.day}日{event},编号{number + 1}。{sentences[0]}"
    paragraphs = ("".join(sentences[begin : begin + 3]) for begin in range(1, len(sentences), 3))
    return "\n\n".join([headline, lead, *paragraphs])
