// A text and its entities, whose offsets count UTF-16 code units as JavaScript's do, as nodes.

import { el } from "./dom.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
  expandable_blockquote: "blockquote", spoiler: "span", text_link: "a", url: "a", bot_command: "a", mention: "a",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** The nodes of a text; `tap(kind, value)` is called for a command, a mention, a link or code that is tapped. */
export function rich(text, entities, tap) {
  const parent = document.createDocumentFragment();
  fill(parent, text, 0, text.length, entities, tap);
  return parent;
}

// Entities may overlap in part: what of one lies behind the end of another goes on after it.
function fill(parent, text, from, to, entities, tap) {
  const [first, ...others] = entities;
  if (!first) return parent.append(text.slice(from, to));
  const start = Math.max(first.offset, from);
  const end = Math.min(first.offset + first.length, to);
  if (start >= end) return fill(parent, text, from, to, others, tap);
  const block = BLOCKS.has(first.type);
  const before = text.slice(from, start);
  parent.append(block ? before.replace(/\n$/, "") : before); // a block begins and ends its own line
  const node = element(first, text.slice(start, end), tap);
  fill(node, text, start, end, others.filter((e) => e.offset < end), tap);
  parent.append(node);
  const next = block && end < to && text[end] === "\n" ? end + 1 : end;
  return fill(parent, text, next, to, others.filter((e) => e.offset + e.length > end), tap);
}

function element(entity, inner, tap) {
  const node = el(TAGS[entity.type] ?? "span", { className: entity.type });
  const react = (act) => {
    node.onclick = (event) => {
      event.preventDefault();
      act();
    };
  };
  if (entity.type === "spoiler") react(() => node.classList.add("shown"));
  if (entity.type === "expandable_blockquote") react(() => node.classList.toggle("open"));
  if (entity.type === "code") react(() => tap("code", inner));
  if (entity.type === "bot_command" || entity.type === "mention") {
    node.href = "#";
    react(() => tap(entity.type, inner));
  }
  if (entity.type === "url" || entity.type === "text_link") {
    const address = safe(entity.url ?? inner);
    if (address) {
      Object.assign(node, { href: address, rel: "noopener noreferrer", target: "_blank" });
      react(() => tap("link", address));
    }
  }
  return node;
}

/** An address that a link may lead to, else null: of all the schemes, only these run nothing. */
export function safe(address) {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `http://${address}`;
  return URL.canParse(full) && ["http:", "https:", "tg:"].includes(new URL(full).protocol) ? full : null;
}
