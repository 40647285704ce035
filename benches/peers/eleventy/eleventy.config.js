// The same publication as Pressroom's default theme makes of the archive. What differs is listed in
// ../README.md. `site/content` is the folder of articles, which the benchmark links here.

import { checkLinks, extendMarkdown } from './theme/markdown.js';
import { arrange } from './theme/archive.js';

export const config = {
  dir: { input: 'site', includes: '_layouts' },
  // Articles are Markdown and nothing else: no template language reads them first.
  markdownTemplateEngine: false,
  templateFormats: ['md', '11ty.js'],
};

export default function (eleventy) {
  eleventy.setQuietMode(true);
  eleventy.addPassthroughCopy({ static: '/' });
  eleventy.amendLibrary('md', extendMarkdown);
  eleventy.on('eleventy.after', checkLinks);

  // For the articles; templates of lists say otherwise themselves.
  eleventy.addGlobalData('layout', 'article.11ty.js');
  eleventy.addGlobalData('permalink', () => ({ page }) => {
    const [section] = page.filePathStem.replace('/content/', '').split('/', 1);
    return `/${section}/${page.fileSlug}/`;
  });

  // The pages of all lists, and what feeds are made of, are items of collections, so that templates
  // can be paginated over them.
  let archive;
  const arranged = (collections) => (archive ??= arrange(collections.getAll()));
  eleventy.addCollection('archive', (collections) => [arranged(collections)]);
  for (const name of ['frontPages', 'listPages', 'indexes', 'lists']) {
    eleventy.addCollection(name, (collections) => arranged(collections)[name]);
  }
}
