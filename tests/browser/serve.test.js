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
const program = process.env.PRESSROOM ?? resolve(here, '../../target/debug/pressroom');

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

  test('a mistake on a page that nobody opened shows below others, and leads to its line', async () => {
    const page = await open('/sport/rowing/');
    write('templates/tags.html', '{% extends "broadsheet/tags.html" %}\n{% block main %}{{ no.such }}{% endblock %}\n');
    const trouble = page.locator('#pressroom-trouble');
    await trouble.getByRole('link', { name: 'templates/tags.html:2' }).click();
    await page.waitForURL(/source\/templates\/tags\.html#L2$/);
    const line = page.locator('#L2');
    assert.match(await line.innerText(), /no\.such/);
    assert.notEqual(
      await line.evaluate((element) => getComputedStyle(element).backgroundColor),
      await page.locator('#L1').evaluate((element) => getComputedStyle(element).backgroundColor),
    );
    assert.deepEqual(await accessibility(page), []);
    await page.close();
  });

  test('the desk follows the site, on a telephone and at night', async () => {
    const draft = await open('/sport/rowing/');
    await draft.getByRole('link', { name: 'Desk' }).first().click();
    await draft.getByRole('heading', { name: '1 mistake to mend', level: 1 }).waitFor();
    await draft.close();
    for (const [width, colorScheme] of [[390, 'dark'], [390, 'light'], [1440, 'dark'], [1440, 'light']]) {
      const desk = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      await desk.goto(new URL('/_pressroom/', url).href);
      await desk.evaluate(() => { globalThis.mark = true; });
      await shows(desk, 'Rowing');
      assert.deepEqual(await overflow(desk), []);
      assert.deepEqual(await accessibility(desk), []);
      await desk.screenshot({ path: join(artifacts, 'serve', `desk-${width}-${colorScheme}.png`), fullPage: true });
      write('content/sport/oars.md', '---\ntitle: Nine oars\ndraft: true\n---\n\nOne more.\n');
      await shows(desk, 'Nine oars');
      rmSync(join(folder, 'content/sport/oars.md'));
      await desk.getByText('Nine oars').first().waitFor({ state: 'detached' });
      assert.equal(await isMarked(desk), true);
      await desk.close();
    }
    const desk = await browser.newPage();
    await desk.goto(new URL('/_pressroom/', url).href);
    rmSync(join(folder, 'templates/tags.html'));
    await desk.getByRole('heading', { name: 'All is well', level: 1 }).waitFor();
    await desk.close();
  });

  test('a page that is gone goes to its section, and one that comes is there', async () => {
    const [page, missing] = [await open('/news/bridge/'), await open('/news/ferry/')];
    renameSync(join(folder, 'content/news/bridge.md'), join(folder, 'content/news/ferry.md'));
    await page.waitForURL(new URL('/news/', url).href);
    await missing.getByRole('heading', { name: 'The old bridge', level: 1 }).waitFor();
    await Promise.all([page.close(), missing.close()]);
  });
});
