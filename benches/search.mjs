// Asks the search of a built site: how high the article stands that a query is meant to find, and what a
// browser would load. `search.py` calls it; alone:
//
//     node benches/search.mjs SITE QUERIES.json [PAGEFIND]
//
// QUERIES: a list of [query, URL path]. PAGEFIND: the folder of Pagefind's files, to ask that instead.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Index, PAGE, WEIGHTS } from '../themes/broadsheet/static/search.js';

const [site, queries, pagefind] = process.argv.slice(2);
Object.assign(WEIGHTS, JSON.parse(process.env.WEIGHTS ?? '{}'));
const asked = JSON.parse(readFileSync(queries, 'utf8'));
const results = await (pagefind ? askPagefind() : askOurs());

const middle = (numbers, share) => numbers.sort((a, b) => a - b)[Math.floor((numbers.length - 1) * share)];
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const round = (number) => Math.round(number * 1000) / 1000;
console.log(
  JSON.stringify({
    queries: results.length,
    mrr: round(mean(results.map(({ rank }) => (rank ? 1 / rank : 0)))),
    first: round(mean(results.map(({ rank }) => (rank === 1 ? 1 : 0)))),
    files: middle(results.map(({ files }) => files), 0.5),
    bytes: middle(results.map(({ bytes }) => bytes), 0.5),
    most_bytes: middle(results.map(({ bytes }) => bytes), 1),
    sent: middle(results.map(({ sent }) => sent), 0.5),
    most_sent: middle(results.map(({ sent }) => sent), 1),
  }),
);

/** Each query as the first of a reader: nothing is there yet. `sent`: with text compressed, as hosts do. */
async function askOurs() {
  const base = join(site, 'search');
  const found = [];
  for (const [query, url] of asked) {
    let [files, bytes, sent] = [0, 0, 0];
    const index = new Index(async (path) => {
      const content = readFileSync(join(base, path));
      files += 1;
      bytes += content.length;
      index.bytes += content.length;
      sent += path.endsWith('.json') ? gzipSync(content).length : content.length;
      return path.endsWith('.json') ? JSON.parse(content) : new Uint8Array(content);
    });
    const { hits } = await index.search(query);
    const cards = await Promise.all(hits.slice(0, PAGE).map(({ article }) => index.card(article)));
    const rank = cards.findIndex((card) => decodeURI(card.url) === url) + 1;
    if (process.env.MISSED && rank !== 1) console.error(query, '|', url, '|', rank, '|', cards[0]?.title);
    found.push({ rank, files, bytes, sent });
  }
  return found;
}

async function askPagefind() {
  let [files, bytes] = [0, 0];
  globalThis.fetch = async (path) => {
    const { pathname } = new URL(path, 'http://host');
    const file = join(pagefind, pathname.replace(/^.*\/pagefind\//, ''));
    if (!existsSync(file)) return new Response('', { status: 404 });
    const content = readFileSync(file);
    // What Pagefind writes is compressed already, but for its script and its list of languages.
    files += 1;
    bytes += /\.js(on)?$/.test(file) ? gzipSync(content).length : content.length;
    return new Response(content);
  };
  const found = [];
  for (const [at, [query, url]] of asked.entries()) {
    [files, bytes] = [0, 0];
    const script = await import(`${pathToFileURL(join(pagefind, 'pagefind.js')).href}?${at}`);
    await script.options({ baseUrl: '/' });
    const { results } = await script.search(query);
    const data = await Promise.all(results.slice(0, PAGE).map((result) => result.data()));
    const rank = data.findIndex((one) => decodeURI(new URL(one.url, 'http://host').pathname) === url) + 1;
    await script.destroy?.();
    found.push({ rank, files, bytes, sent: bytes });
  }
  return found;
}
