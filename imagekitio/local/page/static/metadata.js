// Controls for custom metadata: one for each field of the account, depending on its type.

import { choice, h } from "./dom.js";
import { withLabel } from "./dialog.js";

const text = (value, props) => h("input", { type: "text", value: value ?? "", spellcheck: "false", ...props });
const orNull = (value) => (value.trim() === "" ? null : value);

/** Make a select of values of any type, which it refers to by position. */
function selectOf(options, labels, value) {
  const control = choice({ "": "–", ...labels }, {});
  control.value = options.includes(value) ? String(options.indexOf(value)) : "";
  return { control, read: () => (control.value === "" ? null : options[control.value]) };
}

/** The types of fields, each with a function that makes its control and a reader; null means no value. */
const EDITORS = {
  Text: (value) => {
    const control = text(value);
    return { control, read: () => orNull(control.value) };
  },
  Textarea: (value) => {
    const control = h("textarea", { rows: 3, value: value ?? "" });
    return { control, read: () => orNull(control.value) };
  },
  Number: (value) => {
    const control = text(value, { inputmode: "decimal" });
    // Text that is not a number is sent unchanged, so that the server reports the error.
    return { control, read: () => orNull(control.value) && (Number.isFinite(Number(control.value)) ? Number(control.value) : control.value) };
  },
  Date: (value) => {
    const control = text(value, { placeholder: "2030-01-31T12:00:00Z" });
    return { control, read: () => orNull(control.value) };
  },
  Boolean: (value) => selectOf([true, false], ["yes", "no"], value),
  SingleSelect: (value, { selectOptions }) => selectOf(selectOptions, selectOptions.map(String), value),
  MultiSelect: (value, { selectOptions }, label) => {
    const boxes = selectOptions.map((option) => h("input", { type: "checkbox", checked: value?.includes(option) ?? false }));
    const read = () => selectOptions.filter((_, index) => boxes[index].checked);
    const element = h("fieldset", {}, h("legend", {}, label), boxes.map((box, index) =>
      h("label", { class: "check" }, box, String(selectOptions[index]))));
    return { element, read: () => (read().length ? read() : null) };
  },
};

/** Return the controls for the custom metadata of a file, and a function that returns the changes. */
export function metadataEditors(fields, values) {
  const editors = fields.map(({ name, label, schema }) => {
    const { control, element, read } = EDITORS[schema.type](values[name], schema, label);
    return { name, element: element ?? withLabel(label, control), read, before: JSON.stringify(read()) };
  });
  return {
    elements: editors.map(({ element }) => element),
    changes: () => Object.fromEntries(
      editors.filter(({ read, before }) => JSON.stringify(read()) !== before).map(({ name, read }) => [name, read()])),
  };
}
