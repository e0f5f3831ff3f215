/* <imagekit-upload>: lets the file input inside it upload to ImageKit from the browser.
 *
 *   <imagekit-upload token-url="/upload-token/" max-files="5">
 *     <input type="file" name="photo" accept="image/*" multiple required>
 *   </imagekit-upload>
 *
 * Without JavaScript the input works as usual, and the form sends the file. With JavaScript, each chosen or dropped
 * file is uploaded immediately, and the form sends its id instead, in an input named `photo-id`, one for each file.
 *
 * `token-url` receives {"file_name", "size", "type"} as JSON and returns {"url", "fields"}, or {"message"} with a
 * status of 400 or more. It is called again for each attempt, because a token works once. The CSRF token comes from the
 * attribute `csrf-token`, an input `csrfmiddlewaretoken` or `csrf_token` of the form, or the cookie `csrftoken`, and is
 * sent in the header X-CSRFToken.
 *
 * Removing the element stops its uploads; moving it keeps them. A reloaded page starts empty. A page that the visitor
 * comes back to has the files that the browser kept, if any.
 *
 * A checkbox `photo-id` that is already inside represents a file that the server knows. All texts can be set as
 * attributes, such as `text-remove`; see TEXTS. A Content-Security-Policy needs `connect-src` for the upload host, and
 * `img-src blob:` for previews.
 */
