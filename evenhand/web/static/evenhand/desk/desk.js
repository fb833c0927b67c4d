/** The desk's scripts. Every page works without them; with them it is quick, alive and driven by keys. */
import "./keys.js";
import "./palette.js";
import "./acts.js";
import { listen } from "./live.js";
import { refreshSoon } from "./refresh.js";

listen();
document.querySelector(".boxes [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }); // on a phone they are a strip
// Countdowns are working time, which only the server can tell: look again every minute while somebody looks at us.
setInterval(() => document.hidden || refreshSoon(), 60_000);
if (document.querySelector("[data-conversation]")) import("./conversation.js");
