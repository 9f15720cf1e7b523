"""Words over time: a picture or a text, and the articles behind its bars."""

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_scratch(running, reader):
    for said in ("/trend 灯会 供水", "/trend 灯会", "/trend", "/trend 灯会 标题:灯会 第1版 -供水", "/trend 不在报上", "/trend 灯会 2020", "/trend 一 二 三 四 五"):
        [m] = await reader.send(said)
        print(said, "\n", m.text, m.labels, bool(m.get("photo")), [b.get("callback_data") for b in m.buttons])
    [m] = await reader.send("/trend 灯会 供水")
    p = await reader.press(m.labels[0])
    print(p.messages[0].text, p.messages[0].labels)
    p = await reader.press("↩ 返回")
    print(p.messages[0].text, p.messages[0].labels)
    p = await reader.press("📝 文字")
    print(p.messages[0].text, p.messages[0].labels)
    p = await reader.press("🖼 图")
    print(p.messages[0].text, p.messages[0].labels)
