// The page: what the server says happened, and what the person at this screen does.

import { bubble, gist, hue, initial } from "./bubbles.js";
import { showCall, showCalls } from "./calls.js";
import { el } from "./words.js";

const $ = (id) => document.getElementById(id);
const world = { bot: null, chats: [], messages: new Map(), reactions: new Map(), votes: [], about: "", description: "" };
let here = null; // the chat on the screen, an entry of world.chats
let editing = null;
let quoting = null;
let typing = 0;
const unread = new Map();
const pressed = new Map(); // buttons that wait for their answer

const idOf = (message) => (message.message_id === 0 ? -message.ephemeral_message_id : message.message_id);
const keyOf = (message) => `${message.chat.id}/${idOf(message)}`;
const spot = (chat) => `${chat.person}/${chat.chat}`;

// What happens

function connect() {
  const stream = new EventSource("/playground/events");
  const on = (kind, then) => stream.addEventListener(kind, (event) => then(JSON.parse(event.data)));
  stream.addEventListener("error", () => status("connecting…"));
  on("state", (state) => {
    Object.assign(world, { bot: state.bot, chats: state.chats, votes: state.votes, about: state.about, description: state.description });
    world.messages = new Map(state.messages.map((message) => [keyOf(message), message]));
    world.reactions = new Map();
    state.reactions.forEach(keepReaction);
    showCalls(state.calls);
    const wanted = decodeURIComponent(location.hash.slice(1));
    const found = world.chats.find((chat) => spot(chat) === (here ? spot(here) : wanted)) ?? world.chats[0];
    const moved = !here || spot(found) !== spot(here);
    here = found ?? null;
    draw({ toEnd: moved });
    if (moved) $("chats").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  on("message", (message) => {
    world.messages.set(keyOf(message), message);
    if (message.from.is_bot) typing = 0;
    for (const chat of world.chats) {
      if (sees(chat, message) && chat !== here && message.from.id !== chat.person) unread.set(spot(chat), (unread.get(spot(chat)) ?? 0) + 1);
    }
    draw({ toEnd: here && message.from.id === here.person, news: here && sees(here, message) });
  });
  on("edit", (message) => {
    world.messages.set(keyOf(message), message);
    draw();
  });
  on("delete", (message) => {
    world.messages.delete(keyOf(message));
    draw();
  });
  on("reaction", (reaction) => {
    keepReaction(reaction);
    draw();
  });
  on("vote", (vote) => {
    world.votes = world.votes.filter((one) => one.poll_id !== vote.poll_id || one.person_id !== vote.person_id);
    world.votes.push(vote);
    draw();
  });
  on("toast", (toast) => {
    pressed.get(toast.person_id)?.removeAttribute("aria-busy");
    pressed.delete(toast.person_id);
    if (here && toast.person_id === here.person && toast.text) (toast.alert ? alertBox : toastBox)(toast.text);
  });
  on("typing", ({ chat_id: chat, action }) => {
    if (chat !== here?.chat) return;
    typing = Date.now() + 5000;
    status(action === "typing" ? "typing…" : `${action.replaceAll("_", " ")}…`, true);
    setTimeout(() => Date.now() >= typing && drawHead(), 5100);
  });
  on("call", showCall);
}

function keepReaction({ chat_id: chat, message_id: message, by, reaction }) {
  const key = `${chat}/${message}`;
  const others = (world.reactions.get(key) ?? []).filter((one) => one.by !== by);
  world.reactions.set(key, reaction.length ? [...others, { by, reaction }] : others);
}

const sees = (chat, message) => message.chat.id === chat.chat && (!message.receiver_user || message.receiver_user.id === chat.person);

// Drawing: the page is made to agree with the world; only what differs is made anew

function draw({ toEnd = false, news = false } = {}) {
  drawChats();
  if (!here) return status("nobody is here yet");
  drawHead();
  const log = $("log");
  const atEnd = toEnd || nearEnd();
  drawMessages(log);
  if (atEnd) log.scrollTop = log.scrollHeight;
  else if (news) $("unseen").textContent = String(Number($("unseen").textContent) + 1);
  drawFoot();
}

function drawMessages(log) {
  const items = [];
  let before = null;
  const shown = [...world.messages.values()].filter((message) => sees(here, message));
  shown.forEach((message, at) => {
    const day = new Date(message.date * 1000).toDateString();
    if (day !== before?.day) items.push({ key: `day ${day}`, stands: day, make: () => el("div", { class: "day" }, dayName(message.date)) });
    const next = shown[at + 1];
    const place = {
      own: message.from.id === here.person,
      joined: before?.day === day && before.from === message.from.id,
      last: !next || next.from.id !== message.from.id || new Date(next.date * 1000).toDateString() !== day,
      group: here.chat < 0,
      person: here.person,
      reactions: world.reactions.get(`${message.chat.id}/${idOf(message)}`) ?? [],
      votes: message.poll ? world.votes.filter((vote) => vote.poll_id === message.poll.id) : [],
    };
    items.push({ key: `${here.person} ${keyOf(message)}`, stands: JSON.stringify([message, place]), make: () => bubble(message, place, does) });
    before = { day, from: message.from.id };
  });
  if (!shown.length) items.push({ key: `empty ${spot(here)}`, stands: world.description, make: welcome });
  const old = new Map([...log.children].map((node) => [node.dataset.place, node]));
  let cursor = null;
  for (const { key, stands, make } of items) {
    let node = old.get(key);
    old.delete(key);
    if (!node || node.stands !== stands) {
      const fresh = make();
      fresh.dataset.place = key;
      fresh.stands = stands;
      if (node) exchange(node, fresh);
      node = fresh;
    }
    const follows = cursor ? cursor.nextSibling : log.firstChild;
    if (follows !== node) log.insertBefore(node, follows);
    cursor = node;
  }
  for (const node of old.values()) {
    const focused = node.contains(document.activeElement);
    node.remove();
    if (focused) $("text").focus();
  }
}

// An edited message keeps the focus: on the same button, on the one in its place, or on itself.
function exchange(node, fresh) {
  const active = node.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.dataset.key;
  const at = active ? [...node.querySelectorAll("button, a, [tabindex]")].indexOf(active) : -1;
  const keyAt = active?.closest(".keys") ? [...node.querySelectorAll(".keys button, .keys a")].indexOf(active) : -1;
  node.replaceWith(fresh);
  if (!active) return;
  const keys = [...fresh.querySelectorAll(".keys button, .keys a")];
  const same = keys.find((button) => button.dataset.key === key);
  const near = keyAt >= 0 ? keys[Math.min(keyAt, keys.length - 1)] : [...fresh.querySelectorAll("button, a, [tabindex]")][at];
  (same ?? near ?? fresh).focus({ preventScroll: true });
}

function welcome() {
  if (here.chat < 0) return el("div", { class: "day" }, "No messages here yet");
  return el("div", { class: "empty" }, el("b", {}, "What can this bot do?"), world.description || world.about || "Press START and find out.");
}

function dayName(seconds) {
  const date = new Date(seconds * 1000);
  const today = new Date().toDateString() === date.toDateString();
  return today ? "Today" : date.toLocaleDateString([], { day: "numeric", month: "long", year: date.getFullYear() === new Date().getFullYear() ? undefined : "numeric" });
}

function drawChats() {
  const nav = $("chats");
  const focused = nav.contains(document.activeElement) ? document.activeElement.dataset.spot : null;
  nav.replaceChildren(...world.chats.map((chat) => {
    const newest = [...world.messages.values()].filter((message) => sees(chat, message)).at(-1);
    const title = chat.chat < 0 ? `${chat.name} in ${chat.title}` : chat.name;
    const count = unread.get(spot(chat)) ?? 0;
    return el("button", { type: "button", "aria-current": chat === here ? "true" : undefined, "data-spot": spot(chat), onclick: () => go(chat) },
      el("span", { class: `avatar ${hue(chat.person)}`, "aria-hidden": "true" }, initial(chat.name)),
      el("span", { class: "about" }, title, el("span", { class: "snippet" }, newest ? gist(newest) : chat.chat < 0 ? "group" : "private chat")),
      el("span", { class: "badge", "aria-label": count ? `${count} new` : undefined }, count ? String(count) : ""));
  }));
  if (focused) nav.querySelector(`[data-spot="${focused}"]`)?.focus();
}

function drawHead() {
  const group = here.chat < 0;
  const name = group ? here.title : world.bot.first_name;
  $("title").textContent = name;
  $("face").textContent = initial(name);
  $("face").className = `avatar ${group ? hue(here.chat) : ""}`;
  document.title = `${name} – playground`;
  if (Date.now() >= typing) status(group ? `${here.members} members, you are ${here.name}` : "bot");
}

function drawFoot() {
  const said = [...world.messages.values()].some((message) => message.chat.id === here.chat && message.from.id === here.person);
  const fresh = here.chat > 0 && !said && !here.started;
  $("start").hidden = !(fresh || here.blocked);
  $("start").textContent = here.blocked ? "RESTART BOT" : "START";
  $("composer").hidden = fresh || here.blocked;
  $("menu").hidden = !here.commands.length;
  $("send").disabled = !$("text").value.trim();
  const subject = editing ?? quoting;
  $("quoting").hidden = !subject;
  if (subject) {
    $("quoting-what").textContent = editing ? "Edit message" : `Reply to ${quoting.from.first_name}`;
    $("quoting-text").textContent = gist(subject);
  }
}

function status(text, live = false) {
  $("status").textContent = text;
  $("status").className = live ? "live" : "";
}

const nearEnd = () => $("log").scrollHeight - $("log").scrollTop - $("log").clientHeight < 120;

// What the person does

async function act(what) {
  try {
    const answer = await fetch("/playground/acts", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ person: here.person, chat: here.chat, ...what }),
    });
    if (!answer.ok) toastBox((await answer.json()).error ?? "That did not work.");
    return answer.ok;
  } catch {
    toastBox("The playground does not answer. Is it still running?");
    return false;
  }
}

