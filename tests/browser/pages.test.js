// Each kind of page, on a telephone and on a desk, by day and by night.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { accessibility, launch, overflow, unfold, visit } from './chromium.js';
import { serve } from './host.js';
import { artifacts, openSite } from './site.js';

const KINDS = ['home', 'section', 'article', 'tags', 'tag', 'authors', 'author', 'archive', 'year', 'month', 'related', '404'];
/** Of a large site so many pages are looked at, evenly spread. */
const SAMPLE = 200;

const site = openSite();
const isNumbered = (page) => /(?:^|\/)page\/\d+\/$/.test(page.url);

/** The longest page of each kind holds most of what the kind can hold. */
function examples() {
  const longest = (pages) => pages.reduce((a, b) => (b.bytes > a.bytes ? b : a), { bytes: 0 });
  const fronts = KINDS.map((kind) => ({
    kind,
    page: longest(site.pages.filter((page) => page.kind === kind && !isNumbered(page))),
  }));
  return [...fronts, { kind: 'numbered', page: longest(site.pages.filter(isNumbered)) }];
}

describe(`the pages of ${site.name}`, () => {
  let browser, host;
  const pictures = join(artifacts, site.name);

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    host = await serve(site.root, site.home.pathname);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await host?.close();
  });

  // A page that is missing is asked for deep in the site, where relative addresses would break.
  const address = (page) => new URL(page.kind === '404' ? 'no/such/page/' : page.url, host.home);
  const expected = (page) => (page.kind === '404' ? 404 : 200);

  for (const { kind, page } of examples()) {
    const skip = page.url === undefined && `the site has no such page`;
    for (const width of [390, 1440]) {
      for (const scheme of ['light', 'dark']) {
        test(`${kind}, ${width} px, ${scheme}`, { skip }, async () => {
          const seen = await visit(browser, address(page), { width, scheme, expected: expected(page) });
          try {
            const fullPage = true;
            await seen.page.screenshot({ path: join(pictures, `${kind}-${width}-${scheme}.png`), fullPage });
            await unfold(seen.page);
            assert.deepEqual(await overflow(seen.page), [], page.path);
            assert.deepEqual(await accessibility(seen.page), [], page.path);
            assert.deepEqual(seen.faults, [], page.path);
          } finally {
            await seen.close();
          }
        });
      }
    }

    test(`${kind} reads the same without scripts`, { skip }, async () => {
      const texts = [];
      for (const scripts of [true, false]) {
        const seen = await visit(browser, address(page), { scripts, expected: expected(page) });
        texts.push(await seen.page.locator('body').innerText());
        await seen.close();
      }
      assert.ok(texts[0].trim().length > 0, `${page.path} is empty`);
      assert.equal(texts[1], texts[0], page.path);
    });
  }

  test('every page fits a telephone, is accessible and loads without a fault', async (t) => {
    const step = Math.max(1, Math.ceil(site.pages.length / SAMPLE));
    const pages = site.pages.filter((page, at) => page.kind !== undefined && at % step === 0);
    t.diagnostic(`${pages.length} of ${site.pages.length} pages`);
    const wrong = [];
    for (const page of pages) {
      const seen = await visit(browser, address(page), { width: 390, expected: expected(page) });
      await unfold(seen.page);
      const found = [...(await overflow(seen.page)), ...(await accessibility(seen.page)), ...seen.faults];
      wrong.push(...found.map((fault) => `${page.path}: ${fault}`));
      await seen.close();
    }
    assert.deepEqual(wrong, []);
  });

  test('a moved page leads to the one that took its place', async () => {
    for (const page of site.pages.filter((page) => page.kind === undefined).slice(0, 10)) {
      const seen = await visit(browser, address(page), { scripts: false });
      await seen.page.waitForURL((url) => url.href !== address(page).href, { timeout: 5000 });
      const there = new URL(page.canonical);
      assert.equal(new URL(seen.page.url()).pathname, there.pathname, page.path);
      await seen.close();
    }
  });

  test('the keyboard gets past the masthead with its first stop', async () => {
    const seen = await visit(browser, address(examples().find(({ kind }) => kind === 'home').page));
    await seen.page.keyboard.press('Tab');
    const link = seen.page.locator(':focus');
    const box = await link.boundingBox();
    assert.ok(box && box.y >= 0 && box.height > 0, 'the first stop is out of sight');
    await seen.page.keyboard.press('Enter');
    assert.equal(await seen.page.evaluate(() => document.activeElement.localName), 'main');
    await seen.close();
  });
});
