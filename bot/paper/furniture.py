"""Which lines belong to the page and to none of its articles: its name, date, number, section, editors, imprint."""

import re
from collections.abc import Sequence

from bot.paper import bylines

_SECTION = r"[\u4e00-\u9fff]{2,6}(?:\s?[·/]\s?[\u4e00-\u9fff]{2,6})?"
_KNOWN_SECTION = (
    "(?:要闻|綜合|综合|国内|国际|时政|社会|民生|文化|体育|教育|经济|财经|副刊|专版|专题|公益|广告|本地|都市|县区|区县|地方|"
    "健康|旅游|文旅|科技|法治|评论|理论|读书|生活|时事|新闻|深度|热线|连载|天下|焦点|关注|特刊|娱乐|头版|本市|综合新闻|要聞|國際)"
)
_PLACE = r"(?:第\s*)?[A-D]?\d{1,3}\s*版"
_NUMERAL = "[0-9〇○零一二三四五六七八九十]{1,4}"
_DAY = rf"{_NUMERAL}\s*[-年./]\s*{_NUMERAL}\s*[-月./]\s*{_NUMERAL}\s*日?"
_ALMANAC = r"(?:星期|周[一二三四五六日]|农历|農曆|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年|今日|总第|第\s*\d)"
_TITLE = (
    "(?:本版|值班|执行|責任|责任|首席|视觉|图片|版面|见习)?(?:编辑|編輯|责编|責編|美编|编委|版式|校对|校對|校审|审读|审校|检校|组版|排版|"
    "制图|图编|主编|总编|总编辑|副总编辑|副总编|统筹|设计|美术|终审|二审|三审|一审)"
)
_PAPER = (
    "(?:日|晚|晨|早|商|时|時|周|週|快|都市|青年|经济|經濟|特区|工人|农民|法治|法制|教育|体育|科技|导|广播电视|新闻|信息|文汇|文化|文学|"
    "工商|市场|生活|健康|消费|妇女|少年|老年|企业|石油|铁道|铁路|交通|电力|建设|环境|旅游|财经|金融|证券|国防|政法|检察|法院)[报報]"
)
_IMPRINT = (
    "(?:社址|本报地址|报社地址|邮编|邮政编码|零售价|定价|每份|月价|年价|新闻热线|广告热线|订报热线|发行热线|投稿邮箱|电子邮箱|本报邮箱|"
    "国内统一(?:连续出版物号|刊号)|国内刊号|统一刊号|邮发代号|广告(?:经营)?许可证|法律顾问|印刷|承印|总编室|网址|本报网址|官方微博)"
)

_STRONG = re.compile(
    rf"""
      {_PLACE}(?:[\s:·|]+{_SECTION})?          # 第01版:要闻
    | [A-D]?\d{{1,2}}[\s|·]+{_KNOWN_SECTION}|{_KNOWN_SECTION}\s*[A-D]?\d{{1,2}}(?:\s*版)?      # 02 要闻, 要闻 02
    | [A-D]\d{{1,2}}[\s:·|]*{_SECTION}                          # A2 本地
    | [\u4e00-\u9fff]{{2,6}}{_PAPER}(?:\s*(?:{_PLACE}|{_DAY}).*)?   # 北岭日报
    | (?:\S{{2,10}}\s+)?{_DAY}\s*                            # 2026年1月8日 星期四
      (?:{_ALMANAC}.{{0,60}}|{_PLACE}.{{0,12}}|{_KNOWN_SECTION}\s*[A-D]?\d{{1,2}})
    | .{{0,12}}{_IMPRINT}\s*[:)(\s]?.*\d.*                      # 国内统一连续出版物号 CN 14-0010
    | 今日\s*\d+\s*版 | 总第\s*\d+\s*期 | 第\s*\d{{3,6}}\s*期.{{0,20}}
    | (?:当前版|本版)\s*:.*版.*
    | (?:上一[版篇期]|下一[版篇期]|返回(?:首页|目录|版面)|标题导航|版面导航|版面目录|PDF版|[\s|])+
    """,
    re.VERBOSE,
)
_WORD = re.compile(
    rf"{_PLACE}(?::{_SECTION})?|[A-D]\d{{1,2}}|{_ALMANAC}\S{{0,12}}|今日\d+版|总?第\d+期|[\u4e00-\u9fff]{{2,6}}{_PAPER}"
)
_WEAK_WORD = re.compile(
    rf"{_DAY}|\d{{1,2}}|{_KNOWN_SECTION}|[A-Z]+|[\u4e00-\u9fff]{{1,4}}[月年][初正冬腊廿十一二三四五六七八九]+"
)
_EDITOR = re.compile(rf"{_TITLE}(?:\s*[:/|]|(?=\s))")
_NAVIGATION = re.compile("标题导航|版面导航|版面目录|本版标题|本版导读|標題導航")
_WEAK = re.compile(
    rf"""
      {_DAY} | \d{{1,3}} | {_KNOWN_SECTION} | 星期[一二三四五六日] | https?://\S+ | www\.\S+
    | (?:农历|農曆|{_ALMANAC}).{{0,24}} | .{{0,12}}(?:℃|°C).{{0,30}}
    | .{{0,4}}(?:电话|热线|邮箱|传真|主办|主管|出版|微信|微博|客户端)\s*[:(].{{1,40}}
    | [A-Z][A-Z ]{{4,40}}                                        # BEILING DAILY
    """,
    re.VERBOSE,
)
_HEADING_LENGTH = 40
_NAME_LENGTH = 5
_LONGEST = 120


