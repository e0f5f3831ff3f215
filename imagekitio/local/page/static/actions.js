// The actions on files and folders, with their dialogs. Each returns whether it was carried out.

import * as api from "./api.js";
import { ask, withLabel } from "./dialog.js";
import { h, say } from "./dom.js";
import { metadataEditors } from "./metadata.js";
import { isFolder, nameOf, parentOf, pathOf } from "./paths.js";

const textInput = (value, props = {}) => h("input", { type: "text", value, spellcheck: "false", ...props });

async function askAndSay(question, done) {
  const isDone = await ask(question);
  if (isDone) say(done);
  return isDone;
}

export function createFolder(parent) {
  const name = textInput("");
  return askAndSay({
    title: "New folder", text: `In ${parent}`, fields: [withLabel("Name", name)], action: "Create",
    submit: () => api.createFolder(name.value.trim(), parent),
  }, "The folder was created");
}

export function rename(file) {
  const name = textInput(file.name);
  const isDone = askAndSay({
    title: `Rename ${file.name}`, fields: [withLabel("New name", name)], action: "Rename",
    submit: () => api.rename(file.filePath, name.value.trim()),
  }, `Renamed ${file.name}`);
  name.setSelectionRange(0, file.name.includes(".", 1) ? file.name.lastIndexOf(".") : file.name.length);
  return isDone;
}

export async function move(file) {
  const folders = await api.list({ type: "folder", sort: "ASC_NAME" }).catch(() => []); // only to choose from
  const target = textInput(parentOf(file.filePath), { list: "folders" });
  const choices = h("datalist", { id: "folders" }, ["/", ...folders.map(pathOf)].map((value) => h("option", { value })));
  return askAndSay({
    title: `Move ${file.name}`,
    text: "If that folder has a file of the same name, this one becomes its newest version.",
    fields: [withLabel("To folder", target), choices], action: "Move",
    submit: () => api.move(file.filePath, target.value.trim()),
  }, `Moved ${file.name}`);
}

export function remove(item) {
  return askAndSay({
    title: `Delete ${pathOf(item)}?`,
    text: `${isFolder(item) ? "Everything in the folder is deleted with it." : "All its versions are deleted."} This cannot be undone.`,
    action: "Delete", danger: true,
    submit: () => (isFolder(item) ? api.removeFolder(item.folderPath) : api.removeFile(item.fileId)),
  }, `Deleted ${item.name}`);
}

export function removeVersion(version) {
  const { id, name } = version.versionInfo;
  return askAndSay({
    title: `Delete ${name}?`, text: `It is a version of ${version.filePath}. This cannot be undone.`, action: "Delete", danger: true,
    submit: () => api.removeVersion(version.fileId, id),
  }, `Deleted ${name}`);
}

/** Edit tags, description, coordinates and custom metadata; only what was changed is sent. */
export async function edit({ fileId }) {
  let file, fields;
  try {
    [file, fields] = await Promise.all([api.details(fileId), api.metadataFields()]);
  } catch (refusal) {
    say(refusal.message);
    return false;
  }
  const tags = h("textarea", { rows: 3, value: (file.tags ?? []).join("\n"), spellcheck: "false" });
  const description = h("textarea", { rows: 2, value: file.description ?? "" });
  const coordinates = textInput(file.customCoordinates ?? "", { placeholder: "10,10,200,100" });
  const metadata = metadataEditors(fields, file.customMetadata);
  const readers = {
    tags: () => tags.value.split("\n").map((tag) => tag.trim()).filter(Boolean),
    description: () => description.value.trim() || null,
    customCoordinates: () => coordinates.value.trim() || null,
  };
  const before = Object.fromEntries(Object.entries(readers).map(([name, read]) => [name, JSON.stringify(read())]));
  const changes = () => {
    const changed = Object.entries(readers).filter(([name, read]) => JSON.stringify(read()) !== before[name]);
    const found = Object.fromEntries(changed.map(([name, read]) => [name, read()]));
    const customMetadata = metadata.changes();
    return Object.keys(customMetadata).length ? { ...found, customMetadata } : found;
  };
  return askAndSay({
    title: `Edit ${nameOf(file.filePath)}`,
    fields: [
      withLabel("Tags", tags, "One per line"),
      withLabel("Description", description),
      withLabel("Custom coordinates", coordinates, "x, y, width and height in pixels"),
      ...metadata.elements],
    action: "Save",
    submit: () => api.update(fileId, changes()),
  }, "Saved");
}
