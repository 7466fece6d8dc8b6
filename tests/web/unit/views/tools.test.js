// Texts for programs: shells and JSON read them as they are meant, whatever the server's address is.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import * as texts from "../../../../crates/server/web/views/tools/texts.js";

const SERVERS = ["https://files.example.org/", "http://127.0.0.1:8080/", "https://example.org/it's%20here/a&b;c/"];
const PLACES = SERVERS.flatMap((server) => [true, false].map((secret) => ({ server, secret })));

/** @param {texts.Place} place @returns {Record<string, string>} */
const shellTexts = (place) => ({
  ...texts.curlCommands(place),
  flameshot: texts.flameshot(place),
  ksnip: texts.ksnip(place),
  onekey: texts.onekey(place),
});

/** What a shell makes of `printf '%s\n' …`. @param {string} words */
const said = (words) => execFileSync("sh", ["-c", `printf '%s\\n' ${words}`], { encoding: "utf8" });

test("every command is a sentence of the shell, and names the server as it is", () => {
  for (const place of PLACES) {
    const given = said(texts.quoted(place.server));
    assert.equal(given, `${place.server}\n`);
    for (const [name, text] of Object.entries(shellTexts(place))) {
      execFileSync("sh", ["-n", "-c", text]);
      const address = name === "onekey" ? place.server.replace(/\/$/, "") : place.server;
      assert.ok(text.includes(texts.quoted(address)), name);
      assert.ok(text.endsWith("\n"), name);
    }
  }
});

test("an address of every day needs no quotes, which not every shell has", () => {
  assert.match(texts.curlCommands({ server: SERVERS[0], secret: false }).file, /^curl -F file=@photo\.png https:\/\/files\.example\.org\/\n$/);
});

test("curl reads the secret from a file; no text has more than a placeholder, and none where nothing is wanted", () => {
  for (const place of PLACES) {
    for (const [name, text] of Object.entries(shellTexts(place))) {
      const asks = text.includes("curl -n") || text.includes(texts.PLACEHOLDER);
      assert.equal(asks, place.secret, name);
      if (name !== "onekey") assert.ok(!text.includes(texts.PLACEHOLDER), name);
    }
    assert.equal(texts.ishare(place).includes(texts.PLACEHOLDER), place.secret);
  }
  assert.equal(texts.netrc({ server: "https://files.example.org:8443/x/", secret: true }), `machine files.example.org login onekey password ${texts.PLACEHOLDER}\n`);
});

test("ishare gets JSON with the names it knows", () => {
  for (const place of PLACES) {
    const uploader = JSON.parse(texts.ishare(place));
    assert.equal(uploader.requestURL, place.server);
    assert.equal(uploader.responseURL, "{{url}}");
    assert.equal(uploader.fileFormName, "file");
    assert.deepEqual(uploader.headers, { Accept: "application/json" });
    assert.deepEqual(uploader.formData, place.secret ? { secret: texts.PLACEHOLDER } : undefined);
    // Its own README and its decoder differ in how the kind of a body is written: without it, it is a form.
    assert.equal("requestBodyType" in uploader, false);
  }
});
