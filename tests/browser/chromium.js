// Debian's Chromium, and a page in it that notes what went wrong while it was open.

import { chromium } from 'playwright-core';
import axe from 'axe-core';

const CONFORMANCE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // The sandbox needs rights that containers do not give; the pages are our own.
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * Opens a page of the host. `faults` fills up with console errors (breaches of the content
 * security policy among them), script errors, failed requests and requests to other origins.
 */
export async function visit(browser, url, { width = 1440, scheme = 'light', scripts = true, expected = 200 } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: scheme,
    javaScriptEnabled: scripts,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults = [];
  const { origin } = new URL(url);
  await context.route(
    (asked) => asked.origin !== origin && asked.protocol !== 'data:',
    (route) => {
      faults.push(`asks another origin for ${route.request().url()}`);
      return route.abort();
    },
  );
  page.on('console', (message) => {
    // The browser reports the status of a page that we mean to be missing.
    const meant = expected !== 200 && message.location().url === String(url);
    if (message.type() === 'error' && !meant) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('requestfailed', (request) => {
    if (new URL(request.url()).origin === origin) faults.push(`cannot load ${request.url()}`);
  });
  page.on('response', (response) => {
    const main = response.request().isNavigationRequest();
    if (response.status() !== (main ? expected : 200)) faults.push(`${response.status()} for ${response.url()}`);
  });
  await page.goto(String(url), { waitUntil: 'load' });
  return { page, faults, close: () => context.close() };
}

/** What is folded away is part of the page as well. */
export function unfold(page) {
  return page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
}

/** The elements that make a page wider than its window; none when it fits. */
export function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.body.querySelectorAll('*')].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return right > width + 0.5 || left < -0.5;
    });
    const outermost = wide.filter((element) => !wide.includes(element.parentElement));
    const named = outermost.map((element) => element.outerHTML.slice(0, 120));
    return [`${document.documentElement.scrollWidth} px in a window of ${width} px`, ...named.slice(0, 5)];
  });
}

/** What axe-core finds against WCAG 2.2, levels A and AA. */
export async function accessibility(page) {
  // As an expression of the debugger's, which the content security policy does not concern.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }),
    CONFORMANCE,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
  );
}