const does = {
  say: (text) => act({ do: "say", text }),
  press(message, data, button) {
    if (button.ariaBusy === "true") return;
    pressed.get(here.person)?.removeAttribute("aria-busy");
    button.setAttribute("aria-busy", "true");
    pressed.set(here.person, button);
    act({ do: "press", message: idOf(message), data }).then((ok) => ok || button.removeAttribute("aria-busy"));
  },
  // A link to the bot opens the private chat with it; without a payload it only says whether it is one.
  start(bot, payload) {
    const own = bot === world.bot.username && world.chats.find((chat) => chat.person === here.person && chat.chat === here.person);
    if (own && payload) {
      go(own);
      act({ do: "say", text: `/start ${payload}` });
    }
    return Boolean(own);
  },
  copy: (text) => navigator.clipboard.writeText(text).then(() => toastBox("Copied.")),
  vote: (poll, choice) => act({ do: "vote", poll: poll.id, choice }),
  react: (message, emoji) => act({ do: "react", message: idOf(message), emoji }),
  show(message) {
    const found = document.querySelector(`[data-place="${here.person} ${keyOf({ ...message, chat: message.chat })}"]`);
    found?.scrollIntoView({ block: "center" });
    found?.focus();
  },
  actions(message, button) {
    const own = message.from.id === here.person;
    const faces = el("div", { class: "faces", role: "group", "aria-label": "React" }, ...["👍", "❤", "🔥", "🎉", "🤔"].map((emoji) =>
      el("button", { type: "button", role: "menuitem", "aria-label": `React with ${emoji}`, onclick: () => leave(() => does.react(message, emoji)) }, emoji)));
    menuAt(button, [
      message.message_id ? faces : null,
      message.message_id ? ["Reply", () => { quoting = message; editing = null; compose(); }] : null,
      own && message.text ? ["Edit", () => beginEdit(message)] : null,
      message.text || message.caption ? ["Copy text", () => does.copy(message.text ?? message.caption)] : null,
    ]);
  },
};

