/* Dragging a scheduled post to another day: fills in and sends the form that each one has. */

const calendar = document.querySelector(".calendar");
let dragged = null;

function dayUnder(event) {
  const day = event.target.closest?.("[data-day]");
  return day && dragged && !day.contains(dragged) ? day : null;
}

function unmark() {
  for (const day of calendar.querySelectorAll(".target")) day.classList.remove("target");
}

calendar.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[draggable=true]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.querySelector("a").textContent.trim());
  dragged.classList.add("dragged");
});

calendar.addEventListener("dragover", (event) => {
  const day = dayUnder(event);
  unmark();
  if (!day) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  day.classList.add("target");
});

calendar.addEventListener("drop", (event) => {
  const day = dayUnder(event);
  if (!day) return;
  event.preventDefault();
  const form = dragged.querySelector("form");
  form.elements.day.value = day.dataset.day;
  form.elements.time.value = ""; // its own time of day stays
  form.submit();
});

calendar.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  unmark();
});

const moved = location.hash.startsWith("#post-") && document.getElementById(location.hash.slice(1));
if (moved) moved.focus();
