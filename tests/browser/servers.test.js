// nginx and Caddy do with a published site what the snippets say that a build made for them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, openWindow } from './chromium.js';
import { crawl } from './crawl.js';
import { none } from './none.js';
import { SERVERS, isHere, start } from './servers.js';
import { openSite } from './site.js';

const PRIVATE = /^(?:_headers|_redirects|_nginx\.conf|_Caddyfile)$/;
const BESIDE = /\.(?:gz|br)$/;

/** An answer as it comes over the wire: `fetch` would follow, unpack and hide. */
function ask(url, headers = {}) {
  return new Promise((done, failed) => {
    const asked = request(url, { headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
    });
    asked.on('error', failed);
    asked.end();
  });
}

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../target/hosted');

for (const name of Object.keys(SERVERS)) {
  const missing = !isHere(name) && `${name} is not installed`;
  describe(`a site on ${name}`, { skip: missing }, () => {
    let site, browser, host;
    const at = (path) => new URL(encodeURI(path).replaceAll('?', '%3F').replaceAll('#', '%23'), host.home);

    before(async () => {
      site = openSite(folder);
      // What servers are told, and what they hand out instead of something else, is no page.
      site.files = site.files.filter((path) => !PRIVATE.test(path) && !BESIDE.test(path));
      host = await start(name, site);
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await host?.close();
    });

    test('no link, picture, style sheet, feed or anchor is dead', async () => {
      const page = await browser.newPage();
      const { dead, reached } = await crawl({ page, site, host });
      none(dead);
      assert.ok(reached.size > 100, `${reached.size}`);
    });

    test('every redirect answers with 301, and leads where the table says', async () => {
      const table = readFileSync(join(folder, '_redirects'), 'utf8').trim().split('\n');
      assert.ok(table.length >= 7, `${table.length}`);
      for (const line of table) {
        const [from, to] = line.split(' ');
        const answer = await ask(new URL(from, host.origin));
        assert.equal(answer.status, 301, line);
        assert.equal(new URL(answer.headers.location, host.origin).href, new URL(to, host.origin).href, line);
        const target = new URL(to, host.origin);
        if (target.origin === host.origin) assert.equal((await ask(target)).status, 200, line);
      }
    });

    test('a folder without its slash leads on, and keeps the host', async () => {
      const answer = await ask(at('news'));
      assert.ok([301, 308].includes(answer.status), `${answer.status}`);
      assert.equal(new URL(answer.headers.location, at('news')).href, at('news/').href);
    });

    test('what is missing answers with 404 and the page for it', async () => {
      for (const path of ['nothing/', 'nothing.html', 'assets/nothing.css', 'news/nothing/']) {
        const answer = await ask(at(path));
        assert.equal(answer.status, 404, path);
        assert.match(answer.body.toString(), /kind-404/, path);
        assert.doesNotMatch(answer.headers['cache-control'] ?? '', /immutable/, path);
      }
    });

    test('what is for servers is not handed out', async () => {
      for (const path of ['_nginx.conf', '_Caddyfile', '_headers', '_redirects', '.pressroom/manifest']) {
        assert.equal((await ask(at(path))).status, 404, path);
      }
    });

    test('what has a hash in its name is kept for ever, and nothing else', async () => {
      for (const path of site.files) {
        const answer = await ask(at(path));
        if (answer.status === 301) continue;
        assert.equal(answer.status, 200, path);
        const cached = answer.headers['cache-control'];
        if (path.startsWith('assets/')) assert.match(cached, /max-age=31536000, immutable/, path);
        else assert.equal(cached, 'no-cache', path);
        assert.equal(answer.headers['x-content-type-options'], 'nosniff', path);
        assert.match(answer.headers['content-security-policy'], /^default-src 'none'/, path);
      }
    });

    test('who takes compressed files gets them, and the same text comes out', async () => {
      const plain = await ask(at('index.html'));
      for (const [coding, ending] of [['gzip', 'gz'], ['br', 'br']]) {
        const answer = await ask(at(''), { 'accept-encoding': coding });
        assert.equal(answer.headers['content-encoding'], coding);
        assert.deepEqual(answer.body, readFileSync(join(folder, `index.html.${ending}`)));
        assert.match(answer.headers['content-type'], /^text\/html/);
        assert.ok(answer.body.length < plain.body.length / 2, coding);
      }
    });

    test('no page asks for what the policy forbids', async () => {
      const window = await openWindow(browser);
      const faults = [];
      for (const { url, kind } of site.pages.filter((page) => page.kind && page.path !== '404.html')) {
        for (const fault of await window.go(new URL(url, host.home))) {
          // What is still good is not sent again, and an icon is left alone when the next page comes.
          if (!/^304 |^cannot load/.test(fault)) faults.push(`${url} (${kind}): ${fault}`);
        }
      }
      none(faults);
    });

    test('a page from elsewhere breaks the policy and is told', async () => {
      const window = await openWindow(browser);
      const faults = await window.go(at(''));
      await window.page.evaluate(() => {
        const script = document.createElement('script');
        script.src = 'https://elsewhere.example/x.js';
        document.body.append(script);
      });
      await window.page.waitForTimeout(200);
      assert.match([...faults].join('\n'), /Content Security Policy/);
    });
  });
}