function beginEdit(message) {
  editing = message;
  quoting = null;
  $("text").value = message.text;
  compose();
}

function compose() {
  drawFoot();
  fit();
  $("text").focus();
}

function endQuoting() {
  if (editing) $("text").value = "";
  editing = quoting = null;
  compose();
}

async function send() {
  const text = $("text").value.trim();
  if (!text || !here) return;
  const what = editing ? { do: "edit", message: idOf(editing), text } : { do: "say", text, reply_to: quoting ? idOf(quoting) : undefined };
  $("text").value = "";
  endQuoting();
  closeCommands();
  if (!(await act(what))) $("text").value ||= text;
  fit();
}

function fit() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
  $("send").disabled = !box.value.trim();
}

function go(chat) {
  here = chat;
  unread.delete(spot(chat));
  editing = quoting = null;
  typing = 0;
  history.replaceState(null, "", `#${encodeURIComponent(spot(chat))}`);
  draw({ toEnd: true });
  $("chats").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  closeCommands();
}

// Commands

function openCommands(filter = "") {
  const found = (here?.commands ?? []).filter(({ command }) => command.startsWith(filter));
  $("commands").replaceChildren(...found.map(({ command, description }) =>
    el("button", { type: "button", onclick: () => { $("text").value = ""; closeCommands(); compose(); does.say(`/${command}`); } },
      el("span", {}, description), el("code", {}, `/${command}`))));
  $("commands").hidden = !found.length;
  $("menu").setAttribute("aria-expanded", String(Boolean(found.length)));
}

