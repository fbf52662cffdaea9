// The page: takes each message apart and shows it. Nothing of a message becomes markup.

import { Chart, TICKS, onTheme } from "./charts.js";
import { Source, act } from "./source.js";
import { count, duration, make, order, rough, bytes, clock, say } from "./tables.js";
import { WorkerTable } from "./workers.js";

const $ = (id) => document.getElementById(id);

let source = null;
let position = 0;
let series = {};
let lastTick = -1;
let latest = null;
let dirty = false;

// ------------------------------------------------------------------ actions

let asked = null;

/** Asks, then does it, then tells what came of it. */
function confirmed(title, text, yes, action, fields) {
  say($("ask-title"), title);
  say($("ask-text"), text);
  say($("ask-yes"), yes);
  asked = () => act(action, { pool: position, ...fields });
  $("ask").showModal();
}

// Not by the dialog's close event: that comes later, when another question may have been asked.
$("ask-yes").addEventListener("click", () => {
  if (asked) {
    deed(asked);
    asked = null;
  }
});

async function deed(what) {
  let words;
  try {
    words = await what();
  } catch (e) {
    words = "Not done: " + e.message;
  }
  $("deeds").hidden = false;
  $("deed-list").prepend(make("li", {}, clock(Date.now()) + " " + words));
  say($("news"), words);
}

const deeds = {
  kill: (worker) =>
    confirmed(
      "Kill worker " + worker.n + "?",
      "Process " + worker.pid + (worker.host ? " on " + worker.host : "") + " is killed at once. " +
        (worker.item
          ? "The item that it runs, " + worker.item.index + " of call " + worker.item.call + ", is lost unless it is retried."
          : "It runs no item."),
      "Kill worker",
      "kill",
      { worker: worker.n, pid: worker.pid },
    ),
  stacks: async (worker) => {
    try {
      const text = await act("dump", { pool: position, worker: worker.n, pid: worker.pid });
      say($("stacks-title"), "Threads of worker " + worker.n + " (pid " + worker.pid + ")");
      say($("stacks-text"), text);
      $("stacks").showModal();
    } catch (e) {
      deed(() => Promise.reject(e));
    }
  },
};

$("resize").addEventListener("submit", (event) => {
  event.preventDefault();
  const workers = $("resize-to").value;
  confirmed("Resize the pool to " + workers + " workers?", "Surplus workers end after the items that they have begun.", "Resize", "resize", { workers });
});

// ------------------------------------------------------------------ charts

const last = (name) => series[name]?.[series[name].length - 1] ?? 0;

/** A second of a count, to be calm. */
function perSecond(...names) {
  const ms = series.ms ?? [];
  const rates = new Array(ms.length);
  let items = 0;
  let time = 0;
  for (let i = 0; i < ms.length; i++) {
    for (const name of names) items += series[name][i];
    time += ms[i];
    if (i >= 4) {
      for (const name of names) items -= series[name][i - 4];
      time -= ms[i - 4];
    }
    rates[i] = (items * 1000) / Math.max(1, time);
  }
  return rates;
}

const BAD = ["failed", "timedOut", "lost"];
const scaled = (name) => (series[name] ?? []).map((value) => (value < 0 ? -1 : value / 1000));
const charts = [
  new Chart($("throughput-chart"), {
    lines: [
      { colour: "working", area: "working-soft", values: () => perSecond("ok", ...BAD) },
      { colour: "failed", values: () => perSecond(...BAD).map((rate) => (rate > 0 ? rate : -1)) },
    ],
    format: (value) => rough(value) + "/s",
  }),
  new Chart($("latency-chart"), {
    lines: [
      { colour: "third", values: () => scaled("p99") },
      { colour: "second", values: () => scaled("p95") },
      { colour: "working", width: 2, values: () => scaled("p50") },
    ],
    format: duration,
    log: true,
  }),
  new Chart($("queue-chart"), {
    lines: [{ colour: "working", area: "working-soft", values: () => series.queue ?? [] }],
    format: rough,
  }),
  new Chart($("busy-chart"), {
    lines: [
      { colour: "third", values: () => series.live ?? [] },
      { colour: "working", area: "working-soft", values: () => series.busy ?? [] },
    ],
    format: rough,
    floor: 1,
    exact: true,
  }),
];

function figure(id, value, unit) {
  const element = $(id);
  if (element.dataset.said !== value + unit) {
    element.dataset.said = value + unit;
    element.replaceChildren(value + " ", make("small", {}, unit));
  }
}

