// Direct links in browsers: what a person sees who opens one, and what of a file never runs, whatever it is.

import assert from "node:assert/strict";
import { join } from "node:path";

import { goBare, upload, uploadOne } from "../support/direct.js";
import { noise, write } from "../support/files.js";
import { pdf, png, shareOf, wav } from "../support/media.js";
import { digestOf } from "../support/person.js";
import { temporaryFolder } from "../support/programs.js";
import { scene } from "../support/scene.js";
import { open, save, say } from "../support/steps.js";
import { until } from "../support/wait.js";

/** @import { Person } from "../support/person.js" */
/** @import { Scene } from "../support/scene.js" */
/** @import { Colour } from "../support/media.js" */

const BROWSERS = /** @type {const} */ (["chromium", "firefox"]);

/** What a browser says when it does what it should: it blocks. And what Chromium's own viewer of PDFs is made of. */
const BLOCKED = [/^console /, /^request failed/, /^page error/, /^request to another origin: chrome(-extension)?:\/\//];

/** Sets a mark that everything of the origin sees: a page's title, and a name in its storage. */
const EVIL = "document.title='it ran';try{localStorage.setItem('ran','1')}catch{};try{top.document.title='it ran'}catch{}";

/** @type {Colour} */
const RED = [220, 30, 60];
/** @type {Colour} */
const GREEN = [20, 160, 70];

/**
 * Goes to a file. Firefox counts a file that its viewer takes as an answer that never loads.
 * @param {Person} person @param {string} url
 */
const goTo = (person, url) => person.page.goto(url, { waitUntil: "domcontentloaded", timeout: 10_000 }).catch(() => {});

/** Waits until so much of the window has a colour. @param {Person} person @param {Colour} colour @param {number} share @param {string} what */
async function seeColour(person, colour, share, what) {
  let last = 0;
  await until(`${what} to be seen`, async () => (last = shareOf(await person.page.screenshot({ encoding: "binary" }), colour)) >= share, 30_000, () => `${last} of the window`);
}

/** Fails if anything of a file ran in the origin, and left its mark there. @param {Person} person @param {string} what */
async function nothingRan(person, what) {
  await goBare(person);
  assert.equal(await person.page.evaluate(() => localStorage.getItem("ran")), null, what);
}

/** Makes a page that runs of any XML. */
const STYLE = `<?xml version="1.0"?><xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><html><script>${EVIL}</script></html></xsl:template></xsl:stylesheet>`;

/** Files that could run, or be taken for something that runs. @type {[string, string][]} */
const ACTIVE = [
  ["page.html", `<!doctype html><title>page</title><script>${EVIL}</script><p>shown as text</p>`],
  ["page.xhtml", `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>page</title><script>${EVIL}</script></head><body/></html>`],
  ["picture.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600" onload="${EVIL.replaceAll("&", "&amp;")}"><script>${EVIL}</script><rect width="600" height="600" fill="rgb(220,30,60)"/></svg>`],
  ["feed.xml", `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="data:text/xml,%3Cxsl%3Astylesheet%2F%3E"?><x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>${EVIL}</h:script></x>`],
  ["style.xsl", STYLE],
  ["math.mml", `<math xmlns="http://www.w3.org/1998/Math/MathML"><script xmlns="http://www.w3.org/1999/xhtml">${EVIL}</script></math>`],
  ["page.shtml", `<script>${EVIL}</script>`],
  ["saved.mht", `MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>${EVIL}</script>`],
  ["script.js", EVIL],
  ["README", `<!doctype html><html><script>${EVIL}</script></html>`],
  ["not-a.png", `<!doctype html><html><script>${EVIL}</script></html>`],
  ["not-a.pdf", `<!doctype html><html><script>${EVIL}</script></html>`],
  ["not-a.mp4", `<!doctype html><html><script>${EVIL}</script></html>`],
];

for (const browser of BROWSERS) {
  scene(`S1, S2: ${browser}: nothing of a file runs where it is opened: HTML, XHTML, SVG, XML, XSLT, MathML, MHT, JS, wrong names`, {}, async (stage) => {
    const person = await stage.person({ browser });
    person.watch.expect(...BLOCKED);
    const style = await uploadOne(stage.origin, "style.xsl", STYLE);
    const styled = `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="${style}"?><x/>`;
    for (const [name, text] of [...ACTIVE, ["styled.xml", styled]]) {
      // A tab each: Firefox leaves one where something was saved in the middle of going there.
      const tab = await person.newTab();
      await goTo(tab, await uploadOne(stage.origin, name, text));
      if (name === "picture.svg") await seeColour(tab, RED, 0.2, "the SVG");
      if (name === "page.html") await tab.see("<script>");
      assert.notEqual(await tab.page.title(), "it ran", name);
      await tab.page.close();
      await nothingRan(person, name);
    }
    // What was stopped is reported, as it should be.
    stage.road.violations.splice(0);
  });

  scene(`S1: ${browser}: a direct link is no script, style, worker, service worker, module or WASM of its origin`, {}, async (stage) => {
    const person = await stage.person({ browser });
    person.watch.expect(...BLOCKED);
    const script = await uploadOne(stage.origin, "script.js", `globalThis.ran = true; ${EVIL}; export {};`);
    const plain = await uploadOne(stage.origin, "plain.js", `globalThis.ran = true; ${EVIL}`);
    const style = await uploadOne(stage.origin, "style.css", "html { outline: rgb(1, 2, 3) solid 3px }");
    const wasm = await uploadOne(stage.origin, "empty.wasm", Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    await goBare(person);
    const tried = await person.page.evaluate(
      async ({ script, plain, style, wasm }) => {
        /** @param {string} tag @param {Record<string, string>} fields */
        const load = (tag, fields) =>
          new Promise((resolve) => {
            const element = Object.assign(document.createElement(tag), fields);
            element.onload = () => resolve("loaded");
            element.onerror = () => resolve("refused");
            document.documentElement.append(element);
          });
        const outcome = (/** @type {() => Promise<unknown>} */ attempt) => attempt().then(() => "loaded", () => "refused");
        const worker = (/** @type {() => any} */ make) =>
          new Promise((resolve) => {
            try {
              const made = make();
              (made.port ?? made).onmessage = () => resolve("loaded");
              made.onerror = () => resolve("refused");
            } catch {
              resolve("refused");
            }
          });
        return {
          script: await load("script", { src: plain }),
          "script, ?download": await load("script", { src: `${plain}?download` }),
          module: await load("script", { src: script, type: "module" }),
          import: await outcome(() => import(script)),
          style: await load("link", { rel: "stylesheet", href: style }),
          worker: await worker(() => new Worker(plain)),
          "shared worker": await worker(() => new SharedWorker(plain)),
          "service worker": await outcome(() => navigator.serviceWorker.register(plain)),
          "service worker of the origin": await outcome(() => navigator.serviceWorker.register(plain, { scope: "/" })),
          wasm: await outcome(() => WebAssembly.compileStreaming(fetch(wasm))),
          ran: String(Reflect.get(globalThis, "ran") ?? "no"),
          outline: getComputedStyle(document.documentElement).outlineStyle,
          workers: String((await navigator.serviceWorker.getRegistrations()).length),
        };
      },
      { script, plain, style, wasm },
    );
    const { ran, outline, workers, ...attempts } = tried;
    for (const [what, outcome] of Object.entries(attempts)) assert.equal(outcome, "refused", what);
    assert.deepEqual([ran, outline, workers], ["no", "none", "0"]);
    await nothingRan(person, "a script");
    // The same files are there for who reads them.
    assert.equal((await fetch(plain)).status, 200);
  });

  scene(`${browser}: a picture, a PDF and a text are shown`, {}, async (stage) => {
    const person = await stage.person({ browser });
    person.watch.expect(...BLOCKED);
    await goTo(person, await uploadOne(stage.origin, "red.png", png(RED, 500)));
    await seeColour(person, RED, 0.15, "the picture");
    const text = await uploadOne(stage.origin, "notes.txt", "Zeile eins ☂\n<b>no element</b>\n");
    await goTo(person, text);
    await person.see("Zeile eins ☂");
    await person.see("<b>no element</b>");
    await goTo(person, await uploadOne(stage.origin, "green.pdf", pdf(GREEN)));
    await seeColour(person, GREEN, 0.05, "the PDF");
    assert.deepEqual(person.downloaded(), [], "nothing is saved that can be shown");
  });

  scene(`${browser}: sound plays, and seeking fetches only what is needed`, {}, async (stage) => {
    const person = await stage.person({ browser });
    person.watch.expect(...BLOCKED);
    // Long enough that no browser fetches it whole before anybody seeks.
    const url = await uploadOne(stage.origin, "tone.wav", wav(600));
    if (browser === "chromium") await goTo(person, url);
    else {
      // Firefox saves a WAV that is opened by itself, from every server; within a page it plays.
      await goBare(person);
      await person.page.evaluate((src) => document.body.append(Object.assign(document.createElement("audio"), { src })), url);
    }
    const media = await until("a player", () => person.page.$("video, audio"));
    await until("a duration", async () => Math.abs((await media.evaluate((node) => node.duration)) - 600) < 1);
    await media.evaluate((node) => {
      node.muted = true;
      void node.play();
    });
    await until("the sound to play", async () => (await media.evaluate((node) => node.currentTime)) > 0.2);
    await media.evaluate((node) => void (node.currentTime = 550));
    await until("the sound to play there", async () => (await media.evaluate((node) => (node.seeking ? 0 : node.currentTime))) > 550.2);
    const ranges = stage.road.travelled("GET", /\.wav$/).filter(({ status }) => status === 206);
    const starts = ranges.map(({ answerHeaders }) => Number(/^bytes (\d+)-/.exec(String(answerHeaders["content-range"]))?.[1]));
    assert.ok(starts.some((start) => start > 40_000_000), `a range near the end among ${starts}`);
  });

  scene(`${browser}: a film plays where it is opened, and seeks`, {}, async (stage) => {
    // Chromium makes the film: no encoder is needed for that, and none is in the repository.
    const maker = await stage.person();
    await goBare(maker);
    const made = await maker.page.evaluate(record, ["video/mp4;codecs=vp9", "video/webm;codecs=vp8"]);
    const film = Buffer.from(made.data, "base64");
    assert.ok(film.length > 100_000, `a film of ${film.length} bytes`);
    const person = browser === "chromium" ? maker : await stage.person({ browser });
    person.watch.expect(...BLOCKED);
    await goTo(person, await uploadOne(stage.origin, `film.${made.type.startsWith("video/mp4") ? "mp4" : "webm"}`, film));
    const media = await until("a player", () => person.page.$("video"));
    await until("a picture", async () => (await media.evaluate((node) => node.videoWidth)) === 320);
    await media.evaluate((node) => {
      node.muted = true;
      void node.play();
    });
    await until("the film to play", async () => (await media.evaluate((node) => node.currentTime)) > 0.2);
    await media.evaluate((node) => {
      node.pause();
      node.currentTime = 2;
    });
    await until("the film elsewhere", async () => media.evaluate((node) => !node.seeking && Math.abs(node.currentTime - 2) < 0.1));
    // Firefox draws no film into a screenshot.
    if (browser === "chromium") await seeColour(person, RED, 0.01, `the second colour of the film (${made.type})`);
  });

  scene(`${browser}: what cannot be shown is saved, under its name`, {}, async (stage) => {
    const person = await stage.person({ browser });
    person.watch.expect(...BLOCKED, /^request/);
    const path = write(join(temporaryFolder("files"), "Ünïcode & more.bin"), noise(300_000, "bin"));
    const { url } = await upload(stage.origin, [["Ünïcode & more.bin", noise(300_000, "bin")]]);
    await goTo(person, url);
    const saved = await person.download();
    assert.equal(saved.split("/").at(-1), "Ünïcode & more.bin");
    assert.equal(digestOf(saved), digestOf(path));
    const before = person.downloaded();
    await goTo(person, `${await uploadOne(stage.origin, "red.png", png(RED))}?download`);
    assert.match(await person.download(before), /red\.png$/);
  });

  scene(`${browser}: a page of another origin shows a picture and plays a sound by their links, and gets a file by fetch`, {}, async (stage) => {
    const person = await stage.person({ browser });
    person.watch.expect(...BLOCKED);
    const picture = await uploadOne(stage.origin, "red.png", png(RED));
    const sound = await uploadOne(stage.origin, "tone.wav", wav(1));
    // Another port is another origin: the server without the road.
    await person.page.goto(`http://127.0.0.1:${stage.server.port}/healthz`);
    person.watch.expect(/^request to another origin/);
    const [width, duration, length] = await person.page.evaluate(
      async ([picture, sound]) => {
        const image = new Image();
        image.src = picture;
        await image.decode();
        const audio = new Audio(sound);
        await new Promise((resolve, reject) => {
          audio.onloadedmetadata = resolve;
          audio.onerror = reject;
        });
        const { byteLength } = await (await fetch(sound)).arrayBuffer();
        return [image.naturalWidth, audio.duration, byteLength];
      },
      [picture, sound],
    );
    assert.deepEqual([width, Math.round(duration), length], [64, 1, wav(1).length]);
  });

  scene(`${browser}: a capped link shows a button; pressing it shows the picture, and spends one`, {}, async (stage) => {
    const person = await stage.person({ browser });
    person.watch.expect(...BLOCKED);
    const { url } = await upload(stage.origin, [["red.png", png(RED, 500)]], { downloads: "2" });
    for (let look = 0; look < 3; look += 1) {
      await goTo(person, url);
      await person.see("red.png");
    }
    assert.equal(stage.road.travelled("POST", /^\/[\w-]{43}/).length, 0, "looking spends nothing");
    const button = await until("a button", () => person.page.$("form button, form input[type=submit]"));
    await button.click();
    await seeColour(person, RED, 0.15, "the picture");
    assert.match(person.page.url(), /\?grant=[\w-]+$/);
    // A reload is the same download.
    await person.reload();
    await seeColour(person, RED, 0.15, "the picture again");
    const second = await stage.person({ browser });
    second.watch.expect(...BLOCKED);
    await goTo(second, url);
    await (await until("a button", () => second.page.$("form button, form input[type=submit]"))).click();
    await seeColour(second, RED, 0.15, "the picture for the second");
    assert.equal((await fetch(url, { headers: { accept: "text/html" } })).status, 404, "both are spent");
  });

  scene(`${browser}: several files are a list, whose links open them`, {}, async (stage) => {
    const person = await stage.person({ browser });
    person.watch.expect(...BLOCKED);
    const { url } = await upload(stage.origin, [["red.png", png(RED, 500)], ["<b>notes & more.txt", "some notes"]]);
    await goTo(person, url);
    await person.see("<b>notes & more.txt");
    assert.equal((await person.page.$$("main b, b")).length, 0, "a name became an element");
    await (await person.find("link", "red.png")).click();
    await seeColour(person, RED, 0.15, "the picture");
  });
}

