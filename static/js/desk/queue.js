/* Sends what is kept, one after the other and in order, and tries again until the site has heard it.

Nothing is sent twice: each decision has a key by which the site knows it. So it does no harm if an
answer is lost, or if two Desks of one editor send at once where the browser has no locks. */

import { renewToken, send } from "./requests.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30000;
const LOGIN_PAUSE_MS = 10000;

/** Start sending. `prepare(item)` returns the fields to send, `onAnswer(item, answer)` hears what came
of it, `onState(state)` of the connection: `ready`, `away` or `login`. */
export function startQueue({ store, prepare, onAnswer, onState }) {
  let inFlight = null;
  let isRunning = false;
  let pauses = 0;
  let state = "ready";
  let timer = 0;

  addEventListener("online", wake);
  addEventListener("focus", wake);
  document.addEventListener("visibilitychange", wake);
  // Another Desk of this editor has added something, or sent it.
  addEventListener("storage", (event) => {
    if (event.key?.startsWith(store.prefix)) tell(state);
  });

  function tell(next) {
    state = next;
    onState(state, store.all().length);
  }

  function wake() {
    if (document.hidden) return;
    pauses = 0;
    run();
  }

  async function run() {
    if (isRunning) return;
    isRunning = true;
    clearTimeout(timer);
    let outcome = "away";
    try {
      outcome = await alone(store.prefix, work);
    } finally {
      isRunning = false;
      tell(outcome);
    }
    if (outcome !== "ready") pause(outcome);
    else if (store.all().length) run(); // decided while the last answer was being told
  }

  async function work() {
    for (let item = store.all()[0]; item; item = store.all()[0]) {
      if (state === "login" && (await renewToken()) !== "done") return "login";
      inFlight = item.name;
      const answer = await sendOnce(item);
      inFlight = null;
      if (answer.is === "away" || answer.is === "login") return answer.is;
      pauses = 0;
      store.remove(item);
      tell("ready");
      onAnswer(item, answer);
    }
    return "ready";
  }

  async function sendOnce(item) {
    const answer = await send(item.url, prepare(item));
    if (answer.is !== "token") return answer;
    // A login in another tab has made this page's token worthless.
    const renewed = await renewToken();
    if (renewed !== "done") return { is: renewed };
    const second = await send(item.url, prepare(item));
    return second.is === "token" ? { ...second, is: "refused" } : second;
  }

  function pause(outcome) {
    const growing = Math.min(FIRST_PAUSE_MS * 2 ** pauses++, LONGEST_PAUSE_MS);
    timer = setTimeout(run, outcome === "login" ? LOGIN_PAUSE_MS : growing);
  }

  return {
    add(item) {
      const kept = store.add(item);
      // While the connection is known to be away, the next attempt comes by itself.
      if (state === "ready") run();
      tell(state);
      return kept;
    },

    /** Take a decision back that has not been sent; returns whether that was in time. */
    withdraw(item) {
      if (item.name === inFlight) return false;
      store.remove(item);
      tell(state);
      return true;
    },

    all: store.all,
    wake,
    isReady: () => state === "ready",
  };
}

function alone(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}
