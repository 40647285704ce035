// Articles with their dates, and the first pages of all lists.

import { BASE } from '../theme/archive.js';

// It names the collections that it needs, so that it is made after them.
export const data = {
  layout: false,
  permalink: '/sitemap.xml',
  eleventyExcludeFromCollections: true,
  eleventyImport: { collections: ['lists', 'indexes', 'archive'] },
};

export function render({ collections: { lists, indexes } }) {
  const urls = [
    ...lists[0].articles.map(({ url, iso }) => `<url><loc>${BASE}${url}</loc><lastmod>${iso}</lastmod></url>`),
    ...[...lists, ...indexes].map(({ url }) => `<url><loc>${BASE}${url}</loc></url>`),
  ];
  return `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.join('\n')}
</urlset>
`;
}
