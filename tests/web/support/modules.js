// For `node --import`: lets the page's modules run in Node, where nobody serves `modules/…`. The same files as the server's
// build embeds are taken from the folder that `../run` installed them into.

import { register } from "node:module";

register("./modules-hook.js", import.meta.url, { data: { folder: process.env.ONEKEY_WEB_MODULES } });
