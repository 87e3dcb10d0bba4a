// The panel that lists what the bot asked of the server.

import { el } from "./words.js";

const $ = (id) => document.getElementById(id);
const MOST = 200;

export function showCalls(calls) {
  $("calls-list").replaceChildren(...calls.map(row).reverse());
}

export function showCall(call) {
  $("calls-list").prepend(row(call));
  while ($("calls-list").children.length > MOST) $("calls-list").lastChild.remove();
}

function row(call) {
  const params = Object.entries(call.params).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
  return el("li", { class: call.status === 200 ? undefined : "failed" },
    el("details", {},
      el("summary", {}, el("span", { class: "name" }, call.method), el("span", { class: "code" }, String(call.status)), el("span", { class: "ms" }, `${call.ms} ms`),
        brief(call.params)),
      params.length ? el("dl", {}, ...params) : el("dl", {}, el("dt", {}, "no parameters"))),
    call.error ? el("p", { class: "said" }, call.error) : null,
    ...call.flags.map((flag) => el("p", { class: "flag" }, `⚠ ${flag}`)));
}

// One line that tells one call from the next.
function brief(params) {
  const said = ["text", "caption", "rich_message", "question", "action", "reaction", "reply_markup", "commands", "url"]
    .map((name) => params[name]).find(Boolean);
  const about = [params.chat_id, params.message_id && `#${params.message_id}`, said].filter(Boolean).join("  ");
  return about ? el("span", { class: "brief" }, about.replace(/\s+/g, " ")) : null;
}

function toggle(open) {
  $("calls").hidden = !open;
  document.getElementById("app").classList.toggle("with-calls", open);
  $("calls-toggle").setAttribute("aria-expanded", String(open));
  localStorage.setItem("calls", open ? "open" : "closed");
}

$("calls-toggle").addEventListener("click", () => toggle($("calls").hidden));
$("calls-close").addEventListener("click", () => { toggle(false); $("calls-toggle").focus(); });
$("calls").addEventListener("keydown", (event) => { if (event.key === "Escape") { toggle(false); $("calls-toggle").focus(); } });
toggle(matchMedia("(min-width: 1180px)").matches && localStorage.getItem("calls") !== "closed");
