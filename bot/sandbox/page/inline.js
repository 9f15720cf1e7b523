// Inline mode: what is typed behind @bot goes to the bot, whose cards can be posted into the chat.

import { $, ask, el, toast } from "./dom.js";
import { here, show, state } from "./state.js";

const PAUSE = 250; // milliseconds without a key before the bot is asked

let waiting;
let latest = 0; // the number of the newest question: answers to older ones are dropped

/** Show the bot's cards for a text, or hide them; `done` is called when one is posted. */
export function cards(text, words, done) {
  clearTimeout(waiting);
  latest += 1;
  if (text === null) {
    if ($("panel").classList.contains("cards")) $("panel").hidden = true;
    $("panel").classList.remove("cards");
    return;
  }
  waiting = setTimeout(() => more(text, "", latest, words, done), PAUSE);
}

async function more(text, offset, number, words, done) {
  const asked = await ask("inline", { ...here(), query: text, offset });
  if (number !== latest || !asked?.answer) return;
  const { results = [], next_offset: next, button } = asked.answer;
  const nodes = results.map((result) => card(result, asked.query_id, text, words, done));
  if (!offset) {
    if (button) nodes.unshift(el("button", { className: "command", onclick: () => begin(button, done) }, button.text));
    if (!nodes.length) nodes.push(el("p", {}, words.nothing));
    $("panel").replaceChildren();
  }
  $("panel").append(...nodes);
  $("panel").classList.add("cards");
  $("panel").hidden = false;
  $("panel").onscroll = () => {
    const left = $("panel").scrollHeight - $("panel").scrollTop - $("panel").clientHeight;
    if (!next || left > 80 || number !== latest) return;
    $("panel").onscroll = null;
    more(text, next, number, words, done);
  };
}

function card(result, query_id, query, words, done) {
  const title = result.title ?? result.caption ?? result.type;
  const post = async () => {
    done();
    if ((await ask("choose", { ...here(), query_id, query, result: result.id })) === null) toast(words.refused);
  };
  return el(
    "button",
    { className: "card", onclick: post },
    el("span", { className: "avatar" }, [...title][0] ?? "·"),
    el("span", {}, el("b", {}, title), el("span", {}, result.description ?? "")),
  );
}

function begin(button, done) {
  if (!button.start_parameter) return;
  done();
  ask("write", { me: state.me, chat: state.me, text: `/start ${button.start_parameter}` });
  show(state.me);
}
