// Makes every call of npm's @imagekit/nodejs, installed in the working folder, and prints the outcomes as JSON.
// The environment variables below contain the address of local ImageKit and the keys.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const {
  DRIVER_BASE_URL: BASE_URL,
  DRIVER_URL_ENDPOINT: URL_ENDPOINT,
  DRIVER_PUBLIC_KEY: PUBLIC_KEY,
  DRIVER_PRIVATE_KEY: PRIVATE_KEY,
  DRIVER_INBOX: INBOX, // accepts webhooks by POST and lists them by GET
  DRIVER_PICTURE: PICTURE_PATH,
} = process.env;

const installed = createRequire(join(process.cwd(), "package.json"));
const { ImageKit, toFile } = installed("@imagekit/nodejs");
const { version } = JSON.parse(readFileSync(join(process.cwd(), "node_modules/@imagekit/nodejs/package.json")));

const PICTURE = readFileSync(PICTURE_PATH); // a JPEG of 64 x 48 pixels
const picture = () => toFile(PICTURE, "shoe.jpg");
const text = (content = "text") => toFile(Buffer.from(content), "a.txt");
const TAGGING = { name: "google-auto-tagging", maxTags: 5, minConfidence: 50 };

const isResource = (value) => value !== null && typeof value === "object" && "_client" in value;

/** Yields the dotted names of all methods of the resources below `part`. */
function* publicCalls(part, prefix = "") {
  if (prefix) {
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(part));
    yield* names.filter((name) => name !== "constructor" && !name.startsWith("_")).map((name) => prefix + name);
  }
  for (const [name, value] of Object.entries(part)) {
    if (!name.startsWith("_") && isResource(value)) yield* publicCalls(value, `${prefix}${name}.`);
  }
}

/**
 * A stand-in for a part of the client: it has the same calls, and records the outcome of each under its dotted name.
 * The first failure of a name is kept; "ok" means that every call of that name succeeded.
 */
function recorder(part, outcomes, prefix = "") {
  return new Proxy(part, {
    get(target, property) {
      const value = target[property];
      const name = prefix + String(property);
      if (isResource(value)) return recorder(value, outcomes, `${name}.`);
      if (typeof value !== "function") return value;
      const fail = (error) => {
        outcomes[name] = String(error);
        throw error;
      };
      const succeed = (answer) => {
        outcomes[name] ??= "ok";
        return answer;
      };
      return (...args) => {
        let answer;
        try {
          answer = value.apply(target, args);
        } catch (error) {
          return fail(error);
        }
        return typeof answer?.then === "function" ? answer.then(succeed, fail) : succeed(answer);
      };
    },
  });
}

