// Each kind of page, on a telephone and on a desk, by day and by night.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { accessibility, launch, openWindow, overflow, unfold } from './chromium.js';
import { serve } from './host.js';
import { none } from './none.js';
import { artifacts, examples, openSites } from './site.js';

const WIDTHS = [390, 1440];
const SCHEMES = ['light', 'dark'];
/** Of a large site so many pages are looked at, evenly spread: fewer where there is room. */
const SAMPLES = { '390-light': 200, '1440-dark': 40 };

for (const site of openSites()) {
  describe(`the pages of ${site.name}`, () => {
    const pictures = join(artifacts, site.name);
    const windows = {};
    let browser, host;

    before(async () => {
      mkdirSync(pictures, { recursive: true });
      host = await serve(site.root, site.home.pathname);
      browser = await launch();
      for (const width of WIDTHS) {
        for (const scheme of SCHEMES) {
          windows[`${width}-${scheme}`] = await openWindow(browser, { width, scheme });
        }
      }
      windows.plain = await openWindow(browser, { scripts: false });
    });
    after(async () => {
      await browser?.close();
      await host?.close();
    });

    // A page that is missing is asked for deep in the site, where relative addresses would break.
    const open = (window, page) =>
      page.kind === '404'
        ? window.go(new URL('no/such/page/', host.home), 404)
        : window.go(new URL(page.url, host.home));

    const faultsOf = async ({ page }, faults) => {
      await unfold(page);
      return [...(await overflow(page)), ...(await accessibility(page)), ...faults];
    };

    for (const { kind, page } of examples(site)) {
      const skip = page.url === undefined && 'the site has no such page';
      for (const width of WIDTHS) {
        for (const scheme of SCHEMES) {
          test(`${kind}, ${width} px, ${scheme}`, { skip }, async () => {
            const window = windows[`${width}-${scheme}`];
            const faults = await open(window, page);
            await window.page.screenshot({
              path: join(pictures, `${kind}-${width}-${scheme}.png`),
              fullPage: true,
            });
            none((await faultsOf(window, faults)).map((fault) => `${page.path}: ${fault}`));
          });
        }
      }

      test(`${kind} reads the same without scripts`, { skip }, async () => {
        const texts = [];
        for (const window of [windows['1440-light'], windows.plain]) {
          await open(window, page);
          texts.push(await window.page.locator('body').innerText());
        }
        assert.notEqual(texts[0].trim(), '', `${page.path} is empty`);
        assert.equal(texts[1], texts[0], page.path);
      });
    }

    for (const [name, most] of site.everyPage ? Object.entries(SAMPLES) : []) {
      test(`pages in ${name} fit, are accessible and load without a fault`, async (t) => {
        const step = Math.max(1, Math.ceil(site.pages.length / most));
        const pages = site.pages.filter((page, at) => page.kind !== undefined && at % step === 0);
        t.diagnostic(`${pages.length} of ${site.pages.length} pages`);
        const wrong = [];
        for (const page of pages) {
          const faults = await faultsOf(windows[name], await open(windows[name], page));
          wrong.push(...faults.map((fault) => `${page.path}: ${fault}`));
        }
        none(wrong);
      });
    }

    test('a page that moved leads on, without scripts too', async () => {
      const moved = site.pages.filter((page) => page.kind === undefined);
      for (const page of moved.slice(0, 10)) {
        const { pathname } = new URL(page.canonical);
        await open(windows.plain, page);
        await windows.plain.page.waitForURL((url) => url.pathname === pathname, { timeout: 5000 });
      }
    });

    test('the first stop of the keyboard leads past the masthead', async () => {
      const window = windows['1440-light'];
      await window.go(host.home);
      await window.page.keyboard.press('Tab');
      const box = await window.page.locator(':focus').boundingBox();
      assert.ok(box?.y >= 0 && box.height > 0, 'the first stop is out of sight');
      await window.page.keyboard.press('Enter');
      assert.equal(await window.page.evaluate(() => document.activeElement.localName), 'main');
    });

    for (const kind of ['home', 'article']) {
      const { path, url } = examples(site).find((example) => example.kind === kind).page;
      const skip = url === undefined && 'the site has no such page';
      test(`the keyboard reaches everything on ${kind}, and shows where it is`, { skip }, async () => {
        const { page } = windows['390-dark'];
        await windows['390-dark'].go(new URL(url, host.home));
        await unfold(page);
        const expected = await page.evaluate(stops);
        const seen = [];
        for (let at = 0; at < expected.length; at += 1) {
          await page.keyboard.press('Tab');
          seen.push(await page.evaluate(focused));
        }
        assert.deepEqual(
          seen.map((stop) => stop.html),
          expected,
        );
        none(seen.filter((stop) => !stop.visible).map((stop) => `${path}: one does not see ${stop.html}`));
      });
    }
  });
}

/** Where the keyboard should stop. Runs in the browser, as does the next. */
function stops() {
  const all = document.querySelectorAll('a[href], button, input, summary, pre, .table, .math');
  // The browser lets the keyboard into what scrolls.
  const scrolls = (element) => element.scrollWidth > element.clientWidth;
  return [...all]
    .filter((element) => element.tabIndex >= 0 || (element.matches('pre, .table') && scrolls(element)))
    .filter((element) => !element.disabled && element.type !== 'hidden')
    .map((element) => element.outerHTML.slice(0, 120));
}

function focused() {
  const element = document.activeElement;
  const { width, height, top, bottom } = element.getBoundingClientRect();
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const inSight = width > 0 && height > 0 && bottom > 0 && top < innerHeight;
  const visible = inSight && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  return { html: element.outerHTML.slice(0, 120), visible };
}
