// The markup that pages have in common, as functions of strings.

import { BASE, SECTIONS, TITLE, blurb, slug } from './archive.js';

export function escape(text) {
  return /[&<>"]/.test(text) ? text.replace(/[&<>"]/g, (character) => ESCAPES[character]) : text;
}

/** JSON that may stand in a script element. */
export function json(value) {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

/** A whole page. */
export function page({ kind, title, url, description, feeds = '/', head = WEBSITE, main }) {
  const home = kind === 'home';
  const described = description ? escape(description) : undefined;
  const name = home ? TITLE : `${title} – ${TITLE}`;
  const plate = `<a href="/">${TITLE}</a>`;
  return `<!doctype html>
<html lang="en" dir="ltr" class="palette-crimson">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(name)}</title>${described ? `
<meta name="description" content="${described}">` : ''}
<link rel="canonical" href="${BASE}${url}">
<link rel="stylesheet" href="/style.css">
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<meta name="theme-color" content="#fffdf9" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#17181b" media="(prefers-color-scheme: dark)">${feeds ? `
<link rel="alternate" type="application/atom+xml" title="${TITLE}" href="${feeds}feed.xml">
<link rel="alternate" type="application/feed+json" title="${TITLE}" href="${feeds}feed.json">` : ''}
<meta property="og:site_name" content="${TITLE}">
<meta property="og:title" content="${escape(title)}">
<meta property="og:url" content="${BASE}${url}">${described ? `
<meta property="og:description" content="${described}">` : ''}
<meta name="twitter:card" content="summary">
${head}
</head>
<body class="kind-${kind}">
<a class="skip" href="#content">Skip to content</a>
<header class="masthead">
${home ? `<h1 class="nameplate">${plate}</h1>` : `<p class="nameplate">${plate}</p>`}
${navigation(url)}
</header>
<main id="content" tabindex="-1">
${main}
</main>
${COLOPHON}
</body>
</html>
`;
}

/** One article in a list. */
export function card(article, { level = 2, section = false, brief = false, unsigned = false } = {}) {
  const by = unsigned ? '' : ` · ${links(article.authors).join(', ')}`;
  return `<article class="card">${section ? `
<p class="kicker"><a href="${article.section.url}">${article.section.title}</a></p>` : ''}
<h${level} class="headline"><a href="${article.url}">${escape(article.title)}</a></h${level}>${brief ? '' : `
<p class="blurb">${escape(blurb(article))}</p>`}
<p class="meta"><time datetime="${article.day}">${article.written}</time>${by}</p>
</article>`;
}

export function links(lists, rel = '') {
  return lists.map((list) => `<a${rel} href="${list.url}">${escape(list.title)}</a>`);
}

export function stories(articles, options) {
  const items = articles.map((article) => `<li>${card(article, options)}</li>`);
  return `<ul class="stories" role="list">\n${items.join('\n')}\n</ul>`;
}

export function breadcrumbs() {
  return `<nav class="breadcrumbs" aria-label="Breadcrumbs"><ol>
<li><a href="/">${TITLE}</a></li>
</ol></nav>`;
}

export function pager({ number, newer, older }) {
  if (!newer && !older) return '';
  const parts = [];
  if (newer) {
    const small = newer.number > 1 ? ` <small>page ${newer.number}</small>` : '';
    parts.push(`<a class="newer" rel="prev" href="${newer.url}">Newer${small}</a>`);
    parts.push(`<span class="here" aria-current="page">Page ${number}</span>`);
  }
  if (older) parts.push(`<a class="older" rel="next" href="${older.url}">Older <small>page ${older.number}</small></a>`);
  return `\n<nav class="pager" aria-label="Pages">\n${parts.join('\n')}\n</nav>`;
}

/** Differs only on the pages of sections. */
function navigation(url) {
  const items = SECTIONS.map((title) => {
    const target = `/${slug(title)}/`;
    return `<li><a href="${target}"${url === target ? ' aria-current="page"' : ''}>${title}</a></li>`;
  });
  return `<nav aria-label="Main"><ul>\n${items.join('\n')}\n</ul></nav>`;
}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const WEBSITE = '<meta property="og:type" content="website">';
const COLOPHON = `<footer class="colophon">
<p class="nameplate"><a href="/">${TITLE}</a></p>
<nav aria-label="Site"><ul>
<li><a href="/tags/">Topics</a></li>
<li><a href="/authors/">Authors</a></li>
<li><a href="/feed.xml" type="application/atom+xml">Atom feed</a></li>
<li><a href="/feed.json" type="application/feed+json">JSON feed</a></li>
</ul></nav>
</footer>`;
