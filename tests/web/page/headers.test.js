// What the browser is told about pages, assets and downloads; and that nothing of a receiver runs in the page's origin.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { put } from "../support/cli.js";
import { noise, write } from "../support/files.js";
import { digestOf } from "../support/person.js";
import { temporaryFolder } from "../support/programs.js";
import { scene } from "../support/scene.js";
import { arriveToSend, open, pressSave, say, seeSaved } from "../support/steps.js";

const EVIL = "<script>document.title = 'it ran'; fetch('http://elsewhere.test/')</script>";

for (const browser of /** @type {const} */ (["chromium", "firefox"])) {
  scene(`T4: ${browser}: HTML and SVG are saved as files; nothing of them runs, also not as shown text`, {}, async (stage) => {
    const folder = temporaryFolder("files");
    for (const [name, text] of Object.entries({ "page.html": EVIL, "picture.svg": `<svg xmlns="http://www.w3.org/2000/svg">${EVIL}</svg>` })) {
      const { link } = await put(stage.origin, [write(join(folder, name), text)]);
      const receiver = stage.people[0] ?? (await stage.person({ browser }));
      await open(receiver, link);
      await receiver.see(name);
      const show = await receiver.findNow("button", say("viewOne", { name }));
      if (show) {
        await show.click();
        await receiver.see(say("copyText"));
        await receiver.press("button", say("close"));
      }
      const before = receiver.downloaded();
      await pressSave(receiver);
      await seeSaved(receiver);
      const path = await receiver.download(before);
      assert.equal(readFileSync(path, "utf8"), text);
      assert.equal(new URL(receiver.page.url()).pathname, "/s", "the page is where it was");
      assert.notEqual(await receiver.page.title(), "it ran");
    }
  });
}

scene("T4, T12: a streamed download is an attachment without a type, sandboxed, and known to nobody else", {}, async (stage) => {
  const path = write(join(temporaryFolder("files"), "page.html"), noise(34 << 20, "page"));
  const { link } = await put(stage.origin, [path]);
  const receiver = await stage.person();
  receiver.watch.expect(/\/download\//);
  await open(receiver, link);
  /** @type {string[]} */
  const addresses = [];
  receiver.page.on("request", (request) => request.url().includes("/download/") && addresses.push(request.url()));
  const stall = stage.road.rule({ method: "GET", path: /\/payload$/, stallReceivedAfter: 8 << 20 });
  await pressSave(receiver);
  await receiver.see(say("stateSaving"));
  stall.release();
  await seeSaved(receiver);
  assert.equal(digestOf(await receiver.download()), digestOf(path));
  assert.ok(addresses.length > 0);
  assert.equal(stage.road.exchanges.some(({ url }) => url.startsWith("/download/") && !url.endsWith("service-worker.js")), false, "a download travelled");
  for (const address of addresses) {
    assert.equal(address.includes("page.html"), false, "a name in an address");
    assert.equal((await fetch(address)).status, 404, "the server knows nothing of it");
  }
});

scene("T16: pages, service worker and answers are never cached; assets are named by their content and stay", {}, async (stage) => {
  const person = await stage.person();
  await arriveToSend(person);
  await person.go("/s");
  const field = (/** @type {any} */ exchange, /** @type {string} */ name) => exchange.answerHeaders[name] ?? "";
  for (const exchange of stage.road.exchanges) {
    const isAsset = exchange.url.startsWith("/assets/");
    // A page from a folder (--web-dir) may change at any time.
    if (isAsset && !exchange.url.startsWith("/assets/dev/")) assert.match(field(exchange, "cache-control"), /immutable/, exchange.url);
    else if (!isAsset) assert.match(field(exchange, "cache-control"), /no-store/, exchange.url);
    assert.equal(field(exchange, "set-cookie"), "", "a cookie");
    assert.equal(field(exchange, "x-content-type-options"), "nosniff");
  }
  const page = stage.road.travelled("GET", /^\/s$/)[0];
  const policy = field(page, "content-security-policy");
  for (const directive of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types onekey", "base-uri 'none'"]) {
    assert.ok(policy.includes(directive), directive);
  }
  assert.equal(/unsafe|\*|http:|data:/.test(policy.replace(/'wasm-unsafe-eval'/g, "")), false, policy);
  assert.equal(field(page, "referrer-policy"), "no-referrer");
  assert.equal(field(page, "cross-origin-opener-policy"), "same-origin");
});

scene("T10: whatever a link preview asks for, nothing is spent", {}, async (stage) => {
  const path = write(join(temporaryFolder("files"), "a.bin"), noise(1_000, "a"));
  const { link } = await put(stage.origin, ["--downloads", "1", path]);
  for (const method of ["GET", "HEAD", "OPTIONS"]) {
    for (const address of [link.split("#")[0], link.replace("#", "%23"), `${stage.origin}/`, `${stage.origin}/download/x`]) await fetch(address, { method, redirect: "manual" });
  }
  const receiver = await stage.person();
  await open(receiver, link);
  await receiver.see(say("usesDownload", { count: 1 }));
});

scene("T9: the policy stops what would run or leave, and the watch of these tests notices", {}, async (stage) => {
  const person = await stage.person();
  await arriveToSend(person);
  person.watch.expect(/^console error: policy violation/, /^console (error|warn)/, /^request failed/, /^request to another origin/, /^page error: Content-Security-Policy/);
  // As an injected script would; the console is the only way to run something here.
  await person.page.evaluate(async () => {
    await fetch("http://elsewhere.test/").catch(() => {});
    const image = new Image();
    image.src = "http://elsewhere.test/picture";
    document.body.append(image);
    const style = document.createElement("style");
    style.textContent = "body { color: red }";
    document.body.append(style);
    try {
      document.body.insertAdjacentHTML("beforeend", "<b>x</b>");
    } catch {
      // Trusted Types
    }
  });
  await person.reload();
  const stopped = stage.road.violations.splice(0).map((text) => JSON.parse(text)["csp-report"]["effective-directive"]);
  for (const directive of ["connect-src", "img-src", "style-src-elem", "require-trusted-types-for"]) assert.ok(stopped.includes(directive), `${directive} of ${stopped}`);
  assert.deepEqual(stage.trap.caught.filter((url) => url.includes("elsewhere")), [], "it left");
});
