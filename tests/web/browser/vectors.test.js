// Every vector of vectors/, inside real browsers, with the CSP of production.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import puppeteer from "puppeteer-core";
import { serve } from "./server.js";
import { chromium, firefox } from "../support/programs.js";
import { readVector, vectorNames } from "../vectors/node.js";
import { Vector } from "../vectors/vector.js";

/** Longest a browser may take for all of it, in milliseconds. */
const DEADLINE = 180_000;

/** Cases that Node runs: all but those of suite 2 (`unit/container/vectors.test.js` knows every kind). */
const names = vectorNames();
const expected = names.filter((name) => new Vector(name, readVector(name)).find("suite") !== "2").length;

/** @type {{name: string, browser: "chrome" | "firefox", path: () => string, args: string[]}[]} */
const BROWSERS = [
  {
    name: "Chromium",
    browser: "chrome",
    path: chromium,
    // In a container as root there is no sandbox.
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update"],
  },
  { name: "Firefox", browser: "firefox", path: firefox, args: [] },
];

/**
 * Opens the suite in a browser, and waits for its report.
 * @param {import("node:test").TestContext} t @param {typeof BROWSERS[number]} program @param {Parameters<typeof serve>[0]} [options]
 */
async function runIn(t, { browser: kind, path, args }, options) {
  const server = await serve(options);
  const profile = mkdtempSync(join(tmpdir(), "onekey-vectors-"));
  const browser = await puppeteer.launch({
    browser: kind,
    protocol: "webDriverBiDi",
    executablePath: path(),
    userDataDir: profile,
    headless: true,
    args,
  });
  t.after(async () => {
    await browser.close();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  });
  const page = await browser.newPage();
  /** @type {string[]} */
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(server.address);
  return { report: await server.report, said };
}

for (const program of BROWSERS) {
  test(`every vector in ${program.name}`, { timeout: DEADLINE }, async (t) => {
    const { report, said } = await runIn(t, program);
    t.diagnostic(`${report.agent}: ${report.passed} passed, ${report.skipped} skipped`);
    assert.deepEqual(report.failures, []);
    assert.deepEqual(said, [], "nothing is written to the console");
    assert.equal(report.brotliWorker, true, "Brotli runs in its worker");
    assert.equal(report.passed, expected);
    assert.equal(report.passed + report.skipped, names.length);
  });

  test(`${program.name} without Brotli's module: gzip takes its place`, { timeout: DEADLINE }, async (t) => {
    const { report } = await runIn(t, program, { suite: "fallback.js", wasm: false });
    assert.deepEqual(report, { compressed: "gzip", decompressed: true, streamed: "gzip", brotli: "network" });
  });
}
