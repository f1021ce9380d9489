/* The field of a form that holds one picture: shown, and chosen in the dialog of the library. */

import { chooseImage } from "../image_library.js";

for (const field of document.querySelectorAll(".image-field")) start(field);

function start(field) {
  const select = field.querySelector("select");
  const picture = field.querySelector("img");
  const name = field.querySelector(".image-field-name");
  const remove = field.querySelector("[data-do=remove]");

  field.querySelector("[data-do=choose]").addEventListener("click", async () => {
    const image = await chooseImage();
    if (image) take(image);
  });
  remove.addEventListener("click", () => {
    take(null);
    field.querySelector("[data-do=choose]").focus();
  });
  field.classList.add("is-live");

  function take(image) {
    const value = image ? String(image.id) : "";
    if (image && ![...select.options].some((option) => option.value === value)) {
      select.append(new Option(image.alt || image.name, value));
    }
    select.value = value;
    picture.hidden = remove.hidden = !image;
    if (image) picture.src = image.thumb;
    name.textContent = image ? image.alt : "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
