// Charts and lanes on canvas. Colours are those of the style sheet, so that they follow its theme.

export const TICKS = 1200;

let colours = new Map();

/** A colour of the style sheet, by its name there. */
export function colour(name) {
  let known = colours.get(name);
  if (!known) {
    known = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
    colours.set(name, known);
  }
  return known;
}

const themeListeners = [];
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  colours = new Map();
  themeListeners.forEach((listener) => listener());
});
export function onTheme(listener) {
  themeListeners.push(listener);
}

/** Sizes a canvas for the screen's pixels: gives its context and size in the page's. */
export function prepare(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const wide = Math.max(1, Math.round(width * ratio));
  const high = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

function niceCeiling(value) {
  if (value <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 1.5, 2, 3, 5, 7.5, 10];
  return steps.find((step) => step * power >= value - 1e-9) * power;
}

/** Lines and areas over the last ticks. */
export class Chart {
  /** Lines are { colour, area, values() }; `log` gives a logarithmic scale. */
  constructor(canvas, { lines, format, log = false, floor = 0, exact = false }) {
    this.canvas = canvas;
    this.lines = lines;
    this.format = format;
    this.log = log;
    this.floor = floor;
    this.exact = exact;
    this.size = null;
    new ResizeObserver(([entry]) => {
      this.size = entry.contentRect;
      this.draw(this.span);
    }).observe(canvas);
  }

  draw(span) {
    this.span = span;
    if (!this.size || !span) {
      return;
    }
    const { width, height } = this.size;
    const context = prepare(this.canvas, width, height);
    const series = this.lines.map((line) => line.values().slice(-span));
    let most = this.floor;
    let least = Infinity;
    for (const values of series) {
      for (const value of values) {
        if (value > most) most = value;
        if (value > 0 && value < least) least = value;
      }
    }
    const top = 14;
    const bottom = height - 2;
    const ceiling = this.log ? most * 1.2 : this.exact ? most : niceCeiling(most);
    const base = this.log ? Math.min(least, most) / 1.5 : 0;
    const y = (value) =>
      this.log
        ? bottom - (bottom - top) * (Math.log(value / base) / Math.log(ceiling / base))
        : bottom - (bottom - top) * (value / ceiling);
    const x = (i, count) => width - ((count - 1 - i) / (span - 1)) * width;
    this.grid(context, width, top, bottom);
    series.forEach((values, k) => this.line(context, values, this.lines[k], x, y, bottom));
    if (most > 0) {
      context.fillStyle = colour("quiet");
      context.font = "11px system-ui, sans-serif";
      context.textAlign = "right";
      context.fillText(this.format(this.log ? most : ceiling), width, 10);
    }
  }

  grid(context, width, top, bottom) {
    context.strokeStyle = colour("line");
    context.lineWidth = 1;
    context.beginPath();
    for (const part of [0, 0.5, 1]) {
      const at = Math.round(top + (bottom - top) * part) + 0.5;
      context.moveTo(0, at);
      context.lineTo(width, at);
    }
    context.stroke();
  }

  line(context, values, line, x, y, bottom) {
    context.strokeStyle = colour(line.colour);
    context.lineWidth = line.width ?? 1.5;
    context.lineJoin = "round";
    let begun = -1;
    context.beginPath();
    for (let i = 0; i <= values.length; i++) {
      const there = i < values.length && values[i] >= 0 && (!this.log || values[i] > 0);
      if (there && begun < 0) {
        begun = i;
        context.moveTo(x(i, values.length), y(values[i]));
      } else if (there) {
        context.lineTo(x(i, values.length), y(values[i]));
      } else if (begun >= 0) {
        context.stroke();
        if (line.area && i - begun > 1) {
          context.lineTo(x(i - 1, values.length), bottom);
          context.lineTo(x(begun, values.length), bottom);
          context.fillStyle = colour(line.area);
          context.fill();
        }
        context.beginPath();
        begun = -1;
      }
    }
  }
}
