// What a page from right to left turns round, and what it does not.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, openWindow } from './chromium.js';
import { serve } from './host.js';
import { examples, openSites } from './site.js';

for (const site of openSites().filter((site) => /<html [^>]*dir="rtl"/.test(site.read('index.html')))) {
  describe(`the direction of ${site.name}`, () => {
    const address = (kind) => examples(site).find((example) => example.kind === kind).page.url;
    let browser, host, window;

    before(async () => {
      host = await serve(site.root, site.home.pathname);
      browser = await launch();
      window = await openWindow(browser, { width: 390 });
      await window.go(new URL(address('article'), host.home));
    });
    after(async () => {
      await browser?.close();
      await host?.close();
    });

    const style = (selector, property, pseudo) =>
      window.page.locator(selector).first().evaluate(
        (element, [property, pseudo]) => getComputedStyle(element, pseudo)[property],
        [property, pseudo],
      );

    test('code runs from left to right, and shows its beginning first', async () => {
      assert.equal(await style('.prose pre', 'direction'), 'ltr');
      const code = await window.page.locator('.prose pre code').boundingBox();
      assert.ok(code.x >= 0, `the code begins at ${code.x} px`);
    });

    test('alerts are labelled in the language of the page', async () => {
      assert.equal(await style('.markdown-alert-note', 'content', '::before'), '"ملاحظة"');
    });

    test('letters that join are not spaced, and quotations not slanted', async () => {
      await window.go(host.home);
      assert.match(await style('.kicker', 'letterSpacing'), /^(?:normal|0px)$/);
      await window.go(new URL(address('article'), host.home));
      assert.equal(await style('.prose blockquote p', 'fontSynthesisStyle'), 'none');
    });

    test('the arrow to what is older points to the left', async () => {
      await window.go(host.home);
      assert.match(await style('.pager .older', 'content', '::after'), /←/);
    });
  });
}
