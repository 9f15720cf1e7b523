"""What an answer holds where the question asks for it: a day, a number, a person, a place, another name, a reason."""

import re
from functools import lru_cache

from bot.search.characters import fold

_DAY = r"\d\s*[年月日号时点]|今天|昨天|近日|日前|世纪|年代|[元正一二三四五六七八九十]年"
_NUMBER = r"\d|[两一二三四五六七八九十百千万亿]+[余多]?[个名人次项场台件元米年天座位层种]"
_PERSON = (
    r"·|(?<![\u4e00-\u9fff])[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋"
    r"蔡余杜叶程苏魏吕丁任沈姚]\w{1,2}"
)

# Each question's form, what a sentence that answers it holds, and what it holds that is found among a paragraph's own
# sentences only: a paragraph has a 明天 or an 在…公园 sooner than not. All are folded: half width, Simplified.
_FACTS = tuple(
    (re.compile(asks), re.compile(answer), re.compile(within))
    for asks, answer, within in (
        (
            "[什甚]么时[候间]|啥时|几时|何时|哪一?[天年月日]|几[月号点年]|什么年代|世纪|朝代",
            _DAY,
            rf"{_DAY}|周[一二三四五六日末]|星期[一二三四五六日天]|[今明后昨前当][天日早晚晨]|[今明去后前]年|节前|节后|"
            "元旦|春节|元宵|清明|端午|中秋|重阳|国庆|除夕|正月|腊月|初[一二三四五六七八九十]|"
            r"[一二三四五六七八九十][月日]|[一二三四五六七八九十两\d]点|[上中下]午|凌晨|清晨|傍晚|晚上",
        ),
        ("多少|多久|多大|多长|多高|几", _NUMBER, _NUMBER),
        ("谁|哪一?位|何人|哪一?个人|什么人|叫什么名", _PERSON, _PERSON),
        (
            "哪里|何处|何地|什么地方|哪儿|哪一?个?[国城省市州岛县区]|位于|"
            "[在到去从往]哪(?!一?[年月天日个位届场次部本朝款期]|[些几])|哪[有能可看买卖]",
            "位于|在于|[省市县州国岛区村镇]",
            "位于|地处|坐落|地[点址]|人[,。(;]|"
            r"[在于到至自]\w{0,8}[省市县州国岛区村镇乡街路道巷园馆场站寺院楼厦厅城门山港桥湖河江海湾心校店]",
        ),
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
    return [answer for asks, answer, _ in _FACTS if asks.search(folded)]


@lru_cache(maxsize=256)  # asked for each passage of an answer
def answering(question: str) -> tuple[re.Pattern[str], ...]:
    """The patterns, on folded text, of what a sentence of a paragraph holds that answers.

    They are of the same facts in more ways, and of the turns of phrase that tell another name or a reason. These help
    to choose among a paragraph's sentences; among paragraphs, where they are everywhere, they do not.
    """
    folded = fold(question)
    found = [within for asks, _, within in _FACTS if asks.search(folded)]
    return (*found, *(answer for asks, answer in _PHRASES if asks.search(folded)))
