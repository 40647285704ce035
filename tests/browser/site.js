// The built sites under test: folders that `pressroom build` wrote.

import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

const KINDS = 'home section article tags tag authors author archive year month related 404'.split(' ');

/** Where screenshots go, in a folder for each site. */
export const artifacts = join(here, 'artifacts');

/**
 * SITE names the folder of one; else they are the manual, the specimen, two that show what is
 * different in the other theme and from right to left, and one in four languages. Of the two
 * `everyPage` is false: they share most of their templates with the others, and one page of each
 * kind is enough.
 */
export function openSites() {
  if (process.env.SITE) return [{ ...openSite(process.env.SITE), everyPage: true }];
  const open = (path, everyPage) => ({ ...openSite(join(here, '../..', path)), everyPage });
  return [
    open('public', true),
    open('target/specimen', true),
    open('target/specimen-journal', false),
    open('target/arabic', false),
    open('target/languages', true),
  ];
}

export function openSite(folder) {
  const root = resolve(folder);
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !path.split('/').some((part) => part.startsWith('.')))
    .sort();
  if (!files.includes('index.html')) {
    throw new Error(`no site in ${root}: build it first, or name another folder with SITE`);
  }
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const home = canonical(read('index.html'));
  if (!home) throw new Error(`${root}/index.html names no canonical URL`);

  const pages = files
    .filter((path) => path.endsWith('.html'))
    .map((path) => {
      const html = read(path);
      const kind = /<body class="[^"]*\bkind-([\w-]+)/.exec(html)?.[1];
      const noindex = html.includes('<meta name="robots" content="noindex">');
      return { path, kind, noindex, url: urlOf(path), canonical: canonical(html), bytes: html.length };
    });
  return { name: basename(root), root, files, pages, read, home: new URL(home) };
}

/** The longest page of each kind holds most of what the kind can hold. */
export function examples(site) {
  const longest = (pages) => pages.reduce((a, b) => (b.bytes > a.bytes ? b : a), { bytes: 0 });
  const isNumbered = (page) => /(?:^|\/)page\/\d+\/$/.test(page.url);
  const fronts = KINDS.map((kind) => ({
    kind,
    page: longest(site.pages.filter((page) => page.kind === kind && !isNumbered(page))),
  }));
  return [...fronts, { kind: 'numbered', page: longest(site.pages.filter(isNumbered)) }];
}

/** The path of a file's URL below the site's root: folders stand for their index.html. */
function urlOf(path) {
  return encodeURI(path.replace(/(^|\/)index\.html$/, '$1'))
    .replaceAll('?', '%3F')
    .replaceAll('#', '%23');
}

function canonical(html) {
  return /<link rel="canonical" href="([^"]+)"/.exec(html)?.[1].replaceAll('&amp;', '&');
}
