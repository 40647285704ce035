// The search: that it finds what is there, by keyboard and by hand, and how much it loads.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { accessibility, HIGH_CONTRAST, launch, openWindow, overflow, unfold } from './chromium.js';
import { serve } from './host.js';
import { none } from './none.js';
import { artifacts, openSites } from './site.js';
import { agrees, excerpt, fileOf, Index, words } from '../../themes/broadsheet/static/search.js';

const here = new URL('.', import.meta.url).pathname;

describe('the script of the search', () => {
  test('tells words as the build does', () => {
    const golden = JSON.parse(readFileSync(join(here, 'search-words.json'), 'utf8'));
    assert.ok(golden.length > 50);
    for (const [text, expected] of golden) assert.deepEqual(words(text), expected, text);
  });

  test('asks for the files that the build has written', () => {
    const files = ['harbour', '東京', 'été', ''].map((word) => fileOf(word, 4096));
    assert.deepEqual(files, [16, 1046, 370, 1358]);
  });

  test('shows a text around what was found in it', () => {
    const shown = (text, found, length) =>
      excerpt(text, new Set(found), length).map(([piece, is]) => (is ? `[${piece}]` : piece)).join('');
    assert.equal(shown('The Ferries are late.', ['ferry', 'late']), 'The [Ferries] are [late].');
    assert.equal(shown('東京の夜', ['東京', 'の夜']), '[東京][の夜]');
    assert.equal(shown('Nothing of it.', ['ferry']), 'Nothing of it.');
    const long = `${'word '.repeat(60)}the harbour and its ferries ${'more '.repeat(60)}`;
    const found = shown(long, ['harbour', 'ferry']);
    assert.match(found, /^….*\[harbour\] and its \[ferries\].*…$/);
    assert.ok(found.length < 260, found);
    assert.equal(excerpt('', new Set(['a'])).length, 0);
  });
});

