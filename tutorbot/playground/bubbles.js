// One message as a bubble with what hangs under it.

import { el, formatted, rich } from "./words.js";

const TICKS = "m1 6.5 3.2 3.2L11 2.5M7.5 9.2l.6.5L15 2.5";
const PAGE = "M7 3.5h6.5L18 8v12.5H7zM13 3.5V8.5h5";

export const hue = (id) => `hue${Math.abs(id) % 6}`;
export const initial = (name) => [...name][0]?.toUpperCase() ?? "?";

export function icon(path, box = "0 0 24 24") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("viewBox", box);
  made.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  made.append(line);
  return made;
}

// What a message says in one line, for the list of chats and for quotations.
export function gist(message) {
  if (message.rich_message) return rich(message.rich_message).map((node) => node.textContent).join(" ");
  if (message.poll) return `📊 ${message.poll.question}`;
  if (message.photo) return `🖼 ${message.caption ?? "Photo"}`;
  if (message.document) return `📎 ${message.document.file_name}`;
  if (message.sticker) return `${message.sticker.emoji} Sticker`;
  if (message.voice) return "🎤 Voice message";
  if (message.location) return "📍 Location";
  return message.text ?? "";
}

// `place`: own, joined (to the one above), last (of its run), group, person; `does`: what a press leads to.
export function bubble(message, place, does) {
  const bare = Boolean(message.sticker) && !message.reply_to_message;
  const alone = Boolean(message.photo) && !message.caption;
  const keys = message.reply_markup?.inline_keyboard;
  const made = el("article", {
    class: ["message", place.own && "own", place.joined && "joined", place.last && "last", keys && "keyed",
      message.rich_message && "rich", message.photo && "wide"].filter(Boolean).join(" "),
    tabindex: -1,
  });
  const inside = el("div", { class: bare ? "bubble bare" : "bubble" });
  const name = message.from.first_name;
  inside.append(place.group && !place.own && !place.joined
    ? el("span", { class: `sender ${hue(message.from.id)}` }, name)
    : el("span", { class: "quiet" }, place.own ? "You: " : `${name}: `));
  if (message.receiver_user) inside.append(el("span", { class: "only-you" }, "👁 Only you can see this"));
  if (message.reply_to_message) inside.append(quotation(message.reply_to_message, does));
  inside.append(...content(message, alone, place, does), stamp(message, place));
  const reactions = reactionChips(message, place, does);
  if (reactions) inside.append(reactions);
  inside.append(el("button", { type: "button", class: "round act", "aria-haspopup": "menu", "aria-label": "Message actions", onclick: (event) => does.actions(message, event.currentTarget) },
    icon("M5 12v.01M12 12v.01M19 12v.01")));
  made.append(inside);
  if (keys) made.append(keyboard(message, keys, does));
  return made;
}

function content(message, alone, place, does) {
  if (message.rich_message) return [el("div", { class: "body rich-body" }, ...rich(message.rich_message))];
  if (message.photo) return [photo(message, alone), ...caption(message, does)];
  if (message.document) return [documentOf(message), ...caption(message, does)];
  if (message.poll) return [poll(message, place, does)];
  if (message.sticker) return [el("span", { class: "sticker", role: "img", "aria-label": `Sticker ${message.sticker.emoji}` }, message.sticker.emoji)];
  if (message.location) return [el("span", { class: "body" }, "📍 Location")];
  if (message.voice) return [el("span", { class: "file" }, el("span", { class: "disc" }, icon("M12 4v9M8.5 10.5a3.5 3.5 0 0 0 7 0M12 17v3")), el("span", {}, el("b", {}, "Voice message"), el("small", {}, `0:${String(message.voice.duration).padStart(2, "0")}`)))];
  return [el("span", { class: "body" }, ...formatted(message.text ?? "", message.entities, does.say))];
}

function caption(message, does) {
  return message.caption ? [el("span", { class: "body" }, ...formatted(message.caption, message.caption_entities, does.say))] : [];
}

function photo(message, alone) {
  const size = message.photo.at(-1);
  const address = `/playground/files/${encodeURIComponent(size.file_id)}`;
  return el("a", { class: alone ? "photo alone" : "photo", href: address, target: "_blank", rel: "noopener" },
    el("img", { src: address, alt: message.caption ?? "Photo", width: size.width, height: size.height }));
}

function documentOf(message) {
  const { file_id: id, file_name: name, file_size: size } = message.document;
  const large = size >= 1e6 ? `${(size / 1e6).toFixed(1)} MB` : size >= 1000 ? `${(size / 1000).toFixed(1)} KB` : `${size} B`;
  return el("a", { class: "file", href: `/playground/files/${encodeURIComponent(id)}`, download: name },
    el("span", { class: "disc" }, icon(PAGE)), el("span", {}, el("b", {}, name), el("small", {}, large)));
}

