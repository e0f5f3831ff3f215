// Try a transformation: a form and a text that say the same, the picture before and after, the URL and the Python.

import * as api from "./api.js";
import { bytes, choice, copy, debounce, h } from "./dom.js";
import { folderHash, parentOf } from "./files.js";
import { EXAMPLES, FIELDS, isPlain, readField, writeField } from "./steps.js";

// Formats are negotiated: ask for what this browser's <img> asks for.
const ACCEPT = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
const WAIT = 250; // milliseconds after the last key

export class TransformView {
  constructor(root, path) {
    this.path = path;
    this.steps = h("textarea", { rows: 2, spellcheck: "false", autocomplete: "off", "aria-label": "Transformation", placeholder: "w-400,h-300", oninput: () => this.onText() });
    this.controls = FIELDS.map((field) => [field, controlOf(field, (value) => this.onField(field, value))]);
    this.form = h("fieldset", {}, this.controls.map(([field, input]) =>
      field.flag ? h("label", { class: "check" }, input, field.label) : h("label", {}, field.label, input)));
    this.hint = h("p", { class: "hint", hidden: true }, "Layers and conditions are edited as text.");
    this.later = debounce(WAIT, () => this.update());
    this.signed = h("input", { type: "checkbox", onchange: () => this.update() });
    this.expires = h("input", { type: "number", min: 1, placeholder: "never", oninput: this.later });
    this.position = choice({ path: "in the path", query: "in the query" }, { onchange: () => this.update() });
    this.before = new Pane("Original");
    this.after = new Pane("Transformed");
    this.error = h("div", { class: "error", role: "alert", hidden: true });
    this.url = output("URL", "the URL");
    this.python = output("Python", "the Python");
    this.folder = folderHash(parentOf(path), path);
    root.replaceChildren(
      h("div", { class: "transform" },
        h("section", { class: "controls", "aria-label": "Transformation" },
          h("a", { href: this.folder, class: "back" }, "← Back to the folder"),
          h("h1", {}, path.slice(path.lastIndexOf("/") + 1)),
          h("div", { class: "chips", role: "group", "aria-label": "Examples" }, Object.entries(EXAMPLES).map(([name, steps]) =>
            h("button", { onclick: () => this.set(steps) }, name))),
          this.steps, this.hint,
          h("div", { class: "actions" },
            h("button", { onclick: () => this.addStep() }, "Add step"),
            h("button", { onclick: () => this.set("") }, "Clear")),
          h("details", { open: matchMedia("(min-width: 861px)").matches }, h("summary", {}, "Fields of the last step"), this.form)),
        h("section", { class: "result", "aria-label": "Result" },
          this.error,
          h("div", { class: "panes" }, this.before.element, this.after.element),
          h("div", { class: "url-options" },
            h("label", { class: "check" }, this.signed, "Signed"),
            h("label", {}, "Expires after seconds", this.expires),
            h("label", {}, "Transformation", this.position)),
          this.url.element, this.python.element)));
    this.start();
  }

  async start() {
    const [file] = await api.list({ path: parentOf(this.path), name: this.path.slice(this.path.lastIndexOf("/") + 1) }).catch(() => []);
    if (file?.isPrivateFile) this.signed.checked = true;
    const source = await api.link({ path: this.path, signed: this.signed.checked }).catch(() => null);
    if (source) this.beforeSize = this.before.load(api.here(source.url)).catch(() => null);
    this.set("w-400,h-300");
    this.steps.focus();
    this.steps.select();
  }

  set(steps) {
    this.steps.value = steps;
    this.onText();
  }

  addStep() {
    if (this.steps.value && !this.steps.value.endsWith(":")) this.steps.value += ":";
    this.showFields();
    this.controls[0][1].focus();
  }

  onText() {
    this.showFields();
    this.later();
  }

  onField(field, value) {
    this.steps.value = writeField(field, this.steps.value, value);
    this.later();
  }

  showFields() {
    const isForm = isPlain(this.steps.value);
    this.form.disabled = !isForm;
    this.hint.hidden = isForm;
    for (const [field, input] of this.controls) {
      const value = isForm ? readField(field, this.steps.value) : "";
      if (field.flag) input.checked = value === true;
      else {
        // A value that the form does not offer is kept, and shown as it is.
        if (field.options && value && ![...input.options].some((option) => option.value === value)) input.append(h("option", { value }, value));
        input.value = value;
      }
    }
  }

