// Courses as learners will see them. The server says when a file was saved; what is in sight is
// then fetched anew in place, so that neither the scroll nor the chosen variants are lost.

const $ = (id) => document.getElementById(id);
const variants = new Map(); // of questions, by key
const unfolded = new Set(); // scenes that were opened, by key and place
let all = false; // whether every scene is unfolded
let state = { files: [] };
let round = 0; // of fetching: answers of older rounds are dropped

function make(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside);
  return made;
}

const keyOf = (file, question) => `${file.path}\n${question.id}`;

const sight = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) if (isIntersecting) fill(target);
}, { rootMargin: "600px" });

async function fill(section) {
  const wanted = `${round}/${variants.get(section.dataset.key) ?? 0}/${$("form").value}`;
  if (section.dataset.filled === wanted) return;
  section.dataset.filled = wanted;
  const body = section.querySelector(".body");
  body.setAttribute("aria-busy", "true");
  const [file, question] = section.dataset.key.split("\n");
  const query = new URLSearchParams({ file, question, variant: variants.get(section.dataset.key) ?? 0, form: $("form").value });
  const answer = await fetch(`/question?${query}`).catch(() => null);
  if (section.dataset.filled !== wanted) return; // something newer is on its way
  if (!answer?.ok) {
    section.dataset.filled = "";
    return;
  }
  body.innerHTML = await answer.text();
  for (const math of body.querySelectorAll("svg[data-style]")) math.style.cssText = math.dataset.style;
  body.querySelectorAll("details").forEach((scene, place) => {
    const name = `${section.dataset.key}\n${place}`;
    scene.open = all || unfolded.has(name);
    scene.addEventListener("toggle", () => (scene.open ? unfolded.add(name) : unfolded.delete(name)));
  });
  body.removeAttribute("aria-busy");
}

function faultOf(file, fault) {
  const question = file.questions.findLast((each) => each.line <= fault.line);
  const place = `${file.path}:${fault.line}:${fault.column}`;
  const shown = question ? make("a", { href: `#${encodeURIComponent(question.id)}` }, place) : make("span", {}, place);
  if (question) {
    shown.addEventListener("click", (event) => {
      event.preventDefault();
      document.querySelector(`[data-key="${CSS.escape(keyOf(file, question))}"]`)?.scrollIntoView();
    });
  }
  return make("li", { class: `fault ${fault.severity}` },
    make("p", {}, make("b", {}, fault.what)),
    make("p", {}, shown, " ", make("code", {}, `${fault.severity}[${fault.code}]`)),
    ...(fault.source.trim() ? [make("pre", {}, `${fault.source}\n${fault.caret}`)] : []),
    make("p", { class: "mend" }, fault.mend));
}

function faultsOf(file) {
  const weighty = file.faults.filter((fault) => fault.severity !== "note");
  const notes = file.faults.filter((fault) => fault.severity === "note");
  const listed = (faults) => make("ul", { class: "faults" }, ...faults.map((fault) => faultOf(file, fault)));
  return [
    ...(weighty.length ? [listed(weighty)] : []),
    ...(notes.length ? [make("details", { class: "notes" }, make("summary", {}, `${notes.length} ${notes.length === 1 ? "thing" : "things"} worth a thought`), listed(notes))] : []),
  ];
}

