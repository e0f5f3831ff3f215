// The files view: folders and files in a grid, with search and the details of the selected file.

import * as actions from "./actions.js";
import * as api from "./api.js";
import { Details } from "./details.js";
import { copy } from "./dialog.js";
import { $, choice, h } from "./dom.js";
import { Grid } from "./grid.js";
import { Listing } from "./listing.js";
import { folderHash, isFolder, isImage, nameOf, parentOf, pathOf, transformHash } from "./paths.js";

const PAGE_SIZE = 200;
const SORTS = { ASC_NAME: "Name", DESC_UPDATED: "Newest", DESC_SIZE: "Largest" };
const PLAIN_WORDS = /^[\p{L}\p{N}_. -]+$/u;

let sort = "ASC_NAME";

export class FilesView {
  /** Show a folder or the results of a search. */
  constructor(root, { folder = "/", search = "", select = null, focus = false }) {
    Object.assign(this, { folder, search, selectLater: select });
    this.grid = new Grid({
      label: search ? "Results" : "Files and folders", showFolders: Boolean(search),
      onSelect: (item, isClick) => this.onSelect(item, isClick), onOpen: (item) => this.open(item),
    });
    this.note = h("div", { class: "note" });
    this.more = h("button", { hidden: true, onclick: () => this.load() }, "Load more");
    this.details = new Details(this);
    const sorts = choice(SORTS, { "aria-label": "Sort by", onchange: () => this.sortBy(sorts.value) });
    sorts.value = sort;
    root.replaceChildren(
      h("div", { class: "files" },
        h("section", { class: "browser", "aria-label": "Browser" },
          h("div", { class: "toolbar" },
            h("h1", { class: search ? "breadcrumb" : "unseen" }, search ? "Search results" : nameOf(folder) || "All files"),
            this.breadcrumb(), sorts,
            h("button", { onclick: () => this.newFolder(), title: "New folder (N)", hidden: Boolean(search) }, "New folder"),
            h("button", { class: "primary", onclick: () => $("#pick").click(), title: "Upload files (U)" }, "Upload")),
          this.note, this.grid.element, this.more),
        this.details.element));
    this.reload(focus || select !== null);
  }

  breadcrumb() {
    if (this.search) return null;
    const parts = this.folder.split("/").filter(Boolean);
    const crumbs = [["All files", "/"], ...parts.map((name, index) => [name, "/" + parts.slice(0, index + 1).join("/")])];
    return h("nav", { class: "breadcrumb", "aria-label": "Folder" },
      h("ol", {}, crumbs.map(([name, path], index) =>
        h("li", {}, h("a", { href: folderHash(path), "aria-current": index === crumbs.length - 1 && "page" }, name)))));
  }

  /** Load again, and keep the selection if possible. */
  async reload(focus = false) {
    this.selectLater ??= this.grid.selected && pathOf(this.grid.selected);
    this.listing = new Listing(this.search ? { searchQuery: queryOf(this.search) } : { path: this.folder }, sort);
    await this.load({ isFirst: true, focus });
  }

  async load({ isFirst = false, focus = false } = {}) {
    const { listing, grid } = this;
    const slow = setTimeout(() => this.note.replaceChildren("Loading…"), 400);
    let found = [], note, refusal = null;
    try {
      found = await listing.next(PAGE_SIZE);
      note = found.length || !isFirst ? "" : await this.explainEmptiness();
    } catch (problem) {
      refusal = problem;
    }
    clearTimeout(slow);
    if (listing !== this.listing) return; // it was reloaded in the meantime
    if (isFirst) {
      focus ||= grid.element.contains(document.activeElement);
      grid.clear();
    }
    grid.add(found);
    this.more.hidden = !listing.hasMore;
    if (this.search && grid.items.length) note = `${grid.items.length}${listing.hasMore ? "+" : ""} found`;
    this.note.replaceChildren(refusal ? errorBox(refusal, this.search) : note);
    markSearch(Boolean(refusal?.errors.searchQuery));
    if (!isFirst) return;
    const wanted = grid.items.findIndex((item) => pathOf(item) === this.selectLater);
    this.selectLater = null;
    if (grid.items.length) grid.select(Math.max(wanted, 0), { focus });
    else this.details.close();
  }

