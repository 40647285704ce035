// Pictures as a reader has them: in the width that the screen needs, and without a jump of the text.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from './chromium.js';
import { serve } from './host.js';
import { openSites } from './site.js';

for (const site of openSites()) {
  const shown = site.pages.filter(({ path }) => site.read(path).includes('<source type="image/webp"'));

  describe(`the pictures of ${site.name}`, { skip: shown.length === 0 }, () => {
    let browser, host;

    before(async () => {
      host = await serve(site.root, site.home.pathname);
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await host?.close();
    });

    for (const [width, deviceScaleFactor] of [[390, 1], [390, 3], [1440, 1], [1440, 2]]) {
      test(`no file is much wider than it is shown, at ${width} px with ${deviceScaleFactor} pixels each`, async () => {
        for (const { url } of shown) {
          const page = await browser.newPage({ viewport: { width, height: 900 }, deviceScaleFactor });
          await page.goto(new URL(url, host.home).href);
          const before = await page.evaluate(heights);
          const pictures = await page.evaluate(looked);
          assert.ok(pictures.length > 0, url);
          for (const { src, natural, across, widest, whole, ratio } of pictures) {
            assert.ok(natural > 0, `${src} was not loaded`);
            assert.match(src, /\.webp$/, 'the browser takes a narrower one');
            // Widths are at most twice as far apart, and `sizes` says what the theme shows.
            const [wanted, most] = [across, widest].map((px) => Math.min(px * deviceScaleFactor, whole));
            assert.ok(natural <= Math.max(480, most * 2.5), `${src} for ${across} px`);
            // A browser takes one that is a little too narrow before one that is much too wide.
            assert.ok(natural >= wanted * 0.7, `${src} is too coarse for ${across} px`);
            assert.ok(Math.abs(ratio - 1) < 0.02, `${src} is distorted`);
          }
          assert.equal(await page.evaluate(heights), before, `the text of ${url} jumps`);
          await page.close();
        }
      });
    }
  });
}

/** Runs in the browser, as does the next: how high the page is. */
function heights() {
  return document.documentElement.scrollHeight;
}

/** Each picture of the page that has narrower ones, when it has been loaded. */
async function looked() {
  const images = [...document.querySelectorAll('picture > img')];
  const found = [];
  for (const image of images) {
    image.scrollIntoView();
    await image.decode().catch(() => {});
    const box = image.getBoundingClientRect();
    const cropped = getComputedStyle(image).objectFit === 'cover';
    const [width, height] = ['width', 'height'].map((name) => Number(image.getAttribute(name)));
    // A browser that has a wider file already takes that.
    const same = images.filter((other) => other.getAttribute('src') === image.getAttribute('src'));
    found.push({
      src: image.currentSrc,
      natural: Number(/\.(\d+)\.webp$/.exec(image.currentSrc)?.[1] ?? 0),
      across: box.width,
      widest: Math.max(...same.map((other) => other.getBoundingClientRect().width)),
      whole: width,
      ratio: cropped ? 1 : box.width / box.height / (width / height),
    });
  }
  return found;
}
