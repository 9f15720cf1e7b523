"""Who wrote it: bylines, signatures and picture credits, and the people whom they name.

A byline is read word by word. Words are titles (本报记者), names (高燕), both in one (本报记者高燕),
or what was done (摄).
"""

import re
from itertools import pairwise

_HAN = "[\u4e00-\u9fff]"
_REPORTER = "[记記]者"
_TITLE = re.compile(
    rf"(?P<house>本[报刊台网報網]|{_HAN}{{0,5}}?[日晚晨商快都早时青][报報]|新[华華]社|中新社|央视)?"
    "(?:首席|见习|見習|特约|特約|实习|全媒体|全媒體|融媒体?|资深|高级|特派|主笔|文字|视频|摄影(?=[记記]者))*"
    rf"(?P<title>{_REPORTER}|通[讯訊][员員]|[实實][习習]生|评论员|評論員|撰稿人?|撰文|摄影报道|[摄攝]影|采写|编辑|整理|作者|译者|编译|供稿"
    "|文/图|图/文|文图|图文|文/摄)"
)
_DONE = re.compile(r"(?:摄影报道|报道|整理|采写|[摄攝]影|[摄攝]|[制製][图圖]|绘图|供图|[图圖]|文图|文)$")
_BULLET = re.compile(r"^[□■◇◆○●◎▲△▼★☆※\s(]+")
_NAME = re.compile(rf"{_HAN}{{1,4}}|{_HAN}{{1,10}}(?:·{_HAN}{{1,10}})+|[A-Za-z][A-Za-z.·\-]*")
_SEPARATORS = re.compile(r"[\s、,/:;|]+")
_NO_NAME = re.compile(r".{1,12}[社报網网台]$|[发發][自于於]?.*|报道|[综綜]合|摄|攝|图|化名")
_CREDITED = re.compile(
    r"(?:[制製][图圖]|绘图|绘画|[摄攝]影|供图|图片|图表|漫画|插图|题图)\s*[:/].{1,30}|(?:数据|资料|图片|信息)来源\s*[:/].{1,60}"
    r"|\(?(?:资料图片?|资料照片|图片由.{2,20}提供|.{2,20}供图|(?:新华社|中新社)发?)\)?"
)
_LONGEST = 80

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付"
    "方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳"
    "甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚"
    "岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝闻言元"
    "張劉陳楊黃趙吳孫馬鄭許韓馮鄧葉蘇呂盧鐘譚陸範賈韋鄒龍賀顧龔萬錢嚴湯齊喬龐顏莊聶魯歐關蘭寧紀畢單農車項連蘆婁竇黨費衛應閔鄔師"
)
_DOUBLE_SURNAMES = frozenset(
    re.findall("..", "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐宇文长孙司徒夏侯南宫独孤闻人端木歐陽司馬諸葛")
)


