// The requests view: the latest requests to the server, newest first.

import * as api from "./api.js";
import { breakable, h, readable } from "./dom.js";

const EVERY = 1000; // milliseconds
const MAX_ROWS = 500;

export class RequestsView {
  constructor(root) {
    this.last = 0;
    this.rows = h("tbody");
    this.filter = h("input", { type: "search", "aria-label": "Filter requests", placeholder: "Filter by path or method", oninput: () => this.refilter() });
    this.errorsOnly = h("input", { type: "checkbox", onchange: () => this.refilter() });
    this.live = h("input", { type: "checkbox", checked: true, onchange: () => this.poll() });
    this.note = h("p", { class: "empty" });
    root.replaceChildren(
      h("div", { class: "requests" },
        h("div", { class: "toolbar" }, h("h1", {}, "Requests"), this.filter,
          h("label", { class: "check" }, this.errorsOnly, "Errors only"),
          h("label", { class: "check" }, this.live, "Live")),
        h("table", {},
          h("thead", {}, h("tr", {}, ["Time", "Method", "Path", "Status", "Time taken"].map((title) => h("th", { scope: "col" }, title)))),
          this.rows),
        this.note));
    this.poll();
  }

  close() {
    clearTimeout(this.timer);
    this.isClosed = true;
  }

  async poll() {
    clearTimeout(this.timer);
    if (this.isClosed) return;
    if (this.live.checked && !document.hidden) {
      try {
        const entries = await api.requestsAfter(this.last);
        if (this.isClosed) return;
        for (const entry of entries) this.rows.prepend(this.row(entry));
        this.last = entries.at(-1)?.number ?? this.last;
        while (this.rows.children.length > MAX_ROWS) this.rows.lastChild.remove();
        this.problem = "";
      } catch (refusal) {
        this.problem = refusal.message;
      }
      this.showNote();
    }
    this.timer = setTimeout(() => this.poll(), EVERY);
  }

  row(entry) {
    const row = h("tr", { class: entry.status >= 500 || !entry.status ? "failed" : entry.status >= 400 ? "refused" : null },
      h("td", {}, h("time", { datetime: new Date(entry.at * 1000).toISOString() }, new Date(entry.at * 1000).toLocaleTimeString())),
      h("td", { class: "method" }, entry.method),
      h("td", { class: "path" }, h("span", {}, breakable(readable(entry.path))), entry.query ? h("span", { class: "query" }, breakable(`?${readable(entry.query)}`)) : null,
        entry.error ? h("p", {}, entry.error) : null),
      h("td", { class: "status" }, h("span", {}, entry.status || "cut")),
      h("td", { class: "milliseconds" }, `${entry.milliseconds} ms`));
    row.entry = entry;
    this.applyFilter(row);
    return row;
  }

  applyFilter(row) {
    const { method, path, query, status } = row.entry;
    const matches = readable(`${method} ${path}?${query}`).toLowerCase().includes(this.filter.value.trim().toLowerCase());
    row.hidden = !matches || (this.errorsOnly.checked && status > 0 && status < 400);
  }

  refilter() {
    for (const row of this.rows.children) this.applyFilter(row);
    this.showNote();
  }

  showNote() {
    const isEmpty = ![...this.rows.children].some((row) => !row.hidden);
    this.note.textContent = this.problem || (isEmpty ? "No requests yet. Requests from your application appear here; those from this page do not." : "");
  }

  onShortcut() {
    return false;
  }
}
