// Looks at a state: pictures in light, dark and at a phone's width, and axe-core's opinion of it.

import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import axe from "axe-core";

import { REPORTS } from "./programs.js";

/** @import { Person } from "./person.js" */

/** Where the pictures are. */
export const PICTURES = join(REPORTS, "pictures");

const DESK = { width: 1100, height: 850 };
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2 };

/** Rules and advice alike: what axe-core can tell by itself. */
const WITH = { resultTypes: ["violations"], preload: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

/** Empties the folder of pictures. */
export function clearPictures() {
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
}

/**
 * @param {Person} person @param {string} state
 * @param {{scripts?: boolean}} [page] whether scripts run, which axe-core is one of
 */
export async function look(person, state, { scripts = true } = {}) {
  const { page } = person;
  const file = state.replace(/[^a-z0-9]+/gi, "-").toLowerCase();
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
    await page.screenshot({ path: join(PICTURES, `${file}.${scheme}.png`) });
    if (scripts) await judge(person, `${state}, ${scheme}`);
  }
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }, { name: "prefers-reduced-motion", value: "reduce" }]);
  await page.setViewport(PHONE);
  await page.screenshot({ path: join(PICTURES, `${file}.phone.png`), fullPage: true });
  const wide = scripts && (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth));
  assert.equal(wide, false, `${state}: wider than a phone`);
  await page.setViewport(DESK);
}

/** @param {Person} person @param {string} where */
export async function judge(person, where) {
  if (!(await person.page.evaluate(() => "axe" in window))) await person.page.evaluate(axe.source);
  const violations = await person.page.evaluate(async (options) => {
    const { violations: found } = await window.axe.run(document, options);
    return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => `${node.target} (${node.any[0]?.message ?? node.all[0]?.message ?? ""})`).slice(0, 3).join("; ")}`);
  }, WITH);
  assert.deepEqual(violations, [], `axe-core at ${where}`);
}
