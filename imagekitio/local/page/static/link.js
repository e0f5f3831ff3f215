// The URL of a file and the Python that makes it, with how the URL is signed.

import * as api from "./api.js";
import { choice, h } from "./dom.js";
import { output } from "./output.js";

export class LinkForm {
  /** `onChange` is told after every change, `onType` after every key. */
  constructor(path, { isPrivate, hasSteps, onChange, onType }) {
    this.path = path;
    this.signed = h("input", { type: "checkbox", checked: isPrivate, onchange: onChange }); // a private file needs it
    this.expires = h("input", { type: "number", min: 1, placeholder: "never", oninput: onType });
    this.position = choice({ path: "in the path", query: "in the query" }, { onchange: onChange });
    this.error = h("div", { class: "error", role: "alert", hidden: true });
    this.url = output("URL", "the URL");
    this.python = output("Python", "the Python");
    this.elements = [
      h("div", { class: "url-options" },
        h("label", { class: "check" }, this.signed, "Signed"),
        h("label", {}, "Expires after seconds", this.expires),
        hasSteps ? h("label", {}, "Transformation", this.position) : null),
      this.error, this.url.element, this.python.element,
    ];
  }

  /** Make the URL of the file with these steps, and show it; what is wrong is shown instead, and gives null. */
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
    // A number that cannot be read has an empty value, which would never expire.
    if (signed && !this.expires.validity.valid) throw new Error("The URL must expire after a whole number of seconds, 1 or more.");
    const expireSeconds = signed && this.expires.value ? Number(this.expires.value) : null;
    return api.link({ path: this.path, steps, signed, expireSeconds, position: this.position.value });
  }
}
