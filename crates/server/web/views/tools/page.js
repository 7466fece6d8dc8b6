// Setting up tools: one folded part for each, with what to do and texts to copy.

import { Engine } from "../../engine.js";
import { OnekeyError } from "../../error.js";
import { SERVER } from "../../trusted.js";
import { say } from "../../words.js";
import { button, el } from "../dom.js";
import { show, showServer } from "../frame.js";
import { showProblem } from "../problem.js";
import { codeBox, steps } from "./code.js";
import { curlCommands, flameshot, ishare, ksnip, netrc, onekey, PLACEHOLDER } from "./texts.js";

/** @import { Child } from "../dom.js" */
/** @import { Place } from "./texts.js" */

export class ToolsPage {
  #engine = new Engine();

  async start() {
    show({ heading: say("toolsHeading"), className: "checking" });
    try {
      const server = await this.#engine.describeServer();
      showServer(server);
      if (server.direct) this.#show({ server: SERVER.href, secret: server.upload_secret_required });
      else this.#showOff();
    } catch (error) {
      const { code } = OnekeyError.from(error);
      const passing = ["network", "not_onekey", "unavailable"].includes(code);
      showProblem(error, passing && button("primary", say("tryAgain"), () => void this.start()));
    }
  }

  #showOff() {
    show(
      { heading: say("toolsOffHeading"), lead: say("toolsOffText"), title: say("toolsHeading") },
      el("div", { class: "actions" }, el("a", { class: "primary", href: SERVER.href }, say("sendHeading"))),
    );
  }

  /** @param {Place} place */
  #show(place) {
    const { server, secret } = place;
    const commands = curlCommands(place);
    show(
      { heading: say("toolsHeading"), lead: say("toolsLead"), className: "tools-page" },
      el("p", { class: "reminder" }, say("toolsHonest")),
      secret && secretPart(place),
      el(
        "div",
        { class: "tools" },
        tool(
          "ShareX",
          say("forWindows"),
          el(
            "p",
            {},
            el("a", { class: "button", href: new URL("sharex.sxcu", server).href, download: "" }, say("shareXLink")),
          ),
          steps(say("shareXOpen"), say("shareXUse"), secret && say("shareXSecret")),
        ),
        tool(
          "curl",
          say("forTerminal"),
          codeBox(say("curlFile"), commands.file),
          codeBox(say("curlPipe"), commands.pipe),
          codeBox(say("curlPut"), commands.put),
          codeBox(say("curlLimits"), commands.limits),
          el("p", { class: "hint" }, el("a", { href: new URL("upload.sh", server).href }, say("curlScript"))),
        ),
        tool(
          "Flameshot",
          say("forLinux"),
          steps(say("scriptSave"), say("flameshotKey")),
          el("p", { class: "hint" }, say("flameshotNeeds")),
          codeBox(say("scriptLabel", { name: "Flameshot" }), flameshot(place), "onekey-flameshot"),
        ),
        tool(
          "ksnip",
          say("forLinux"),
          steps(say("scriptSave"), say("ksnipSettings"), say("ksnipUploader")),
          codeBox(say("scriptLabel", { name: "ksnip" }), ksnip(place), "onekey-ksnip"),
        ),
        tool(
          "ishare",
          say("forMac"),
          steps(say("ishareSave"), secret && say("secretReplace", { placeholder: PLACEHOLDER }), say("ishareOpen")),
          codeBox(say("ishareLabel"), ishare(place), "onekey.iscu"),
        ),
        tool(
          say("shortcutsName"),
          say("forPhone"),
          steps(
            say("shortcutsNew"),
            say("shortcutsContents"),
            say("shortcutsMethod"),
            say("shortcutsHeader"),
            say("shortcutsFile"),
            secret && say("shortcutsSecret"),
            say("shortcutsValue"),
            say("shortcutsCopy"),
          ),
          codeBox(say("shortcutsUrl"), server),
        ),
        tool(
          "onekey",
          say("forTerminal"),
          el("p", {}, say("onekeyWords")),
          codeBox(say("onekeyLabel"), onekey(place)),
        ),
      ),
      el("p", { class: "hint" }, el("a", { href: new URL("upload", server).href }, say("toolsForm"))),
    );
  }
}

/** @param {Place} place */
const secretPart = (place) =>
  el(
    "section",
    { class: "card", "aria-label": say("secretField") },
    el("h2", {}, say("secretField")),
    el("p", {}, say("secretPlaces", { placeholder: PLACEHOLDER })),
    el("p", {}, say("secretNetrc")),
    codeBox(say("netrcLabel"), netrc(place)),
  );

/** @param {string} name @param {string} where @param {...Child} content */
const tool = (name, where, ...content) =>
  el(
    "details",
    {},
    el(
      "summary",
      {},
      el("span", { class: "summary-title" }, name),
      el("span", { class: "summary-words" }, where),
    ),
    el("div", { class: "fields" }, ...content),
  );
