"""What an answer holds where the question asks for it: a day, a number, a person, a place, another name, a reason."""

import re
from functools import lru_cache

from bot.search.characters import fold

# Each question's form beside what a sentence that answers it holds. Both are folded: half width, Simplified.
_FACTS = tuple(
    (re.compile(asks), re.compile(answer))
    for asks, answer in (
        (
            "什么时候|什么时间|何时|哪一?[天年月日]|几[月号点时年]|什么年代|世纪|朝代",
            r"\d\s*[年月日号时点]|今天|昨天|近日|日前|世纪|年代|[元正一二三四五六七八九十]年",
        ),
        (
            "多少|多久|多大|多长|多高|几",
            r"\d|[两一二三四五六七八九十百千万亿]+[余多]?[个名人次项场台件元米年天座位层种]",
        ),
        (
            "谁|哪一?位|何人|哪一?个人|什么人|叫什么名",
            r"·|(?<![\u4e00-\u9fff])[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚]\w{1,2}",
        ),
        ("哪里|何处|何地|什么地方|哪儿|哪一?个?[国城省市州岛县区]|位于", "位于|在于|[省市县州国岛区村镇]"),
    )
)
_PHRASES = tuple(
    (re.compile(asks), re.compile(answer))
    for asks, answer in (
        (
            "又[叫称名]|别[名称]|简称|全称|原名|英文名|叫什么|称为",
            "又[称名叫]|别[名称]|简称|全称|原名|也称|亦称|俗称|本名|前身|称为",
        ),
        ("为什么|为何|原因|何以|怎么会", "因为|由于|因|为了|所以|导致|以便"),
    )
)


def facts(question: str) -> list[re.Pattern[str]]:
    """The patterns, on folded text, of the facts that a question asks for: a day, a number, a person, a place."""
    folded = fold(question)
    return [answer for asks, answer in _FACTS if asks.search(folded)]


@lru_cache(maxsize=256)  # asked for each passage of an answer
def answering(question: str) -> tuple[re.Pattern[str], ...]:
    """Those of `facts`, and of the turns of phrase that tell another name or a reason.

    These help to choose among a paragraph's sentences; among paragraphs, where they are everywhere, they do not.
    """
    folded = fold(question)
    return (*facts(question), *(answer for asks, answer in _PHRASES if asks.search(folded)))
