"use strict";
// The page keeps no state of the project: it shows what the server's view says and sends what people do.
const $ = (id) => document.getElementById(id);
let view = null, room = "group", quoting = 0, seen = {}, drawn = -1;

async function load() {
  const answer = await fetch("api/view");
  if (!answer.ok) return problem(await answer.text());
  show(await answer.json());
}

async function act(deed) {
  const full = Object.assign({ as: $("as").value, direct: room !== "group", message: 0 }, deed);
  if (room !== "group") full.as = room;
  document.body.classList.add("busy");
  try {
    const answer = await fetch("api/do", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(full) });
    if (!answer.ok) return problem(await answer.text());
    show(await answer.json());
  } catch (e) {
    problem(String(e));
  } finally {
    document.body.classList.remove("busy");
  }
}

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = false;
  setTimeout(() => { $("problem").hidden = true; }, 6000);
}

function el(tag, attrs, ...children) {
  const node = document.createElement(tag);
  for (const [k, v] of Object.entries(attrs || {})) {
    if (k === "on") for (const [event, f] of Object.entries(v)) node.addEventListener(event, f);
    else if (k === "class") node.className = v;
    else node.setAttribute(k, v);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}

function show(next) {
  const fresh = !view || next.version !== view.version;
  view = next;
  if (!fresh && drawn === room) return;
  drawn = room;
  const w = view.words;
  document.documentElement.lang = view.language;
  $("language").value = view.language;
  $("now").textContent = view.now;
  $("project-name").textContent = "· " + view.project.name;
  for (const [step, word] of [["1h", w.hour], ["1d", w.day], ["1w", w.week], ["next", w.next]]) {
    document.querySelector(`[data-step="${step}"]`).textContent = word;
  }
  $("text").placeholder = room === "group" ? w.placeholder_group : w.placeholder_direct;
  const tabs = document.querySelectorAll("nav button");
  tabs[0].textContent = w.tab_chat;
  tabs[1].textContent = w.tab_project;
  showMembers();
  showRooms();
  showMessages();
  showProject();
  $("hints").replaceChildren(...(w.hints || "").split("|").filter(Boolean).map((h) =>
    el("button", { type: "button", on: { click: () => { $("text").value = h; $("text").focus(); } } }, h)));
}

function showMembers() {
  const chosen = $("as").value;
  $("as").replaceChildren(...view.members.map((m) => el("option", { value: m.id }, m.name.split(" ")[0] + " · " + m.role)));
  if (view.members.some((m) => m.id === chosen)) $("as").value = chosen;
  $("as").hidden = room !== "group";
}

function showRooms() {
  const rooms = [["group", view.words.group]].concat(view.members.map((m) => [m.id, "🤖 " + m.name.split(" ")[0]]));
  const last = {};
  for (const m of view.messages) last[m.chat] = m.id;
  if (seen[room] === undefined || last[room] > seen[room]) seen[room] = last[room] || 0;
  $("rooms").replaceChildren(...rooms.map(([id, name]) => {
    const unread = (last[id] || 0) > (seen[id] || 0);
    return el("button", { class: id === room ? "on" : "", on: { click: () => { room = id; quoting = 0; drawn = -1; show(view); } } },
      name, unread ? el("span", { class: "new" }, " ●") : null);
  }));
}

function showMessages() {
  const box = $("messages");
  const nodes = [];
  let day = "";
  for (const m of view.messages.filter((x) => x.chat === room)) {
    if (m.day !== day) { day = m.day; nodes.push(el("div", { class: "day" }, day)); }
    nodes.push(message(m));
  }
  box.replaceChildren(...nodes);
  const down = () => { box.scrollTop = box.scrollHeight; };
  down();
  for (const picture of box.querySelectorAll("img")) picture.addEventListener("load", down);
  $("quoting").hidden = !quoting;
  if (quoting) {
    const q = view.messages.find((x) => x.id === quoting);
    $("quoting").replaceChildren("↩ ", plain(q.html).slice(0, 80), " ", el("button", { type: "button", on: { click: () => { quoting = 0; showMessages(); } } }, "✕"));
  }
}

function plain(htmlText) {
  const t = document.createElement("div");
  t.innerHTML = htmlText.replaceAll("<br>", " ");
  return t.textContent;
}

function message(m) {
  const bot = m.from === "";
  const node = el("div", { class: "msg " + (bot ? "bot " + (m.kind || "") : (m.from === $("as").value || room !== "group") ? "mine" : "") });
  node.append(el("div", { class: "who" }, bot ? "⛵ Timonel" : m.name));
  if (m.quote) {
    const q = view.messages.find((x) => x.id === m.quote);
    if (q) node.append(el("div", { class: "quoted" }, plain(q.html).slice(0, 120)));
  }
  const text = el("div", { class: "text" });
  text.innerHTML = m.html;
  node.append(text);
  for (const f of m.files || []) {
    const url = "api/file/" + f.sha;
    node.append(f.mime.startsWith("image/") ? el("a", { href: url, target: "_blank" }, el("img", { src: url, alt: f.name })) : el("a", { class: "file", href: url }, "📎 " + f.name));
  }
  if (m.options) node.append(el("div", { class: "options" }, ...m.options.map((o) =>
    el("button", { class: o.style || "", on: { click: () => act({ kind: "press", message: m.id, action: o.action }) } }, o.label))));
  const tools = bot ? el("div", { class: "tools" },
    el("button", { title: view.words.quote, on: { click: () => { quoting = m.id; showMessages(); $("text").focus(); } } }, "↩"),
    el("button", { on: { click: () => act({ kind: "react", message: m.id, text: "✅" }) } }, "✅"),
    el("button", { on: { click: () => act({ kind: "react", message: m.id, text: "❌" }) } }, "❌")) : null;
  node.append(el("div", { class: "at" }, (m.marks || []).join(" ") + " " + m.clock));
  if (tools) node.append(tools);
  return node;
}

function showProject() {
  const p = view.project;
  $("status").innerHTML = p.status;
  $("timeline").src = "api/timeline.svg?v=" + view.version;
  const rows = [];
  let stage = null;
  for (const m of p.milestones) {
    if (m.stage !== stage) { stage = m.stage; rows.push(el("tr", { class: "stage" }, el("td", { colspan: "2" }, stage))); }
    rows.push(el("tr", { class: (m.late ? "late " : "") + (m.status === "done" ? "done" : "") },
      el("td", {}, m.key + ". " + m.name + (m.gate ? " ◆" : ""), el("div", { class: "tag" }, [m.word + (m.progress ? " " + m.progress + " %" : ""), m.owner].filter(Boolean).join(" · "))),
      el("td", { class: "date" }, m.due, m.forecast ? el("div", { class: "tag" }, "→ " + m.forecast) : null)));
  }
  $("milestones").replaceChildren(...rows);
  $("entries").replaceChildren(...p.entries.map((e) => el("div", {}, e)));
  $("entries").hidden = p.entries.length === 0;
}

$("composer").addEventListener("submit", async (e) => {
  e.preventDefault();
  const text = $("text").value.trim(), file = $("file").files[0];
  if (!text && !file) return;
  $("text").value = "";
  const deed = { kind: "say", text, message: quoting };
  if (file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (const b of bytes) binary += String.fromCharCode(b);
    Object.assign(deed, { kind: "file", name: file.name, data: btoa(binary) });
    $("file").value = "";
  }
  quoting = 0;
  act(deed);
});
document.querySelectorAll(".steps button").forEach((b) => b.addEventListener("click", () => act({ kind: "advance", text: b.dataset.step })));
$("language").addEventListener("change", () => { room = "group"; seen = {}; act({ kind: "language", text: $("language").value }); });
document.querySelectorAll("nav button").forEach((b) => b.addEventListener("click", () => {
  document.querySelectorAll("nav button").forEach((x) => x.classList.toggle("on", x === b));
  for (const id of ["chat", "project"]) $(id).classList.toggle("on", id === b.dataset.tab);
}));
$("chat").classList.add("on");
load();
setInterval(load, 4000);