  async explainEmptiness() {
    if (this.search) return h("p", { class: "empty" }, "Nothing found.");
    if (this.folder !== "/" && !(await api.find("folder", this.folder))) {
      return h("p", { class: "empty" },
        h("strong", {}, `There is no folder ${this.folder}.`), h("br"), "Upload files here to create it.", h("br"),
        h("a", { href: folderHash("/") }, "All files"));
    }
    return h("p", { class: "empty" },
      h("strong", {}, "This folder is empty."),
      h("span", { class: "keys" }, h("br"), "Drop files anywhere, or press ", h("kbd", {}, "U"), "."));
  }

  sortBy(value) {
    sort = value;
    this.reload();
  }

  onSelect(item, isClick) {
    if (isFolder(item)) this.details.close();
    else if (isClick || this.details.isOpen) this.details.show(item);
  }

  open(item) {
    if (isFolder(item)) location.hash = folderHash(item.folderPath);
    else this.details.show(item, { focus: true });
  }

  /** Handle a key pressed anywhere in the view; return whether it is a shortcut. */
  onShortcut(key) {
    const { selected } = this.grid;
    const file = selected && !isFolder(selected) ? selected : null;
    const keys = {
      u: () => $("#pick").click(),
      n: !this.search && (() => this.newFolder()),
      t: file && isImage(file) && (() => this.transform(file)),
      c: file && (() => this.copyUrl(file)),
      e: file && (() => this.edit(file)),
      m: file && (() => this.move(file)),
      f2: file && (() => this.rename(file)),
      delete: selected && (() => this.remove(selected)),
      escape: this.details.isOpen && (() => this.closeDetails()),
      backspace: this.folder !== "/" && !this.search && (() => (location.hash = folderHash(parentOf(this.folder), this.folder))),
    };
    if (!keys[key]) return false;
    keys[key]();
    return true;
  }

  closeDetails() {
    this.details.close();
    this.grid.focus();
  }

  transform(file) {
    location.hash = transformHash(file.filePath);
  }

  async copyUrl(file) {
    await copy((await api.link({ path: file.filePath, signed: file.isPrivateFile })).url, "the URL");
  }

  async newFolder() {
    if (await actions.createFolder(this.folder)) this.reload();
  }

  async edit(file) {
    if (await actions.edit(file)) this.reload();
  }

  async rename(file) {
    if (!(await actions.rename(file))) return;
    this.selectLater = (await api.details(file.fileId)).filePath; // the server may have replaced characters
    this.reload();
  }

  async move(file) {
    const neighbour = this.grid.neighbourOf(file);
    if (await actions.move(file)) this.leave(neighbour);
  }

  async remove(item) {
    const neighbour = this.grid.neighbourOf(item);
    if (await actions.remove(item)) this.leave(neighbour);
  }

  /** Reload after the selected item has gone, and select its neighbour. */
  leave(neighbour) {
    this.selectLater = neighbour ? pathOf(neighbour) : "";
    this.reload(true);
  }
}

function markSearch(isWrong) {
  const input = $("#search input");
  input.ariaInvalid = isWrong ? "true" : null;
  if (isWrong) input.setAttribute("aria-describedby", "search-error");
  else input.removeAttribute("aria-describedby");
}

/** Return a box with the error and its position in the query. */
function errorBox(refusal, search) {
  const mistake = refusal.errors.searchQuery;
  const box = h("div", { id: "search-error", class: "error", role: "alert" }, mistake ?? refusal.message);
  const position = mistake?.match(/\(at character (\d+)\)$/)?.[1];
  if (position !== undefined) {
    const characters = [...queryOf(search)], at = Number(position); // as the server counts them
    box.append(h("pre", {}, characters.slice(0, at).join(""), h("mark", {}, characters[at] ?? " "), characters.slice(at + 1).join("")));
  }
  return box;
}

/** Search names for plain words; anything else is the search language. */
const queryOf = (text) => (PLAIN_WORDS.test(text) ? `name HAS "${text}"` : text);
