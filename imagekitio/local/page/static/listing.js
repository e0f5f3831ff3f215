// The contents of a folder or the results of a search, in batches, in display order.

import * as api from "./api.js";
import { byName } from "./paths.js";

const AT_ONCE = 1000; // the maximum in one response of the API

export class Listing {
  /** `where` is the path or search query for the API; `sort` is one of the API's orders. */
  constructor(where, sort) {
    this.ahead = [];
    this.source = "searchQuery" in where ? inOrder(where, sort) : foldersFirst(where, sort);
  }

  get hasMore() {
    return this.ahead.length > 0;
  }

  /** Return the next items, at most `count`. */
  async next(count) {
    const found = this.ahead;
    while (found.length <= count) {
      const { value, done } = await this.source.next();
      if (done) break;
      found.push(...value);
    }
    this.ahead = found.splice(count);
    return found;
  }
}

/** Yield folders before files, because the API sorts them as one list. */
async function* foldersFirst(where, sort) {
  // Folders have no size.
  yield* inOrder({ ...where, type: "folder" }, sort === "DESC_UPDATED" ? sort : "ASC_NAME");
  yield* inOrder({ ...where, type: "file" }, sort);
}

/** Yield items in order. The API compares names by code point, so names are sorted here, which needs all of them. */
async function* inOrder(query, sort) {
  if (sort !== "ASC_NAME") return yield* pages(query, sort);
  const all = [];
  for await (const page of pages(query, sort)) all.push(...page);
  yield all.sort(byName);
}

async function* pages(query, sort) {
  for (let skip = 0; ; skip += AT_ONCE) {
    const page = await api.list({ ...query, sort, skip, limit: AT_ONCE });
    yield page;
    if (page.length < AT_ONCE) return;
  }
}