function drawCards(span) {
  const rate = perSecond("ok", ...BAD);
  const badRate = perSecond(...BAD);
  const now = rate[rate.length - 1] ?? 0;
  figure("throughput", rough(now), "items/s");
  const items = latest.pool?.totals.items;
  const failed = items ? items.failed + items.timedOut + items.lost : 0;
  say($("throughput-legend"), failed ? count(failed) + " failed of " + count(failed + items.ok) : items ? count(items.ok) + " in all" : "");
  const p50 = last("p50");
  figure("latency", p50 < 0 ? "–" : duration(p50 / 1000), "median");
  say($("latency-legend"), p50 < 0 ? "no item has ended lately" : "p95 " + duration(last("p95") / 1000) + " · p99 " + duration(last("p99") / 1000));
  figure("queue", rough(last("queue")), "items");
  say($("queue-legend"), last("wait95") < 0 ? "" : "p95 of the wait " + duration(last("wait95") / 1000));
  figure("busy", count(last("busy")), "of " + count(last("live")));
  say($("busy-legend"), last("memory") ? bytes(last("memory") * 1048576) + " of memory" : "");
  charts.forEach((chart) => chart.draw(span));
  if (latest.tick % 20 === 0 || !$("throughput-chart").hasAttribute("aria-label")) {
    $("throughput-chart").setAttribute("aria-label", "Items a second: " + rough(now) + " now, " + rough(badRate[badRate.length - 1] ?? 0) + " of them failed");
    $("latency-chart").setAttribute("aria-label", "Run times: " + $("latency").textContent + ", " + $("latency-legend").textContent);
    $("queue-chart").setAttribute("aria-label", "Waiting items: " + $("queue").textContent);
    $("busy-chart").setAttribute("aria-label", "Busy workers: " + $("busy").textContent);
  }
}

// ------------------------------------------------------------------ calls

const callRows = new Map();

function callRow(number) {
  let row = callRows.get(number);
  if (!row) {
    const bar = make("progress", { max: 1 });
    const cells = ["", "number", "number", "number", "number"].map((kind) => make("td", kind ? { class: kind } : {}));
    const button = make("button", { type: "button", class: "danger", "aria-label": "Cancel call " + number }, "Cancel");
    const name = make("th", { scope: "row" });
    const open = make("span", { class: "quiet" }, "of unknown length");
    cells[0].append(bar, open);
    row = { element: make("tr", {}, name, ...cells, make("td", { class: "deeds" }, button)), name, bar, open, cells, button };
    button.addEventListener("click", () =>
      confirmed("Cancel call " + row.call.call + "?", (row.call.label ? "“" + row.call.label + "”: " : "") + "items that wait never start, those that run are interrupted, then killed.", "Cancel call", "cancel", { call: number }),
    );
    callRows.set(number, row);
  }
  return row;
}

function drawCalls(message) {
  const rows = message.calls.map((call) => {
    const row = callRow(call.call);
    row.call = call;
    say(row.name, (call.label ?? "call") + " #" + call.call);
    const isOpen = call.total === undefined; // how long its source is, nobody knows
    row.bar.hidden = isOpen;
    row.open.hidden = !isOpen;
    if (!isOpen) {
      row.bar.value = call.total ? call.done / call.total : 1;
    }
    row.bar.setAttribute("aria-label", "Progress of call " + call.call);
    say(row.cells[1], count(call.done) + (call.total === undefined ? "" : " / " + count(call.total)));
    say(row.cells[2], call.failed ? count(call.failed) : "–");
    say(row.cells[3], rough(call.rate));
    say(row.cells[4], call.left < 0 ? "–" : duration(call.left * 1000));
    row.button.hidden = !message.actions;
    return row.element;
  });
  const open = new Set(message.calls.map((call) => call.call));
  callRows.forEach((_, number) => open.has(number) || callRows.delete(number));
  order($("call-table").tBodies[0], rows);
  $("call-table").parentElement.hidden = rows.length === 0;
  $("no-calls").hidden = rows.length > 0;
  say($("call-count"), message.openCalls > rows.length ? rows.length + " of " + count(message.openCalls) : rows.length ? String(rows.length) : "");
}

// ------------------------------------------------------------------ failures and ends

const WORDS = { failed: "failed", timedOut: "timed out", lost: "worker lost" };
const shortName = (type) => type.slice(type.lastIndexOf(".") + 1);

function note(open, key, badge, title, times, said, more) {
  const kind = make("span", { class: "kind " + badge[0] }, badge[1]);
  const details = make("details", { "data-key": key }, make("summary", {}, kind, make("b", {}, title), make("span", { class: "times" }, times), make("span", { class: "said" }, said)), make("div", { class: "more" }, ...more));
  details.open = open.has(key);
  return details;
}

