// Sections, tags and authors.

import { breadcrumbs, escape, page, pager, stories } from '../theme/html.js';

export const data = {
  layout: false,
  pagination: { data: 'collections.listPages', size: 1, alias: 'list' },
  permalink: ({ list }) => list.url,
  eleventyExcludeFromCollections: true,
};

export function render({ list }) {
  const { kind, title, url, articles } = list.of;
  const total = `${articles.length} article${articles.length === 1 ? '' : 's'}`;
  const main = `<header class="page-head">
${breadcrumbs()}
<h1>${escape(title)}</h1>
<p class="meta">${list.number > 1 ? `Page ${list.number}` : total}</p>
</header>
${stories(list.articles, { section: kind === 'term' })}${pager(list)}`;
  return page({ kind, title, url: list.url, feeds: url, main });
}
