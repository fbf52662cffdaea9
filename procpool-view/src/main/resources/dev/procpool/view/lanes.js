// The lane of a worker: what it did in each tick. A cell is a byte: bits 0 to 2 the kind, bits 3 to 6
// how much of the tick it worked, in fifteenths, bit 7 whether an item ended.

import { TICKS, colour, prepare } from "./charts.js";

const KINDS = ["none", "starting", "idle", "working", "failed", "timedOut", "lost", "stopping"];
const WORKING = 3;
const WORST_FIRST = [6, 5, 4, 3, 1, 7, 2, 0];
const RANK = KINDS.map((_, kind) => WORST_FIRST.length - WORST_FIRST.indexOf(kind));

/** The cells of one worker, the newest last. */
export class Lane {
  constructor() {
    this.cells = new Uint8Array(TICKS);
  }

  /** Takes the cells of the ticks that have passed: Base64. */
  add(text, passed) {
    const fresh = text ? Uint8Array.from(atob(text), (c) => c.charCodeAt(0)) : new Uint8Array(0);
    const shift = Math.min(TICKS, passed);
    this.cells.copyWithin(0, shift);
    this.cells.fill(0, TICKS - shift);
    this.cells.set(fresh.subarray(Math.max(0, fresh.length - TICKS)), TICKS - Math.min(TICKS, fresh.length));
  }

  /** In words, for those who don't see it. */
  describe(span) {
    const counts = new Array(8).fill(0);
    let worked = 0;
    for (let i = TICKS - span; i < TICKS; i++) {
      counts[this.cells[i] & 7]++;
      worked += ((this.cells[i] >> 3) & 15) / 15;
    }
    const known = span - counts[0];
    const busy = known ? Math.round((100 * worked) / known) : 0;
    const bad = [4, 5, 6].filter((kind) => counts[kind]).map((kind) => KINDS[kind] + " in " + counts[kind]);
    return "busy " + busy + " %" + (bad.length ? ", " + bad.join(", ") + " of " + known + " ticks" : "");
  }

  draw(canvas, size, span) {
    const { width, height } = size;
    const context = prepare(canvas, width, height);
    const step = width / span;
    const bad = [];
    let begun = 0;
    for (let i = 0; i < span; i++) {
      const at = TICKS - span + i;
      const cell = this.cells[at];
      const same = i + 1 < span && this.cells[at + 1] === cell && (cell & 128) === 0;
      if (same) {
        continue;
      }
      this.cell(context, cell, begun * step, (i + 1) * step, height);
      if (RANK[cell & 7] > RANK[WORKING]) {
        bad.push([cell & 7, i]);
      }
      // Long items are told apart; of short ones there is one in each tick.
      if (cell & 128 && step >= 1.5 && i + 1 < span && i > 0 && !((this.cells[at - 1] | this.cells[at + 1]) & 128)) {
        context.clearRect((i + 1) * step - 1, 0, 1, height);
      }
      begun = i + 1;
    }
    for (const [kind, i] of bad) {
      const wide = Math.max(step, 3);
      context.fillStyle = colour(KINDS[kind]);
      context.fillRect(Math.min(width - wide, (i + 0.5) * step - wide / 2), 0, wide, height);
    }
  }

  cell(context, cell, from, to, height) {
    const kind = cell & 7;
    if (kind === 0) {
      return;
    }
    context.fillStyle = colour("track");
    context.fillRect(from, 0, to - from, height);
    if (kind >= WORKING && kind <= 6) {
      const share = ((cell >> 3) & 15) / 15;
      const high = Math.max(2, Math.round(height * share));
      context.fillStyle = colour("working");
      context.fillRect(from, height - high, to - from, high);
    } else if (kind === 1 || kind === 7) {
      context.fillStyle = colour(KINDS[kind]);
      context.fillRect(from, Math.round(height / 4), to - from, Math.round(height / 2));
    }
  }
}