const openOnes = (list) => new Set([...list.querySelectorAll("details[open]")].map((one) => one.dataset.key));

/** Keeps what is open, and the focus, though all are made anew. */
function replaceNotes(list, notes) {
  const focused = list.contains(document.activeElement) ? document.activeElement.closest("details")?.dataset.key : null;
  list.replaceChildren(...notes);
  if (focused) {
    [...list.children].find((one) => one.dataset.key === focused)?.querySelector("summary").focus();
  }
}

/** Which worker it was, as far as that is known: of an item that was lost on the way only the machine may be. */
function workerOf(failure) {
  const number = failure.worker === undefined ? "" : "worker " + failure.worker;
  const pid = failure.pid === undefined ? "" : "pid " + failure.pid;
  const host = failure.host && failure.host !== latest?.host ? "on " + failure.host : "";
  const process = [pid, host].filter((part) => part).join(" ");
  return (number && ", " + number) + (process && (number ? " (" + process + ")" : ", " + process));
}

function drawFailures(message) {
  const open = openOnes($("failures"));
  replaceNotes($("failures"), message.failures.map((failure) => {
    const where = "Latest: item " + count(failure.index) + " of call " + failure.call + (failure.label ? " “" + failure.label + "”" : "") + ", attempt " + failure.attempt + workerOf(failure) + ", " + clock(failure.last) + (failure.retried ? ". Tried again: " + count(failure.retried) : "");
    const more = [make("p", {}, failure.type), make("p", {}, where)];
    if (failure.stack) {
      more.push(make("pre", { tabindex: 0, "aria-label": "Its stack" }, failure.stack));
    }
    return note(open, failure.kind + failure.type + failure.first, [failure.kind, WORDS[failure.kind] ?? failure.kind], shortName(failure.type), "× " + count(failure.count), failure.message, more);
  }));
  say($("failure-count"), message.unsorted ? "and " + count(message.unsorted) + " that came too fast to be sorted" : "");
}

function drawEnds(message) {
  const open = openOnes($("ends"));
  replaceNotes($("ends"), message.ends.map((end) => {
    const wanted = end.why === "STOPPED";
    const more = [make("p", {}, "pid " + end.pid + (end.host ? " on " + end.host : "") + ", lived " + duration(end.lived) + ", finished " + count(end.items) + " items")];
    if (end.crashFile) {
      more.push(make("p", {}, "Crash file: " + end.crashFile));
    }
    more.push(end.words ? make("pre", { tabindex: 0, "aria-label": "Its last words" }, end.words) : make("p", {}, "It left no last words."));
    return note(open, end.pid + "-" + end.at, [wanted ? "" : end.why === "TIMED_OUT" ? "timedOut" : "lost", end.why.toLowerCase().replaceAll("_", " ")], "Worker " + end.n, clock(end.at), end.how ?? (wanted ? "The pool stopped it." : "The pool killed it."), more);
  }));
  $("no-ends").hidden = message.ends.length > 0;
  const newest = message.ends.find((end) => end.why !== "STOPPED");
  if (newest && newest.at > (drawEnds.told ?? Date.now())) {
    say($("news"), "Worker " + newest.n + " has ended: " + newest.why);
  }
  drawEnds.told = Math.max(newest?.at ?? 0, drawEnds.told ?? Date.now());
}

// ------------------------------------------------------------------ the pool

