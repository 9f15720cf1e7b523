// One message: who, what it answers, pictures and files, text, time, and the keyboard below.

import { el } from "./dom.js";
import { rich } from "./text.js";

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

/**
 * A message as a node.
 * `on` reacts: tap(kind, value), press(message, row, column, node), menu(message, x, y), jump(message id).
 */
export function bubble(message, { me, group, words, on }) {
  const mine = message.from.id === me;
  const body = el("div", { className: "bubble" }, ...parts(message, mine, group, words, on));
  const node = el("article", { className: mine ? "mine" : "theirs", id: `m${message.message_id}` }, body);
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (rows.length) node.append(keyboard(message, rows, on));
  body.ondblclick = () => on.reply(message);
  body.oncontextmenu = (event) => {
    event.preventDefault();
    on.menu(message, event.clientX, event.clientY);
  };
  return node;
}

function parts(message, mine, group, words, on) {
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  const edited = message.edit_date && !message.reply_markup; // as in Telegram's apps
  return [
    group && !mine ? el("b", { className: `name c${Math.abs(message.from.id) % 7}` }, message.from.first_name) : null,
    message.via_bot ? el("small", { className: "via" }, words.via(message.via_bot.username)) : null,
    message.reply_to_message ? quote(message.reply_to_message, on) : null,
    message.photo ? picture(message.photo.at(-1)) : null,
    ...["document", "video", "audio", "voice", "animation"].map((kind) => (message[kind] ? file(message[kind]) : null)),
    text ? el("div", { className: "text", dir: "auto" }, rich(text, entities, on.tap)) : null,
    el("time", {}, `${edited ? `${words.edited} ` : ""}${clock(message.date)}`),
    el("button", {
      className: "more", ariaLabel: "⋮", textContent: "⋮",
      onclick: (event) => on.menu(message, event.clientX, event.clientY),
    }),
  ];
}

function quote(message, on) {
  return el(
    "button",
    { className: "quote", onclick: () => on.jump(message.message_id) },
    el("b", {}, message.from.first_name),
    el("span", {}, summary(message)),
  );
}

/** A message in one line. */
export function summary(message) {
  if (!message) return "";
  const media = message.photo ? "🖼 " : message.document ? `📄 ${message.document.file_name} ` : "";
  return media + (message.text ?? message.caption ?? "").slice(0, 120);
}

const picture = (photo) =>
  el("img", { className: "photo", src: `/chat/file/${encodeURIComponent(photo.file_id)}`, alt: "🖼" });

function file(info) {
  const size = info.file_size < 1024 ? `${info.file_size} B` : `${(info.file_size / 1024).toFixed(1)} KB`;
  return el(
    "a",
    { className: "file", href: `/chat/file/${encodeURIComponent(info.file_id)}`, download: info.file_name ?? "file" },
    el("span", { className: "icon" }, "⬇"),
    el("span", {}, el("b", {}, info.file_name ?? "file"), el("small", {}, size)),
  );
}

const MARKS = { url: "↗", copy_text: "❐", switch_inline_query: "➦", switch_inline_query_chosen_chat: "➦" };

function keyboard(message, rows, on) {
  const button = (what, row, column) => {
    const mark = MARKS[Object.keys(MARKS).find((field) => field in what)];
    const node = el("button", {}, el("span", {}, what.text), mark ? el("sup", {}, mark) : null);
    node.onclick = () => on.press(message, row, column, node);
    return node;
  };
  return el(
    "div",
    { className: "keyboard" },
    ...rows.map((row, y) => el("div", {}, ...row.map((what, x) => button(what, y, x)))),
  );
}
