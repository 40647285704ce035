// The articles of the archive in the order and the lists that templates want.

import { contents } from './markdown.js';

const PAGE_SIZE = 50;
const FEED_ENTRIES = 20;
const RELATED = 3;
const BLURB = 200;
export const SECTIONS = ['News', 'Culture', 'Sport', 'Business', 'Opinion'];
export const TITLE = 'The Synthetic Gazette';
export const BASE = 'https://example.org';

/** Everything that templates ask for, from Eleventy's items. */
export function arrange(items) {
  const articles = items
    .filter((item) => item.inputPath.endsWith('.md'))
    .map(article)
    .sort((one, other) => other.time - one.time || (one.url < other.url ? -1 : 1));
  articles.forEach((each, at) => (each.place = at));

  const sections = SECTIONS.map((title) => list('section', title, `/${slug(title)}/`));
  const sectionOf = new Map(sections.map((section) => [slug(section.title), section]));
  const tags = new Map();
  const authors = new Map();
  for (const each of articles) {
    each.section = sectionOf.get(each.url.split('/', 2)[1]);
    each.newer = each.section.articles.at(-1);
    if (each.newer) each.newer.older = each;
    each.section.articles.push(each);
    each.tags = join(each, 'tags', 'term', tags);
    each.authors = join(each, 'authors', 'term', authors);
  }

  const home = { ...list('home', TITLE, '/'), articles };
  const byTitle = (one, other) => (one.title < other.title ? -1 : 1);
  const terms = [tags, authors].map((map) => [...map.values()].sort(byTitle));
  const lists = [...sections, ...terms.flat()];
  const count = (one, other) => other.articles.length - one.articles.length || byTitle(one, other);
  return {
    byFile: new Map(articles.map((each) => [each.file, each])),
    sections: sections.filter((section) => section.articles.length > 0),
    topics: [...terms[0]].sort(count).slice(0, 20),
    frontPages: pages(home),
    listPages: lists.flatMap(pages),
    indexes: [
      { kind: 'taxonomy', title: 'Tags', url: '/tags/', terms: terms[0] },
      { kind: 'taxonomy', title: 'Authors', url: '/authors/', terms: terms[1] },
    ],
    lists: [home, ...lists].map((each) => ({ ...each, newest: each.articles.slice(0, FEED_ENTRIES) })),
    related: relatedIn(articles),
  };
}

function article(item) {
  const { title, summary, related = [] } = item.data;
  return {
    file: item.inputPath,
    url: item.url,
    title,
    summary,
    pins: related,
    time: item.date.getTime(),
    year: item.date.getUTCFullYear(),
    iso: item.date.toISOString().replace('.000', ''),
    day: item.date.toISOString().slice(0, 10),
    written: `${item.date.getUTCDate()} ${MONTHS[item.date.getUTCMonth()]} ${item.date.getUTCFullYear()}`,
    item,
  };
}

/** What the author wrote, else the beginning of the text. Asked for once the text is rendered. */
export function blurb(each) {
  return (each.blurb ??= each.summary ?? beginning(each.item.templateContent));
}

function beginning(html) {
  const text = html
    .slice(0, 6 * BLURB)
    .replace(/<[^>]*>?/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/&(lt|gt|quot|amp);/g, (_, name) => ENTITIES[name]);
  return text.length > BLURB ? `${text.slice(0, text.lastIndexOf(' ', BLURB))} …` : text;
}

export function headings(each) {
  return contents.get(each.file) ?? [];
}

function list(kind, title, url) {
  return { kind, title, url, articles: [] };
}

/** Puts an article on the lists that its front matter names. */
function join(each, key, kind, lists) {
  return (each.item.data[key] ?? []).map((title) => {
    let found = lists.get(title);
    if (!found) lists.set(title, (found = list(kind, title, `/${key}/${slug(title)}/`)));
    found.articles.push(each);
    return found;
  });
}

function pages(of) {
  const count = Math.max(1, Math.ceil(of.articles.length / PAGE_SIZE));
  const url = (number) => (number === 1 ? of.url : `${of.url}page/${number}/`);
  return Array.from({ length: count }, (_, at) => ({
    of,
    number: at + 1,
    url: url(at + 1),
    newer: at > 0 ? { number: at, url: url(at) } : undefined,
    older: at + 1 < count ? { number: at + 2, url: url(at + 2) } : undefined,
    articles: of.articles.slice(at * PAGE_SIZE, (at + 1) * PAGE_SIZE),
  }));
}

/**
 * The related articles of any article: pins first, then those with the most tags in common, of the
 * same year before others, the newest before older ones. The counts are of one array, which is
 * cleaned by walking the same lists again.
 */
function relatedIn(articles) {
  const counts = new Uint8Array(articles.length);
  return (each, byFile) => {
    const found = each.pins.map((pin) => {
      const pinned = byFile.get(`./site/${pin}`);
      if (!pinned) throw new Error(`${each.file}: no article at the pin ${pin}`);
      return pinned;
    });
    const best = [];
    const wanted = RELATED + found.length;
    for (const tag of each.tags) for (const other of tag.articles) counts[other.place]++;
    for (const tag of each.tags) {
      for (const other of tag.articles) {
        const shared = counts[other.place];
        if (shared === 0) continue;
        counts[other.place] = 0;
        if (other === each) continue;
        const score = 2 * shared + (other.year === each.year ? 1 : 0);
        const last = best[wanted - 1];
        if (last && (last.score > score || (last.score === score && last.other.place < other.place))) continue;
        const at = best.findIndex((one) => one.score < score || (one.score === score && one.other.place > other.place));
        best.splice(at < 0 ? best.length : at, 0, { other, score });
        best.length = Math.min(best.length, wanted);
      }
    }
    for (const { other } of best) if (!found.includes(other)) found.push(other);
    return found.slice(0, RELATED);
  };
}

const slugs = new Map();

export function slug(text) {
  let found = slugs.get(text);
  if (found === undefined) {
    found = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
    slugs.set(text, found);
  }
  return found;
}

const ENTITIES = { lt: '<', gt: '>', quot: '"', amp: '&' };
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
];
