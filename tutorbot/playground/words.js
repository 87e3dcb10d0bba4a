// Text with entities, and rich messages, as nodes. Nothing here ever reads HTML: what a bot or a
// person wrote becomes text nodes, and formulas are rebuilt from a list of known shapes.

export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Offsets count UTF-16 units, which is how this language counts too.
export function formatted(text, entities = [], sendCommand = () => {}) {
  const inside = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const build = (from, to, list) => {
    const nodes = [];
    let at = from;
    while (list.length) {
      const entity = list.shift();
      const end = Math.min(entity.offset + entity.length, to);
      if (entity.offset < at) continue;
      if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
      const nested = [];
      while (list.length && list[0].offset < end) nested.push(list.shift());
      nodes.push(marked(entity, build(entity.offset, end, nested), text.slice(entity.offset, end), sendCommand));
      // A block ends its line by itself, so the line break after it makes no empty one.
      at = BLOCKS.has(entity.type) && end < to && text[end] === "\n" ? end + 1 : end;
    }
    if (at < to) nodes.push(text.slice(at, to));
    return nodes;
  };
  return build(0, text.length, inside);
}

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

function marked(entity, nodes, source, sendCommand) {
  switch (entity.type) {
    case "bold": return el("b", {}, ...nodes);
    case "italic": return el("i", {}, ...nodes);
    case "underline": return el("u", {}, ...nodes);
    case "strikethrough": return el("s", {}, ...nodes);
    case "code": return el("code", {}, ...nodes);
    case "pre": return el("pre", { "data-language": entity.language, tabindex: 0 }, el("code", {}, ...nodes));
    case "spoiler": return spoiler(nodes);
    case "blockquote": return el("blockquote", {}, ...nodes);
    case "expandable_blockquote": return folded(nodes);
    case "text_link": return link(entity.url, nodes);
    case "url": return link(source, nodes);
    case "email": return link(`mailto:${source}`, nodes);
    case "mention": case "hashtag": case "text_mention": return el("span", { class: "link" }, ...nodes);
    case "bot_command":
      return el("button", { type: "button", class: "link", onclick: () => sendCommand(source) }, ...nodes);
    case "date_time": return el("time", { datetime: instant(entity.unix_time) }, ...nodes);
    default: return el("span", {}, ...nodes);
  }
}

function instant(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function link(address, nodes) {
  if (!/^(https?|tg|mailto):/i.test(address)) return el("span", {}, ...nodes);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...nodes);
}

function spoiler(nodes) {
  const open = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    made.setAttribute("aria-expanded", "true");
    made.removeAttribute("aria-label");
  };
  const made = el("span", { class: "spoiler", role: "button", tabindex: 0, "aria-expanded": "false", "aria-label": "Hidden text", onclick: open, onkeydown: open }, ...nodes);
  return made;
}

function folded(nodes) {
  const more = el("button", { type: "button", class: "link", "aria-expanded": "false" }, "More");
  const made = el("blockquote", { class: "folded" }, el("span", { class: "fold" }, ...nodes), more);
  more.addEventListener("click", () => {
    const closed = made.classList.toggle("folded");
    more.setAttribute("aria-expanded", String(!closed));
    more.textContent = closed ? "More" : "Less";
  });
  return made;
}

// Rich messages

export function rich(message) {
  return (message.blocks ?? []).map(block);
}

function block(given) {
  switch (given.type) {
    case "paragraph": return el("p", {}, ...text(given.text));
    case "heading": {
      const size = Math.min(Math.max(given.size ?? 3, 1), 6);
      return el("div", { role: "heading", "aria-level": size + 1, class: `size${size}` }, ...text(given.text));
    }
    case "pre":
      return el("pre", { "data-language": given.language, tabindex: 0 }, el("code", {}, ...text(given.text)));
    case "footer": return el("p", { class: "foot" }, ...text(given.text));
    case "divider": return el("hr");
    case "mathematical_expression": return formula(given.expression, true);
    case "list": return el("ul", { role: "list" }, ...(given.items ?? []).map(item));
    case "blockquote": return el("blockquote", {}, ...(given.blocks ?? []).map(block), credit(given));
    case "expandable_blockquote": return folded([...text(given.text), credit(given)].filter(Boolean));
    case "pullquote": return el("div", { class: "aside" }, ...text(given.text), credit(given));
    case "table": return table(given);
    case "details":
      return el("details", { open: given.is_open }, el("summary", {}, ...text(given.summary)), ...(given.blocks ?? []).map(block));
    case "anchor": return el("span");
    case "collage": case "slideshow": return el("figure", {}, ...(given.blocks ?? []).map(block), caption(given));
    case "thinking": return el("p", { class: "unknown" }, ...text(given.text ?? "…"));
    default: return el("figure", {}, el("p", { class: "unknown" }, `(${given.type})`), caption(given));
  }
}

