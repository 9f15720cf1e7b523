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
    articles = [_article(day, number, sentences, draw) for number in range(count)]
    folder.mkdir(parents=True)
    for page, begin in enumerate(range(0, count, PER_PAGE), 1):
        text = f"第{page:02}版:要闻\n\n" + "\n\n".join(articles[begin : begin + PER_PAGE]) + "\n"
        (folder / f"{day:%Y%m%d}_{page:02}.txt").write_text(text, "utf-8")
    return articles


def _article(day: date, number: int, sentences: Sequence[str], draw: random.Random) -> str:
    topic, event = draw.choice(TOPICS), draw.choice(EVENTS)
    headline = f"{topic}{day.month}月{day.day}日{event}第{number + 1}号通告"
    lead = f"本报讯(记者 王小明){topic}于{day.month}月{day.day}日{event},编号{number + 1}。"
    body = "\n\n".join("".join(draw.choices(sentences, k=draw.randint(2, 4))) for _ in range(draw.randint(2, 4)))
    return f"{headline}\n\n{lead}{draw.choice(sentences)}\n\n{body}"
