// Helpers for elements, words and numbers. Text always stays text: nothing here takes HTML.

export const $ = (selector, root = document) => root.querySelector(selector);

/** Make an element. `on…` adds a listener, other names set attributes; false and null leave an attribute out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Make a select from `{value: label}`. */
export const choice = (options, props) =>
  h("select", props, Object.entries(options).map(([value, label]) => h("option", { value }, label)));

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

let statusTimer;

/** Show what happened, and announce it to screen readers. */
export function say(text) {
  const status = $("#status");
  status.textContent = text;
  clearTimeout(statusTimer);
  statusTimer = setTimeout(() => (status.textContent = ""), 4000);
}

/** Copy text to the clipboard; return whether the browser allows it. */
export const copyText = (text) => navigator.clipboard?.writeText(text).then(() => true, () => false);

export function bytes(count) {
  if (count < 1000) return `${count} B`;
  const [size, unit] = count < 999_500 ? [count / 1e3, "kB"] : count < 999.5e6 ? [count / 1e6, "MB"] : [count / 1e9, "GB"];
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}

export const moment = (iso) => new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Turn a name into words: `isPrivateFile` into "Is private file", `AITags` into "AI tags". */
export const words = (name) => {
  const spaced = name.replace(/(?<=[a-z\d])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced[0].toUpperCase() + spaced.slice(1);
};

/** Return percent-encoded text decoded, or unchanged if it cannot be decoded. */
export function readable(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Return a path or query with places to break lines, so that only words longer than a line are split. */
export const breakable = (text) => text.split(/(?<=[/?&,:=])/).flatMap((part) => [part, h("wbr")]);

export function debounce(milliseconds, action) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
}