  async update() {
    this.expires.disabled = !this.signed.checked;
    const steps = this.steps.value.trim().replace(/^tr[:=]/, "").replace(/:+$/, "");
    const expire = this.signed.checked && this.expires.value ? Number(this.expires.value) : null;
    const turn = (this.turn = Symbol("turn")); // what comes back after a later change is dropped
    try {
      const made = await api.link({ path: this.path, steps, signed: this.signed.checked, expireSeconds: expire, position: this.position.value });
      if (turn !== this.turn) return;
      this.url.show(made.url);
      this.python.show(made.python);
      await this.after.load(api.here(made.url), this.beforeSize, () => turn === this.turn);
      if (turn === this.turn) this.error.hidden = true;
    } catch (problem) {
      if (turn !== this.turn) return;
      this.after.clear();
      this.error.textContent = problem.message;
      this.error.hidden = false;
    }
  }

  onShortcut(key) {
    if (key !== "escape") return false;
    location.hash = this.folder;
    return true;
  }
}

class Pane {
  constructor(name) {
    this.name = name;
    this.caption = h("figcaption", {}, name);
    this.stage = h("div", { class: "stage" });
    this.element = h("figure", {}, this.stage, this.caption);
  }

  clear() {
    this.stage.replaceChildren();
    this.caption.replaceChildren(h("strong", {}, this.name));
  }

  /** Show the picture at a URL, with its size; return its bytes. Raises with what the server says is wrong. */
  async load(url, comparedWith = null, isCurrent = () => true) {
    const response = await fetch(url, { headers: { Accept: ACCEPT }, cache: "no-cache" });
    if (!response.ok) throw new Error(reason(response, await response.text()));
    const blob = await response.blob();
    const before = await comparedWith;
    if (!isCurrent()) return blob.size;
    const type = blob.type.split(";")[0];
    const facts = [type.replace("image/", "").toUpperCase(), bytes(blob.size) + (before ? ` (${change(before, blob.size)})` : "")];
    const image = h("img", { alt: `${this.name} picture` });
    const caption = (...more) => this.caption.replaceChildren(h("strong", {}, this.name), " ", [...more, ...facts].join(" · "));
    caption();
    if (!type.startsWith("image/")) {
      this.stage.replaceChildren(h("p", {}, "This is no picture; it is delivered as it is."));
      return blob.size;
    }
    image.onload = () => {
      URL.revokeObjectURL(image.src);
      caption(`${image.naturalWidth} × ${image.naturalHeight}`);
    };
    image.onerror = () => this.stage.replaceChildren(h("p", {}, "The browser cannot show this picture."));
    // A blob has the origin of this page; an SVG is better off behind the sandbox of its own URL.
    image.src = type === "image/svg+xml" ? url : URL.createObjectURL(blob);
    this.stage.replaceChildren(image);
    return blob.size;
  }
}

function reason(response, body) {
  const error = response.headers.get("ik-error");
  if (!error) return body || `The server answered ${response.status}.`;
  const words = decodeURIComponent(error).replace(/^[A-Z]+ - /, "");
  return `${response.status}: ${words[0].toUpperCase()}${words.slice(1)}.`;
}

function change(before, after) {
  const percent = Math.round((after / before - 1) * 100);
  return percent > 0 ? `+${percent} %` : percent < 0 ? `−${-percent} %` : "same size";
}

function controlOf(field, onChange) {
  if (field.flag) return h("input", { type: "checkbox", onchange: (event) => onChange(event.target.checked) });
  if (field.options) return choice({ "": "–", ...field.options }, { onchange: (event) => onChange(event.target.value) });
  const { type, placeholder, min, max } = field;
  return h("input", { type, placeholder, min, max, autocomplete: "off", spellcheck: "false", oninput: (event) => onChange(event.target.value.trim()) });
}

function output(name, what) {
  const code = h("code", { tabindex: 0 });
  const element = h("div", { class: "output" },
    h("div", { class: "head" }, h("h2", {}, name), h("button", { onclick: () => copy(code.textContent, what) }, `Copy ${name}`)),
    h("pre", {}, code));
  return { element, show: (text) => (code.textContent = text) };
}
