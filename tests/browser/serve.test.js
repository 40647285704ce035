// `pressroom serve --watch` beside an editor: what an open page does when files change.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { accessibility, launch, overflow } from './chromium.js';
import { artifacts } from './site.js';

const here = dirname(fileURLToPath(import.meta.url));
const program = process.env.PRESSROOM ?? resolve(here, '../../target/release/pressroom');

const paragraphs = (word) => Array.from({ length: 60 }, (_, at) => `${word} ${at}.`).join('\n\n');

describe('drafting with the site beside the editor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gazette.'));
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const bridge = (body, title = 'The bridge') =>
    write('content/news/bridge.md', `---\ntitle: ${title}\ndate: 2026-11-01\ntags: [harbour]\n---\n\n${body}\n`);
  const style = readFileSync(resolve(here, '../../themes/broadsheet/static/style.css'), 'utf8');
  const paint = (colour) =>
    write('themes/house/static/style.css', `${style}\n.prose p { color: ${colour} }\n`);
  let server, browser, url;

  before(async () => {
    write('pressroom.yaml', 'title: The Gazette\ntheme: house\n');
    write('themes/house/theme.yaml', 'name: house\nparent: broadsheet\n');
    paint('rgb(0, 0, 0)');
    write('content/sport/rowing.md', '---\ntitle: Rowing\ndraft: true\n---\n\nEight oars.\n');
    bridge(paragraphs('Steel'));
    server = spawn(program, ['serve', '--watch', '--port', '0', '--format', 'json', '--root', folder]);
    const [line] = await new Promise((done) => {
      const lines = createInterface({ input: server.stdout });
      lines.once('line', (first) => done([first]));
    });
    ({ url } = JSON.parse(line));
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    server?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A page that would lose a mark if it were loaded again. */
  const open = async (path, width = 1440) => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const listening = page.waitForResponse((response) => response.url().includes('/_pressroom/events'));
    await page.goto(new URL(path, url).href);
    await listening;
    await page.evaluate(() => { globalThis.mark = true; });
    return page;
  };
  const isMarked = (page) => page.evaluate(() => globalThis.mark === true);
  const shows = (page, text) => page.getByText(text).first().waitFor({ timeout: 10_000 });

  test('a page follows its file, where it is scrolled to, and no other page moves', async () => {
    const [page, rowing] = [await open('/news/bridge/'), await open('/sport/rowing/')];
    await page.evaluate(() => scrollTo(0, 900));
    bridge(`${paragraphs('Steel')}\n\nAnd a toll.`);
    await shows(page, 'And a toll.');
    await page.waitForFunction(() => scrollY > 800);
    assert.equal(await isMarked(page), false);
    assert.equal(await isMarked(rowing), true);
    await shows(rowing, 'Draft');
    await Promise.all([page.close(), rowing.close()]);
  });

  test('headlines, tags, templates, data and settings show in the pages that have them', async () => {
    const [home, tag] = [await open('/'), await open('/tags/harbour/')];
    bridge('Steel.', 'The old bridge');
    await Promise.all([shows(home, 'The old bridge'), shows(tag, 'The old bridge')]);
    write('data/tags.yaml', 'harbour: {label: The harbour}\n');
    await tag.getByRole('heading', { name: 'The harbour', level: 1 }).waitFor();
    write('templates/tag.html', '{% extends "broadsheet/tag.html" %}\n{% block before %}<p>From a template.</p>{% endblock %}\n');
    await shows(tag, 'From a template.');
    write('pressroom.yaml', 'title: The Evening Gazette\ntheme: house\n');
    await Promise.all([shows(home, 'The Evening Gazette'), shows(tag, 'The Evening Gazette')]);
    await Promise.all([home.close(), tag.close()]);
  });

  test('a style sheet is exchanged and the page stays', async () => {
    const page = await open('/news/bridge/');
    paint('rgb(140, 0, 0)');
    await page.waitForFunction(
      () => getComputedStyle(document.querySelector('.prose p')).color === 'rgb(140, 0, 0)',
    );
    paint('rgb(0, 80, 0)');
    await page.waitForFunction(
      () => getComputedStyle(document.querySelector('.prose p')).color === 'rgb(0, 80, 0)',
    );
    assert.equal(await isMarked(page), true);
    await page.close();
  });

  test('mistakes stand below the last good page until they are mended', async () => {
    for (const width of [390, 1440]) {
      const page = await open('/news/bridge/', width);
      write('content/news/bridge.md', '---\ntitle: [\n---\n\nText.\n');
      const trouble = page.locator('#pressroom-trouble');
      await trouble.waitFor();
      assert.match(await trouble.innerText(), /front-matter-syntax[\s\S]*content\/news\/bridge\.md:2/);
      await shows(page, 'Steel.');
      mkdirSync(join(artifacts, 'serve'), { recursive: true });
      await page.screenshot({ path: join(artifacts, 'serve', `trouble-${width}.png`) });
      assert.deepEqual(await overflow(page), []);
      assert.deepEqual(await accessibility(page), []);
      bridge('Steel.', 'The old bridge');
      await trouble.waitFor({ state: 'detached' });
      write('templates/article.html', '{% extends "broadsheet/article.html" %}\n{% block main %}{{ no.such }}{% endblock %}\n');
      await trouble.waitFor();
      rmSync(join(folder, 'templates/article.html'));
      await trouble.waitFor({ state: 'detached' });
      await page.close();
    }
  });

  test('a page that is gone goes to its section, and one that comes is there', async () => {
    const [page, missing] = [await open('/news/bridge/'), await open('/news/ferry/')];
    renameSync(join(folder, 'content/news/bridge.md'), join(folder, 'content/news/ferry.md'));
    await page.waitForURL(new URL('/news/', url).href);
    await missing.getByRole('heading', { name: 'The old bridge', level: 1 }).waitFor();
    await Promise.all([page.close(), missing.close()]);
  });
});
