// The page that sends (`/` and `/send`).

import { SendPage } from "./views/send/page.js";
import { start } from "./views/start.js";

void start(() => new SendPage().start(), { promise: "promiseSend" });