for (const site of openSites()) {
  const searches = site.pages.filter(({ kind }) => kind === 'search');
  const page = searches.find(({ url }) => url === 'search/');
  const editions = searches.map(({ url }) => url.slice(0, -'search/'.length)).filter(Boolean);
  const isOwn = ({ url }) => !editions.some((edition) => url.startsWith(edition));

  describe(`the search of ${site.name}`, { skip: page === undefined }, () => {
    let browser, host, index, cards;

    before(async () => {
      host = await serve(site.root, site.home.pathname);
      browser = await launch();
      index = opened(site);
      const { articles } = await index.head();
      cards = await Promise.all(Array.from({ length: articles }, (_, at) => index.card(at)));
    });
    after(async () => {
      await browser?.close();
      await host?.close();
    });

    test('every article is there, and none that search engines should stay away from', () => {
      const articles = site.pages.filter((page) => page.kind === 'article' && !page.noindex && isOwn(page));
      const known = new Set(cards.map(({ url }) => new URL(url, site.home).href));
      none(articles.filter(({ canonical }) => !known.has(canonical)).map(({ path }) => path));
      assert.equal(cards.length, articles.length);
    });

    test('each article is found by every word of its title', async () => {
      const lost = [];
      for (const [at, card] of cards.entries()) {
        const title = words(card.title);
        for (const word of title) {
          const { articles, marks } = await index.postings(word);
          const title = articles.includes(at) ? marks[articles.indexOf(at)] >> 4 : 0;
          if (title === 0 || !agrees({ title }, card)) lost.push(`${card.title}: ${word}`);
        }
      }
      none(lost);
    });

    test('a title finds its article first', async () => {
      const wrong = [];
      for (const [at, card] of cards.entries()) {
        const { hits } = await index.search(card.title);
        const best = hits[0] && cards[hits[0].article];
        if (words(card.title).length > 0 && hits[0]?.article !== at && best?.title !== card.title) {
          wrong.push(`${card.title}: ${best?.title}`);
        }
      }
      none(wrong);
    });

    test('sections, years and tags are those of the articles', async () => {
      const { sections } = await index.head();
      const of = await index.sections();
      for (const [at, card] of cards.entries()) {
        assert.equal(sections[of[at] - 1]?.[0] ?? null, card.section);
        assert.equal(await index.year(at), card.date ? Number(card.date[0].slice(0, 4)) : 0);
        for (const [slug, label] of card.tags) {
          const tag = await index.tag(slug);
          assert.equal(tag.label, label);
          assert.ok(tag.articles.has(at), `${card.title} is not under ${label}`);
        }
      }
    });

    test('a first query loads at most 150 KiB', async () => {
      const heavy = [];
      for (const card of cards) {
        const fresh = opened(site);
        const { hits } = await fresh.search(card.title);
        await Promise.all(hits.slice(0, 10).map(({ article }) => fresh.card(article)));
        if (fresh.bytes > 150 * 1024) heavy.push(`${card.title}: ${fresh.bytes} bytes`);
      }
      none(heavy);
    });

    for (const [width, scheme] of [[390, 'light'], [390, 'dark'], [1280, 'light'], [1280, 'dark']]) {
      test(`it is accessible and fits, ${width} px, ${scheme}`, async () => {
        const window = await openWindow(browser, { width, scheme });
        const faults = await window.go(asking(host, page, query(cards)));
        await window.page.waitForSelector('[data-search=results] mark');
        await unfold(window.page);
        await window.page.waitForSelector('select[name=year] option:nth-child(2)', { state: 'attached' });
        const path = join(artifacts, site.name, `search-${width}-${scheme}.png`);
        await window.page.screenshot({ path, fullPage: true });
        none([...(await overflow(window.page)), ...(await accessibility(window.page)), ...faults]);
        await window.page.close();
      });
    }

    test('what was found stands out from its ground', async () => {
      const window = await openWindow(browser, { contrast: 'more' });
      const faults = await window.go(asking(host, page, query(cards)));
      await window.page.waitForSelector('[data-search=results] mark');
      none([...(await accessibility(window.page, HIGH_CONTRAST)), ...faults]);
      await window.page.close();
    });

    test('the keyboard does it all', async () => {
      const window = await openWindow(browser);
      const faults = await window.go(new URL(page.url, host.home));
      const focused = () => window.page.evaluate(() => document.activeElement.name || document.activeElement.localName);
      await window.page.keyboard.press('/');
      assert.equal(await focused(), 'q');
      const typed = query(cards);
      await window.page.keyboard.type(typed);
      await window.page.waitForSelector('[data-search=results] a');
      assert.match(await window.page.locator('[role=status]').innerText(), /\d|[٠-٩]/);
      assert.equal(new URL(window.page.url()).searchParams.get('q'), typed);
      await window.page.keyboard.press('ArrowDown');
      assert.equal(await focused(), 'a');
      await window.page.keyboard.press('ArrowUp');
      assert.equal(await focused(), 'q');
      await window.page.keyboard.press('ArrowDown');
      await window.page.keyboard.press('Escape');
      assert.equal(await focused(), 'q');
      await window.page.keyboard.press('ArrowDown');
      await window.page.keyboard.press('Enter');
      await window.page.waitForFunction(() => document.body.classList.contains('kind-article'));
      // The way back finds the same again.
      await window.page.goBack();
      await window.page.waitForSelector('[data-search=results] a');
      none([...faults]);
      await window.page.close();
    });

    test('filters narrow it down, and are in the address', async () => {
      const window = await openWindow(browser);
      const faults = await window.go(asking(host, page, query(cards)));
      await window.page.waitForSelector('[data-search=results] a');
      const all = await count(window.page);
      await window.page.locator('[data-search=filters] summary').click();
      const option = window.page.locator('select[name=year] option:nth-child(2)');
      await option.waitFor({ state: 'attached' });
      const label = await option.innerText();
      await window.page.locator('select[name=year]').selectOption({ index: 1 });
      await window.page.waitForFunction(() => location.search.includes('year='));
      const wanted = Number(/\((\d+)\)/.exec(label)[1]);
      await window.page.waitForFunction(
        (wanted) => document.querySelectorAll('[data-search=results] li').length === Math.min(wanted, 10),
        wanted,
      );
      assert.ok(wanted <= all);
      // The address says it all.
      await window.page.reload();
      await window.page.waitForSelector('[data-search=results] a');
      assert.equal(await window.page.locator('select[name=year]').inputValue(), label.split(' ')[0]);
      none([...faults]);
      await window.page.close();
    });

    test('what nobody wrote is not found, and said so', async () => {
      const window = await openWindow(browser);
      const faults = await window.go(asking(host, page, 'qqqqzzzzxxxx'));
      await window.page.waitForFunction(() => document.querySelector('[role=status]').textContent !== '');
      assert.equal(await window.page.locator('[data-search=results] li').count(), 0);
      none([...faults]);
      await window.page.close();
    });

    test('without scripts there is a way to the archive, and no form that does nothing', async () => {
      const window = await openWindow(browser, { scripts: false });
      const faults = await window.go(new URL(page.url, host.home));
      assert.equal(await window.page.locator('main form').isVisible(), false);
      assert.ok(await window.page.locator('main noscript a').first().isVisible());
      none([...faults]);
      await window.page.close();
    });

    test('the box of every page leads to it', async () => {
      const window = await openWindow(browser);
      const faults = await window.go(host.home);
      await window.page.locator('.masthead [type=search]').fill(query(cards));
      await window.page.keyboard.press('Enter');
      await window.page.waitForSelector('[data-search=results] mark');
      none([...faults]);
      await window.page.close();
    });
  });
}

/** A word of several titles, as somebody may type it. */
function query(cards) {
  const counts = new Map();
  for (const { title } of cards) {
    for (const word of new Set(words(title))) {
      if ([...word].length > 1) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const [[word]] = [...counts].sort((a, b) => b[1] - a[1] || b[0].length - a[0].length || (a[0] < b[0] ? -1 : 1));
  return word;
}

function asking(host, page, query) {
  const url = new URL(page.url, host.home);
  url.searchParams.set('q', query);
  return url;
}

async function count(page) {
  const text = await page.locator('[role=status]').innerText();
  return Number(text.replace(/\D/g, '') || Infinity);
}

/** The index of a site, with nothing loaded yet. */
function opened(site) {
  const index = new Index(async (path) => {
    const bytes = new Uint8Array(readFileSync(join(site.root, 'search', path)));
    index.bytes += bytes.length;
    return path.endsWith('.json') ? JSON.parse(new TextDecoder().decode(bytes)) : bytes;
  });
  return index;
}
