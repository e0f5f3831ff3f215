// The grid of folders and files: its tiles, the selection and the keyboard.

import * as api from "./api.js";
import { bytes, h, icon } from "./dom.js";
import { isFolder, isImage, parentOf, pathOf } from "./paths.js";

const THUMBNAIL = "w-400,h-300,c-at_max";

export class Grid {
  /** `onSelect` is called with the selected item and whether it was clicked, `onOpen` with the item to open. */
  constructor({ label, showFolders, onSelect, onOpen }) {
    Object.assign(this, { showFolders, onSelect, onOpen, items: [], selected: null });
    this.element = h("ul", { class: "grid", role: "listbox", "aria-label": label, onkeydown: (event) => this.onKey(event) });
  }

  clear() {
    this.items = [];
    this.selected = null;
    this.element.replaceChildren();
  }

  add(items) {
    this.items.push(...items);
    this.element.append(...items.map((item) => this.tile(item)));
    this.element.hidden = !this.items.length; // a list box must have options
  }

  tile(item) {
    const facts = isFolder(item) ? ["Folder"] : [item.width && `${item.width} × ${item.height}`, bytes(item.size)];
    if (this.showFolders) facts.unshift(parentOf(pathOf(item)));
    const badges = isFolder(item) ? [] : [item.isPrivateFile && "private", !item.isPublished && "draft"].filter(Boolean);
    const picture = h("div", { class: "picture" }, icon(isFolder(item) ? "folder" : "file"));
    if (item.isPublished && isImage(item)) fillPicture(picture, item);
    return h("li", {
      role: "option", tabindex: -1, "aria-selected": "false", title: item.name,
      onclick: (event) => this.onClick([...this.element.children].indexOf(event.currentTarget)),
      ondblclick: () => this.onOpen(item),
    },
      picture,
      h("span", { class: "name" }, item.name),
      h("span", { class: "meta" }, facts.filter(Boolean).join(" · "), badges.map((text) => h("span", { class: "badge" }, text))));
  }

  onClick(index) {
    this.select(index, { isClick: true });
    // There is no double click on touch screens.
    if (isFolder(this.selected) && matchMedia("(pointer: coarse)").matches) this.onOpen(this.selected);
  }

  select(index, { focus = true, isClick = false } = {}) {
    const tiles = this.element.children;
    index = Math.min(Math.max(index, 0), tiles.length - 1);
    for (const tile of tiles) if (tile.tabIndex === 0) Object.assign(tile, { tabIndex: -1, ariaSelected: "false" });
    Object.assign(tiles[index], { tabIndex: 0, ariaSelected: "true" });
    if (focus) tiles[index].focus();
    this.selected = this.items[index];
    this.onSelect(this.selected, isClick);
  }

  /** Return the item after another, or else the one before it. */
  neighbourOf(item) {
    const index = this.items.indexOf(item);
    return this.items[index + 1] ?? this.items[index - 1];
  }

  focus() {
    this.element.querySelector("[aria-selected=true]")?.focus();
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const tiles = [...this.element.children], index = tiles.indexOf(document.activeElement);
    if (index < 0) return;
    const columns = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
    const below = index + columns < tiles.length ? index + columns : tiles.length - 1;
    const next = {
      ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tiles.length - 1,
      ArrowDown: below, ArrowUp: index >= columns ? index - columns : index,
    }[event.key];
    if (next !== undefined) this.select(next);
    else if (event.key === "Enter" || event.key === " ") this.onOpen(this.items[index]);
    else return;
    event.preventDefault();
  }
}

async function fillPicture(picture, item) {
  const src = await api.urlHere(item, THUMBNAIL).catch(() => null);
  if (!src) return;
  const image = h("img", { src, alt: "", loading: "lazy", decoding: "async", onerror: () => image.replaceWith(icon("file")) });
  picture.replaceChildren(image);
}
