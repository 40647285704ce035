// Blocks of code as a reader has them: in colours, with numbers that are no part of the text.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, openWindow } from './chromium.js';
import { serve } from './host.js';
import { openSites } from './site.js';

const sheet = /<link rel="stylesheet" href="[^"]*\/code\b[^"]*\.css"/;

for (const site of openSites()) {
  const pages = site.pages.filter((page) => page.url !== undefined && page.kind !== undefined);
  const numbered = pages.filter((page) => site.read(page.path).includes(' data-n="'));

  describe(`the code of ${site.name}`, () => {
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

    test('pages load the colours of code if they have any, and not otherwise', () => {
      const wrong = pages.filter(({ path }) => {
        const html = site.read(path);
        return sheet.test(html) !== /class="c-|<figure class="code">/.test(html);
      });
      assert.deepEqual(wrong.map(({ path }) => path), []);
    });

    test('who selects a block has its code and nothing else', { skip: numbered.length === 0 }, async () => {
      for (const { url } of numbered) {
        await window.go(new URL(url, host.home));
        const blocks = await window.page.evaluate(selected);
        assert.ok(blocks.length > 0, url);
        for (const { copied, code } of blocks) assert.equal(copied.trimEnd(), code.trimEnd(), url);
      }
    });

    test('numbers are shown, and lines that stand out reach across the block', { skip: numbered.length === 0 }, async () => {
      for (const { url } of numbered) {
        await window.go(new URL(url, host.home));
        const lines = await window.page.evaluate(marked);
        assert.ok(lines.length > 0, url);
        for (const { number, text, width, room, height, bar } of lines) {
          assert.ok(number.includes('attr(data-n)') || /^"?\d+"?$/.test(number), number);
          assert.ok(width >= room - 1, `${text} is ${width} px of ${room} px wide`);
          assert.ok(height >= 14, `${text} is ${height} px high`);
          assert.notEqual(bar, 'none', text);
        }
      }
    });
  });
}

/** Runs in the browser, as does the next: each block, and what a selection of it says. */
function selected() {
  const selection = globalThis.getSelection();
  return [...document.querySelectorAll('pre > code')].map((element) => {
    selection.selectAllChildren(element);
    return { copied: selection.toString(), code: element.textContent };
  });
}

function marked() {
  return [...document.querySelectorAll('pre mark[data-n]')].map((line) => ({
    number: getComputedStyle(line, '::before').content,
    bar: getComputedStyle(line).boxShadow,
    text: line.textContent,
    width: line.getBoundingClientRect().width,
    height: line.getBoundingClientRect().height,
    room: line.closest('pre').clientWidth,
  }));
}
