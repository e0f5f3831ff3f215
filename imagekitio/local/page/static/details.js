// The panel beside the grid: one file, with everything that the API says about it.

import * as api from "./api.js";
import { bytes, h, icon, moment, words } from "./dom.js";

const DATES = new Set(["createdAt", "updatedAt"]);
const FIRST = ["filePath", "mime", "size", "width", "height"];
const HIDDEN = new Set(["name", "thumbnail", "url", "type"]); // shown otherwise

export class Details {
  constructor(view) {
    this.view = view;
    this.element = h("aside", { class: "details", "aria-label": "Details", hidden: true, tabindex: -1 });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  close() {
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  /** Show what the grid knows at once, and then what the server knows now. */
  async show(file, { focus = false } = {}) {
    const isOther = this.file?.fileId !== file.fileId || !this.isOpen;
    this.file = file;
    this.element.hidden = false;
    if (isOther) this.fill(file);
    if (focus) this.element.querySelector("button").focus();
    const fresh = await api.details(file.fileId).catch(() => null);
    if (fresh && this.file === file && this.isOpen) this.fields.replaceChildren(...fieldsOf(fresh));
  }

  fill(file) {
    const { view } = this;
    this.fields = h("dl", {}, fieldsOf(file));
    const stage = h("div", { class: "stage" });
    const open = h("a", { class: "button", href: api.here(file.url), target: "_blank", rel: "noopener" }, "Open");
    this.element.replaceChildren(
      h("div", { class: "head" }, h("h2", {}, file.name),
        h("button", { class: "quiet", "aria-label": "Close details", title: "Close (Esc)", onclick: () => view.closeDetails() }, icon("close"))),
      stage,
      h("div", { class: "actions" },
        file.mime.startsWith("image/") ? h("button", { class: "primary", title: "Transform (T)", onclick: () => view.transform(file) }, "Transform") : null,
        h("button", { title: "Copy the URL (C)", onclick: () => view.copyUrl(file) }, "Copy URL"),
        open,
        h("button", { class: "danger quiet", title: "Delete (Del)", onclick: () => view.remove(file) }, "Delete")),
      this.fields);
    preview(file, stage, open);
  }
}

async function preview(file, stage, open) {
  if (!file.isPublished) return stage.replaceChildren(h("p", {}, "A draft is not delivered."));
  open.href = await api.urlHere(file);
  if (file.mime.startsWith("video/")) stage.replaceChildren(h("video", { src: open.href, controls: true, preload: "metadata" }));
  else if (file.mime.startsWith("image/")) {
    const src = await api.urlHere(file, file.mime === "image/svg+xml" ? "" : "w-800,h-800,c-at_max");
    const image = h("img", { src, alt: file.name, onerror: () => image.replaceWith(h("p", {}, "The browser cannot show this picture.")) });
    stage.replaceChildren(image);
  } else stage.replaceChildren(icon("file"));
}

function fieldsOf(file) {
  const first = FIRST.filter((name) => name in file).map((name) => [name, file[name]]);
  const rest = Object.entries(file).filter(([name]) => !HIDDEN.has(name) && !FIRST.includes(name));
  return [...first, ...rest].map(([name, value]) =>
    h("div", {}, h("dt", {}, words(name)), h("dd", {}, shown(name, value))));
}

/** A value of JSON as people read it. */
function shown(name, value) {
  if (value === null || value === "") return h("span", { class: "none" }, "—");
  if (DATES.has(name)) return h("time", { datetime: value, title: value }, moment(value));
  if (name === "size") return h("span", { title: `${value} bytes` }, bytes(value));
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return h("ul", {}, value.map((each) => h("li", {}, shown("", each))));
  if (typeof value === "object") {
    const entries = Object.entries(value);
    if (!entries.length) return h("span", { class: "none" }, "—");
    return h("dl", {}, entries.map(([key, each]) => h("div", {}, h("dt", {}, key), h("dd", {}, shown("", each)))));
  }
  return String(value);
}
