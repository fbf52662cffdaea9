// The table of workers: a row each, with its lane. By host, if there are several.

import { Lane } from "./lanes.js";
import { bytes, count, duration, make, order, say } from "./tables.js";

const DENSE = 40;

export class WorkerTable {
  constructor(table, deeds) {
    this.table = table;
    this.deeds = deeds;
    this.rows = new Map();
    this.hosts = new Map();
    this.onResize = () => {};
    this.sizes = new ResizeObserver((entries) => {
      entries.forEach((entry) => (entry.target.row.size = entry.contentRect));
      this.onResize();
    });
    this.seen = new IntersectionObserver((entries) => {
      entries.forEach((entry) => (entry.target.row.visible = entry.isIntersecting));
      this.onResize();
    }, { root: table.parentElement, rootMargin: "60px" });
  }

  forget() {
    this.rows.forEach((row) => (row.lane = new Lane()));
  }

  /** Takes a message: the cells of so many ticks, and what each worker is. */
  take(message, ticks) {
    const there = new Set();
    for (const worker of message.workers) {
      const row = this.row(worker.n);
      row.lane.add(worker.lane, ticks);
      row.worker = worker;
      there.add(worker.n);
    }
    this.rows.forEach((row, number) => {
      if (!there.has(number)) {
        row.element.remove();
        this.sizes.unobserve(row.canvas);
        this.seen.unobserve(row.element);
        this.rows.delete(number);
      }
    });
  }

  row(number) {
    let row = this.rows.get(number);
    if (!row) {
      row = this.makeRow(number);
      this.rows.set(number, row);
    }
    return row;
  }

  makeRow(number) {
    const canvas = make("canvas", { role: "img", "aria-label": "Timeline of worker " + number });
    const process = make("small");
    const cell = (kind) => make("td", { class: kind });
    const row = { canvas, process, lane: new Lane(), size: null, visible: false };
    row.what = cell("what");
    row.for = cell("number for");
    row.done = cell("number done");
    row.memory = cell("number memory");
    const stacks = make("button", { type: "button", "aria-label": "Stacks of worker " + number }, "Stacks");
    const kill = make("button", { type: "button", class: "danger", "aria-label": "Kill worker " + number }, "Kill");
    stacks.addEventListener("click", () => this.deeds.stacks(row.worker));
    kill.addEventListener("click", () => this.deeds.kill(row.worker));
    row.buttons = make("span", {}, stacks, " ", kill);
    row.kill = kill;
    row.buttons.hidden = true; // until it is known whether that is allowed
    row.element = make(
      "tr", {},
      make("th", { scope: "row", class: "who" }, "#" + number + " ", process),
      make("td", { class: "lane" }, canvas),
      row.what, row.for, row.done, row.memory,
      make("td", { class: "deeds" }, row.buttons),
    );
    row.element.row = row;
    canvas.row = row;
    this.sizes.observe(canvas);
    this.seen.observe(row.element);
    return row;
  }

  draw(message, span) {
    const byHost = new Map();
    for (const row of this.rows.values()) {
      const host = row.worker.host ?? "";
      if (!byHost.has(host)) {
        byHost.set(host, []);
      }
      byHost.get(host).push(row);
    }
    // One machine is named, too, if it is not the program's own.
    const isNamed = (host) => byHost.size > 1 || host !== (message.host ?? host);
    const bodies = [...byHost.keys()].sort().map((host) => this.body(host, byHost.get(host), isNamed(host)));
    this.hosts.forEach((known, host) => {
      if (!byHost.has(host)) {
        known.body.remove();
        this.hosts.delete(host);
      }
    });
    bodies.forEach(({ body }, i) => this.table.tBodies[i] === body || this.table.insertBefore(body, this.table.tBodies[i] ?? null));
    document.documentElement.classList.toggle("dense", this.rows.size > DENSE);
    for (const row of this.rows.values()) {
      this.fill(row, message, span);
    }
  }

  body(host, rows, isNamed) {
    let known = this.hosts.get(host);
    if (!known) {
      const title = make("th", { scope: "rowgroup", colspan: 7 });
      known = { body: make("tbody"), title, head: make("tr", { class: "host" }, title) };
      this.hosts.set(host, known);
    }
    rows.sort((a, b) => a.worker.n - b.worker.n);
    if (isNamed) {
      const live = rows.filter((row) => row.worker.state);
      const busy = live.filter((row) => row.worker.item).length;
      const memory = live.reduce((sum, row) => sum + (row.worker.memory ?? 0), 0);
      say(known.title, (host || "host unknown") + " – " + live.length + (live.length === 1 ? " worker, " : " workers, ") + busy + " busy" + (memory ? ", " + bytes(memory) : ""));
    }
    order(known.body, [...(isNamed ? [known.head] : []), ...rows.map((row) => row.element)]);
    return known;
  }

  fill(row, message, span) {
    const { worker } = row;
    const gone = !worker.state;
    row.element.classList.toggle("gone", gone);
    if (!row.visible) {
      return;
    }
    say(row.process, gone ? "gone" : "pid " + worker.pid);
    const item = worker.item;
    const progress = item && item.fraction !== undefined ? " · " + Math.round(item.fraction * 100) + " %" + (item.note ? " " + item.note : "") : "";
    const words = gone ? "" : item ? (item.label ?? "call " + item.call) + " · item " + count(item.index) + (item.attempt > 1 ? " · attempt " + item.attempt : "") + progress : worker.state.toLowerCase();
    say(row.what, words);
    if (row.what.title !== words) {
      row.what.title = words;
    }
    say(row.for, item ? duration(item.ms) : "");
    say(row.done, gone ? "" : count(worker.done));
    say(row.memory, gone ? "" : bytes(worker.memory));
    const where = gone ? "" : "pid " + worker.pid + (worker.host ? " on " + worker.host : "");
    if (row.process.title !== where) {
      row.process.title = where;
    }
    row.buttons.hidden = gone || !message.actions;
    row.kill.hidden = worker.host !== (message.host ?? worker.host); // of another machine
    if (row.size && row.size.width > 0) {
      row.lane.draw(row.canvas, row.size, span);
      if (message.tick % 20 === 0 || !row.described) {
        row.described = true;
        row.canvas.setAttribute("aria-label", "Timeline of worker " + worker.n + ": " + row.lane.describe(span));
      }
    }
  }
}