def marks(lines: Sequence[tuple[str, bool]]) -> list[bool]:
    """For each line whether it is furniture.

    Some forms are furniture wherever they stand (第01版:要闻). Others could end an article as well (2026年1月8日): they
    are furniture below furniture, and above the first article. Headlines that a table of contents prints a second time
    are furniture, too.

    Args:
        lines: Their plain forms, each with whether its role is known otherwise.
    """
    forms = ["" if known else form for form, known in lines]
    marked = [bool(form) and _is_strong(form) for form in forms]
    _mark_repeated(forms, marked)
    weak = [bool(form) and _WEAK.fullmatch(form) is not None for form in forms]
    above = True  # all lines so far could be furniture
    for i in range(len(forms)):
        if weak[i] and not marked[i]:
            marked[i] = (i > 0 and marked[i - 1]) or (above and any(marked[i + 1 : i + 4]))
        above = above and marked[i]
    return marked


def _mark_repeated(forms: Sequence[str], marked: list[bool]) -> None:
    """Mark the tables of contents: headlines above all text that come again below, and below all text that came."""
    keys = [re.sub(r"\s", "", form) for form in forms]
    prose = [i for i, key in enumerate(keys) if len(key) > _HEADING_LENGTH or key.endswith("。")]
    if not prose:
        return
    first, last = prose[0], prose[-1]
    announced = [any(map(_NAVIGATION.fullmatch, forms[:first])), any(map(_NAVIGATION.fullmatch, forms[last:]))]
    bottom = [i for i in range(last + 1, len(keys)) if len(keys[i]) > 1 and keys[i] in keys[:last]]
    top = [i for i in range(first) if len(keys[i]) > 1 and keys[i] in keys[i + 1 : last]]
    for listed, expected in zip((top, bottom), announced, strict=True):
        if len(listed) > 1 or expected:
            for i in listed:
                marked[i] = True


def _is_strong(form: str) -> bool:
    """Whether it is furniture wherever it stands: by its form, by its words, or as a list of who made the page."""
    if _STRONG.fullmatch(form):
        return True
    words = [word for word in re.split(r"[\s|·]+", _names_editors(form)) if word]
    if len(form) > _LONGEST or not all(_WORD.fullmatch(w) or _WEAK_WORD.fullmatch(w) for w in words):
        return False
    return any(map(_WORD.fullmatch, words)) or (_EDITOR.search(form) is not None and len(words) < len(form.split()))


def _names_editors(form: str) -> str:
    """The form without its list of who made the page: 责任编辑:某某 版式:某某."""
    first = _EDITOR.search(form) if len(form) <= _LONGEST else None
    if first is None:
        return form
    names = [name for name in re.split(r"[\s,;、|]+", _EDITOR.sub(" ", form[first.start() :])) if name]
    marked = first[0][-1:] in (":", "/", "|")
    if not all(len(name) <= _NAME_LENGTH for name in names) or not (
        marked or bylines.could_be_name("".join(names[:2]))
    ):
        return form
    return form[: first.start()]