(() => {
  "use strict";

  const TEXTS = {
    "text-drop": "You can also drop files here.",
    "text-cancel": "Cancel",
    "text-remove": "Remove",
    "text-retry": "Try again",
    "text-waiting": "Waiting",
    "text-uploading": "Uploading",
    "text-uploaded": "Uploaded",
    "text-removed": "Removed",
    "text-failed": "The upload failed. Please try again.",
    "text-refused": "The file was not accepted.",
    "text-too-many": "Too many files; allowed:",
    "text-submit-waiting": "The form will be sent when the uploads are complete.",
    "text-submit-failed": "Please remove the files that failed, or try again.",
  };
  const UPLOADS_AT_ONCE = 3;

  /** An error whose message is written for the visitor. */
  class Refusal extends Error {}

  /** Make an element with attributes and children. */
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  function formatSize(bytes) {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
    const language = document.documentElement.lang || undefined;
    return new Intl.NumberFormat(language, {
      style: "unit", unit: units[power], unitDisplay: power ? "short" : "long", maximumFractionDigits: 1,
    }).format(bytes / 1000 ** power);
  }

  /** The upload of one file, and its row in the list. */
  class Upload {
    constructor(element, file) {
      this.element = element;
      this.file = file;
      this.state = "waiting"; // then uploading; then uploaded or failed
      this.progress = make("progress", { max: 1, value: 0, "aria-label": file.name });
      this.message = make("span", { class: "imagekit-message" });
      this.retryButton = make("button", { type: "button" }, element.text("text-retry"));
      this.retryButton.setAttribute("aria-label", `${element.text("text-retry")}: ${file.name}`);
      this.retryButton.addEventListener("click", () => this.retry());
      this.removeButton = make("button", { type: "button" });
      this.removeButton.addEventListener("click", () => element.removeUpload(this));
      const details = make("span", { class: "imagekit-details" },
        make("span", { class: "imagekit-name" }, file.name), ` ${formatSize(file.size)}`);
      this.row = make("li", {}, details, this.progress, this.message, this.retryButton, this.removeButton);
      if (file.type.startsWith("image/")) this.showPreview();
      this.show("waiting");
    }

    showPreview() {
      this.previewUrl = URL.createObjectURL(this.file);
      const preview = make("img", { src: this.previewUrl, alt: "" });
      preview.addEventListener("error", () => preview.remove()); // a format that this browser cannot show
      this.row.prepend(preview);
    }

    show(state, message = "") {
      this.state = state;
      this.row.dataset.state = state;
      const failed = state === "failed";
      this.progress.hidden = failed || state === "uploaded";
      this.retryButton.hidden = !failed;
      const label = this.element.text(failed || state === "uploaded" ? "text-remove" : "text-cancel");
      this.removeButton.textContent = label;
      this.removeButton.setAttribute("aria-label", `${label}: ${this.file.name}`);
      this.message.toggleAttribute("role", false);
      if (failed) this.message.setAttribute("role", "alert"); // set before the text, so that the text is announced
      this.message.textContent = message || this.element.text(`text-${state}`);
    }

    async start() {
      this.show("uploading");
      this.progress.value = 0;
      this.abortion = new AbortController();
      const { signal } = this.abortion;
      try {
        const id = await this.send(await this.askForToken(signal), signal);
        if (signal.aborted) return;
        this.row.append(make("input", { type: "hidden", name: this.element.idName, value: id }));
        this.show("uploaded");
        this.element.announce(`${this.file.name}: ${this.element.text("text-uploaded")}`);
      } catch (error) {
        if (signal.aborted) return;
        this.show("failed", error instanceof Refusal ? error.message : this.element.text("text-failed"));
      }
    }

    async askForToken(signal) {
      const { name, size, type } = this.file;
      const answer = await fetch(this.element.getAttribute("token-url"), {
        method: "POST",
        headers: {
          Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": this.element.findCsrfToken(),
        },
        body: JSON.stringify({ file_name: name, size, type }),
        signal,
      });
      const body = await answer.json(); // fails for a login page, for example
      if (answer.ok) return body;
      throw typeof body.message === "string" ? new Refusal(body.message) : new Error(`status ${answer.status}`);
    }

    /** Send the file to the service; resolves to its id. XMLHttpRequest, because fetch reports no progress. */
    send({ url, fields }, signal) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append("file", this.file);
      return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.responseType = "json";
        request.upload.addEventListener("progress", (event) => {
          if (event.lengthComputable) this.progress.value = event.loaded / event.total;
        });
        request.addEventListener("load", () => {
          const id = request.response?.fileId;
          if (request.status === 200 && typeof id === "string") resolve(id);
          // The messages of the service are written for developers.
          else if (request.status === 400) reject(new Refusal(this.element.text("text-refused")));
          else reject(new Error(`status ${request.status}`));
        });
        for (const name of ["error", "abort"]) request.addEventListener(name, () => reject(new Error(name)));
        signal.addEventListener("abort", () => request.abort());
        request.open("POST", url);
        request.send(form);
      });
    }

    retry() {
      this.show("waiting");
      this.removeButton.focus(); // the button that had the focus is hidden
      this.element.update();
    }

    stop() {
      this.abortion?.abort();
      this.row.remove();
      if (this.previewUrl) URL.revokeObjectURL(this.previewUrl);
    }
  }

  class ImageKitUpload extends HTMLElement {
    connectedCallback() {
      if (this.listening && !this.listening.signal.aborted) return; // moved: its files and their uploads stay
      // While a page is parsed, an element is connected before it has its children.
      if (document.readyState === "loading") {
        document.addEventListener("DOMContentLoaded", () => this.isConnected && this.setUp(), { once: true });
      } else this.setUp();
    }

    disconnectedCallback() {
      queueMicrotask(() => this.isConnected || this.tearDown()); // later, because it may only have been moved
    }

    tearDown() {
      this.listening?.abort();
      for (const upload of this.uploads ?? []) upload.stop();
      this.uploads = [];
      this.releaseForm();
    }

    setUp() {
      this.input = this.querySelector("input[type=file]");
      if (!this.input || !this.hasAttribute("token-url")) return;
      this.listening?.abort();
      this.listening = new AbortController();
      // A formset copies one of its rows as HTML.
      for (const copied of this.querySelectorAll("[data-of-script]")) copied.remove();
      this.uploads = [];
      this.required = this.input.required;
      this.list = make("ul", { class: "imagekit-files", "data-of-script": "" });
      this.status = make("p", { class: "imagekit-status", role: "status", "data-of-script": "" });
      this.hint = make("span", { class: "imagekit-hint", "data-of-script": "" }, this.text("text-drop"));
      this.alert = make("p", { class: "imagekit-alert", role: "alert", "data-of-script": "" });
      this.input.after(this.hint);
      this.append(this.list, this.alert, this.status);
      this.listen(this.input, "change", () => this.addFiles());
      this.listen(this, "dragover", (event) => this.showDrop(event));
      this.listen(this, "dragleave", () => this.classList.remove("imagekit-over"));
      this.listen(this, "drop", (event) => this.drop(event));
      this.listen(this, "change", () => this.update());
      if (this.input.form) {
        this.listen(this.input.form, "submit", (event) => this.holdSubmit(event));
        this.listen(this.input.form, "reset", () => setTimeout(() => this.reset()));
      }
      this.classList.add("imagekit-ready");
      if (this.input.files.length) this.addFiles(); // chosen before this script ran
      this.update();
    }

    listen(target, name, listener) {
      target.addEventListener(name, listener, { signal: this.listening.signal });
    }

    text(name) {
      return this.getAttribute(name) ?? TEXTS[name];
    }

    // Read when needed, because a formset renames the inputs of a copied row.
    get idName() {
      return `${this.input.name}-id`;
    }

    /** The checkboxes of files that the server knows. */
    get known() {
      return [...this.querySelectorAll("input[type=checkbox]")].filter((box) => box.name === this.idName);
    }

    get maxFiles() {
      return this.input.multiple ? Number(this.getAttribute("max-files")) || Infinity : 1;
    }

    findCsrfToken() {
      const form = this.input.form;
      const input = form?.elements.namedItem("csrfmiddlewaretoken") ?? form?.elements.namedItem("csrf_token");
      const cookie = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
      return this.getAttribute("csrf-token") ?? input?.value ?? cookie?.slice("csrftoken=".length) ?? "";
    }

    addFiles() {
      const files = [...this.input.files];
      this.input.value = ""; // otherwise the form would send the files again
      this.alert.textContent = "";
      if (!files.length) return;
      if (!this.input.multiple) { // the new file replaces the old one
        for (const box of this.known) box.checked = false;
        for (const upload of [...this.uploads]) this.forget(upload);
      }
      const room = this.maxFiles - this.uploads.length - this.known.filter((box) => box.checked).length;
      if (files.length > room) this.alert.textContent = `${this.text("text-too-many")} ${this.maxFiles}`;
      for (const file of files.slice(0, Math.max(room, 0))) {
        const upload = new Upload(this, file);
        this.uploads.push(upload);
        this.list.append(upload.row);
      }
      this.update();
    }

    showDrop(event) {
      if (!event.dataTransfer.types.includes("Files") || this.input.matches(":disabled")) return;
      event.preventDefault();
      this.classList.add("imagekit-over");
    }

    drop(event) {
      this.classList.remove("imagekit-over");
      if (!event.dataTransfer.files.length || this.input.matches(":disabled")) return;
      event.preventDefault();
      const dropped = new DataTransfer();
      const files = [...event.dataTransfer.files];
      for (const file of this.input.multiple ? files : files.slice(0, 1)) dropped.items.add(file);
      this.input.files = dropped.files;
      this.addFiles();
    }

    removeUpload(upload) {
      this.forget(upload);
      this.announce(`${upload.file.name}: ${this.text("text-removed")}`);
      this.input.focus(); // the button that had the focus is gone
      this.update();
    }

    forget(upload) {
      upload.stop();
      this.uploads = this.uploads.filter((one) => one !== upload);
    }

    reset() {
      for (const upload of [...this.uploads]) this.forget(upload);
      this.takeHeldForm();
      this.alert.textContent = "";
      this.update();
    }

    /** Announce a text to screen readers; also show it if no row does. */
    announce(text, { seen = false } = {}) {
      this.status.classList.toggle("imagekit-unseen", !seen);
      this.status.textContent = text;
    }

    count(...states) {
      return this.uploads.filter((upload) => states.includes(upload.state)).length;
    }

    /** Start waiting uploads, and update the form to match the files. */
    update() {
      const startable = this.uploads.filter((upload) => upload.state === "waiting");
      for (const upload of startable.slice(0, Math.max(UPLOADS_AT_ONCE - this.count("uploading"), 0))) {
        upload.start().then(() => this.update());
      }
      this.input.required = this.required && !this.uploads.length && !this.known.some((box) => box.checked);
      if (!this.count("waiting", "uploading")) this.releaseForm();
    }

    /** Submit the form if it was held back for these files, unless one failed. */
    releaseForm() {
      const held = this.takeHeldForm();
      if (held?.form.isConnected && !this.count("failed")) held.form.requestSubmit(held.submitter);
    }

    /** Stop holding the form back, and return it with its submitter. */
    takeHeldForm() {
      const held = this.held;
      if (!held) return undefined;
      this.held = undefined;
      held.form.removeAttribute("aria-busy");
      this.announce("");
      return held;
    }

    /** Hold the form back until all files are uploaded. It is then submitted automatically. */
    holdSubmit(event) {
      if (event.defaultPrevented) return; // by another element, which submits it later
      if (this.count("failed")) {
        event.preventDefault();
        this.alert.textContent = this.text("text-submit-failed");
        this.uploads.find((upload) => upload.state === "failed").retryButton.focus();
      } else if (this.count("waiting", "uploading")) {
        event.preventDefault();
        // Keep the form too: a removed element no longer knows its form.
        this.held = { form: event.target, submitter: event.submitter };
        this.held.form.setAttribute("aria-busy", "true");
        this.announce(this.text("text-submit-waiting"), { seen: true });
      }
    }
  }

  if (!customElements.get("imagekit-upload")) customElements.define("imagekit-upload", ImageKitUpload);
})();
