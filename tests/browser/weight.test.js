// What an article costs before a reader can begin: its page and the style sheets that it waits for.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { none } from './none.js';
import { openSites } from './site.js';

/** What a server sends before it waits for the first answer: ten packets of TCP (RFC 6928). */
const ONE_ROUND_TRIP = 14 * 1024;

for (const site of openSites()) {
  describe(`the weight of ${site.name}`, () => {
    test('every article comes in one round trip, style included', () => {
      const articles = site.pages.filter((page) => page.kind === 'article');
      assert.ok(articles.length > 0);
      const heavy = [];
      for (const { path } of articles) {
        const html = site.read(path);
        const styles = [...html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)];
        assert.ok(styles.length > 0, `${path} has no style sheet`);
        const files = styles.map(([, href]) =>
          site.read(decodeURI(new URL(href, site.home).pathname).slice(site.home.pathname.length)),
        );
        const bytes = [html, ...files].reduce((sum, text) => sum + gzipSync(text).length, 0);
        if (bytes > ONE_ROUND_TRIP) heavy.push(`${path}: ${bytes} bytes`);
      }
      none(heavy);
    });
  });
}
