/* The Desk: one list of headlines, one key for each decision. See docs/desk.md. */

import { startCommands } from "./commands.js";
import { startCursor } from "./cursor.js";
import { startDecisions } from "./decisions.js";
import { fetchAhead, startMore } from "./more.js";
import { startNews } from "./news.js";

document.documentElement.classList.add("has-desk-keys");
for (const part of document.querySelectorAll("[data-with-scripts]")) part.hidden = false;
startDecisions();
startCursor(fetchAhead);
startMore();
startNews();
startCommands();
