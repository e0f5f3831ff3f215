// The URL of a file, the Python code that makes it, and the options for signing.

import * as api from "./api.js";
import { choice, h } from "./dom.js";
import { output } from "./output.js";

export class LinkForm {
  /** `onChange` is called after every change, `onType` after every key. */
  constructor(path, { isPrivate, hasSteps, onChange, onType }) {
    this.path = path;
    this.signed = h("input", { type: "checkbox", checked: isPrivate, onchange: onChange }); // a private file needs a signature
    this.expires = h("input", { type: "number", min: 1, placeholder: "never", oninput: onType });
    this.position = choice({ path: "in the path", query: "in the query" }, { onchange: onChange });
    this.error = h("div", { class: "error", role: "alert", hidden: true });
    this.url = output("URL", "the URL");
    this.python = output("Python", "the Python");
    this.elements = [
      h("div", { class: "url-options" },
        h("label", { class: "check" }, this.signed, "Signed"),
        h("label", {}, "Expires after (seconds)", this.expires),
        hasSteps ? h("label", {}, "Transformation", this.position) : null),
      this.error, this.url.element, this.python.element,
    ];
  }

  /** Make and show the URL of the file with these steps and return it; on an error, show that and return null. */
  async update(steps = "", isCurrent = () => true) {
    this.expires.disabled = !this.signed.checked;
    let made = null, problem = null;
    try {
      made = await this.make(steps);
    } catch (refusal) {
      problem = refusal;
    }
    if (!isCurrent()) return null;
    this.url.show(made?.url ?? "");
    this.python.show(made?.python ?? "");
    this.error.textContent = problem?.message ?? "";
    this.error.hidden = !problem;
    return made;
  }

  async make(steps) {
    const signed = this.signed.checked;
    // The value of an invalid number is empty, which would mean a URL that never expires.
    if (signed && !this.expires.validity.valid) throw new Error("The number of seconds must be a whole number, 1 or more.");
    const expireSeconds = signed && this.expires.value ? Number(this.expires.value) : null;
    return api.link({ path: this.path, steps, signed, expireSeconds, position: this.position.value });
  }
}
