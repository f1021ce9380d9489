/* The focus of a picture: set by a click, or by its two numbers; the crops follow at once. */

const place = document.querySelector(".image-focus");
if (place) start(place);

function start(place) {
  const fields = { x: document.getElementById("id_focus_x"), y: document.getElementById("id_focus_y") };
  const picture = place.querySelector("img");
  const mark = place.querySelector(".image-focus-mark");
  const crops = document.querySelectorAll(".image-crop");
  if (!fields.x || !fields.y) return;

  function show() {
    const [x, y] = [percent(fields.x.value), percent(fields.y.value)];
    mark.hidden = false;
    mark.style.left = `${x}%`;
    mark.style.top = `${y}%`;
    for (const crop of crops) {
      const image = crop.querySelector("img");
      const ratio = Number(crop.dataset.ratio);
      const own = Number(picture.getAttribute("width")) / Number(picture.getAttribute("height"));
      image.style.objectPosition = `${slid(x, ratio / own)}% ${slid(y, own / ratio)}%`;
    }
  }

  place.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    fields.x.value = percent(((event.clientX - box.left) / box.width) * 100);
    fields.y.value = percent(((event.clientY - box.top) / box.height) * 100);
    for (const field of Object.values(fields)) field.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  });
  for (const field of Object.values(fields)) field.addEventListener("input", show);
  place.classList.add("is-live");
  show();
}

function percent(value) {
  return Math.min(100, Math.max(0, Math.round(Number(value) || 0)));
}

/* How far a window that shows `part` of a side is slid along it to have the focus in its middle:
the same as blog/pictures/plan.py, crop_box(), in the terms of object-position. */
function slid(focus, part) {
  if (part >= 1) return 50;
  const start = Math.min(Math.max(focus / 100 - part / 2, 0), 1 - part);
  return (start / (1 - part)) * 100;
}
