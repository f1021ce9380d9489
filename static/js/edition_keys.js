// An edition's items by keys: Alt and the arrows move the chosen one, Delete leaves it out.
// The buttons beside each do the same without this module.

const WAYS = { ArrowUp: "up", ArrowDown: "down" };

document.addEventListener("keydown", (event) => {
  const item = event.target;
  if (!(item instanceof HTMLElement) || !item.matches(".edition-items li")) return;
  const way = event.altKey ? WAYS[event.key] : event.key === "Delete" ? "drop" : undefined;
  const button = way && item.querySelector(`[data-way="${way}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// After a move the page is a new one: stay with the item.
const moved = location.hash.startsWith("#item-") && document.getElementById(location.hash.slice(1));
if (moved) moved.focus();
