// The page that opens a link (`/s#KEY`).

import { OpenPage } from "./views/open/page.js";
import { start } from "./views/start.js";

void start(() => new OpenPage().start(), { promise: "promiseOpen" });
