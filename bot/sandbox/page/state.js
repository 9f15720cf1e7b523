// What the page knows: the sandbox's chats, kept up by its events, and who looks at which.

export const state = { bot: null, people: [], chats: new Map(), profile: [], me: 0, open: null, unread: new Map() };

export const myself = () => state.people.find((person) => person.id === state.me);
export const chatOpen = () => state.chats.get(state.open) ?? null;
export const isGroup = (chat) => chat.id < 0;

/** What a request says of who does it, and where. */
export const here = () => ({ me: state.me, chat: state.open });

/** The chats that the person sees: the one with the bot, and all groups. */
export const myChats = () => [...state.chats.values()].filter((chat) => chat.id === state.me || isGroup(chat));

/** What a chat is called for the one who looks at it. */
export const titleOf = (chat) => (isGroup(chat) ? chat.title : set("name") || state.bot.first_name);

/** The bot's name, description or commands as set for everyone or for the person's language. */
export function set(field, scopes = [{ type: "default" }]) {
  const language = myself().language_code.slice(0, 2);
  for (const scope of scopes) {
    for (const code of [language, ""]) {
      const slot = state.profile.find(
        (s) => s.field === field && s.language === code && Object.keys(scope).every((key) => scope[key] === s.scope[key]),
      );
      if (slot?.value.length) return slot.value;
    }
  }
  return null;
}

/** The commands of the menu in a chat: the narrowest scope that has any. */
export function commands(chat) {
  const wide = isGroup(chat) ? "all_group_chats" : "all_private_chats";
  return set("commands", [{ type: "chat", chat_id: chat.id }, { type: wide }, { type: "default" }]) ?? [];
}

/** Take over all there is. */
export function replaceAll(everything) {
  Object.assign(state, { bot: everything.bot, people: everything.people, profile: everything.profile });
  state.chats = new Map(
    everything.chats.map((chat) => [chat.id, { ...chat, messages: new Map(chat.messages.map((m) => [m.message_id, m])) }]),
  );
}

/** Take over a chat's changed standing. */
export function changeChat(chat) {
  state.chats.set(chat.id, { messages: new Map(), ...state.chats.get(chat.id), ...chat });
}

/** Read from the address who looks at which chat: #1001/-1001. */
export function readAddress() {
  const [me, open] = location.hash.slice(1).split("/").map(Number);
  state.me = state.people.some((person) => person.id === me) ? me : state.people[0].id;
  state.open = myChats().some((chat) => chat.id === open) ? open : null;
}

/** Look at a chat, or, with null, at the list of them. */
export function show(open, me = state.me) {
  location.hash = open === null ? `${me}` : `${me}/${open}`;
}
