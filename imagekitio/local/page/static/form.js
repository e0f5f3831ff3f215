// The steps of a transformation, as text and as a form that edits the last step.

import { choice, h } from "./dom.js";
import { EXAMPLES, FIELDS, isPlain, readField, writeField } from "./steps.js";

export class StepsForm {
  /** `onChange` is called after every change. */
  constructor(onChange) {
    this.onChange = onChange;
    this.text = h("textarea", {
      rows: 2, spellcheck: "false", autocomplete: "off", "aria-label": "Transformation", placeholder: "w-400,h-300", oninput: () => this.onText(),
    });
    this.controls = FIELDS.map((field) => [field, controlOf(field, (value) => this.onField(field, value))]);
    this.fields = h("fieldset", {}, this.controls.map(([field, input]) =>
      field.flag ? h("label", { class: "check" }, input, field.label) : h("label", {}, field.label, input)));
    this.hint = h("p", { class: "hint", hidden: true }, "Layers and conditions can be edited only as text.");
    this.elements = [
      h("div", { class: "chips", role: "group", "aria-label": "Examples" }, Object.entries(EXAMPLES).map(([name, steps]) =>
        h("button", { onclick: () => this.set(steps) }, name))),
      this.text, this.hint,
      h("div", { class: "actions" },
        h("button", { onclick: () => this.addStep() }, "Add step"),
        h("button", { onclick: () => this.set("") }, "Clear")),
      h("details", { open: matchMedia("(min-width: 861px)").matches }, h("summary", {}, "Fields of the last step"), this.fields),
    ];
  }

  get steps() {
    return this.text.value.trim().replace(/^tr[:=]/, "").replace(/:+$/, "");
  }

  set(steps) {
    this.text.value = steps;
    this.onText();
  }

  focus() {
    this.text.focus();
    this.text.select();
  }

  addStep() {
    if (this.text.value && !this.text.value.endsWith(":")) this.text.value += ":";
    this.showFields();
    this.controls[0][1].focus();
  }

  onText() {
    this.showFields();
    this.onChange();
  }

  onField(field, value) {
    this.text.value = writeField(field, this.text.value, value);
    this.onChange();
  }

  showFields() {
    const isForm = isPlain(this.text.value);
    this.fields.disabled = !isForm;
    this.hint.hidden = isForm;
    for (const [field, input] of this.controls) {
      const value = isForm ? readField(field, this.text.value) : "";
      if (field.flag) input.checked = value === true;
      else {
        // A value that the form does not offer is kept and shown unchanged.
        if (field.options && value && ![...input.options].some((option) => option.value === value)) input.append(h("option", { value }, value));
        input.value = value;
      }
    }
  }
}

function controlOf(field, onChange) {
  if (field.flag) return h("input", { type: "checkbox", onchange: (event) => onChange(event.target.checked) });
  if (field.options) return choice({ "": "–", ...field.options }, { onchange: (event) => onChange(event.target.value) });
  const { type, placeholder, min, max } = field;
  return h("input", { type, placeholder, min, max, autocomplete: "off", spellcheck: "false", oninput: (event) => onChange(event.target.value.trim()) });
}
