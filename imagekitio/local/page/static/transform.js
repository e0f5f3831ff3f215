// The transform view: the steps, the picture before and after, the URL and the Python code.

import * as api from "./api.js";
import { debounce, h } from "./dom.js";
import { StepsForm } from "./form.js";
import { LinkForm } from "./link.js";
import { Pane } from "./pane.js";
import { folderHash, isImage, nameOf, parentOf } from "./paths.js";

const WAIT = 250; // milliseconds after the last key

export class TransformView {
  constructor(root, path) {
    this.path = path;
    this.folder = folderHash(parentOf(path), path);
    this.error = h("div", { class: "error", role: "alert", hidden: true });
    this.controls = h("section", { class: "controls", "aria-label": "Transformation" },
      h("a", { href: this.folder, class: "back" }, "← Back to the folder"),
      h("h1", {}, nameOf(path)));
    this.result = h("section", { class: "result", "aria-label": "Result" }, this.error);
    root.replaceChildren(h("div", { class: "transform" }, this.controls, this.result));
    this.start();
  }

  async start() {
    let file;
    try {
      file = await api.find("file", this.path);
    } catch (refusal) {
      return this.showError(refusal);
    }
    if (!file) return this.result.replaceChildren(h("p", { class: "empty" }, h("strong", {}, `There is no file ${this.path}.`)));
    const later = debounce(WAIT, () => this.update());
    this.link = new LinkForm(this.path, { isPrivate: file.isPrivateFile, hasSteps: isImage(file), onChange: () => this.update(), onType: later });
    if (isImage(file)) {
      this.form = new StepsForm(later);
      this.after = new Pane("Transformed");
      const before = new Pane("Original");
      this.controls.append(...this.form.elements);
      this.result.append(h("div", { class: "panes" }, before.element, this.after.element));
      this.beforeSize = api.urlHere(file).then((url) => before.load(url)).catch(() => null);
    } else this.controls.append(h("p", { class: "hint" }, "This file is not an image, so it cannot be transformed. It is delivered unchanged."));
    this.result.append(...this.link.elements);
    if (!this.form) return this.update();
    this.form.set("w-400,h-300");
    this.form.focus();
  }

  async update() {
    const turn = (this.turn = Symbol("turn")); // a response that arrives after a later change is ignored
    const isCurrent = () => turn === this.turn;
    const made = await this.link.update(this.form?.steps, isCurrent);
    if (!isCurrent() || !this.form) return;
    let problem = null;
    try {
      if (made) await this.after.load(api.here(made.url), this.beforeSize, isCurrent);
    } catch (refusal) {
      problem = refusal;
    }
    if (!isCurrent()) return;
    if (!made || problem) this.after.clear();
    this.showError(problem);
  }

  showError(problem) {
    this.error.textContent = problem?.message ?? "";
    this.error.hidden = !problem;
  }

  onShortcut(key) {
    if (key !== "escape") return false;
    location.hash = this.folder;
    return true;
  }
}
