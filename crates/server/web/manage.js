// The page behind a manage link (`/manage/SHARE#SECRET`).

import { ManagePage } from "./views/manage/page.js";
import { start } from "./views/start.js";

void start(() => new ManagePage().start());
