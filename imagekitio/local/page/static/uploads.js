// Uploads by drag and drop or by button: a queue with the progress of each file.

import * as api from "./api.js";
import { $, h, icon } from "./dom.js";

const AT_ONCE = 3;

export class Uploads {
  /** `target` returns the folder to upload into, `done` is called when the queue is empty. */
  constructor({ target, done }) {
    Object.assign(this, { target, done, waiting: [], running: 0, failed: 0 });
    this.list = h("ul");
    this.title = h("h2", { "aria-live": "polite" });
    this.box = $("#uploads");
    this.box.append(
      h("div", { class: "head" }, this.title, h("button", { class: "quiet", "aria-label": "Close uploads", onclick: () => this.close() }, icon("close"))),
      this.list);
    $("#pick").addEventListener("change", ({ target: input }) => {
      this.add([...input.files].map((file) => ({ file, folder: this.target() })));
      input.value = ""; // so that the same file can be chosen again
    });
    this.acceptDrops();
  }

  close() {
    this.box.hidden = true;
    this.list.querySelectorAll("[data-state]").forEach((row) => row.remove());
  }

  add(items) {
    for (const item of items) {
      item.bar = h("progress", { max: 1, value: 0, "aria-label": `Progress of ${item.file.name}` });
      item.state = h("span", { class: "state" }, "waiting");
      item.row = h("li", {}, h("span", { class: "name" }, item.file.name), item.state, item.bar);
      this.list.append(item.row);
      this.waiting.push(item);
    }
    this.box.hidden = !items.length && this.box.hidden;
    this.next();
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
    const left = this.running + this.waiting.length;
    const failed = this.failed ? `, ${this.failed} failed` : "";
    this.title.textContent = left ? `Uploading ${left} ${left === 1 ? "file" : "files"}${failed}` : `Uploads done${failed}`;
  }

  async send(item) {
    this.running += 1;
    item.row.scrollIntoView({ block: "nearest" });
    const progress = (share) => {
      item.bar.value = share;
      item.state.textContent = share < 1 ? `${Math.floor(share * 100)} %` : "storing";
    };
    try {
      await api.upload(item.file, item.folder, progress);
      item.bar.value = 1;
      item.state.textContent = "done";
      item.row.dataset.state = "done";
    } catch (refusal) {
      this.failed += 1;
      item.state.textContent = refusal.message;
      item.row.dataset.state = "failed";
    }
    this.running -= 1;
    this.next();
    if (!this.running) {
      this.failed = 0;
      this.done();
    }
  }

  acceptDrops() {
    const overlay = $("#drop");
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      $("strong", overlay).textContent = this.target();
      overlay.hidden = false;
    });
    addEventListener("dragleave", (event) => (overlay.hidden ||= event.relatedTarget === null));
    addEventListener("drop", async (event) => {
      overlay.hidden = true;
      if (!hasFiles(event)) return;
      event.preventDefault();
      const folder = this.target();
      // Entries know about folders, but only files dropped by a person have entries.
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.());
      if (entries.every((entry) => !entry?.isDirectory)) {
        return this.add([...event.dataTransfer.files].map((file) => ({ file, folder })));
      }
      for (const entry of entries) this.add(await filesIn(entry, folder));
    });
  }
}

/** Return all files in a dropped entry, each with its target folder. */
async function filesIn(entry, folder) {
  if (entry.isFile) {
    return [{ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), folder }];
  }
  const reader = entry.createReader(), found = [];
  const inner = `${folder === "/" ? "" : folder}/${entry.name}`;
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // a hundred at a time
    if (!some.length) return found;
    for (const each of some) found.push(...(await filesIn(each, inner)));
  }
}
