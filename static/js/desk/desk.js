/* The Desk: one list of headlines, one key for each decision. See docs/desk.md. */

import { startBalance } from "./balance.js";
import { startCommands } from "./commands.js";
import { startCursor } from "./cursor.js";
import { startDecisions } from "./decisions.js";
import { fold } from "./folding.js";
import { fetchAhead, startMore } from "./more.js";
import { startNews } from "./news.js";
import { allRows } from "./rows.js";

// A page that is loaded again has other rows: the cursor says where to look.
history.scrollRestoration = "manual";
document.documentElement.classList.add("has-desk-keys");
for (const part of document.querySelectorAll("[data-with-scripts]")) part.hidden = false;
allRows().forEach(fold);
startDecisions();
startCursor(fetchAhead);
startMore();
startNews();
startCommands();
startBalance();
