// The page: the choice of the view and the global shortcuts.

import { ConnectView } from "./connect.js";
import { $, readable } from "./dom.js";
import { FilesView } from "./files.js";
import { RequestsView } from "./requests.js";
import { TransformView } from "./transform.js";
import { Uploads } from "./uploads.js";

const VIEWS = {
  files: (root, { rest, select, focus }) => new FilesView(root, { folder: `/${rest.split("/").filter(Boolean).join("/")}`, select, focus }),
  search: (root, { rest }) => new FilesView(root, { search: rest.slice(1), focus: true }),
  transform: (root, { rest }) => new TransformView(root, rest),
  requests: (root) => new RequestsView(root),
  connect: (root) => new ConnectView(root),
};
const TABS = ["files", "requests", "connect"];
const TO = { f: "#/files/", r: "#/requests", o: "#/connect" }; // by key

let view = null;

/** Show the view of the address: `#/files/a/b?/a/b/c.jpg` is the folder /a/b with that file selected. */
function show() {
  const [route, select] = location.hash.slice(1).split("?").map(readable);
  const [, requested, path] = route.match(/^\/(\w+)(.*)$/s) ?? [];
  const [name, rest] = Object.hasOwn(VIEWS, requested) ? [requested, path] : ["files", ""];
  const root = $("#view");
  const focus = root.contains(document.activeElement); // for keyboard users
  view?.close?.();
  view = VIEWS[name](root, { rest, select, focus });
  $("#search input").value = name === "search" ? rest.slice(1) : "";
  const current = TABS.includes(name) ? name : "files";
  for (const tab of TABS) {
    $(`#to-${tab}`).toggleAttribute("data-current", tab === current);
    $(`#to-${tab}`).ariaCurrent = tab === current ? "page" : null;
  }
  scrollTo(0, 0);
}

const uploads = new Uploads({
  target: () => (view instanceof FilesView && view.folder) || "/",
  done: () => view instanceof FilesView && view.reload(),
});

$("#search").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("#search input").value.trim();
  const hash = text ? `#/search/${encodeURIComponent(text)}` : "#/files/";
  if (location.hash === hash) show();
  else location.hash = hash;
});
$("#search input").addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.blur();
  $("#view [tabindex='0']")?.focus();
});
$("#help").addEventListener("click", () => $("#shortcuts").showModal());

addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input:not([type=checkbox]), textarea, select") && event.key !== "Escape";
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping || $("dialog[open]")) return;
  if (event.key === "/") $("#search input").focus();
  else if (event.key === "?") $("#shortcuts").showModal();
  else if (event.key in TO) location.hash = TO[event.key];
  else if (!view.onShortcut(event.key.toLowerCase())) {
    // The first arrow key moves the focus into the grid.
    const tile = $(".grid [tabindex='0']");
    if (!event.key.startsWith("Arrow") || !tile || event.target !== document.body) return;
    tile.focus();
  }
  event.preventDefault();
});
addEventListener("hashchange", show);
show();
