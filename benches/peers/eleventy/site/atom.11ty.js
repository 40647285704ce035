import { BASE, TITLE, blurb } from '../theme/archive.js';
import { escape } from '../theme/html.js';

export const data = {
  layout: false,
  pagination: { data: 'collections.lists', size: 1, alias: 'list' },
  permalink: ({ list }) => `${list.url}feed.xml`,
  eleventyExcludeFromCollections: true,
};

export function render({ list: { kind, title, url, newest } }) {
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>${kind === 'home' ? TITLE : `${escape(title)} – ${TITLE}`}</title>
<id>${BASE}${url}</id>
<link rel="alternate" type="text/html" href="${BASE}${url}"/>
<link rel="self" type="application/atom+xml" href="${BASE}${url}feed.xml"/>
${newest.length > 0 ? `<updated>${newest[0].iso}</updated>` : ''}
${newest.map(entry).join('')}</feed>
`;
}

function entry(article) {
  const link = BASE + article.url;
  return `<entry>
<title>${escape(article.title)}</title>
<id>${link}</id>
<link rel="alternate" type="text/html" href="${link}"/>
<published>${article.iso}</published>
<updated>${article.iso}</updated>
${article.authors.map(({ title }) => `<author><name>${escape(title)}</name></author>`).join('\n')}
${article.tags.map(({ title }) => `<category term="${escape(title)}"/>`).join('\n')}
<summary>${escape(blurb(article))}</summary>
</entry>
`;
}
