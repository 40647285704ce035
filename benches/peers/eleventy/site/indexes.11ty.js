// All tags, and all authors.

import { breadcrumbs, escape, page } from '../theme/html.js';

export const data = {
  layout: false,
  pagination: { data: 'collections.indexes', size: 1, alias: 'index' },
  permalink: ({ index }) => index.url,
  eleventyExcludeFromCollections: true,
};

export function render({ index: { kind, title, url, terms } }) {
  const items = terms.map(
    (term) => `<li><a href="${term.url}">${escape(term.title)}</a> <span class="count">${term.articles.length}</span></li>`,
  );
  const main = `<header class="page-head">
${breadcrumbs()}
<h1>${title}</h1>
</header>
<ul class="index" role="list">
${items.join('\n')}
</ul>`;
  return page({ kind, title, url, feeds: '', main });
}
