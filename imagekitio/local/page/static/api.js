// What the page asks of the server: the API through its own gateway, links, and the last requests.

const meta = (name) => document.querySelector(`meta[name=local-${name}]`).content;
const HEADERS = { "X-Local-Page": meta("token") };
const ROOT = "/_local/page";

export class Refusal extends Error {
  constructor(status, body) {
    super(body?.message ?? `The server answered ${status}.`);
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
    throw new Refusal(0, { message: "Local ImageKit does not answer. Is it still running?" });
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
}

export const list = (query) => ask("GET", `/api/v1/files?${new URLSearchParams(query)}`);
export const details = (id) => ask("GET", `/api/v1/files/${id}/details`);
export const removeFile = (id) => ask("DELETE", `/api/v1/files/${id}`);
export const removeFolder = (folderPath) => ask("DELETE", "/api/v1/folder", { folderPath });
export const createFolder = (folderName, parentFolderPath) =>
  ask("POST", "/api/v1/folder", { folderName, parentFolderPath });
export const link = (options) => ask("POST", "/link", options);
export const requestsAfter = (number) => ask("GET", `/requests?after=${number}`);

/** Upload into a folder under the file's own name; an older file of that name stays as a version. */
export function upload(file, folder, onProgress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("file", file, file.name);
    for (const [name, value] of Object.entries({ fileName: file.name, folder, useUniqueFileName: "false" })) {
      form.append(name, value);
    }
    const request = new XMLHttpRequest(); // fetch cannot tell how much it has sent
    request.open("POST", `${ROOT}/api/api/v1/files/upload`);
    request.setRequestHeader("X-Local-Page", HEADERS["X-Local-Page"]);
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () =>
      request.status === 200 ? resolve(request.response) : reject(new Refusal(request.status, request.response));
    request.onerror = () => reject(new Refusal(0, { message: "The connection ended." }));
    request.send(form);
  });
}

/** A delivery URL within this origin: the page may be open under another name than the URL endpoint has. */
export const here = (url) => meta("delivery") + url.slice(meta("endpoint").length);

/** Where the page can get a file; private ones need a signature. */
export async function urlHere(file, steps = "") {
  if (file.isPrivateFile) return here((await link({ path: file.filePath, steps, signed: true })).url);
  return here(file.url) + (steps && `&tr=${steps}`);
}
