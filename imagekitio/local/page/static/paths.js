// Paths of files and folders: their addresses in the page, their parts and the order of names.

/** Return the address of a folder, with one of its files selected. */
export const folderHash = (path, select = "") => `#/files${encodeURI(path)}${select && `?${encodeURI(select)}`}`;
export const transformHash = (path) => `#/transform${encodeURI(path)}`;
export const parentOf = (path) => path.slice(0, path.lastIndexOf("/")) || "/";
export const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);
export const isFolder = (item) => item.type === "folder";
export const isImage = (item) => item.mime?.startsWith("image/") ?? false;
export const pathOf = (item) => (isFolder(item) ? item.folderPath : item.filePath);

// The order that people expect: a2 before a10, B between a and c, é next to e.
const { compare } = new Intl.Collator(undefined, { numeric: true });
export const byName = (one, other) => compare(one.name, other.name);
