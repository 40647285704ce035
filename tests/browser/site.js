// The built sites under test: folders that `pressroom build` wrote.

import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Where screenshots go, in a folder for each site. */
export const artifacts = join(here, 'artifacts');

/** SITE names the folder of one; else they are the manual and the specimen. */
export function openSites() {
  const folders = process.env.SITE
    ? [process.env.SITE]
    : ['../../public', '../../target/specimen'].map((path) => join(here, path));
  return folders.map(openSite);
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

/** The path of a file's URL below the site's root: folders stand for their index.html. */
function urlOf(path) {
  return encodeURI(path.replace(/(^|\/)index\.html$/, '$1'))
    .replaceAll('?', '%3F')
    .replaceAll('#', '%23');
}

function canonical(html) {
  return /<link rel="canonical" href="([^"]+)"/.exec(html)?.[1].replaceAll('&amp;', '&');
}
