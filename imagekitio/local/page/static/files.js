// The files view: folders and files as a grid, with search and the details of what is selected.

import * as api from "./api.js";
import { Details } from "./details.js";
import { $, ask, bytes, choice, copy, h, icon, say } from "./dom.js";

const PAGE_SIZE = 200;
const THUMBNAIL = "w-400,h-300,c-at_max";
const SORTS = { ASC_NAME: "Name", DESC_UPDATED: "Newest", DESC_SIZE: "Largest" };
const PLAIN_WORDS = /^[\p{L}\p{N}_. -]+$/u;

/** The address of a folder, with one of its files selected. */
export const folderHash = (path, select = "") => `#/files${encodeURI(path)}${select && `?${encodeURI(select)}`}`;
export const parentOf = (path) => path.slice(0, path.lastIndexOf("/")) || "/";
export const pathOf = (item) => (item.type === "folder" ? item.folderPath : item.filePath);

let sort = "ASC_NAME";

export class FilesView {
  /** Show a folder, or what a search finds. */
  constructor(root, { folder = "/", search = "", select = null, focus = false }) {
    Object.assign(this, { folder, search, selectLater: select, items: [], selected: null });
    this.grid = h("ul", { class: "grid", role: "listbox", "aria-label": search ? "Results" : "Files and folders" });
    this.grid.addEventListener("keydown", (event) => this.onKey(event));
    this.note = h("div", { class: "note" });
    this.more = h("button", { hidden: true, onclick: () => this.load() }, "Load more");
    this.details = new Details(this);
    const sorts = choice(SORTS, { "aria-label": "Sort by", onchange: () => this.sortBy(sorts.value) });
    sorts.value = sort;
    root.replaceChildren(
      h("div", { class: "files" },
        h("section", { class: "browser", "aria-label": "Browser" },
          h("div", { class: "toolbar" }, this.breadcrumb(), sorts,
            h("button", { onclick: () => this.newFolder(), title: "New folder (N)", hidden: Boolean(search) }, "New folder"),
            h("button", { class: "primary", onclick: () => $("#pick").click(), title: "Upload files (U)" }, "Upload")),
          this.note, this.grid, this.more),
        this.details.element));
    this.load(focus || select !== null);
  }

  breadcrumb() {
    if (this.search) return h("h1", { class: "breadcrumb" }, "Search results");
    const parts = this.folder.split("/").filter(Boolean);
    const crumbs = [["All files", "/"], ...parts.map((name, index) => [name, "/" + parts.slice(0, index + 1).join("/")])];
    return h("nav", { class: "breadcrumb", "aria-label": "Folder" },
      h("ol", {}, crumbs.map(([name, path], index) =>
        h("li", {}, h("a", { href: folderHash(path), "aria-current": index === crumbs.length - 1 && "page" }, name)))));
  }

  async load(focus = false) {
    const query = { sort, skip: this.items.length, limit: PAGE_SIZE };
    if (this.search) query.searchQuery = queryOf(this.search);
    else Object.assign(query, { type: "all", path: this.folder });
    this.showError(null);
    const { items } = this;
    let found;
    try {
      found = await api.list(query);
    } catch (refusal) {
      return this.showError(refusal);
    }
    if (items !== this.items) return; // loaded again meanwhile
    // The API sorts files and folders as one list.
    if (!this.search) found.sort((a, b) => (b.type === "folder") - (a.type === "folder"));
    this.items.push(...found);
    this.grid.append(...found.map((item) => this.tile(item)));
    this.more.hidden = found.length < PAGE_SIZE;
    if (!this.items.length) this.note.replaceChildren(this.empty());
    else if (this.search) this.note.replaceChildren(`${this.items.length}${this.more.hidden ? "" : "+"} found`);
    const wanted = this.items.findIndex((item) => pathOf(item) === this.selectLater);
    this.selectLater = null;
    if (!this.selected && this.items.length) this.select(Math.max(wanted, 0), { focus, open: false });
  }

  /** Load again, and keep the selection where it can be kept. */
  async reload(focus = false) {
    this.selectLater ??= this.selected && pathOf(this.selected);
    this.items = [];
    this.selected = null;
    this.grid.replaceChildren();
    this.note.replaceChildren();
    await this.load(focus);
    if (!this.selected || this.selected.type === "folder") this.details.close();
    else if (this.details.isOpen) this.details.show(this.selected);
  }

  sortBy(value) {
    sort = value;
    this.reload();
  }

  empty() {
    return this.search
      ? h("p", { class: "empty" }, "Nothing found.")
      : h("p", { class: "empty" }, h("strong", {}, "This folder is empty."), h("br"), "Drop files anywhere, or press ", h("kbd", {}, "U"), ".");
  }

  showError(refusal) {
    const input = $("#search input");
    input.removeAttribute("aria-invalid");
    this.note.replaceChildren();
    if (!refusal) return;
    const mistake = refusal.errors.searchQuery;
    const box = h("div", { id: "search-error", class: "error", role: "alert" }, mistake ?? refusal.message);
    const position = mistake?.match(/\(at character (\d+)\)$/)?.[1];
    if (position !== undefined) {
      const characters = [...queryOf(this.search)], at = Number(position); // as the server counts them
      box.append(h("pre", {}, characters.slice(0, at).join(""), h("mark", {}, characters[at] ?? " "), characters.slice(at + 1).join("")));
      input.setAttribute("aria-invalid", "true");
    }
    this.note.replaceChildren(box);
  }

