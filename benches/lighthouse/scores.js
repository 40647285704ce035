// Lighthouse's scores of a built site: its front page, its longest article and its fullest tag page,
// as a telephone and as a desk see them. The median of three runs each; a score below 100 fails.

import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import desktop from 'lighthouse/core/config/desktop-config.js';
import { serve } from '../../tests/browser/host.js';
import { openSite } from '../../tests/browser/site.js';

const RUNS = 3;
const PRESETS = { mobile: undefined, desktop };
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];

const site = openSite(process.argv[2]);
// Lighthouse asks for robots.txt from within the page.
const host = await serve(site.root, site.home.pathname, ["connect-src 'self'"]);
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // The sandbox needs rights that containers do not give; the pages are our own.
  chromeFlags: ['--headless', '--no-sandbox', '--disable-gpu'],
});

const lost = new Map(); // by page, preset and audit, what kept a score below 100
const rows = [];
try {
  for (const [name, page] of examples()) {
    for (const preset of Object.keys(PRESETS)) {
      const runs = [];
      while (runs.length < RUNS) runs.push(await run(new URL(page.url, host.home).href, preset));
      const scores = CATEGORIES.map((category) => median(runs.map((lhr) => scoreOf(lhr, category))));
      rows.push([name, preset, ...scores]);
      for (const [at, category] of CATEGORIES.entries()) {
        if (scores[at] < 100) runs.forEach((lhr) => explain(lhr, category, `${name}, ${preset}`));
      }
    }
  }
} finally {
  await chrome.kill();
  await host.close();
}

console.log(`| page | preset | ${CATEGORIES.join(' | ')} |`);
console.log(`| --- | --- |${' ---: |'.repeat(CATEGORIES.length)}`);
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
if (lost.size > 0) {
  console.error(`\n${[...lost].map(([where, why]) => `${where}: ${why}`).join('\n')}`);
  process.exitCode = 1;
}

/** Numbered listings are no landing pages. */
function examples() {
  const largest = (kind) => {
    const pages = site.pages.filter((page) => page.kind === kind && !/(?:^|\/)page\/\d+\/$/.test(page.url));
    if (pages.length === 0) throw new Error(`${site.root} has no page of the kind “${kind}”`);
    return pages.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  };
  return ['home', 'article', 'tag'].map((kind) => [kind, largest(kind)]);
}

async function run(url, preset) {
  const options = { port: chrome.port, onlyCategories: CATEGORIES, logLevel: 'error' };
  const { lhr } = await lighthouse(url, options, PRESETS[preset]);
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  return lhr;
}

function scoreOf(lhr, category) {
  return Math.round(lhr.categories[category].score * 100);
}

function explain(lhr, category, where) {
  for (const { id, weight } of lhr.categories[category].auditRefs) {
    const { score, title, displayValue } = lhr.audits[id];
    if (weight > 0 && score !== null && score < 1) {
      lost.set(`${where}, ${id}`, [title, displayValue].filter(Boolean).join(': '));
    }
  }
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
