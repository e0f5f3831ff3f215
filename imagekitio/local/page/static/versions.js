// The versions of a file, below its details, to open, restore or delete.

import * as api from "./api.js";
import { removeVersion } from "./actions.js";
import { bytes, h, moment, say } from "./dom.js";

export class Versions {
  /** `onChange` is called after a version was restored or deleted. */
  constructor(onChange) {
    this.onChange = onChange;
    this.title = h("h3", { tabindex: -1 }, "Versions");
    this.list = h("ul");
    this.element = h("div", { class: "versions", hidden: true }, this.title, this.list);
  }

  hide() {
    this.element.hidden = true;
  }

  async show(file, isCurrent) {
    const found = await api.versions(file.fileId).catch(() => []);
    if (!isCurrent()) return;
    this.list.replaceChildren(...found.map((version) => this.row(version)));
    this.element.hidden = !found.length;
  }

  row(version) {
    const { id, name } = version.versionInfo;
    const named = (action) => ({ "aria-label": `${action} ${name}` });
    const open = h("a", { class: "button", target: "_blank", rel: "noopener", ...named("Open") }, "Open");
    api.urlHere(version).then((url) => (open.href = url), () => open.remove());
    const isCurrent = version.type === "file";
    return h("li", {},
      h("div", {},
        h("strong", {}, name), isCurrent ? [" ", h("span", { class: "badge" }, "current")] : null,
        h("span", { class: "meta" }, `${moment(version.updatedAt)} · ${bytes(version.size)}`)),
      version.isPublished ? open : null,
      isCurrent ? null : [
        h("button", { ...named("Restore"), onclick: () => this.restore(version, id, name) }, "Restore"),
        h("button", { class: "danger quiet", ...named("Delete"), onclick: () => this.remove(version) }, "Delete")]);
  }

  async restore(version, id, name) {
    try {
      await api.restoreVersion(version.fileId, id);
      say(`${name} is the current version again`);
    } catch (refusal) {
      say(refusal.message);
    }
    this.refresh();
  }

  async remove(version) {
    if (await removeVersion(version)) this.refresh();
  }

  refresh() {
    this.title.focus(); // the buttons are replaced
    this.onChange();
  }
}
