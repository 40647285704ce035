// What strangers write into articles, comments and front matter runs in nobody's browser.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './chromium.js';
import { writeControl, writeHostile } from './hostile.js';
import { none } from './none.js';

const target = join(dirname(fileURLToPath(import.meta.url)), '../../target');
const program = process.env.PRESSROOM ?? join(target, 'debug/pressroom');

/** Hands out a folder without any policy that could do the sanitiser's work. */
async function serve(root) {
  const types = { css: 'text/css', svg: 'image/svg+xml', html: 'text/html; charset=utf-8' };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://host').pathname).replace(/\/$/, '/index.html');
    try {
      const body = readFileSync(join(root, path));
      response.writeHead(200, { 'content-type': types[path.split('.').pop()] ?? 'text/plain' });
      response.end(body);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}

/** A page that writes down what happens: calls of `ran`, dialogs, and what strangers are asked for. */
async function watched(browser, origin) {
  const context = await browser.newContext();
  const seen = [];
  await context.exposeBinding('ran', (source, number) => seen.push(`ran(${number})`));
  const page = await context.newPage();
  page.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => seen.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    // Pictures of other sites are allowed, and this is where some vectors say that they are.
    const isMeant =
      url.startsWith(origin) || request.resourceType() === 'document' || url.startsWith('https://example.org/');
    if (!isMeant) seen.push(`asks for ${url}`);
  });
  return { page, seen };
}

/** Does what a reader might do: goes over, into and onto everything. */
function touch() {
  const send = (element, kind, type) => element.dispatchEvent(new kind(type, { bubbles: true, cancelable: true }));
  for (const element of document.body?.querySelectorAll('*') ?? []) {
    for (const type of ['mouseover', 'pointerover', 'pointerrawupdate']) send(element, MouseEvent, type);
    for (const type of ['focus', 'blur', 'beforeinput', 'animationstart', 'transitionend']) send(element, Event, type);
    const leads = element.closest('a, button, area, form, input, text, math, p');
    const address = element.getAttribute('href') ?? element.getAttribute('xlink:href') ?? '';
    if (leads && !/^https?:|^\//.test(address)) send(element, MouseEvent, 'click');
  }
}

async function visit({ page, seen }, url) {
  seen.length = 0;
  await page.goto(url, { waitUntil: 'load' }).catch(() => {});
  await page.evaluate(touch).catch(() => {});
  await page.waitForTimeout(15);
  return [...seen];
}

/** Visits pages, some at a time, and gives what happened on each, in their order. */
async function visitAll(browser, origin, urls) {
  const happened = [];
  let next = 0;
  const visitNext = async () => {
    const window = await watched(browser, origin);
    while (next < urls.length) {
      const at = next++;
      happened[at] = await visit(window, urls[at]);
    }
  };
  await Promise.all([visitNext(), visitNext(), visitNext()]);
  return happened;
}

/** A part of a path in a URL, with its query if it has one. */
const asPart = (part) => (part.startsWith('?') ? part : encodeURIComponent(part));

describe('articles of strangers', () => {
  const root = join(target, 'hostile-source');
  const output = join(target, 'hostile');
  let written, refused, browser;

  before(async () => {
    written = writeHostile(root);
    rmSync(output, { recursive: true, force: true });
    const run = (...args) => spawnSync(program, [...args, '--root', root], { encoding: 'utf8', maxBuffer: 1 << 28 });
    // What a build refuses is told, and the rest is published.
    refused = new Set();
    for (let rounds = 0; rounds < 8; rounds++) {
      const told = run('build', '--format', 'json', '--output', output).stderr.trim().split('\n').filter(Boolean);
      const errors = told.map((line) => JSON.parse(line)).filter((one) => one.severity === 'error');
      if (errors.length === 0) break;
      for (const { file } of errors) {
        refused.add(file.replace('.comments.yaml', '.md'));
        rmSync(join(root, file), { force: true });
        rmSync(join(root, file.replace('.comments.yaml', '.md')), { force: true });
        rmSync(join(root, file.replace(/\.md$/, '.comments.yaml')), { force: true });
      }
    }
    browser = await launch();
  });
  after(() => browser?.close());

  test('the vectors work where nobody stops them', async (t) => {
    const folder = join(target, 'hostile-control');
    const pages = writeControl(folder);
    const host = await serve(folder);
    const happened = await visitAll(browser, host.origin, pages.map(({ page }) => `${host.origin}/${page}`));
    const worked = happened.filter((seen) => seen.length > 0).length;
    await host.close();
    t.diagnostic(`${worked} of ${pages.length} run in this browser as they are`);
    assert.ok(worked >= 60, `${worked}`);
  });

  test('none of them runs, asks a stranger or opens a dialog', async (t) => {
    const host = await serve(output);
    const published = written.filter(({ source }) => !refused.has(source));
    const visits = published.map(({ page, where, vector }) => ({
      url: `${host.origin}/${page.replace('index.html', '')}`,
      named: (fault) => `${page} (${where}): ${fault}: ${vector}`,
    }));
    // And where others show them: lists, tags, authors, redirects, and what a search finds.
    const known = new Set(published.map(({ page }) => page));
    const files = readdirSync(output, { recursive: true }).map((file) => file.replaceAll('\\', '/'));
    const others = files.filter((file) => file.endsWith('.html') && !known.has(file));
    for (const path of [...others, 'search/?q=article', 'search/?q=ran']) {
      visits.push({
        url: `${host.origin}/${path.split('/').map(asPart).join('/').replace(/index\.html$/, '')}`,
        named: (fault) => `${path}: ${fault}`,
      });
    }
    const happened = await visitAll(browser, host.origin, visits.map(({ url }) => url));
    const faults = happened.flatMap((seen, at) => seen.map(visits[at].named));
    await host.close();
    t.diagnostic(`${published.length} articles published, ${refused.size} refused by the build`);
    t.diagnostic(`${others.length} other pages looked at`);
    assert.ok(published.length > 450 && refused.size < 40, `${published.length} ${refused.size}`);
    none(faults);
  });
});
