/* Which addresses are videos that can be played here. Used by the text editor and by readers' pages. */

const YOUTUBE = /^(?:www\.|m\.|music\.)?youtube(?:-nocookie)?\.com$/;
const YOUTUBE_ID = /^[\w-]{11}$/;

/** Return {site, id, key, page, player} of a video's address, or null. */
export function videoAt(address) {
  let url;
  try {
    url = new URL(address.trim());
  } catch {
    return null;
  }
  if (!["http:", "https:"].includes(url.protocol)) return null;
  return youtube(url) ?? vimeo(url);
}

function youtube(url) {
  const parts = url.pathname.split("/").filter(Boolean);
  let id = "";
  if (url.hostname === "youtu.be") [id = ""] = parts;
  else if (!YOUTUBE.test(url.hostname)) return null;
  else if (parts[0] === "watch") id = url.searchParams.get("v") ?? "";
  else if (["embed", "shorts", "live", "v"].includes(parts[0])) id = parts[1] ?? "";
  if (!YOUTUBE_ID.test(id)) return null;
  const start = secondsOf(url.searchParams.get("t") ?? url.searchParams.get("start") ?? "");
  return {
    site: "YouTube",
    page: `https://www.youtube.com/watch?v=${id}${start ? `&t=${start}s` : ""}`,
    player: `https://www.youtube-nocookie.com/embed/${id}?autoplay=1${start ? `&start=${start}` : ""}`,
  };
}

function vimeo(url) {
  const found = /^\/(?:video\/|channels\/[\w-]+\/)?(\d{5,12})(?:\/([0-9a-f]{6,20}))?\/?$/.exec(url.pathname);
  if (!found || !["vimeo.com", "www.vimeo.com", "player.vimeo.com"].includes(url.hostname)) return null;
  const hash = found[2] ?? (/^[0-9a-f]{6,20}$/.exec(url.searchParams.get("h") ?? "")?.[0] || "");
  return {
    site: "Vimeo",
    page: `https://vimeo.com/${found[1]}${hash ? `/${hash}` : ""}`,
    player: `https://player.vimeo.com/video/${found[1]}?autoplay=1&dnt=1${hash ? `&h=${hash}` : ""}`,
  };
}

function secondsOf(time) {
  const found = /^(?:(\d{1,2})h)?(?:(\d{1,3})m)?(\d{1,5})?s?$/.exec(time);
  return found ? Number(found[1] ?? 0) * 3600 + Number(found[2] ?? 0) * 60 + Number(found[3] ?? 0) : 0;
}
