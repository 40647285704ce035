import { BASE, TITLE, blurb } from '../theme/archive.js';

export const data = {
  layout: false,
  pagination: { data: 'collections.lists', size: 1, alias: 'list' },
  permalink: ({ list }) => `${list.url}feed.json`,
  eleventyExcludeFromCollections: true,
};

export function render({ list: { kind, title, url, newest } }) {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: kind === 'home' ? TITLE : `${title} – ${TITLE}`,
    home_page_url: BASE + url,
    feed_url: `${BASE}${url}feed.json`,
    items: newest.map((article) => ({
      id: BASE + article.url,
      url: BASE + article.url,
      title: article.title,
      summary: blurb(article),
      date_published: article.iso,
      authors: article.authors.map((author) => ({ name: author.title })),
      tags: article.tags.map((tag) => tag.title),
    })),
  });
}
