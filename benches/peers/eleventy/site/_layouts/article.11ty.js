import { BASE, TITLE, blurb, headings } from '../../theme/archive.js';
import { card, escape, json, links, page } from '../../theme/html.js';

const WORDS_A_MINUTE = 213;

export default function ({ content, collections, page: { inputPath } }) {
  const [archive] = collections.archive;
  const article = archive.byFile.get(inputPath);
  return page({
    kind: 'page',
    title: article.title,
    url: article.url,
    description: blurb(article),
    head: head(article, words(content)),
    main: main(article, content, archive),
  });
}

function words(html) {
  return html.replace(/<[^>]*>/g, ' ').match(/\S+/g)?.length ?? 0;
}

function head(article, count) {
  const { iso, section, tags, authors } = article;
  return `<meta property="og:type" content="article">
<meta property="article:published_time" content="${iso}">
<meta property="article:section" content="${section.title}">
${tags.map((tag) => `<meta property="article:tag" content="${escape(tag.title)}">`).join('\n')}
<script type="application/ld+json">${json({
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    mainEntityOfPage: BASE + article.url,
    headline: article.title,
    description: blurb(article),
    datePublished: iso,
    dateModified: iso,
    author: authors.map((author) => ({ '@type': 'Person', name: author.title })),
    articleSection: section.title,
    keywords: tags.map((tag) => tag.title),
    wordCount: count,
    inLanguage: 'en',
    publisher: { '@type': 'Organization', name: TITLE, url: `${BASE}/` },
  })}</script>`;
}

function main(article, content, archive) {
  const { section, tags, authors, newer, older } = article;
  const related = archive.related(article, archive.byFile);
  const minutes = Math.max(1, Math.ceil(words(content) / WORDS_A_MINUTE));
  const title = encodeURIComponent(article.title);
  const link = BASE + article.url;
  return `<article class="article">
<header>
<p class="kicker"><a href="${section.url}">${section.title}</a></p>
<h1>${escape(article.title)}</h1>${article.summary ? `
<p class="standfirst">${escape(article.summary)}</p>` : ''}
<div class="byline">
<p class="by">By ${links(authors, ' rel="author"').join(' and ')}</p>
<p><time datetime="${article.iso}">${article.written}</time></p>
<p>${minutes} min read</p>
</div>
</header>${table(headings(article))}
<div class="prose">
${content}
</div>
<footer>
<ul class="tags" role="list" aria-label="Topics">
${links(tags, ' rel="tag"').map((tag) => `<li>${tag}</li>`).join('\n')}
</ul>
<ul class="share" role="list" aria-label="Share">
<li><a href="mailto:?subject=${title}&amp;body=${link}">Email</a></li>
<li><a rel="nofollow" href="https://wa.me/?text=${title}%20${link}">WhatsApp</a></li>
<li><a rel="nofollow" href="https://bsky.app/intent/compose?text=${title}%20${link}">Bluesky</a></li>
<li><a rel="nofollow" href="https://www.facebook.com/sharer/sharer.php?u=${link}">Facebook</a></li>
</ul>
</footer>
</article>${related.length > 0 ? `
<section class="related" aria-labelledby="related">
<h2 class="rubric" id="related">Related news</h2>
<ul class="grid" role="list">
${related.map((other) => `<li>${card(other, { level: 3, unsigned: true })}</li>`).join('\n')}
</ul>
</section>` : ''}${newer || older ? `
<nav class="neighbours" aria-label="More from ${section.title}">${newer ? `
<a class="newer" href="${newer.url}"><small>Newer</small> ${escape(newer.title)}</a>` : ''}${older ? `
<a class="older" href="${older.url}"><small>Older</small> ${escape(older.title)}</a>` : ''}
</nav>` : ''}`;
}

/** Three headings are worth a table of contents. */
function table(entries) {
  if (entries.length < 3) return '';
  const items = entries.map(({ id, text }) => `<li><a href="#${id}">${escape(text)}</a></li>`);
  return `
<details class="toc">
<summary>In this article</summary>
<ol>
${items.join('\n')}
</ol>
</details>`;
}
