// What the app itself says, in the language of the person who uses it.

const WORDS = {
  "zh-hans": {
    me: "我是", menu: "菜单", message: "消息", start: "开始", restart: "重新启用机器人", stop: "停用", typing: "正在输入…",
    bot: "机器人", members: (n) => `${n} 位成员`, reply: "回复", edit: "编辑", copy: "复制", copied: "已复制", edited: "已编辑",
    open: "打开", cancel: "取消", ok: "好", link: (url) => `打开这个链接？\n${url}`, picture: "图片", file: "文件",
    via: (name) => `通过 @${name}`, elsewhere: "这里不能打开。", choose: "发到哪个聊天？", nothing: "没有结果", theme: "深色或浅色",
    silent: "机器人没有回应。", empty: "这里还没有消息", lost: "与沙箱的连接断了，正在重连…", refused: "没有发出去。", back: "返回",
  },
  "zh-hant": {
    me: "我是", menu: "選單", message: "訊息", start: "開始", restart: "重新啟用機器人", stop: "停用", typing: "正在輸入…",
    bot: "機器人", members: (n) => `${n} 位成員`, reply: "回覆", edit: "編輯", copy: "複製", copied: "已複製", edited: "已編輯",
    open: "開啟", cancel: "取消", ok: "好", link: (url) => `開啟這個連結？\n${url}`, picture: "圖片", file: "檔案",
    via: (name) => `透過 @${name}`, elsewhere: "這裡無法開啟。", choose: "傳到哪個聊天？", nothing: "沒有結果", theme: "深色或淺色",
    silent: "機器人沒有回應。", empty: "這裡還沒有訊息", lost: "與沙箱的連線中斷，正在重新連線…", refused: "沒有傳出去。", back: "返回",
  },
  en: {
    me: "I am", menu: "Menu", message: "Message", start: "Start", restart: "Restart bot", stop: "Stop", typing: "typing…",
    bot: "bot", members: (n) => `${n} members`, reply: "Reply", edit: "Edit", copy: "Copy", copied: "Copied", edited: "edited",
    open: "Open", cancel: "Cancel", ok: "OK", link: (url) => `Open this link?\n${url}`, picture: "Picture", file: "File",
    via: (name) => `via @${name}`, elsewhere: "This cannot be opened here.", choose: "Send to which chat?",
    nothing: "No results", theme: "Dark or light", silent: "The bot does not respond.", empty: "No messages here yet",
    lost: "The connection to the sandbox is lost; trying again…", refused: "That was not sent.", back: "Back",
  },
};

/** The words for a Telegram language code. */
export const wordsFor = (code) => WORDS[code] ?? WORDS[code?.slice(0, 2)] ?? WORDS.en;