scene("what was uploaded directly opens privately as well, with the same key: one file, no title", {}, async (stage) => {
  const path = write(join(temporaryFolder("files"), "red.png"), png(RED, 500));
  const { url, private_url: link } = await upload(stage.origin, [["red.png", png(RED, 500)]]);
  assert.equal(link.split("#")[1], /\/([\w-]{43})\.png$/.exec(url)?.[1]);
  const receiver = await stage.person();
  await open(receiver, link, say("saveFile"));
  await receiver.see("red.png");
  await receiver.see(say("promiseOpen"));
  assert.equal(digestOf(await save(receiver)), digestOf(path));
});

scene("the manage link of a direct upload opens, says that the server can read it, and deletes it", {}, async (stage) => {
  const { url, delete_url: manage } = await upload(stage.origin, [["red.png", png(RED)]]);
  const owner = await stage.person();
  await owner.go(manage);
  await owner.see(say("linkDirect"));
  await owner.see(say("shareDirect").slice(0, 40));
  assert.equal(await owner.sees(say("promiseSend")), false, "no promise that does not hold");
  assert.equal((await fetch(url)).status, 200, "to look at it deletes nothing");
  await owner.press("button", say("deleteShare"));
  await owner.press("button", say("deleteDo"));
  await owner.see(say("deletedHeading"));
  assert.equal((await fetch(url)).status, 404);
});

