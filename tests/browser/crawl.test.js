// Every address of the site leads somewhere, and something leads to every page.

import { after, before, describe, test } from 'node:test';
import { launch } from './chromium.js';
import { crawl } from './crawl.js';
import { serve } from './host.js';
import { none } from './none.js';
import { openSites } from './site.js';

for (const site of openSites()) {
  describe(`the addresses of ${site.name}`, () => {
    let browser, host, found;

    before(async () => {
      host = await serve(site.root, site.home.pathname);
      browser = await launch();
      const page = await browser.newPage();
      found = await crawl({ page, site, host });
    });
    after(async () => {
      await browser?.close();
      await host?.close();
    });

    test('no link, picture, style sheet, feed, redirect or anchor is dead', () => {
      none(found.dead);
    });

    test('every page is reached by a link or named by the sitemap', () => {
      const known = (page) => found.reached.has(page.url) || found.indexed.has(page.url);
      const lost = site.pages.filter((page) => page.path !== '404.html' && !known(page));
      none(lost.map((page) => page.path));
    });

    test('feeds, sitemaps, style sheets and scripts are used by something', () => {
      const used = /\.(?:xml|css|js)$|(?:^|\/)feed\.json$/;
      const lost = site.files.filter((path) => used.test(path) && !found.reached.has(encodeURI(path)));
      none(lost);
    });

    test('each page names its own address as canonical, and a moved one the page that took its place', () => {
      const addresses = new Set(site.pages.map((page) => new URL(page.url, site.home).href));
      const wrong = site.pages.filter((page) => {
        if (page.path === '404.html') return page.canonical !== undefined;
        if (page.kind === undefined) return !addresses.has(page.canonical);
        return page.canonical !== new URL(page.url, site.home).href;
      });
      none(wrong.map((page) => `${page.path}: ${page.canonical}`));
    });

    test('the sitemap names no page that search engines should stay away from', (t) => {
      const listed = site.pages.filter((page) => found.indexed.has(page.url));
      t.diagnostic(
        `${found.reached.size} addresses reached, ${listed.length} of ${site.pages.length} pages in the sitemap`,
      );
      none(listed.filter((page) => page.noindex).map((page) => page.path));
    });
  });
}