function drawPool(message) {
  const pool = message.pool;
  if (!pool) {
    return;
  }
  say($("pool-name"), pool.name);
  if (document.title !== pool.name + " – procpool") {
    document.title = pool.name + " – procpool";
  }
  const state = pool.broken && pool.state !== "TERMINATED" ? "BROKEN" : pool.state;
  if ($("state").dataset.state !== state) {
    $("state").dataset.state = state;
    $("state").className = "badge " + state;
    say($("state"), state.toLowerCase());
    say($("news"), "The pool is " + state.toLowerCase());
  }
  if (link === "live" || link === "lost") {
    $("trouble").hidden = !pool.broken;
    say($("trouble"), pool.broken ? "The pool is broken. " + (pool.cause ?? "") : "");
  }
  const totals = pool.totals;
  const failed = totals.items.failed + totals.items.timedOut + totals.items.lost;
  $("no-failures").hidden = $("failures").childElementCount > 0;
  say($("no-failures"), failed ? count(failed) + (failed === 1 ? " item has" : " items have") + " failed of which there is no example: before this view was opened, or all at once with the pool." : "No item has failed.");
  const spread = (times) => times.count ? "p50 " + duration(times.p50 / 1e3) + ", p95 " + duration(times.p95 / 1e3) + ", p99 " + duration(times.p99 / 1e3) + ", max " + duration(times.max / 1e3) : "–";
  const options = Object.entries(pool.options).map(([name, value]) => name + " " + value + (name.toLowerCase().endsWith("timeout") ? " s" : ""));
  const facts = {
    "Workers wanted": count(pool.target),
    "Items that succeeded": count(totals.items.ok),
    "Failed · timed out · lost": count(totals.items.failed) + " · " + count(totals.items.timedOut) + " · " + count(totals.items.lost),
    "Cancelled": count(totals.items.cancelled),
    "Attempts repeated": count(totals.retries),
    "Workers started": count(totals.starts),
    "Workers ended": Object.entries(totals.ends).map(([why, n]) => why.toLowerCase().replaceAll("_", " ") + " " + count(n)).join(", ") || "–",
    "Bytes to workers · back": bytes(totals.sent) + " · " + bytes(totals.received),
    "Run times since the start": spread(totals.run),
    "Waiting times since the start": spread(totals.wait),
    "Options of its calls": options.join(", ") || "defaults",
    "Events that this view missed": count(pool.missed),
  };
  const list = $("facts");
  for (const [name, value] of Object.entries(facts)) {
    let known = drawPool.known.get(name);
    if (!known) {
      known = make("dd");
      drawPool.known.set(name, known);
      list.append(make("div", {}, make("dt", {}, name), known));
    }
    say(known, value);
  }
  say($("about"), "JVM " + message.jvm + ", Java " + message.java + " · " + (message.actions ? "actions are allowed" : "this view only shows"));
}
drawPool.known = new Map();

function drawChoice(message) {
  const select = $("pool-select");
  $("pool-choice").hidden = message.pools.length < 2;
  message.pools.forEach((pool, i) => {
    const option = select.options[i] ?? select.appendChild(make("option", { value: i }));
    say(option, pool.name + (pool.state === "RUNNING" ? "" : ", " + pool.state.toLowerCase()));
  });
  if (document.activeElement !== select) {
    select.selectedIndex = position;
  }
}

// ------------------------------------------------------------------ messages

const table = new WorkerTable($("worker-table"), deeds);
const span = () => Number($("span").value);

function take(message) {
  if (message.first !== lastTick + 1) {
    forget();
  }
  for (const [name, fresh] of Object.entries(message.series)) {
    const values = (series[name] ??= []);
    values.push(...fresh);
    values.splice(0, values.length - TICKS);
  }
  table.take(message, message.tick - message.first + 1);
  lastTick = message.tick;
  if (message.failures) drawFailures(message);
  if (message.ends) drawEnds(message);
  latest = message;
  draw();
}

function draw() {
  if (latest && !dirty) {
    dirty = true;
    requestAnimationFrame(() => {
      dirty = false;
      $("shown").hidden = false; // before, nothing is known, not even that nothing has failed
      document.documentElement.classList.toggle("acting", latest.actions);
      $("resize").hidden = !latest.actions || latest.pool?.state !== "RUNNING";
      if (latest.pool && !$("resize-to").value) {
        $("resize-to").value = latest.pool.target;
      }
      drawPool(latest);
      drawChoice(latest);
      drawCards(span());
      drawCalls(latest);
      table.draw(latest, span());
      const workers = latest.workers.filter((worker) => worker.state);
      say($("worker-count"), workers.length + (latest.pool && latest.pool.target !== workers.length ? " of " + latest.pool.target : ""));
    });
  }
}

/** Another pool, another program, or one whose past is gone. */
function forget() {
  series = {};
  table.forget();
}

let link = "";
/** The link is live, lost, or whatever else the program's answer says: that is no data. */
function onLink(state, words) {
  link = state;
  $("link").className = state === "live" ? "link live" : "link";
  const isRefused = state !== "live" && state !== "lost";
  say($("link"), isRefused ? state : words);
  if (isRefused) {
    $("trouble").hidden = false;
    say($("trouble"), words.trim());
  }
}

function connect(pool) {
  source?.close();
  position = pool;
  lastTick = -1;
  forget();
  source = new Source(pool, take, onLink);
}

$("pool-select").addEventListener("change", (event) => connect(Number(event.target.value)));
$("span").addEventListener("change", draw);
onTheme(draw);
table.onResize = draw;
connect(0);