// Each chapter starts with an empty account and is independent, so that one failure does not hide another.
const chapters = {
  async upload(ik) {
    await ik.customMetadataFields.create({ name: "price", label: "Price", schema: { type: "Number" } });
    const file = await ik.files.upload({
      file: await picture(),
      fileName: "shoe.jpg",
      folder: "/shop",
      useUniqueFileName: false,
      tags: ["shoe", "red"],
      isPrivateFile: false,
      isPublished: true,
      customCoordinates: "1,2,30,20",
      customMetadata: { price: 12.5 },
      description: "A red shoe",
      checks: '"file.size" < "1mb" AND "request.folder" : "shop"',
      extensions: [TAGGING],
      webhookUrl: INBOX,
      overwriteFile: true,
      overwriteTags: true,
      overwriteAITags: true,
      overwriteCustomMetadata: true,
      responseFields: ["tags", "customCoordinates", "isPrivateFile", "isPublished", "customMetadata", "metadata"],
      transformation: { pre: "w-40", post: [{ type: "transformation", value: "w-20" }] },
    });
    assert.equal(file.filePath, "/shop/shoe.jpg");
    assert.deepEqual([file.width, file.height, file.fileType], [40, 30, "image"]);
    assert.deepEqual([file.tags, file.customCoordinates, file.isPrivateFile], [["shoe", "red"], "1,2,30,20", false]);
    assert.deepEqual([file.customMetadata, file.description], [{ price: 12.5 }, "A red shoe"]);
    assert.deepEqual([file.isPublished, file.metadata.format], [true, "jpg"]);
    assert.equal(file.extensionStatus["google-auto-tagging"], "success");
    assert.equal((await fetchOk(file.url)).headers.get("content-type"), "image/jpeg");
  },

  async uploadV2(ik) {
    const file = await ik.beta.v2.files.upload({
      file: await picture(),
      fileName: "shoe.jpg",
      useUniqueFileName: true,
      tags: ["v2"],
      responseFields: ["tags"],
    });
    assert.notEqual(file.name, "shoe.jpg");
    assert.deepEqual(file.tags, ["v2"]);
  },

  async details(ik) {
    const file = await ik.files.upload({ file: await picture(), fileName: "shoe.jpg" });
    const found = await ik.files.get(file.fileId);
    assert.deepEqual([found.name, found.mime, found.size], [file.name, "image/jpeg", file.size]);
    const changes = { tags: ["shoe"], customCoordinates: "1,1,10,10", description: "Red" };
    const updated = await ik.files.update(file.fileId, changes);
    for (const [name, value] of Object.entries(changes)) assert.deepEqual(updated[name], value);
    const publish = { isPublished: false, includeFileVersions: true };
    assert.equal((await ik.files.update(file.fileId, { publish })).isPublished, false);
    await ik.files.delete(file.fileId);
    assert.deepEqual(await ik.assets.list(), []);
  },

  async metadata(ik) {
    const file = await ik.files.upload({ file: await picture(), fileName: "shoe.jpg" });
    const found = await ik.files.metadata.get(file.fileId);
    assert.deepEqual([found.width, found.height, found.hasTransparency], [64, 48, false]);
    assert.equal((await ik.files.metadata.getFromURL({ url: file.url })).pHash, found.pHash);
  },

  async tags(ik) {
    const { fileId } = await ik.files.upload({ file: await picture(), fileName: "shoe.jpg", tags: ["shoe"] });
    const fileIds = [fileId];
    assert.deepEqual((await ik.files.bulk.addTags({ fileIds, tags: ["new"] })).successfullyUpdatedFileIds, fileIds);
    assert.deepEqual((await ik.files.bulk.removeTags({ fileIds, tags: ["shoe"] })).successfullyUpdatedFileIds, fileIds);
    assert.deepEqual((await ik.files.get(fileId)).tags, ["new"]);
  },

  async aiTags(ik) {
    const { fileId } = await ik.files.upload({ file: await picture(), fileName: "shoe.jpg" });
    const { AITags } = await ik.files.update(fileId, { extensions: [TAGGING], webhookUrl: INBOX });
    const removed = await ik.files.bulk.removeAITags({ fileIds: [fileId], AITags: [AITags[0].name] });
    assert.deepEqual(removed.successfullyUpdatedFileIds, [fileId]);
    const left = (await ik.files.get(fileId)).AITags ?? [];
    assert.ok(left.every((tag) => tag.name !== AITags[0].name));
    assert.equal((await ik.files.update(fileId, { removeAITags: "all" })).AITags, null);
  },

  async customMetadata(ik) {
    const { id } = await ik.customMetadataFields.create({
      name: "price",
      label: "Price",
      schema: { type: "Number", minValue: 1 },
      description: "Net",
    });
    const file = await ik.files.upload({
      file: await picture(),
      fileName: "shoe.jpg",
      customMetadata: { price: 12 },
    });
    const updated = await ik.files.update(file.fileId, { customMetadata: { price: 13 } });
    assert.deepEqual(updated.customMetadata, { price: 13 });
    const fields = await ik.customMetadataFields.list({ includeDeleted: false, folderPath: "/" });
    assert.deepEqual(fields.map((field) => field.name), ["price"]);
    const changed = await ik.customMetadataFields.update(id, {
      label: "Cost",
      schema: { minValue: 1, maxValue: 99 },
      description: "In euros",
    });
    assert.deepEqual([changed.label, changed.schema.maxValue], ["Cost", 99]);
    await ik.customMetadataFields.delete(id);
    assert.deepEqual(await ik.customMetadataFields.list(), []);
  },

  async listing(ik) {
    for (const name of ["a.txt", "b.txt", "c.jpg"]) {
      const file = await (name.endsWith("jpg") ? picture() : text());
      await ik.files.upload({ file, fileName: name, folder: "/x", tags: [name[0]] });
    }
    const found = await ik.assets.list({
      fileType: "non-image",
      limit: 1,
      skip: 1,
      path: "/x",
      sort: "DESC_NAME",
      searchQuery: 'tags IN ["a", "b"]',
    });
    assert.deepEqual(found.map((one) => one.tags), [["a"]]);
    const folders = await ik.assets.list({ type: "folder" });
    assert.deepEqual(folders.map((one) => [one.type, one.folderPath]), [["folder", "/x"]]);
    const fileIds = (await ik.assets.list({ type: "file" })).map((one) => one.fileId).sort();
    assert.deepEqual((await ik.files.bulk.delete({ fileIds })).successfullyDeletedFileIds.sort(), fileIds);
  },

  async versions(ik) {
    let fileId;
    for (const content of ["one", "two", "three"]) {
      const upload = { file: await text(content), fileName: "a.txt", useUniqueFileName: false };
      ({ fileId } = await ik.files.upload(upload));
    }
    const [current, second, first] = await ik.files.versions.list(fileId);
    assert.deepEqual([current.type, second.type, first.size], ["file", "file-version", 3]);
    assert.equal((await ik.files.versions.get(first.versionInfo.id, { fileId })).versionInfo.name, "Version 1");
    const restored = await ik.files.versions.restore(first.versionInfo.id, { fileId });
    assert.equal(restored.versionInfo.id, first.versionInfo.id);
    await ik.files.versions.delete(second.versionInfo.id, { fileId });
    assert.equal((await ik.files.versions.list(fileId)).length, 2);
  },

  async copyMoveRename(ik) {
    await ik.files.upload({ file: await text(), fileName: "a.txt", useUniqueFileName: false });
    await ik.files.copy({ sourceFilePath: "/a.txt", destinationPath: "/copies", includeFileVersions: true });
    await ik.files.move({ sourceFilePath: "/copies/a.txt", destinationPath: "/moved" });
    const renaming = { filePath: "/moved/a.txt", newFileName: "b.txt", purgeCache: true };
    const { purgeRequestId } = await ik.files.rename(renaming);
    assert.equal((await ik.cache.invalidation.get(purgeRequestId)).status, "Completed");
    assert.deepEqual((await ik.assets.list()).map((one) => one.filePath).sort(), ["/a.txt", "/moved/b.txt"]);
  },

  async folders(ik) {
    await ik.folders.create({ folderName: "inner", parentFolderPath: "/outer" });
    const copying = { sourceFolderPath: "/outer/inner", destinationPath: "/copies", includeVersions: true };
    const copied = await ik.folders.copy(copying);
    assert.equal((await ik.folders.job.get(copied.jobId)).status, "Completed");
    const moved = await ik.folders.move({ sourceFolderPath: "/copies/inner", destinationPath: "/moved" });
    assert.equal((await ik.folders.job.get(moved.jobId)).type, "MOVE_FOLDER");
    const renaming = { folderPath: "/moved/inner", newFolderName: "final", purgeCache: true };
    const renamed = await ik.folders.rename(renaming);
    assert.ok((await ik.folders.job.get(renamed.jobId)).purgeRequestId);
    await ik.folders.delete({ folderPath: "/copies" });
    const paths = (await ik.assets.list({ type: "folder" })).map((one) => one.folderPath).sort();
    assert.deepEqual(paths, ["/moved", "/moved/final", "/outer", "/outer/inner"]);
  },

  async purge(ik) {
    const { requestId } = await ik.cache.invalidation.create({ url: `${URL_ENDPOINT}/a.jpg` });
    assert.equal((await ik.cache.invalidation.get(requestId)).status, "Completed");
  },

  async usage(ik) {
    const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    const days = { startDate: day(-7), endDate: day(1) };
    await ik.files.upload({ file: await picture(), fileName: "a.jpg" });
    assert.equal((await ik.accounts.usage.get(days)).mediaLibraryStorageBytes, PICTURE.length);
    const analytics = await ik.accounts.usageAnalytics.get(days);
    assert.equal(analytics.startDate, days.startDate);
    assert.ok(analytics.cache.hitCount >= 0);
  },

  async origins(ik) {
    const secrets = { accessKey: "fake", secretKey: "fake" };
    const s3 = { type: "S3", name: "Product bucket", bucket: "acme", ...secrets };
    const created = await ik.accounts.origins.create(s3);
    assert.deepEqual([created.type, created.bucket, created.prefix], ["S3", "acme", ""]);
    assert.deepEqual((await ik.accounts.origins.list()).map((one) => one.id), [created.id]);
    const baseUrl = "https://shop.example/";
    await ik.accounts.origins.update(created.id, { type: "WEB_FOLDER", name: "Web folder", baseUrl });
    assert.equal((await ik.accounts.origins.get(created.id)).baseUrl, baseUrl);
    await ik.accounts.origins.delete(created.id);
    assert.deepEqual(await ik.accounts.origins.list(), []);
  },

  async urlEndpoints(ik) {
    const origin = await ik.accounts.origins.create({ type: "WEB_PROXY", name: "Proxy" });
    const created = await ik.accounts.urlEndpoints.create({
      description: "Shop images",
      urlPrefix: "shop",
      origins: [origin.id],
      urlRewriter: { type: "IMGIX" },
    });
    assert.deepEqual([created.urlPrefix, created.origins, created.urlRewriter.type], ["shop", [origin.id], "IMGIX"]);
    assert.deepEqual((await ik.accounts.urlEndpoints.list()).map((one) => one.id), ["default", created.id]);
    await ik.accounts.urlEndpoints.update(created.id, { description: "Shoes", urlPrefix: "shoes" });
    assert.equal((await ik.accounts.urlEndpoints.get(created.id)).description, "Shoes");
    await ik.accounts.urlEndpoints.delete(created.id);
    await ik.accounts.origins.delete(origin.id);
  },

  async webhooks(ik) {
    // This client cannot configure webhooks itself.
    const { secret } = await api("POST", "/v1/accounts/webhooks", { endpoint: INBOX, events: ["file.created"] });
    const { fileId } = await ik.files.upload({ file: await text(), fileName: "a.txt" });
    const { body, headers } = await receive("file.created", fileId);
    const event = await ik.webhooks.unwrap(body, { headers, key: secret });
    assert.deepEqual([event.type, event.data.fileId], ["file.created", fileId]);
    assert.equal((await ik.webhooks.unsafeUnwrap(body)).id, event.id);
  },

  async savedExtensions(ik) {
    const tags = { name: "Tags", description: "Tags shoes", config: TAGGING };
    const created = await ik.savedExtensions.create(tags);
    assert.deepEqual((await ik.savedExtensions.list()).map((one) => one.id), [created.id]);
    await ik.savedExtensions.update(created.id, { name: "Shoe tags", config: { name: "ai-auto-description" } });
    assert.equal((await ik.savedExtensions.get(created.id)).config.name, "ai-auto-description");
    const { id } = await ik.savedExtensions.create({ ...tags, name: "Used" });
    const extensions = [{ name: "saved-extension", id }];
    assert.ok((await ik.files.upload({ file: await picture(), fileName: "a.jpg", extensions })).AITags.length);
    await ik.savedExtensions.delete(created.id);
    assert.deepEqual((await ik.savedExtensions.list()).map((one) => one.name), ["Used"]);
  },

  async namedTransformations(ik) {
    const created = await ik.namedTransformations.create({ name: "card", transformation: "w-20", enabled: true });
    assert.deepEqual((await ik.namedTransformations.list()).map((one) => one.name), ["card"]);
    await ik.namedTransformations.update(created.id, { transformation: "w-30,h-30" });
    assert.equal((await ik.namedTransformations.get(created.id)).transformation, "w-30,h-30");
    const { filePath } = await ik.files.upload({ file: await picture(), fileName: "a.jpg" });
    await fetchOk(`${URL_ENDPOINT}/tr:n-card${filePath}`);
    await ik.namedTransformations.delete(created.id);
    assert.deepEqual(await ik.namedTransformations.list(), []);
  },

  async errors() {
    for (const fileName of ["a.txt", "b.txt"]) {
      await client.files.upload({ file: await text(), fileName, useUniqueFileName: false });
    }
    const refused = (name, status) => (error) => error.constructor.name === name && error.status === status;
    await assert.rejects(client.files.get("nonsense"), refused("BadRequestError", 400));
    await assert.rejects(client.files.get("0".repeat(24)), refused("NotFoundError", 404));
    const renaming = { filePath: "/a.txt", newFileName: "b.txt" };
    await assert.rejects(client.files.rename(renaming), refused("ConflictError", 409));
  },

  async helpers(ik) {
    const upload = { file: await picture(), fileName: "a.jpg", isPrivateFile: true };
    const { filePath: src } = await ik.files.upload(upload);
    const step = { width: 20, cropMode: "pad_resize", height: 20, background: "FF0000" };
    const transformation = [step, { rotation: 90 }];
    const steps = ik.helper.buildTransformationString(transformation);
    assert.equal(steps, "w-20,cm-pad_resize,h-20,bg-FF0000:rt-90");
    for (const transformationPosition of ["query", "path"]) {
      const signed = { signed: true, expiresIn: 300, transformationPosition };
      await fetchOk(ik.helper.buildSrc({ src, urlEndpoint: URL_ENDPOINT, transformation, ...signed }));
    }
    const form = new FormData();
    const fields = { publicKey: PUBLIC_KEY, fileName: "b.txt", file: "data:text/plain;base64,aGVsbG8=" };
    const credentials = ik.helper.getAuthenticationParameters();
    for (const [name, value] of Object.entries({ ...fields, ...credentials })) form.set(name, value);
    const uploaded = await fetchOk(`${BASE_URL}/api/v1/files/upload`, { method: "POST", body: form });
    assert.match((await uploaded.json()).name, /^b_/);
  },
};

