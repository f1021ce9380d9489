// Keeps the ages on an open page right. blog/dates.py draws the same boundaries on the server and
// hands its words, its language and the site's time zone over in data-words.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Return functions that say an age in the given words (see age_words() in blog/dates.py). */
export function speaker(words) {
  const rules = new Intl.PluralRules(words.language);
  const minutes = counted(words.minutes, rules);
  const hours = counted(words.hours, rules);
  const units = words.units.map(([seconds, samples]) => [seconds, counted(samples, rules)]);
  const dayNumber = calendar(words.zone);

  /** `now`, `5m`, `3h`, `1d`, `2w`, `4mo`, `1y`; both arguments in milliseconds. */
  function compact(instant, now) {
    const seconds = Math.floor((now - instant) / 1000);
    if (seconds < MINUTE) return words.now;
    const [unit, say] = units.find(([size]) => seconds >= size);
    return say(Math.floor(seconds / unit));
  }

  /** `just now`, `7 min ago`, `2 hrs ago`, `yesterday`, then `date`. */
  function long(instant, now, date) {
    const seconds = Math.floor((now - instant) / 1000);
    if (seconds < MINUTE) return words.just_now;
    if (seconds < HOUR) return minutes(Math.floor(seconds / MINUTE));
    const daysApart = dayNumber(now) - dayNumber(instant);
    if (seconds < DAY || daysApart === 0) return hours(Math.floor(seconds / HOUR));
    return daysApart === 1 ? words.yesterday : date;
  }

  return { compact, long };
}

/** Turn samples for 1, 2 and 5 into a function that says any count. */
export function counted(samples, rules) {
  const forms = new Map();
  for (const count of ["5", "2", "1"]) {
    forms.set(rules.select(Number(count)), samples[count].replace(count, "#"));
  }
  return (count) => forms.get(rules.select(count)).replace("#", count);
}

/** Return a function from an instant to the number of its day in the time zone. */
function calendar(zone) {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: known(zone),
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return (instant) => {
    const part = Object.fromEntries(format.formatToParts(instant).map((p) => [p.type, p.value]));
    return Date.UTC(part.year, part.month - 1, part.day) / (DAY * 1000);
  };
}

/** Older browsers lack the newest names of zones; the reader's own zone is the next best. */
function known(zone) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    return undefined;
  }
}

function refresh(say) {
  const now = Date.now();
  for (const time of document.querySelectorAll("time[data-age]")) {
    const instant = Date.parse(time.dateTime);
    const long = say.long(instant, now, time.dataset.date);
    if (time.dataset.age === "compact") {
      setText(time.firstElementChild, say.compact(instant, now));
      setText(time.lastElementChild, long);
    } else {
      setText(time, long);
    }
  }
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const script = document.getElementById("ages");
if (script) {
  const say = speaker(JSON.parse(script.dataset.words));
  const now = () => refresh(say);
  now();
  setInterval(now, MINUTE * 1000);
  document.addEventListener("visibilitychange", now);
  addEventListener("pageshow", now);
}
