// Real browsers, over WebDriver BiDi, each with a profile and a download folder of its own.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import puppeteer from "puppeteer-core";

import * as programs from "./programs.js";

/** Longest a browser may take to start, in milliseconds; Firefox takes four seconds. */
const START = 60_000;

/** Longest one command to a browser may take: hashing a saved 100 MiB is one. */
const COMMAND = 120_000;

/** A browser's folders, which outlive the browser: a crash is a new browser on the same ones. */
export function newProfile() {
  const folder = programs.temporaryFolder("browser");
  const profile = { folder, data: join(folder, "profile"), downloads: join(folder, "downloads") };
  mkdirSync(profile.downloads);
  mkdirSync(join(profile.data, "Default"), { recursive: true });
  return profile;
}

/**
 * @param {"chromium" | "firefox"} name @param {ReturnType<typeof newProfile>} profile
 * @param {{proxyPort: number, language: string, measured?: boolean}} options `measured`: nobody listens to the network. A driver
 *   that does gets every body that is sent from memory as text, which makes Chromium send 4 MiB a second
 */
export function launch(name, profile, { proxyPort, language, measured = false }) {
  return name === "firefox" ? firefox(profile, proxyPort, language) : chromium(profile, proxyPort, language, measured);
}

/** @param {ReturnType<typeof newProfile>} profile @param {number} proxyPort @param {string} language @param {boolean} measured */
function chromium(profile, proxyPort, language, measured) {
  const preferences = {
    download: { default_directory: profile.downloads, prompt_for_download: false },
    intl: { accept_languages: language },
    // A person who is asked about a second download says yes.
    profile: { default_content_setting_values: { automatic_downloads: 1 } },
  };
  writeFileSync(join(profile.data, "Default", "Preferences"), JSON.stringify(preferences));
  return puppeteer.launch({
    browser: "chrome",
    // WebDriver BiDi listens in Chromium whether it is wanted or not.
    protocol: measured ? "cdp" : "webDriverBiDi",
    networkEnabled: !measured,
    executablePath: programs.chromium(),
    headless: true,
    userDataDir: profile.data,
    timeout: START,
    protocolTimeout: COMMAND,
    defaultViewport: { width: 1100, height: 850 },
    args: [
      `--proxy-server=http://127.0.0.1:${proxyPort}`, `--lang=${language}`,
      // In a container as root there is no sandbox.
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-component-update", "--disable-domain-reliability",
      "--no-pings", "--disable-features=OptimizationHints,MediaRouter,Translate",
    ],
  });
}

/** @param {ReturnType<typeof newProfile>} profile @param {number} proxyPort @param {string} language */
function firefox(profile, proxyPort, language) {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: programs.firefox(),
    headless: true,
    userDataDir: profile.data,
    timeout: START,
    protocolTimeout: COMMAND,
    defaultViewport: { width: 1100, height: 850 },
    extraPrefsFirefox: {
      "browser.download.folderList": 2,
      "browser.download.dir": profile.downloads,
      "browser.download.useDownloadDir": true,
      "browser.download.always_ask_before_handling_new_types": false,
      "browser.download.alwaysOpenPanel": false,
      "intl.accept_languages": language,
      "network.proxy.type": 1,
      "network.proxy.http": "127.0.0.1",
      "network.proxy.http_port": proxyPort,
      "network.proxy.ssl": "127.0.0.1",
      "network.proxy.ssl_port": proxyPort,
    },
  });
}