async function fetchOk(url, options) {
  const response = await fetch(url, options);
  assert.ok(response.ok, `${options?.method ?? "GET"} ${url}: ${response.status}`);
  return response;
}

async function api(method, path, body) {
  const authorization = `Basic ${Buffer.from(`${PRIVATE_KEY}:`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/json" };
  return (await fetchOk(BASE_URL + path, { method, headers, body: JSON.stringify(body) })).json();
}

/** Waits up to ten seconds for the webhook of this type whose body contains `about`, and returns it. */
async function receive(event, about) {
  for (const until = Date.now() + 10_000; Date.now() < until; await sleep(50)) {
    const received = await (await fetchOk(INBOX)).json();
    const found = received.find(({ body }) => body.includes(event) && body.includes(about));
    if (found) return found;
  }
  throw new Error(`no webhook ${event} about ${about} came`);
}

const client = new ImageKit({ privateKey: PRIVATE_KEY, baseURL: BASE_URL, maxRetries: 0, timeout: 30_000 });
const outcomes = {};
const failures = {};
for (const [name, chapter] of Object.entries(chapters)) {
  await api("POST", "/_local/reset", {});
  try {
    await chapter(recorder(client, outcomes));
  } catch (error) {
    failures[name] = error.stack;
  }
}
const names = [...publicCalls(client)].sort();
const calls = Object.fromEntries(names.map((name) => [name, outcomes[name] ?? "not called"]));
console.log(JSON.stringify({ version, calls, failures }));
