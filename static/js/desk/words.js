/* What the Desk says, in the editor's language: the page hands its words over in #desk-says. */

import { counted } from "../ages.js";

const place = document.getElementById("desk-says");

/** Return the words of that name, `%s` in them replaced by the values in their order. */
export function words(name, ...values) {
  return values.reduce((text, value) => text.replace("%s", () => value), place.dataset[name]);
}

/** Return the words of that name for a count; the page has samples of them for 1, 2 and 5. */
export function wordsFor(name, count) {
  const samples = Object.fromEntries(["1", "2", "5"].map((one) => [one, place.dataset[name + one]]));
  return counted(samples, new Intl.PluralRules(document.documentElement.lang))(count);
}

const spoken = document.getElementById("desk-spoken");
let isSecond = false;

/** Have a screen reader say it, the same words a second time too. */
export function speak(text) {
  isSecond = !isSecond;
  spoken.textContent = isSecond ? text : `${text}\u00a0`;
}