function text(given) {
  if (given === undefined || given === null) return [];
  if (typeof given === "string") return [given];
  if (Array.isArray(given)) return given.flatMap(text);
  const nodes = text(given.text);
  switch (given.type) {
    case "bold": return [el("b", {}, ...nodes)];
    case "italic": return [el("i", {}, ...nodes)];
    case "underline": return [el("u", {}, ...nodes)];
    case "strikethrough": return [el("s", {}, ...nodes)];
    case "subscript": return [el("sub", {}, ...nodes)];
    case "superscript": return [el("sup", {}, ...nodes)];
    case "marked": return [el("mark", {}, ...nodes)];
    case "code": return [el("code", {}, ...nodes)];
    case "spoiler": return [spoiler(nodes)];
    case "url": return [link(given.url ?? "", nodes)];
    case "email_address": return [link(`mailto:${given.email_address ?? ""}`, nodes)];
    case "date_time": return [el("time", { datetime: instant(given.unix_time) }, ...nodes)];
    case "mathematical_expression": return [formula(given.expression, false)];
    case "custom_emoji": return [given.alternative_text ?? "◻"];
    default: return nodes;
  }
}

function credit(given) {
  return given.credit ? el("div", { class: "credit" }, "— ", ...text(given.credit)) : null;
}

function caption(given) {
  if (!given.caption) return null;
  return el("figcaption", {}, ...text(given.caption.text ?? given.caption));
}

function item(given, place) {
  const box = given.has_checkbox;
  const mark = box ? (given.is_checked ? "☑" : "☐") : label(given.type, given.value ?? place + 1);
  return el("li", {}, el("span", { class: "mark", "aria-label": box ? (given.is_checked ? "done" : "to do") : undefined }, mark),
    el("div", {}, ...(given.blocks ?? []).map(block)));
}

function label(type, value) {
  if (type === "a" || type === "A") return `${String.fromCharCode(type.charCodeAt(0) + ((value - 1) % 26))}.`;
  if (type === "1") return `${value}.`;
  if (type === "i" || type === "I") {
    const roman = [[10, "x"], [9, "ix"], [5, "v"], [4, "iv"], [1, "i"]];
    let rest = value, made = "";
    for (const [worth, sign] of roman) while (rest >= worth) { made += sign; rest -= worth; }
    return `${type === "I" ? made.toUpperCase() : made}.`;
  }
  return "•";
}

function table(given) {
  const cell = (one) => {
    const made = el(one.is_header ? "th" : "td", { colspan: one.colspan, rowspan: one.rowspan }, ...text(one.text));
    made.style.textAlign = one.align ?? "left";
    made.style.verticalAlign = one.valign ?? "top";
    return made;
  };
  const rows = (given.cells ?? []).map((row) => el("tr", {}, ...row.map(cell)));
  const title = given.caption ? el("caption", {}, ...text(given.caption.text ?? given.caption)) : null;
  return el("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Table" },
    el("table", { class: given.is_compact ? "compact" : undefined }, title, el("tbody", {}, ...rows)));
}

// Formulas: drawn by the server; the source stands until then, and for good if it can't be drawn.

const drawings = new Map();
const SHAPES = new Set(["svg", "g", "defs", "path", "rect", "use", "line", "polygon", "ellipse", "text", "tspan"]);
const TRAITS = new Set(["viewBox", "width", "height", "x", "y", "x1", "x2", "y1", "y2", "d", "transform", "fill", "stroke",
  "stroke-width", "points", "cx", "cy", "rx", "ry", "font-size", "text-anchor", "preserveAspectRatio"]);
const SVG = "http://www.w3.org/2000/svg";

function formula(source, display) {
  const made = el("span", { class: `formula waiting${display ? " display" : ""}`, role: "img", "aria-label": source }, el("code", {}, source));
  if (display) made.tabIndex = 0;
  const key = `${display ? 1 : 0}${source}`;
  if (!drawings.has(key)) {
    const address = `/playground/formula?display=${display ? 1 : 0}&tex=${encodeURIComponent(source)}`;
    drawings.set(key, fetch(address).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      // Under its policy the page applies no style attribute; one of another name it may read.
      .then((svg) => new DOMParser().parseFromString(svg.replaceAll(" style=", " data-style="), "image/svg+xml").documentElement));
  }
  drawings.get(key).then((drawn) => {
    const safe = copy(drawn);
    if (safe) made.replaceChildren(safe);
  }).catch(() => drawings.delete(key)).finally(() => made.classList.remove("waiting"));
  return made;
}

function copy(node) {
  if (!SHAPES.has(node.localName) || node.namespaceURI !== SVG) return null;
  const made = document.createElementNS(SVG, node.localName);
  for (const { name, value } of node.attributes) {
    if (TRAITS.has(name)) made.setAttribute(name, value);
    else if (name === "id") made.id = `svg-${value}`;
    else if ((name === "href" || name === "xlink:href") && value.startsWith("#")) made.setAttribute("href", `#svg-${value.slice(1)}`);
    else if (name === "data-style") {
      const shift = /vertical-align:\s*(-?[\d.]+(?:ex|em|px))/.exec(value);
      if (shift) made.style.verticalAlign = shift[1];
    }
  }
  if (node.localName === "svg") {
    made.classList.add("math");
    made.setAttribute("aria-hidden", "true");
  }
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) made.append(child.data);
    else if (child.nodeType === Node.ELEMENT_NODE) {
      const safe = copy(child);
      if (safe) made.append(safe);
    }
  }
  return made;
}