for (const browser of BROWSERS) {
  // Nobody can switch Firefox's scripts off by its driver; `/upload` has none, and its policy allows none.
  const scripts = browser === "firefox";
  for (const path of scripts ? ["/upload"] : ["/upload", "/"]) {
    scene(`${browser}: without JavaScript, the form at ${path} ends at the picture`, { uploadSecret: "open-sesame" }, async (stage) => {
      const person = await stage.person({ browser, scripts });
      person.watch.expect(...BLOCKED);
      const file = write(join(temporaryFolder("files"), "red.png"), png(RED, 500));
      await person.page.goto(`${stage.origin}${path}`);
      const field = async (/** @type {string} */ name) => /** @type {any} */ (await until(`field ${name}`, () => person.page.$(`form [name=${name}]`)));
      await (await field("file")).uploadFile(file);
      await (await field("secret")).type("open-sesame");
      await (await field("expires")).select("86400");
      await (await person.page.$("form button")).click();
      await seeColour(person, RED, 0.15, "the picture");
      assert.match(person.page.url(), new RegExp(`^${stage.origin}/[\\w-]{43}\\.png$`));
      const [exchange] = stage.road.travelled("POST", /^\/$/);
      assert.equal(exchange.status, 302);
      assert.deepEqual(stage.road.violations, [], "the form may be sent");
    });
  }
}

/**
 * Records three seconds of a picture that changes its colour after one, in the first type that this browser can make. Runs in
 * the page. @param {string[]} types
 */
async function record(types) {
  const type = types.find((one) => MediaRecorder.isTypeSupported(one));
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
  const context = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: type, videoBitsPerSecond: 4_000_000 });
  /** @type {Blob[]} */
  const pieces = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const ended = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  const begun = performance.now();
  while (performance.now() - begun < 3_000) {
    context.fillStyle = performance.now() - begun < 1_000 ? "rgb(20,160,70)" : "rgb(220,30,60)";
    context.fillRect(0, 0, 320, 240);
    // Some noise, which no encoder makes small.
    for (let n = 0; n < 400; n += 1) {
      context.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`;
      context.fillRect(Math.random() * 320, 180 + Math.random() * 60, 4, 4);
    }
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  recorder.stop();
  await ended;
  const bytes = new Uint8Array(await new Blob(pieces, { type }).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { type, data: btoa(text) };
}