function questionOf(file, question, old) {
  const key = keyOf(file, question);
  const chosen = Math.min(variants.get(key) ?? 0, question.variants.length - 1);
  variants.set(key, chosen);
  const section = make("section", { class: "question", "data-key": key, "aria-label": question.title });
  const head = make("div", { class: "head" }, make("h3", {}, make("span", {}, `${question.number}. `), question.title));
  if (question.variants.length > 1) {
    const told = make("span", {});
    const tell = () => (told.textContent = `${variants.get(key) + 1}/${question.variants.length}: ${question.variants[variants.get(key)]}`);
    const flip = (step) => {
      const count = question.variants.length;
      variants.set(key, (variants.get(key) + step + count) % count);
      tell();
      fill(section);
    };
    const back = make("button", { type: "button", "aria-label": "Variant before" }, "‹");
    const on = make("button", { type: "button", "aria-label": "Next variant" }, "›");
    back.addEventListener("click", () => flip(-1));
    on.addEventListener("click", () => flip(1));
    tell();
    head.append(make("div", { class: "variants" }, back, told, on));
  }
  const body = old?.querySelector(".body") ?? make("div", { class: "body" });
  section.append(head, make("p", { class: "about" }, make("code", {}, question.id), ` · line ${question.line} · ${question.policy}`), body);
  return section;
}

function show() {
  const count = (severity) => state.files.flatMap((file) => file.faults).filter((fault) => fault.severity === severity).length;
  const errors = count("error"), warnings = count("warning");
  const said = [errors && `${errors} ${errors === 1 ? "error" : "errors"}`, warnings && `${warnings} ${warnings === 1 ? "warning" : "warnings"}`].filter(Boolean).join(", ");
  $("state").textContent = state.trouble || (said || "sound") + (state.thorough ? "" : " · checking keys and formulas …");
  $("state").className = state.trouble || errors ? "bad" : state.thorough ? "good" : "";
  document.body.dataset.thorough = state.thorough;
  const names = state.files.map((file) => file.title || file.path);
  $("title").textContent = names.length === 1 ? names[0] : `${names.length} courses`;
  document.title = `${errors ? "✗ " : ""}${$("title").textContent}`;
  const before = new Map([...document.querySelectorAll(".question")].map((each) => [each.dataset.key, each]));
  // What stands at the top of the window stays there, whatever comes or goes above it.
  const anchor = [...before.values()].find((each) => each.getBoundingClientRect().bottom > 60);
  const top = anchor?.getBoundingClientRect().top;
  sight.disconnect();
  $("files").replaceChildren(...state.files.map((file) => make("article", { class: "file", lang: file.lang },
    make("h2", {}, file.title || "This file cannot be read yet"),
    make("p", { class: "path" }, `${file.path} · ${file.questions.length} questions`),
    ...(file.stale ? [make("p", { class: "stale" }, "Shown as it was before the errors.")] : []),
    ...faultsOf(file),
    ...file.questions.map((question) => questionOf(file, question, before.get(keyOf(file, question)))))));
  const again = anchor && document.querySelector(`[data-key="${CSS.escape(anchor.dataset.key)}"]`);
  for (const source of document.querySelectorAll(".fault pre")) {
    // On a phone, what is faulty may lie to the right of what is seen.
    const [line, caret] = source.textContent.split("\n");
    source.scrollLeft = (source.scrollWidth * caret.indexOf("^")) / Math.max(line.length, 1) - 60;
  }
  if (again && window.scrollY > 0) window.scrollBy(0, again.getBoundingClientRect().top - top);
  for (const section of document.querySelectorAll(".question")) sight.observe(section);
}

async function fetchState() {
  const mine = ++round;
  const answer = await fetch("/state").catch(() => null);
  if (!answer?.ok || mine !== round) return;
  state = await answer.json();
  show();
}

$("form").addEventListener("change", () => document.querySelectorAll(".question").forEach((each) => {
  sight.unobserve(each);
  sight.observe(each);
}));
$("unfold").addEventListener("click", () => {
  all = !all;
  unfolded.clear();
  $("unfold").setAttribute("aria-pressed", all);
  $("unfold").textContent = all ? "Fold all" : "Unfold all";
  document.querySelectorAll("details.scene").forEach((scene) => (scene.open = all));
});

const events = new EventSource("/events");
events.addEventListener("changed", fetchState);
events.addEventListener("error", () => {
  $("state").textContent = "The preview has stopped; this is the last that it said.";
  $("state").className = "bad";
});