def people(names: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The people of a byline in half width: those called 记者, and all others, each in order and once.

    `记者 李明璇 通讯员 赵六`, `记者/甲 实习生/乙`, `□本报记者 金 戈`. The spaces that papers print inside a name go.
    """
    reporters: list[str] = []
    others: list[str] = []
    titles = list(_TITLE.finditer(names))
    others += _names(names[: titles[0].start()] if titles else names)
    for title, following in pairwise([*titles, None]):
        if title:
            found = _names(names[title.end() : following.start() if following else None])
            (reporters if title["title"] in ("记者", "記者") else others).extend(found)
    return tuple(dict.fromkeys(reporters)), tuple(name for name in dict.fromkeys(others) if name not in reporters)


def is_byline(form: str) -> bool:
    """Whether a line in half width says who wrote it, and no more: □本报记者 金 戈, 文/图 记者 木子, 本报评论员."""
    if len(form) > _LONGEST:
        return False
    signed = _BULLET.match(form)
    words = _words(form)
    if not words:
        return False
    title = _TITLE.match(words[0])
    if title is None:
        return bool(signed and "(" not in signed[0]) and len(words) <= 4 and all(map(_could_be_name, words))
    if len(words) == 1 and title.end() == len(words[0]):
        return bool(title["house"]) and "评论员" in title[0]
    return _are_people(words, known=bool(title["house"]))


def signature(form: str) -> str:
    """The names in brackets that a text in half width ends in, with the brackets: （通讯员 郝思源）; or ""."""
    start = form.rfind("(")
    inner = form[start + 1 : -1]
    if start < 0 or not form.endswith(")") or not 1 < len(inner) <= _LONGEST:
        return ""
    words = _words(inner)
    return form[start:] if words and inner != "化名" and _are_people(words, known=False) else ""


def is_credit(form: str) -> bool:
    """Whether a line in half width says who took or drew a picture: 本报记者 祁连山 摄, 制图/于墨."""
    if len(form) > _LONGEST:
        return False
    bare = form.strip("() ")
    done = _DONE.search(bare)
    if done and done[0] not in ("报道", "整理", "采写", "文"):
        words = _words(bare[: done.start()])
        if words and _are_people(words, known=False):
            return True
    return _CREDITED.fullmatch(form) is not None


def could_be_name(form: str) -> bool:
    """Whether a line is nothing but what could be a person's name, such as stands below the headline of an essay."""
    bare = "".join(form.split())
    return 2 <= len(bare) <= 4 and _has_surname(bare) and _NAME.fullmatch(bare) is not None


def _words(form: str) -> list[str]:
    """The words of a byline; 文/图 is one."""
    text = _BULLET.sub("", form).strip(") ")
    return [word for word in _SEPARATORS.split(re.sub(r"(?<=[文图])/(?=[文图摄])", "", text)) if word]


def _are_people(words: list[str], *, known: bool) -> bool:
    """Whether all words are titles, names, both in one, or what was done, and one of them at least is a name.

    Args:
        words: The words.
        known: Whether something else says that these are people, so that an unusual name is one, too.
    """
    names = 0
    titled = known
    for i, word in enumerate(words):
        title = _TITLE.match(word)
        rest = word[title.end() :] if title else word
        titled = titled or (title is not None and bool(title["house"]))
        if not rest or (i and _DONE.fullmatch(rest)):
            continue
        spaced_out = (i and len(words[i - 1]) == 1) or (len(word) == 1 and i + 1 < len(words))  # 岑 参差
        if not (spaced_out and _NAME.fullmatch(rest)) and not _could_be_name(rest, known=titled and title is None):
            return False
        names += 1
    return names > 0


def _could_be_name(word: str, *, known: bool = False) -> bool:
    if _NO_NAME.fullmatch(word) or not _NAME.fullmatch(word):
        return False
    return known or _has_surname(word) or "·" in word or word.isascii()


def _has_surname(word: str) -> bool:
    return word[0] in SURNAMES or word[:2] in _DOUBLE_SURNAMES


def _names(text: str) -> list[str]:
    """The names in a list; a name may be spaced out (田 禾), and a page's conversion may break one (沈知 远)."""
    found: list[str] = []
    for group in re.split(r"[、,/;:()【】□■◇◆○●◎|]|\s{4,}", text):
        words = [word for word in group.split() if _NAME.fullmatch(word) and not _NO_NAME.fullmatch(word)]
        if words and all(len(word) == 1 for word in words) and len(words) in (2, 3):
            found.append("".join(words))
            continue
        while words:
            name = words.pop(0)
            if words and (len(name) == 1 or _is_rest_of_name(words)):
                name += words.pop(0)
            found.append(name)
    return [name for name in found if name not in "文图摄"]


def _is_rest_of_name(words: list[str]) -> bool:
    """Whether the next word is no name by itself: one character, and no surname that a given name follows."""
    return len(words[0]) == 1 and (len(words) == 1 or words[0] not in SURNAMES)