  tile(item) {
    const isFolder = item.type === "folder";
    const meta = isFolder ? "Folder" : [item.width && `${item.width} × ${item.height}`, bytes(item.size)].filter(Boolean).join(" · ");
    const picture = h("div", { class: "picture" }, icon(isFolder ? "folder" : "file"));
    if (item.isPublished && item.mime.startsWith("image/")) this.fillPicture(picture, item);
    const badges = isFolder ? [] : [item.isPrivateFile && "private", !item.isPublished && "draft"].filter(Boolean);
    return h("li", {
      role: "option", tabindex: -1, "aria-selected": "false", title: item.name,
      onclick: (event) => this.select([...this.grid.children].indexOf(event.currentTarget), { open: !isFolder }),
      ondblclick: () => this.open(item),
    },
      picture,
      h("span", { class: "name" }, item.name),
      h("span", { class: "meta" }, this.search ? `${parentOf(pathOf(item))} · ${meta}` : meta, badges.map((text) => h("span", { class: "badge" }, text))));
  }

  async fillPicture(picture, item) {
    const src = await api.urlHere(item, THUMBNAIL).catch(() => null);
    if (!src) return;
    const image = h("img", { src, alt: "", loading: "lazy", decoding: "async", onerror: () => image.replaceWith(icon("file")) });
    picture.replaceChildren(image);
  }

  select(index, { focus = true, open = false } = {}) {
    const tiles = this.grid.children;
    index = Math.min(Math.max(index, 0), tiles.length - 1);
    for (const tile of tiles) if (tile.tabIndex === 0) Object.assign(tile, { tabIndex: -1, ariaSelected: "false" });
    Object.assign(tiles[index], { tabIndex: 0, ariaSelected: "true" });
    if (focus) tiles[index].focus();
    this.selected = this.items[index];
    if (this.selected.type === "folder") {
      this.details.close();
      if (open) this.open(this.selected);
    } else if (open || this.details.isOpen) this.details.show(this.selected);
  }

  open(item) {
    if (item.type === "folder") location.hash = folderHash(item.folderPath);
    else this.details.show(item, { focus: true });
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const tiles = [...this.grid.children], index = tiles.indexOf(document.activeElement);
    if (index < 0) return;
    const columns = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
    const below = index + columns < tiles.length ? index + columns : tiles.length - 1;
    const next = {
      ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tiles.length - 1,
      ArrowDown: below, ArrowUp: index >= columns ? index - columns : index,
    }[event.key];
    if (next !== undefined) this.select(next);
    else if (event.key === "Enter" || event.key === " ") this.open(this.items[index]);
    else return;
    event.preventDefault();
  }

  /** A key that was pressed anywhere in the view; whether it means something. */
  onShortcut(key) {
    const file = this.selected?.type === "folder" ? null : this.selected;
    if (key === "u") $("#pick").click();
    else if (key === "n" && !this.search) this.newFolder();
    else if (key === "t" && file) this.transform(file);
    else if (key === "c" && file) this.copyUrl(file);
    else if (key === "delete" && this.selected) this.remove(this.selected);
    else if (key === "escape" && this.details.isOpen) this.closeDetails();
    else if (key === "backspace" && this.folder !== "/" && !this.search) location.hash = folderHash(parentOf(this.folder), this.folder);
    else return false;
    return true;
  }

  closeDetails() {
    this.details.close();
    this.grid.querySelector("[aria-selected=true]")?.focus();
  }

  transform(file) {
    location.hash = `#/transform${encodeURI(file.filePath)}`;
  }

  async copyUrl(file) {
    await copy((await api.link({ path: file.filePath, signed: file.isPrivateFile })).url, "the URL");
  }

  async newFolder() {
    const name = await ask({ title: "New folder", text: `In ${this.folder}`, initial: "", action: "Create" });
    if (!name?.trim()) return;
    await attempt(() => api.createFolder(name.trim(), this.folder), "The folder was created");
    this.reload();
  }

  async remove(item) {
    const isFolder = item.type === "folder";
    const text = isFolder ? "Everything in the folder is deleted with it. This cannot be undone." : "All its versions are deleted. This cannot be undone.";
    if ((await ask({ title: `Delete ${pathOf(item)}?`, text, action: "Delete", danger: true })) === null) return;
    await attempt(() => (isFolder ? api.removeFolder(item.folderPath) : api.removeFile(item.fileId)), `Deleted ${item.name}`);
    const index = this.items.indexOf(item);
    const neighbour = this.items[index + 1] ?? this.items[index - 1];
    this.selectLater = neighbour ? pathOf(neighbour) : "";
    this.reload(true);
  }
}

async function attempt(action, done) {
  try {
    await action();
    say(done);
  } catch (refusal) {
    say(refusal.message);
  }
}

/** Plain words look for names that have them; everything else is the search language. */
const queryOf = (text) => (PLAIN_WORDS.test(text) ? `name HAS "${text}"` : text);
