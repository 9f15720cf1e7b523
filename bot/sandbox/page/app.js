// The app: it follows the sandbox's events and draws the list of chats and the open chat.

import { $, copy, dialog, el, ask, popup, toast } from "./dom.js";
import { bubble, summary } from "./bubble.js";
import { aimAt, clearComposer, draft, prepareComposer, write } from "./composer.js";
import { changeChat, chatOpen, here, isGroup, myChats, myself, readAddress, replaceAll, set, show, state, titleOf } from "./state.js";
import { safe } from "./text.js";
import { wordsFor } from "./words.js";

const ACTION = 5000; // milliseconds that "typing…" stands, as in Telegram's apps

let words = wordsFor("en");
let quiet;

// ---- drawing -------------------------------------------------------------------------------------------------------

function draw() {
  words = wordsFor(myself().language_code);
  document.documentElement.lang = myself().language_code;
  $("me-label").textContent = words.me;
  $("me").replaceChildren(...state.people.map((p) => el("option", { value: p.id, selected: p.id === state.me }, p.first_name)));
  $("theme").title = words.theme;
  $("back").title = words.back;
  document.body.classList.toggle("inside", state.open !== null);
  drawList();
  $("chat").hidden = state.open === null;
  if (state.open === null) return;
  drawHead();
  drawMessages();
}

function drawList() {
  const item = (chat) => {
    const last = [...chat.messages.values()].at(-1);
    const unread = state.unread.get(chat.id);
    return el(
      "button",
      { className: chat.id === state.open ? "chat open" : "chat", onclick: () => show(chat.id) },
      avatar(chat),
      el("span", {}, el("b", {}, titleOf(chat)), el("small", {}, summary(last))),
      unread ? el("mark", {}, `${unread}`) : null,
    );
  };
  $("chats").replaceChildren(...myChats().map(item));
}

const avatar = (chat) => el("span", { className: `avatar c${Math.abs(chat.id) % 7}` }, [...titleOf(chat)][0]);

function drawHead() {
  const chat = chatOpen();
  $("title").textContent = titleOf(chat);
  $("avatar").className = avatar(chat).className;
  $("avatar").textContent = [...titleOf(chat)][0];
  $("status").textContent = isGroup(chat) ? words.members(state.people.length + (chat.blocked ? 0 : 1)) : words.bot;
  $("stop").textContent = words.stop;
  $("stop").hidden = isGroup(chat) || !chat.started || chat.blocked;
  $("start").hidden = isGroup(chat) || (chat.started && !chat.blocked);
  $("start").textContent = chat.blocked ? words.restart : words.start;
  $("composer").hidden = !$("start").hidden;
  prepareComposer(words);
}

function drawMessages() {
  const chat = chatOpen();
  state.unread.delete(chat.id);
  const nothing = el("p", { className: "empty" }, (!isGroup(chat) && set("description")) || words.empty);
  const nodes = [...chat.messages.values()].map(drawn);
  $("messages").replaceChildren(...(nodes.length ? nodes : [nothing]));
  showEnd();
}

/** Scroll to the newest message, and again when pictures have come that have no height before. */
function showEnd() {
  const box = $("messages");
  const scroll = () => (box.scrollTop = box.scrollHeight);
  for (const picture of box.querySelectorAll("img")) if (!picture.complete) picture.onload = scroll;
  scroll();
}

const drawn = (message) => bubble(message, { me: state.me, group: isGroup(chatOpen()), words, on });

function drawMessage(message) {
  const box = $("messages");
  const low = box.scrollHeight - box.scrollTop - box.clientHeight < 120;
  const old = $(`m${message.message_id}`);
  const node = drawn(message);
  if (old) old.replaceWith(node);
  else box.append(node);
  box.querySelector(".empty")?.remove();
  if (low || (!old && message.from.id === state.me)) showEnd();
}

// ---- what can be done to a message ---------------------------------------------------------------------------------

