// The page that sets up tools (`/tools`).

import { start } from "./views/start.js";
import { ToolsPage } from "./views/tools/page.js";

void start(() => new ToolsPage().start(), { keys: false });
