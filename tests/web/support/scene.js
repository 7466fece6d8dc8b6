// A test's stage: a server, the road to it, the trap for everything else, and people. At the end nothing may have gone
// wrong unnoticed: no violation of the policy, no word in a console, no request to anywhere else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { calmDriver } from "./driver.js";
import { Person } from "./person.js";
import { removeFolder } from "./programs.js";
import { Road } from "./road.js";
import { Server } from "./server.js";
import { Trap } from "./trap.js";
import { ofPages } from "./watch.js";

/** Longest a whole test may take, in milliseconds. */
const TEST = 600_000;

/** Requests that a failure lists, from the end. */
const TOLD = 40;

/** @param {import("./road.js").Exchange} exchange */
const told = ({ method, url, status, sent, received, done }) => `${method} ${url}: ${sent} bytes, ${status ?? "no answer"}, ${received} bytes${done ? "" : ", not done"}`;

/**
 * @typedef {object} SceneOptions
 * @property {string[]} [args] of the server
 * @property {string} [uploadSecret]
 * @property {boolean} [keep] whether the road keeps bodies
 * @property {boolean} [measured] no road, and nobody who listens: neither may cost what is measured
 */

export class Scene {
  /** @type {Person[]} */
  people = [];

  /** @param {SceneOptions} [options] */
  constructor({ args, uploadSecret, keep, measured = false } = {}) {
    this.measured = measured;
    this.server = new Server({ args, uploadSecret });
    this.road = new Road(() => this.server.port, { keep });
    this.trap = new Trap(() => this.road.origin);
  }

  async open() {
    calmDriver();
    await this.server.start();
    await this.road.open();
    await this.trap.open();
    return this;
  }

  get origin() {
    return this.measured ? `http://127.0.0.1:${this.server.port}` : this.road.origin;
  }

  /** Somebody with a new browser. @param {Partial<ConstructorParameters<typeof Person>[0]>} [options] */
  async person(options = {}) {
    const person = new Person({ origin: this.origin, trapPort: this.trap.port, measured: this.measured, ...options });
    this.people.push(person);
    return person.arrive();
  }

  /** Ends everything, then says what went wrong. */
  async close() {
    await Promise.all(this.people.map((person) => person.leave()));
    await this.road.close();
    await this.trap.close();
    await this.server.stop();
    removeFolder(this.server.folder);
    for (const person of this.people) removeFolder(person.profile.folder);
  }

  /** Fails if something happened that nobody may notice only later. */
  check() {
    const problems = this.people.flatMap((person) => person.watch.unexpected());
    assert.deepEqual(problems, [], "the browser complained");
    assert.deepEqual(this.road.violations, [], "the content security policy was violated");
    assert.deepEqual(ofPages(this.trap.caught), [], "something asked for another origin");
  }
}

/**
 * A test on a stage of its own.
 * @param {string} name @param {SceneOptions} options @param {(scene: Scene) => Promise<void>} play
 */
export function scene(name, options, play) {
  test(name, { timeout: TEST }, async () => {
    const stage = new Scene(options);
    try {
      await stage.open();
      await play(stage);
      stage.check();
    } catch (error) {
      for (const person of stage.people) {
        const words = await person.page?.evaluate(() => `${location.pathname}\n${document.body.innerText}`).catch(() => "(gone)");
        console.error(`-- ${person.kind} shows: ${words}\n-- it complained: ${person.watch.problems.join("\n")}`);
      }
      console.error(`-- travelled last:\n${stage.road.exchanges.slice(-TOLD).map(told).join("\n")}`);
      throw error;
    } finally {
      await stage.close();
    }
  });
}
