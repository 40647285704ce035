// Each kind of page, on a telephone and on a desk, by day and by night.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { accessibility, launch, openWindow, overflow, unfold } from './chromium.js';
import { serve } from './host.js';
import { none } from './none.js';
import { artifacts, openSites } from './site.js';

const KINDS = 'home section article tags tag authors author archive year month related 404'.split(' ');
const WIDTHS = [390, 1440];
const SCHEMES = ['light', 'dark'];
/** Of a large site so many pages are looked at, evenly spread. */
const SAMPLE = 200;

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

    for (const name of ['390-light', '1440-dark']) {
      test(`every page in ${name} fits, is accessible and loads without a fault`, async (t) => {
        const step = Math.max(1, Math.ceil(site.pages.length / SAMPLE));
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
  });
}

/** The longest page of each kind holds most of what the kind can hold. */
function examples(site) {
  const longest = (pages) => pages.reduce((a, b) => (b.bytes > a.bytes ? b : a), { bytes: 0 });
  const isNumbered = (page) => /(?:^|\/)page\/\d+\/$/.test(page.url);
  const fronts = KINDS.map((kind) => ({
    kind,
    page: longest(site.pages.filter((page) => page.kind === kind && !isNumbered(page))),
  }));
  return [...fronts, { kind: 'numbered', page: longest(site.pages.filter(isNumbered)) }];
}
