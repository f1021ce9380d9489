/* Videos: a click on "Play" puts the player in the place of the link. Before it, nothing is asked of anybody. */

import { videoAt } from "./videos.js";

const { play, note } = document.getElementById("embeds").dataset;

for (const link of document.querySelectorAll(".prose figure > a:only-child")) {
  const video = videoAt(link.href);
  if (video && !link.querySelector("img")) offer(link, video);
}

function offer(link, video) {
  const figure = link.parentElement;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "play";
  button.textContent = play.replace("%s", video.site);
  button.setAttribute("aria-label", `${button.textContent}: ${link.textContent.trim()}`);
  const remark = document.createElement("small");
  remark.textContent = note.replace("%s", new URL(video.player).hostname);
  button.addEventListener("click", () => {
    const player = document.createElement("iframe");
    player.src = video.player;
    player.title = link.textContent.trim();
    player.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    player.setAttribute("sandbox", "allow-scripts allow-same-origin allow-presentation allow-popups");
    button.replaceWith(player);
    remark.remove();
    player.focus();
  });
  figure.append(button, remark);
}
