// What those see who ask their system for more contrast, or for colours of their own.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HIGH_CONTRAST, accessibility, launch, openWindow, unfold } from './chromium.js';
import { serve } from './host.js';
import { none } from './none.js';
import { examples, openSites } from './site.js';

const PALETTES = ['crimson', 'navy', 'forest', 'plum', 'ink'].map((name) => `palette-${name}`);
/** What a line or a colour of its own sets apart from the text around it. */
const FRAMED = '.tags a, .newsletter, .fields input, button, .toc, .prose pre, .prose [class*=markdown-alert]';

for (const site of openSites()) {
  describe(`the contrast of ${site.name}`, () => {
    const kinds = ['home', 'section', 'article'];
    const pages = examples(site).filter(({ kind, page }) => kinds.includes(kind) && page.url !== undefined);
    let browser, host;

    before(async () => {
      host = await serve(site.root, site.home.pathname);
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await host?.close();
    });

    for (const scheme of ['light', 'dark']) {
      test(`reaches 7:1 for those who want more, ${scheme}`, async () => {
        const window = await openWindow(browser, { scheme, contrast: 'more' });
        const wrong = [];
        for (const { kind, page } of pages) {
          await window.go(new URL(page.url, host.home));
          await unfold(window.page);
          // The other pages take their accent from the same places.
          for (const palette of kind === 'article' ? PALETTES : PALETTES.slice(0, 1)) {
            await window.page.evaluate((name) => (document.documentElement.className = name), palette);
            const found = await accessibility(window.page, HIGH_CONTRAST);
            wrong.push(...found.map((fault) => `${page.path}, ${palette}: ${fault}`));
          }
        }
        none(wrong);
      });
    }

    test('has frames where colours are forced, and underlines what is current', async () => {
      const window = await openWindow(browser, { forcedColors: 'active' });
      const looked = new Set();
      const wrong = [];
      for (const { page } of pages) {
        await window.go(new URL(page.url, host.home));
        const found = await window.page.evaluate(unframed, FRAMED);
        found.looked.forEach((name) => looked.add(name));
        wrong.push(...found.wrong.map((name) => `${page.path}: ${name}`));
      }
      assert.ok(looked.has('a') && looked.has('current'), `looked at ${[...looked]}`);
      none(wrong);
    });
  });
}

/** Runs in the browser: the elements that nothing sets apart. */
function unframed(framed) {
  const looked = [];
  const wrong = [];
  const look = (element, name, good) => {
    looked.push(name);
    if (!good) wrong.push(element.outerHTML.slice(0, 120));
  };
  const ground = getComputedStyle(document.body).backgroundColor;
  for (const element of document.querySelectorAll(framed)) {
    const style = getComputedStyle(element);
    const line = parseFloat(style.borderBlockEndWidth) > 0 && style.borderBlockEndStyle !== 'none';
    look(element, element.localName, line && style.borderBlockEndColor !== ground);
  }
  for (const element of document.querySelectorAll('.masthead [aria-current]')) {
    look(element, 'current', getComputedStyle(element).textDecorationLine === 'underline');
  }
  return { looked, wrong };
}
