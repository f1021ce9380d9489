/* What an editor has decided and the site has not heard yet, kept in this browser.

Each decision is an entry of its own, so that two Desks that one editor has open never write over
each other; the names of the entries are in the order of the decisions. */

let latest = 0;

/** Return the kept decisions of one editor. */
export function openStore(user) {
  const prefix = `desk:${user}:`;
  const inMemory = new Map(); // where the browser keeps nothing

  function names() {
    const found = [...inMemory.keys()];
    try {
      for (let index = 0; index < localStorage.length; index++) found.push(localStorage.key(index));
    } catch {
      // As above.
    }
    return found.filter((name) => name.startsWith(prefix)).sort();
  }

  function read(name) {
    if (inMemory.has(name)) return inMemory.get(name);
    try {
      return { ...JSON.parse(localStorage.getItem(name)), name };
    } catch {
      return null;
    }
  }

  return {
    prefix,

    all: () => names().map(read).filter((item) => item?.url),

    add(item) {
      latest = Math.max(latest + 1, Date.now());
      const name = `${prefix}${String(latest).padStart(15, "0")}:${item.key}`;
      try {
        localStorage.setItem(name, JSON.stringify(item));
      } catch {
        inMemory.set(name, { ...item, name });
      }
      return { ...item, name };
    },

    remove({ name }) {
      inMemory.delete(name);
      try {
        localStorage.removeItem(name);
      } catch {
        // As above.
      }
    },
  };
}

/** Return a random UUID. crypto.randomUUID() is there over HTTPS only. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
