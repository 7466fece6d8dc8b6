// Watches a page: whatever a careful developer would frown at in its console fails the test.

/** What a browser asks of its maker by itself; no page of ours causes it. */
const BROWSERS_OWN = /(^|[./])(google\.com|googleapis\.com|gvt1\.com|mozilla\.(com|org|net)|firefox\.com):\d+$/;

export class Watch {
  /** @type {string[]} */
  problems = [];
  /** @type {RegExp[]} */
  #expected = [];

  /** @param {import("puppeteer-core").Page} page @param {string[]} origins that it may ask */
  async page(page, origins) {
    page.on("console", (message) => {
      // Chromium's advice on forms, which its own console hides as well.
      if (/** @type {string} */ (message.type()) !== "verbose") this.#note(`console ${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.#note(`page error: ${error instanceof Error ? error.message : error}`));
    page.on("requestfailed", (request) => this.#note(`request failed: ${request.method()} ${safe(request.url())}: ${request.failure()?.errorText}`));
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== "blob:" && protocol !== "about:" && protocol !== "data:" && !origins.includes(origin)) this.#note(`request to another origin: ${request.url()}`);
    });
    await page.evaluateOnNewDocument(() => {
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
  }

  /**
   * Says what is all right in this test: a browser writes refusals of the server and lost connections to the console.
   * @param {...RegExp} patterns
   */
  expect(...patterns) {
    this.#expected.push(...patterns);
  }

  /** @param {string} problem */
  #note(problem) {
    this.problems.push(problem);
  }

  /** Problems that nobody expected. */
  unexpected() {
    return this.problems.filter((problem) => !this.#expected.some((pattern) => pattern.test(problem)));
  }
}

/** @param {string[]} caught by the trap @returns {string[]} what no browser does by itself */
export const ofPages = (caught) => caught.filter((url) => !BROWSERS_OWN.test(hostAndPort(url)));

/** @param {string} url or `host:port` */
function hostAndPort(url) {
  if (!url.includes("://")) return url;
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || 80}`;
}

/** @param {string} url */
const safe = (url) => url.replace(/#.*/, "#…");

/** A refusal of the server in the console of Chromium. @param {number} status */
export const refusal = (status) => new RegExp(`^console error: Failed to load resource: the server responded with a status of ${status}`);

/** What a lost connection leaves in the console. */
export const LOST = [/^console error: Failed to load resource: net::ERR_/, /^request failed: \w+ http:\/\/127\.0\.0\.1:\d+\/api\//];
