// The dialog that asks for a confirmation or for values.

import { $, copyText, h, say } from "./dom.js";

/**
 * Ask, then call `submit`; return whether it succeeded. If `submit` throws an error, the dialog shows the reason and
 * stays open with everything that was typed.
 *
 * `fields` are elements of the form; the first control gets the focus.
 */
export function ask({ title, text = "", fields = [], action, danger = false, submit = () => {} }) {
  const dialog = $("#ask"), form = $("form", dialog), confirm = $("button[type=submit]", dialog), error = $(".error", dialog);
  const before = document.activeElement;
  $("h2", dialog).textContent = title;
  $("p", dialog).textContent = text;
  $(".fields", dialog).replaceChildren(...fields);
  confirm.textContent = action;
  confirm.className = danger ? "danger" : "primary";
  error.hidden = true;
  dialog.returnValue = "";
  dialog.showModal();
  const first = $(".fields :is(input, select, textarea)", dialog) ?? confirm;
  first.focus();
  if (first.matches("input")) first.select(); // so that typing replaces the value
  let isBusy = false;
  const cancel = () => isBusy || dialog.close();
  $("button[type=button]", dialog).onclick = cancel;
  dialog.oncancel = (event) => { // by Escape
    event.preventDefault();
    cancel();
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    try {
      await submit();
      dialog.close("done");
    } catch (refusal) {
      error.replaceChildren(...explain(refusal));
      error.hidden = false;
    } finally {
      isBusy = false;
    }
  };
  return new Promise((resolve) => {
    dialog.onclose = () => {
      before?.focus?.();
      resolve(dialog.returnValue === "done");
    };
  });
}

function explain(refusal) {
  const reasons = Object.entries(refusal.errors ?? {});
  const list = h("ul", {}, reasons.map(([name, reason]) => h("li", {}, `${name}: ${reason}`)));
  return reasons.length ? [refusal.message, list] : [refusal.message];
}

/** Return a control with its label above it. */
export const withLabel = (label, control, hint = "") =>
  h("label", {}, h("span", {}, label), control, hint ? h("small", {}, hint) : null);

export async function copy(text, what) {
  if (await copyText(text)) return say(`Copied ${what}`);
  // Over the network without https, a page may not use the clipboard; a dialog lets people copy the text.
  const input = h("input", { type: "text", value: text, readonly: true, "aria-label": what });
  await ask({ title: "Press Ctrl+C to copy", fields: [input], action: "Done" });
}