const on = {
  tap(kind, value) {
    if (kind === "bot_command") write(value);
    else if (kind === "code") copy(value, words.copied);
    else if (kind === "link") follow(value);
    else if (value.slice(1).toLowerCase() === state.bot.username.toLowerCase()) show(state.me);
  },
  reply: (message) => aimAt("reply", message),
  jump: (id) => $(`m${id}`)?.scrollIntoView({ block: "center", behavior: "smooth" }),
  menu(message, x, y) {
    const text = message.text ?? message.caption ?? "";
    const items = [[words.reply, () => aimAt("reply", message)], [words.copy, () => copy(text, words.copied)]];
    if (message.from.id === state.me && text && !message.via_bot) items.push([words.edit, () => aimAt("edit", message)]);
    popup(x, y, items);
  },
  press(message, row, column, node) {
    const button = message.reply_markup.inline_keyboard[row][column];
    if (button.callback_data !== undefined) press(message, row, column, node);
    else if (button.url) follow(button.url);
    else if (button.copy_text) copy(button.copy_text.text, words.copied);
    else if (button.switch_inline_query_current_chat !== undefined) inlineHere(button.switch_inline_query_current_chat);
    else if (button.switch_inline_query !== undefined) inlineElsewhere(button.switch_inline_query);
    else if (button.switch_inline_query_chosen_chat) inlineElsewhere(button.switch_inline_query_chosen_chat.query ?? "");
    else toast(words.elsewhere);
  },
};

async function press(message, row, column, node) {
  if (node.classList.contains("busy")) return;
  node.classList.add("busy");
  const answered = await ask("press", { ...here(), message: message.message_id, row, column });
  node.classList.remove("busy");
  const answer = answered?.answer;
  if (!answer) return toast(words.silent);
  if (answer.url) follow(answer.url);
  if (answer.text && String(answer.show_alert) === "true") dialog(answer.text, [words.ok]);
  else if (answer.text) toast(answer.text);
}

const inlineHere = (query) => draft(`@${state.bot.username} ${query}`);

function inlineElsewhere(query) {
  const to = (chat) => () => {
    if (chat.id === state.open) return inlineHere(query);
    addEventListener("hashchange", () => inlineHere(query), { once: true });
    return show(chat.id);
  };
  dialog(words.choose, ...myChats().map((chat) => [titleOf(chat), to(chat)]), [words.cancel]);
}

// A link to the bot itself stays in the app; every other asks first.
function follow(address) {
  const url = safe(address) && new URL(safe(address));
  if (!url) return;
  const inApp = url.protocol === "tg:";
  const name = inApp ? url.searchParams.get("domain") : ["t.me", "telegram.me"].includes(url.host) && url.pathname.slice(1);
  if (name && name.toLowerCase() === state.bot.username.toLowerCase()) {
    const start = url.searchParams.get("start");
    if (start) ask("write", { me: state.me, chat: state.me, text: `/start ${start}` });
    show(state.me);
  } else if (inApp) toast(words.elsewhere);
  else dialog(words.link(url.href), [words.open, () => open(url.href, "_blank", "noopener,noreferrer")], [words.cancel]);
}

// ---- events --------------------------------------------------------------------------------------------------------

const happened = {
  everything(all) {
    $("toast").hidden = true;
    replaceAll(all);
    readAddress();
    draw();
  },
  message({ chat_id, message }) {
    const chat = state.chats.get(chat_id);
    if (!chat) return;
    const isNew = !chat.messages.has(message.message_id);
    chat.messages.set(message.message_id, message);
    if (chat_id === state.open) drawMessage(message);
    else if (isNew && message.from.id !== state.me) state.unread.set(chat_id, (state.unread.get(chat_id) ?? 0) + 1);
    if (chat_id === state.open && message.from.is_bot) drawHead(); // the bot has stopped typing
    drawList();
  },
  deleted({ chat_id, message }) {
    state.chats.get(chat_id)?.messages.delete(message.message_id);
    if (chat_id === state.open) $(`m${message.message_id}`)?.remove();
    drawList();
  },
  action({ chat }) {
    if (chat.id !== state.open) return;
    clearTimeout(quiet);
    $("status").textContent = words.typing;
    quiet = setTimeout(() => state.open !== null && drawHead(), ACTION);
  },
  chat({ chat }) {
    changeChat(chat);
    if (chat.id === state.open) drawHead();
    drawList();
  },
  profile({ profile }) {
    state.profile = profile;
    if (state.open !== null) drawHead();
    drawList();
  },
};

const events = new EventSource("/chat/events");
for (const [kind, react] of Object.entries(happened)) {
  events.addEventListener(kind, (event) => react(JSON.parse(event.data)));
}
events.onerror = () => toast(words.lost);

addEventListener("hashchange", () => {
  readAddress();
  clearComposer();
  draw();
});
$("me").onchange = () => show(state.open < 0 ? state.open : Number($("me").value), Number($("me").value));
$("back").onclick = () => show(null);
$("stop").onclick = () => ask("block", { ...here(), blocked: true });
$("start").onclick = async () => {
  if (chatOpen().blocked) await ask("block", { ...here(), blocked: false });
  write("/start");
};
$("theme").onclick = () => {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
};
if (localStorage.getItem("theme")) document.documentElement.dataset.theme = localStorage.getItem("theme");
