// Small things for the page: words for figures, and elements that are changed only if they differ.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { maximumFractionDigits: 1, notation: "compact" });
const one = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export const count = (value) => whole.format(value);
export const rough = (value) => (value < 1e5 ? (value < 10 ? one : whole).format(value) : short.format(value));

/** Milliseconds in words. */
export function duration(ms) {
  if (ms < 0.001) return "0";
  if (ms < 1) return Math.round(ms * 1000) + " µs";
  if (ms < 10) return one.format(ms) + " ms";
  if (ms < 1000) return Math.round(ms) + " ms";
  if (ms < 60e3) return one.format(ms / 1000) + " s";
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return Math.floor(seconds / 60) + " min" + (seconds % 60 ? " " + (seconds % 60) + " s" : "");
  const minutes = Math.round(seconds / 60);
  if (minutes < 2880) return Math.floor(minutes / 60) + " h" + (minutes % 60 ? " " + (minutes % 60) + " min" : "");
  return Math.round(minutes / 1440) + " days";
}

export function bytes(value) {
  if (!(value >= 0)) return "–";
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return (value < 10 && unit > 0 ? one : whole).format(value) + " " + units[unit];
}

export const clock = (millis) => new Date(millis).toLocaleTimeString();

/** Sets a text, if it is another. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Makes an element: attributes by name, texts and elements in it. */
export function make(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...inside);
  return element;
}

/** Brings the children of an element into an order, moving only what is out of place. */
export function order(parent, children) {
  children.forEach((child, i) => {
    if (parent.children[i] !== child) {
      parent.insertBefore(child, parent.children[i] ?? null);
    }
  });
  while (parent.children.length > children.length) {
    parent.lastElementChild.remove();
  }
}
