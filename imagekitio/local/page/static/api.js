// The page's requests to the server: the API through its own gateway, links and the latest requests.

import { nameOf, parentOf } from "./paths.js";

const meta = (name) => document.querySelector(`meta[name=local-${name}]`).content;
const HEADERS = { "X-Local-Page": meta("token") };
const ROOT = "/_local/page";

export class Refusal extends Error {
  constructor(status, body) {
    super(body?.message ?? `The server responded with status ${status}.`);
    this.status = status;
    this.errors = body?.errors ?? {};
  }
}

async function ask(method, path, body) {
  const options = { method, headers: { ...HEADERS } };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(ROOT + path, options);
  } catch {
    throw new Refusal(0, { message: "Local ImageKit does not respond. Is it still running?" });
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
}

const send = (method, path, body) => ask(method, `/api/v1${path}`, body);

export const list = (query) => send("GET", `/files?${new URLSearchParams(query)}`);
export const details = (id) => send("GET", `/files/${id}/details`);
export const update = (id, changes) => send("PATCH", `/files/${id}/details`, changes);
export const rename = (filePath, newFileName) => send("PUT", "/files/rename", { filePath, newFileName });
export const move = (sourceFilePath, destinationPath) => send("POST", "/files/move", { sourceFilePath, destinationPath });
export const removeFile = (id) => send("DELETE", `/files/${id}`);
export const versions = (id) => send("GET", `/files/${id}/versions`);
export const restoreVersion = (id, version) => send("PUT", `/files/${id}/versions/${version}/restore`);
export const removeVersion = (id, version) => send("DELETE", `/files/${id}/versions/${version}`);
export const removeFolder = (folderPath) => send("DELETE", "/folder", { folderPath });
export const createFolder = (folderName, parentFolderPath) => send("POST", "/folder", { folderName, parentFolderPath });
export const metadataFields = () => send("GET", "/customMetadataFields");
export const link = (options) => ask("POST", "/link", options);
export const requestsAfter = (number) => ask("GET", `/requests?after=${number}`);
export const connection = () => ask("GET", "/connection");

/** Return the file or folder at a path, or null. */
export async function find(type, path) {
  const [found] = await list({ type, path: parentOf(path), name: nameOf(path) });
  return found ?? null;
}

/** Upload into a folder under the file's own name; an existing file of that name becomes an older version. */
export function upload(file, folder, onProgress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("file", file, file.name);
    for (const [name, value] of Object.entries({ fileName: file.name, folder, useUniqueFileName: "false" })) {
      form.append(name, value);
    }
    const request = new XMLHttpRequest(); // fetch does not report the progress of an upload
    request.open("POST", `${ROOT}/api/api/v1/files/upload`);
    request.setRequestHeader("X-Local-Page", HEADERS["X-Local-Page"]);
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () =>
      request.status === 200 ? resolve(request.response) : reject(new Refusal(request.status, request.response));
    request.onerror = () => reject(new Refusal(0, { message: "The connection was closed." }));
    request.send(form);
  });
}

/** Return a delivery URL within this origin: the page may be open under another host name than the URL endpoint's. */
export const here = (url) => meta("delivery") + url.slice(meta("endpoint").length);

/** Return the URL at which the page can get a file or version; it is signed if the file is private. */
export async function urlHere(file, steps = "") {
  if (!file.isPrivateFile) return here(file.url) + (steps && `&tr=${steps}`);
  const version = new URL(file.url).searchParams.get("ik-obj-version");
  const path = version ? `${file.filePath}?ik-obj-version=${version}` : file.filePath;
  return here((await link({ path, steps, signed: true })).url);
}