function quotation(quoted, does) {
  return el("button", { type: "button", class: "quote-of", onclick: () => does.show(quoted) },
    el("b", {}, quoted.from.first_name), el("span", {}, gist(quoted)));
}

function stamp(message, place) {
  return el("span", { class: "stamp" }, message.edit_date && !message.edit_hide ? "edited " : "",
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, clock(message.date)),
    place.own ? icon(TICKS, "0 0 16 12") : null);
}

export const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

function reactionChips(message, place, does) {
  const counted = new Map();
  for (const { by, reaction } of place.reactions) {
    for (const { emoji } of reaction) counted.set(emoji, [...(counted.get(emoji) ?? []), by]);
  }
  if (!counted.size) return null;
  return el("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, ...[...counted].map(([emoji, by]) => {
    const mine = by.includes(place.person);
    return el("button", { type: "button", "aria-pressed": String(mine), "aria-label": `${emoji} ${by.length}`, onclick: () => does.react(message, mine ? null : emoji) }, `${emoji} ${by.length}`);
  }));
}

function keyboard(message, rows, does) {
  const button = (given) => {
    const style = { class: ["primary", "success", "danger"].includes(given.style) ? given.style : undefined };
    const start = does.start && /^https:\/\/t\.me\/([A-Za-z0-9_]+)\?start=([A-Za-z0-9_-]{1,64})$/.exec(given.url ?? "");
    if (start && does.start(start[1])) return el("button", { ...style, type: "button", "data-key": given.text, onclick: () => does.start(start[1], start[2]) }, given.text);
    if (given.url && /^(https?|tg):/i.test(given.url)) return el("a", { ...style, href: given.url, target: "_blank", rel: "noopener noreferrer" }, given.text);
    const works = "callback_data" in given;
    const copies = given.copy_text?.text;
    return el("button", {
      ...style, type: "button", "aria-disabled": works || copies ? undefined : "true", "data-key": given.callback_data ?? given.text,
      onclick: (event) => (works ? does.press(message, given.callback_data, event.currentTarget) : copies && does.copy(copies)),
    }, given.text);
  };
  return el("div", { class: "keys", role: "group", "aria-label": "Buttons" }, ...rows.map((row) => el("div", {}, ...row.map(button))));
}

function poll(message, place, does) {
  const { poll: given } = message;
  const mine = place.votes.find((vote) => vote.poll_id === given.id && vote.person_id === place.person)?.choice ?? [];
  const open = !given.is_closed && !mine.length;
  const many = given.allows_multiple_answers;
  const kind = given.is_closed ? "Final results" : `${given.is_anonymous ? "Anonymous " : ""}${given.type === "quiz" ? "Quiz" : "Poll"}`;
  const right = given.correct_option_ids ?? [];
  const chosen = new Set();
  const vote = el("button", { type: "button", class: "vote", disabled: true, onclick: () => does.vote(given, [...chosen]) }, "Vote");
  const choices = given.options.map((option, at) => {
    if (!open) return result(option, at, given, mine, right);
    const made = el("button", { type: "button", class: many ? "choice many" : "choice", role: many ? "checkbox" : "radio", "aria-checked": "false" },
      el("span", { class: "tick", "aria-hidden": "true" }), el("span", {}, option.text));
    made.addEventListener("click", () => {
      if (!many) return does.vote(given, [at]);
      if (!chosen.delete(at)) chosen.add(at);
      made.setAttribute("aria-checked", String(chosen.has(at)));
      made.firstChild.textContent = chosen.has(at) ? "✓" : "";
      vote.disabled = !chosen.size;
    });
    return made;
  });
  const total = given.total_voter_count;
  return el("div", { class: "poll" }, el("b", {}, given.question), el("small", {}, kind),
    el("div", { role: open && !many ? "radiogroup" : "group", "aria-label": given.question }, ...choices),
    open && many ? vote : null,
    !open && given.explanation ? el("p", { class: "explanation" }, "💡 ", given.explanation) : null,
    el("small", {}, total === 1 ? "1 vote" : `${total || "No"} votes`),
    mine.length && given.allows_revoting && !given.is_closed ? el("button", { type: "button", class: "vote", onclick: () => does.vote(given, []) }, "Retract vote") : null);
}

function result(option, at, given, mine, right) {
  const share = given.total_voter_count ? Math.round((100 * option.voter_count) / given.total_voter_count) : 0;
  const verdict = given.type !== "quiz" || !right.length ? "" : right.includes(at) ? " right" : mine.includes(at) ? " wrong" : "";
  const bar = el("span", { class: "bar" });
  bar.style.width = `${share}%`;
  return el("div", { class: `choice${verdict}` }, el("span", { class: "share" }, `${share}%`),
    el("span", {}, option.text, mine.includes(at) ? el("span", { class: "quiet" }, " (your vote)") : null), bar);
}
