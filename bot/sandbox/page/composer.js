// Where a message is written: text, answers and edits, files, the menu of commands, inline mode.

import { $, ask, el, popup, toast } from "./dom.js";
import { summary } from "./bubble.js";
import { cards } from "./inline.js";
import { chatOpen, commands, here, isGroup, state } from "./state.js";

let aim = null; // { kind: "reply" or "edit", message }
let words = null;

/** Send a text to the open chat. */
export async function write(text, more = {}) {
  if ((await ask("write", { ...here(), text, ...more })) === null) toast(words.refused);
}

/** Put a text where messages are written, as a button may ask. */
export function draft(text) {
  $("draft").value = text;
  $("draft").focus();
  typed();
}

/** Answer a message, or edit one, with the next that is written; null for neither. */
export function aimAt(kind, message) {
  aim = kind ? { kind, message } : null;
  $("quoting").hidden = !aim;
  if (!aim) return;
  $("quoting").querySelector("span").textContent = `${kind === "edit" ? "✎" : "↩"} ${summary(message)}`;
  if (kind === "edit") $("draft").value = message.text ?? message.caption;
  $("draft").focus();
}

async function submit() {
  const text = $("draft").value.trim();
  if (!text) return;
  const { kind, message } = aim ?? {};
  $("draft").value = "";
  aimAt(null);
  typed();
  if (kind === "edit") await ask("rewrite", { ...here(), message: message.message_id, text });
  else await write(text, kind ? { reply_to: message.message_id } : {});
}

async function upload(file, kind) {
  const form = new FormData();
  const fields = { ...here(), kind, caption: $("draft").value.trim() };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  $("draft").value = "";
  const response = await fetch("/chat/upload", { method: "POST", body: form }).catch(() => null);
  if (!response?.ok) toast(words.refused);
}

function pick(kind) {
  $("file").accept = kind === "photo" ? "image/*" : "";
  $("file").value = "";
  $("file").onchange = () => upload($("file").files[0], kind);
  $("file").click();
}

// What is being typed may ask for the menu or for the bot's cards.
function typed() {
  const box = $("draft");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  const asked = box.value.match(new RegExp(`^@${state.bot.username}\\s([^]*)$`, "i"));
  cards(asked ? asked[1].trim() : null, words, () => draft(""));
  if (!asked) list(/^\/\w*$/.test(box.value) ? box.value.slice(1) : null);
}

function list(prefix) {
  const chat = chatOpen();
  const found = chat && prefix !== null ? commands(chat).filter((c) => c.command.startsWith(prefix)) : [];
  const suffix = chat && isGroup(chat) ? `@${state.bot.username}` : "";
  const item = ({ command, description }) => {
    const send = () => {
      draft("");
      write(`/${command}${suffix}`);
    };
    return el("button", { className: "command", onclick: send }, el("b", {}, `/${command}`), el("span", {}, description));
  };
  $("panel").replaceChildren(...found.map(item));
  $("panel").hidden = !found.length;
}

/** Label everything for the person and the chat that are shown now. */
export function prepareComposer(someWords) {
  words = someWords;
  $("menu").textContent = `☰ ${words.menu}`;
  $("menu").hidden = !commands(chatOpen()).length || isGroup(chatOpen());
  $("draft").placeholder = words.message;
}

/** Forget what was begun: another chat is shown. */
export function clearComposer() {
  aimAt(null);
  draft("");
}

$("composer").onsubmit = (event) => {
  event.preventDefault();
  submit();
};
$("draft").oninput = typed;
$("draft").onkeydown = (event) => {
  if (event.key === "Escape") aimAt(null);
  // While an input method composes, Enter belongs to it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
};
$("quoting").querySelector("button").onclick = clearComposer;
$("menu").onclick = () => list($("panel").hidden ? "" : null);
$("attach").onclick = () => {
  const place = $("attach").getBoundingClientRect();
  popup(place.left, place.top - 90, [[words.picture, () => pick("photo")], [words.file, () => pick("document")]]);
};
$("chat").ondragover = (event) => event.preventDefault();
$("chat").ondrop = (event) => {
  event.preventDefault();
  for (const file of event.dataTransfer.files) upload(file, "document");
};
