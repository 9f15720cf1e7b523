// Small things that every part of the page needs. Text becomes text nodes, never markup.

export const $ = (id) => document.getElementById(id);

/** An element with properties, attributes in `data`, and children, of which strings become text nodes. */
export function el(tag, { data = {}, ...properties } = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  Object.assign(node.dataset, data);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Ask the sandbox to do something; the answer, or null where it was refused or not heard. */
export async function ask(act, what) {
  const response = await fetch(`/chat/${act}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(what),
  }).catch(() => null);
  return response?.ok ? response.json() : null;
}

let hiding;

/** A notice that goes by itself. */
export function toast(text) {
  clearTimeout(hiding);
  $("toast").textContent = text;
  $("toast").hidden = false;
  hiding = setTimeout(() => ($("toast").hidden = true), 3500);
}

/** A question, or a notice that must be confirmed; each choice is a label and what it does. */
export function dialog(text, ...choices) {
  const box = $("dialog");
  box.querySelector("p").textContent = text;
  box.querySelector("form").replaceChildren(
    ...choices.map(([label, act]) => el("button", { className: "plain", onclick: () => act?.() }, label)),
  );
  box.showModal();
}

/** A menu at a place of the window; each item is a label and what it does. */
export function popup(x, y, items) {
  const menu = $("popup");
  const choose = (act) => () => {
    menu.hidden = true;
    act();
  };
  menu.replaceChildren(...items.map(([label, act]) => el("li", {}, el("button", { onclick: choose(act) }, label))));
  menu.hidden = false;
  menu.style.left = `${Math.max(4, Math.min(x, innerWidth - menu.offsetWidth - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(y, innerHeight - menu.offsetHeight - 4))}px`;
  menu.querySelector("button").focus();
}

addEventListener("pointerdown", (event) => {
  if (!$("popup").contains(event.target)) $("popup").hidden = true;
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape") $("popup").hidden = true;
});

/** Put a text into the clipboard. */
export async function copy(text, notice) {
  await navigator.clipboard.writeText(text);
  toast(notice);
}
