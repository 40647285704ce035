// The tests' own instruments, held against a site in which everything is wrong: each fault has to
// be seen, or the tests above would pass for no reason.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { HIGH_CONTRAST, accessibility, launch, openWindow, overflow } from './chromium.js';
import { crawl } from './crawl.js';
import { serve } from './host.js';
import { openSite } from './site.js';

const FILES = {
  'index.html': `<!doctype html><html><head><link rel="canonical" href="https://wrong.example/sub/">
    <link rel="stylesheet" href="style.css"><link rel="alternate" href="feed.json"></head>
    <body class="kind-home"><p style="color: red">Inline</p><img src="https://elsewhere.example/a.png">
    <a href="gone/">dead</a><a href="/outside/">outside</a><a href="folder">slash</a><a href="folder/#no">anchor</a>
    <a href="folder/#yes">fine</a><a href="javascript:alert(1)">script</a><a href="http://[">broken</a><a href="%zz">escape</a>
    <div style="width: 9000px"></div><table width="9000"><tr><td>Wide</td></tr></table></body></html>`,
  'folder/index.html':
    '<!doctype html><html lang="en"><body class="kind-section"><p id="yes">Here</p></body></html>',
  'lost.html': '<!doctype html><html lang="en"><body class="kind-article"></body></html>',
  'style.css': 'table { background: url("gone.png") } a { color: #707070 }',
  'feed.json':
    '{"items": [{"url": "https://wrong.example/sub/folder/", "content_html": "<a href=\\"folder/\\">relative</a>"}]}',
  'robots.txt': 'Sitemap: https://wrong.example/sub/sitemap.xml\n',
  'sitemap.xml': '<urlset><url><loc>https://wrong.example/sub/gone.html</loc></url></urlset>',
};

describe('a site in which everything is wrong', () => {
  let root, site, host, browser;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'wrong-'));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    site = openSite(root);
    host = await serve(root, site.home.pathname);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await host?.close();
    rmSync(root, { recursive: true });
  });

  test('the crawl finds what is dead and what is lost', async () => {
    const { dead, reached } = await crawl({ page: await browser.newPage(), site, host });
    const lines = dead.join('\n');
    for (const fault of [
      /^\/sub\/gone\/ answers 404: a href in \/sub\/$/m,
      /^\/outside\/ answers 404/m,
      /^\/sub\/folder leads on by a redirect/m,
      /^\/sub\/folder\/#no has no such anchor/m,
      /“javascript:alert\(1\)” has a scheme/,
      /^\/sub\/%zz answers 400/m,
      /“http:\/\/\[” is no address/,
      /^\/sub\/gone\.png answers 404: css/m,
      /^\/sub\/gone\.html answers 404: loc/m,
      /“folder\/” should be absolute/,
    ]) {
      assert.match(lines, fault);
    }
    assert.equal(dead.length, 10, lines);
    assert.ok(reached.has('folder/') && !reached.has('lost.html'));
  });

  test('the browser notes what a page may not do', async () => {
    const window = await openWindow(browser, { width: 390 });
    const noted = await window.go(host.home);
    assert.match((await overflow(window.page)).join('\n'), /px in a window of 390 px\n<table/);
    const violations = (await accessibility(window.page)).join('\n');
    for (const rule of ['document-title', 'html-has-lang', 'image-alt'])
      assert.match(violations, new RegExp(rule));
    const pale = (await accessibility(window.page, HIGH_CONTRAST)).join('\n');
    assert.match(pale, /^color-contrast-enhanced at a\[/m);
    const faults = [...noted].join('\n');
    assert.match(faults, /console: .*inline style/);
    assert.match(faults, /asks another origin for https:\/\/elsewhere\.example\/a\.png/);
    assert.match(faults, /404 for .*gone\.png/);
  });

  test('the host answers as static hosts do', async () => {
    const ask = (path) => fetch(new URL(path, host.origin), { redirect: 'manual' });
    assert.equal((await ask('/sub/folder')).headers.get('location'), '/sub/folder/');
    assert.equal((await ask('/sub/folder/')).headers.get('content-type'), 'text/html; charset=utf-8');
    for (const path of [
      '/',
      '/sub/index.html/',
      '/sub/%2e%2e/etc/passwd',
      '/sub/..%2f..%2fetc/passwd',
      '/sub/.git',
    ]) {
      assert.equal((await ask(path)).status, 404, path);
    }
  });
});
