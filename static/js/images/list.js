/* The library's own page: files are dropped anywhere on it. */

import { takeBatch } from "./batch.js";
import { takeFiles } from "./uploads.js";

const page = document.getElementById("image-page");
const form = page?.querySelector(".image-batch");

if (form) {
  takeFiles(page, async (files) => {
    await takeBatch(form, files);
    location.assign(location.pathname);
  });
}
