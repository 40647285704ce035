// Editions in several languages: each page is in its own, and leads to the others.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, openWindow } from './chromium.js';
import { serve } from './host.js';
import { none } from './none.js';
import { openSites } from './site.js';

const DIRECTIONS = { en: 'ltr', de: 'ltr', ja: 'ltr', ar: 'rtl' };

for (const site of openSites().filter((site) => site.files.includes('ja/index.html'))) {
  describe(`the languages of ${site.name}`, () => {
    const pages = site.pages.filter((page) => page.kind);
    const languageOf = (url) => /^(de|ja|ar)\//.exec(url)?.[1] ?? 'en';
    let browser, host, window;

    before(async () => {
      host = await serve(site.root, site.home.pathname);
      browser = await launch();
      window = await openWindow(browser, { width: 390 });
    });
    after(async () => {
      await browser?.close();
      await host?.close();
    });

    test('each edition has a page of each kind', () => {
      const kinds = 'home section article tags tag authors author archive year month related'.split(' ');
      const has = (language, kind) =>
        pages.some((page) => page.kind === kind && languageOf(page.url) === language);
      const missing = Object.keys(DIRECTIONS).flatMap((language) =>
        kinds.filter((kind) => !has(language, kind)).map((kind) => `${language}: ${kind}`),
      );
      none(missing);
    });

    test('each page says its language and runs in its direction', () => {
      const wrong = pages.filter(({ path, url }) => {
        const language = languageOf(url);
        return !site.read(path).includes(`<html lang="${language}" dir="${DIRECTIONS[language]}"`);
      });
      none(wrong.map((page) => page.path));
    });

    test('versions tell of one another, and of themselves', () => {
      const alternates = new Map(
        pages.map(({ path, canonical }) => {
          const found = site.read(path).matchAll(/<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">/g);
          return [canonical, [...found].map(([, language, href]) => `${language} ${href}`).sort()];
        }),
      );
      const wrong = [];
      for (const [page, told] of alternates) {
        if (told.length && !told.some((one) => one.endsWith(` ${page}`))) wrong.push(`${page}: not itself`);
        for (const one of told) {
          const other = alternates.get(one.split(' ')[1]);
          if (other?.join() !== told.join()) wrong.push(`${page}: ${one}`);
        }
      }
      none(wrong);
      assert.ok([...alternates.values()].some((told) => told.length === 4));
    });

    test('a reader goes from an article to its version, and from there to another front page', async () => {
      const { page } = window;
      await window.go(new URL('craft/measure/', host.home));
      const editions = page.locator('.editions');
      assert.deepEqual(await editions.locator('li').allInnerTexts(), ['English', 'Deutsch', '日本語', 'العربية']);
      assert.equal(await editions.locator('[aria-current]').innerText(), 'English');
      await editions.getByText('日本語').click();
      assert.equal(await page.locator('h1').innerText(), '一行の長さ');
      assert.equal(await page.locator('.masthead .nameplate').innerText(), '植字室');
      await page.locator('.masthead .nameplate a').click();
      assert.equal(new URL(page.url()).pathname, `${site.home.pathname}ja/`);
      await editions.getByText('العربية').click();
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).direction), 'rtl');
      const [first, last] = await editions.locator('li').evaluateAll((items) =>
        [items[0], items.at(-1)].map((item) => item.getBoundingClientRect().left),
      );
      assert.ok(first > last, 'the editions run from the right as well');
    });
  });
}
