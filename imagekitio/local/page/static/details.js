// The panel next to the grid: one file, with all its data from the API.

import * as api from "./api.js";
import { bytes, h, icon, moment, words } from "./dom.js";
import { isImage } from "./paths.js";
import { Versions } from "./versions.js";

const DATES = new Set(["createdAt", "updatedAt"]);
const FIRST = ["filePath", "mime", "size", "width", "height"];
const HIDDEN = new Set(["name", "thumbnail", "url", "type"]); // shown elsewhere

export class Details {
  constructor(view) {
    this.view = view;
    this.title = h("h2");
    this.stage = h("div", { class: "stage" });
    this.fields = h("dl");
    this.versions = new Versions(() => view.reload());
    const action = (label, run, props = {}) => h("button", { onclick: () => run(this.file), ...props }, label);
    this.transform = action("Transform", (file) => view.transform(file), { class: "primary", title: "Transform (T)" });
    this.open = h("a", { class: "button", target: "_blank", rel: "noopener" }, "Open");
    this.element = h("section", { class: "details", "aria-label": "Details", hidden: true },
      h("div", { class: "head" }, this.title,
        h("button", { class: "quiet", "aria-label": "Close details", title: "Close (Esc)", onclick: () => view.closeDetails() }, icon("close"))),
      this.stage,
      h("div", { class: "actions" },
        this.transform,
        action("Copy URL", (file) => view.copyUrl(file), { title: "Copy the URL (C)" }),
        this.open,
        action("Edit", (file) => view.edit(file), { title: "Edit tags, coordinates and metadata (E)" }),
        action("Rename", (file) => view.rename(file), { title: "Rename (F2)" }),
        action("Move", (file) => view.move(file), { title: "Move to another folder (M)" }),
        action("Delete", (file) => view.remove(file), { class: "danger quiet", title: "Delete (Del)" })),
      this.fields, this.versions.element);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  close() {
    this.element.hidden = true;
  }

  /** Show the data from the grid immediately, then the current data from the server. */
  async show(file, { focus = false } = {}) {
    const isOther = this.file?.fileId !== file.fileId || !this.isOpen;
    const isChanged = isOther || this.file.url !== file.url; // it contains the time of the last change
    this.file = file;
    this.element.hidden = false;
    if (isOther) this.versions.hide();
    if (isChanged) this.fill(file);
    if (focus) this.element.querySelector("button").focus();
    const isCurrent = () => this.file === file && this.isOpen;
    this.versions.show(file, isCurrent);
    const fresh = await api.details(file.fileId).catch(() => null);
    if (fresh && isCurrent()) this.fields.replaceChildren(...fieldsOf(fresh));
  }

  fill(file) {
    this.title.textContent = file.name;
    this.transform.hidden = !isImage(file);
    this.fields.replaceChildren(...fieldsOf(file));
    this.stage.replaceChildren();
    this.open.href = api.here(file.url);
    preview(file, this.stage, this.open, () => this.file === file);
  }
}

async function preview(file, stage, open, isCurrent) {
  open.hidden = !file.isPublished;
  if (!file.isPublished) return stage.replaceChildren(h("p", {}, "A draft is not delivered."));
  const [whole, shown] = await Promise.all(["", isImage(file) && file.mime !== "image/svg+xml" ? "w-800,h-800,c-at_max" : ""].map((steps) => api.urlHere(file, steps)));
  if (!isCurrent()) return;
  open.href = whole;
  if (file.mime.startsWith("video/")) stage.replaceChildren(h("video", { src: whole, controls: true, preload: "metadata" }));
  else if (isImage(file)) {
    const image = h("img", { src: shown, alt: file.name, onerror: () => image.replaceWith(h("p", {}, "The browser cannot show this picture.")) });
    stage.replaceChildren(image);
  } else stage.replaceChildren(icon("file"));
}

function fieldsOf(file) {
  const first = FIRST.filter((name) => name in file).map((name) => [name, file[name]]);
  const rest = Object.entries(file).filter(([name]) => !HIDDEN.has(name) && !FIRST.includes(name));
  return [...first, ...rest].map(([name, value]) =>
    h("div", {}, h("dt", {}, words(name)), h("dd", {}, renderValue(name, value))));
}

/** Return a JSON value in a readable form. */
function renderValue(name, value) {
  if (value === null || value === "") return h("span", { class: "none" }, "—");
  if (DATES.has(name)) return h("time", { datetime: value, title: value }, moment(value));
  if (name === "size") return h("span", { title: `${value} bytes` }, bytes(value));
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return h("ul", {}, value.map((each) => h("li", {}, renderValue("", each))));
  if (typeof value === "object") {
    const entries = Object.entries(value);
    if (!entries.length) return h("span", { class: "none" }, "—");
    return h("dl", {}, entries.map(([key, each]) => h("div", {}, h("dt", {}, key), h("dd", {}, renderValue("", each)))));
  }
  return String(value);
}
