// A delivered picture and its size.

import { bytes, h } from "./dom.js";

// Formats are negotiated: accept what the browser's <img> accepts.
const ACCEPT = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";

export class Pane {
  constructor(name) {
    this.name = name;
    this.caption = h("figcaption", {}, name);
    this.stage = h("div", { class: "stage" });
    this.element = h("figure", {}, this.stage, this.caption);
  }

  clear() {
    this.stage.replaceChildren();
    this.caption.replaceChildren(h("strong", {}, this.name));
  }

  /** Show the picture at a URL with its size; return its number of bytes. Throw an error with the server's message. */
  async load(url, comparedWith = null, isCurrent = () => true) {
    const response = await fetch(url, { headers: { Accept: ACCEPT }, cache: "no-cache" });
    if (!response.ok) throw new Error(reason(response, await response.text()));
    const blob = await response.blob();
    const before = await comparedWith;
    if (!isCurrent()) return blob.size;
    const type = blob.type.split(";")[0];
    const facts = [type.replace("image/", "").toUpperCase(), bytes(blob.size) + (before ? ` (${change(before, blob.size)})` : "")];
    const image = h("img", { alt: `${this.name} picture` });
    const caption = (...more) => this.caption.replaceChildren(h("strong", {}, this.name), " ", [...more, ...facts].join(" · "));
    caption();
    if (!type.startsWith("image/")) {
      this.stage.replaceChildren(h("p", {}, "This is not a picture; it is delivered unchanged."));
      return blob.size;
    }
    image.onload = () => {
      URL.revokeObjectURL(image.src);
      caption(`${image.naturalWidth} × ${image.naturalHeight}`);
    };
    image.onerror = () => this.stage.replaceChildren(h("p", {}, "The browser cannot show this picture."));
    // A blob has the origin of this page; an SVG is safer in the sandbox of its own URL.
    image.src = type === "image/svg+xml" ? url : URL.createObjectURL(blob);
    this.stage.replaceChildren(image);
    return blob.size;
  }
}

function reason(response, body) {
  const error = response.headers.get("ik-error");
  if (!error) return body || `The server responded with status ${response.status}.`;
  const words = decodeURIComponent(error).replace(/^[A-Z]+ - /, "");
  return `${response.status}: ${words[0].toUpperCase()}${words.slice(1)}.`;
}

function change(before, after) {
  const percent = Math.round((after / before - 1) * 100);
  return percent > 0 ? `+${percent} %` : percent < 0 ? `−${-percent} %` : "same size";
}