function closeCommands() {
  $("commands").hidden = true;
  $("menu").setAttribute("aria-expanded", "false");
}

function walk(box, event) {
  const buttons = [...box.querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || !buttons.length) return;
  event.preventDefault();
  buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
}

// Small windows

let toastTimer = 0;
function toastBox(text) {
  $("toast").textContent = text;
  $("toast").classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => $("toast").classList.remove("shown"), Math.max(3000, text.length * 60));
}

function alertBox(text) {
  $("alert-title").textContent = world.bot.first_name;
  $("alert-text").textContent = text;
  if (!$("alert").open) $("alert").showModal();
}

let opener = null;
function leave(then) {
  $("actions").hidePopover();
  then();
}

function menuAt(button, entries) {
  opener = button;
  const nodes = entries.filter(Boolean).map((entry) => (Array.isArray(entry)
    ? el("button", { type: "button", role: "menuitem", onclick: () => leave(entry[1]) }, entry[0]) : entry));
  const box = $("actions");
  box.replaceChildren(...nodes);
  box.showPopover();
  const around = button.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(around.left, innerWidth - width - 8))}px`;
  box.style.top = `${around.bottom + height + 8 > innerHeight ? Math.max(8, around.top - height) : around.bottom}px`;
  button.setAttribute("aria-expanded", "true");
  box.querySelector("button")?.focus();
}

// Wiring

$("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
$("text").addEventListener("input", () => {
  fit();
  const slash = /^\/(\w*)$/.exec($("text").value);
  if (slash) openCommands(slash[1]); else closeCommands();
});
$("text").addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); send(); }
  else if (event.key === "ArrowUp" && !$("commands").hidden) walk($("commands"), event);
  else if (event.key === "ArrowUp" && !$("text").value) {
    const mine = [...world.messages.values()].filter((message) => sees(here, message) && message.from.id === here.person && message.text).at(-1);
    if (mine) { event.preventDefault(); beginEdit(mine); }
  } else if (event.key === "ArrowDown" && !$("commands").hidden) walk($("commands"), event);
  else if (event.key === "Escape") { closeCommands(); if (editing || quoting) endQuoting(); }
});
$("commands").addEventListener("keydown", (event) => {
  walk($("commands"), event);
  if (event.key === "Escape") { closeCommands(); $("text").focus(); }
});
$("menu").addEventListener("click", () => { if ($("commands").hidden) openCommands(); else closeCommands(); });
$("quoting-end").addEventListener("click", endQuoting);
$("start").addEventListener("click", async () => {
  if (here.blocked) await act({ do: "unblock" });
  await act({ do: "say", text: "/start" });
  $("text").focus();
});
$("sticker").addEventListener("click", () => act({ do: "sticker", emoji: "👍" }));
$("file").addEventListener("change", async () => {
  const [file] = $("file").files;
  $("file").value = "";
  if (!file) return;
  const answer = await fetch(`/playground/upload?person=${here.person}&chat=${here.chat}`, {
    method: "POST", body: file, headers: { "X-File-Name": encodeURIComponent(file.name), "Content-Type": file.type || "application/octet-stream" },
  });
  if (!answer.ok) toastBox("That file could not be sent; the limit is 20 MB.");
});
$("more").addEventListener("click", (event) => here && menuAt(event.currentTarget, [
  here.chat > 0 ? [here.blocked ? "Unblock the bot" : "Block the bot", () => act({ do: here.blocked ? "unblock" : "block" })] : null,
  ["Bot API calls", () => $("calls-toggle").click()],
]));
$("actions").addEventListener("keydown", (event) => walk($("actions"), event));
$("actions").addEventListener("toggle", (event) => {
  if (event.newState === "closed") {
    opener?.setAttribute("aria-expanded", "false");
    if (document.activeElement === document.body) opener?.focus();
  }
});
$("log").addEventListener("scroll", () => {
  $("down").hidden = nearEnd();
  if (nearEnd()) $("unseen").textContent = "";
}, { passive: true });
$("down").addEventListener("click", () => { $("log").scrollTop = $("log").scrollHeight; });

// Pictures and formulas grow after they were put in; who was at the end stays there.
let height = 0;
new ResizeObserver(() => {
  const log = $("log");
  if (log.scrollTop + log.clientHeight >= height - 120) log.scrollTop = log.scrollHeight;
  height = log.scrollHeight;
}).observe($("log"));
$("log").addEventListener("load", () => nearEnd() && ($("log").scrollTop = $("log").scrollHeight), true);

connect();
