// Debian's Chromium, and a page in it that notes what went wrong while it was open.

import { chromium } from 'playwright-core';
import axe from 'axe-core';

/** WCAG 2.2, levels A and AA. */
const CONFORMANCE = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** Text stands out from its ground by 7:1, large text by 4.5:1. */
export const HIGH_CONTRAST = { type: 'rule', values: ['color-contrast-enhanced'] };

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
      // Nobody else is asked for anything, whatever a page says.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}

/**
 * A window of the browser: `go` leads it to an address and gives the faults that are seen there.
 * They go on filling up while the page is looked at, so they are read last.
 */
export async function openWindow(
  browser,
  { width = 1440, scheme = 'light', scripts = true, contrast = 'no-preference', forcedColors = 'none' } = {},
) {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: scheme,
    contrast,
    forcedColors,
    javaScriptEnabled: scripts,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  let address, expected, faults;

  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    const other = origin !== address.origin && protocol !== 'data:';
    if (other) faults.add(`asks another origin for ${request.url()}`);
  });
  page.on('console', (message) => {
    // The browser reports the status of a page that is meant to be missing.
    const meant = expected !== 200 && message.location().url === address.href;
    // Breaches of the content security policy are among these, each with advice how to weaken it.
    const text = message.text().replace(/ Either the 'unsafe-inline'.*/s, '');
    if (message.type() === 'error' && !meant) faults.add(`console: ${text}`);
  });
  page.on('pageerror', (error) => faults.add(`script: ${error.message}`));
  page.on('requestfailed', (request) => {
    if (new URL(request.url()).origin === address.origin) faults.add(`cannot load ${request.url()}`);
  });
  page.on('response', (response) => {
    const wanted = response.url() === address.href ? expected : 200;
    if (response.status() !== wanted) faults.add(`${response.status()} for ${response.url()}`);
  });
  return {
    page,
    async go(url, status = 200) {
      [address, expected, faults] = [url, status, new Set()];
      await page.goto(url.href, { waitUntil: 'load' });
      return faults;
    },
  };
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

/** What axe-core finds. */
export async function accessibility(page, rules = CONFORMANCE) {
  // As an expression of the debugger's, which the content security policy does not concern.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (runOnly) => globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] }),
    rules,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const reasons = [...any, ...all, ...none].map((check) => check.message);
      return `${id} at ${target.join(' ')}: ${help}: ${reasons.join('; ')}`;
    }),
  );
}
