// Text to copy: a title, a button and the text itself.

import { copy } from "./dialog.js";
import { h } from "./dom.js";

/** `show` replaces the text; if it is empty, there is nothing to copy. */
export function output(title, what, label = `Copy ${title}`) {
  const code = h("code");
  const button = h("button", { "aria-label": `Copy ${title}`, onclick: () => copy(code.textContent, what) }, label);
  // Focusable, so that long lines can be scrolled with the keyboard.
  const element = h("div", { class: "output" },
    h("div", { class: "head" }, h("h2", {}, title), button),
    h("pre", { tabindex: 0, role: "group", "aria-label": title }, code));
  const show = (text) => {
    code.textContent = text;
    button.disabled = !text;
  };
  show("");
  return { element, show };
}
