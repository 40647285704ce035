import { TITLE } from '../theme/archive.js';
import { card, page, pager, stories } from '../theme/html.js';

export const data = {
  layout: false,
  pagination: { data: 'collections.frontPages', size: 1, alias: 'list' },
  permalink: ({ list }) => list.url,
  eleventyExcludeFromCollections: true,
};

export function render({ list, collections }) {
  const main = list.number === 1 ? front(list, collections.archive[0]) : back(list);
  return page({ kind: 'home', title: TITLE, url: list.url, main: main + pager(list) });
}

function back({ number, articles }) {
  return `<h2 class="rubric">Page ${number}</h2>\n${stories(articles, { level: 3, section: true })}`;
}

function front({ articles }, { sections, topics }) {
  const items = (some, options) => some.map((article) => `<li>${card(article, options)}</li>`).join('\n');
  const column = ({ url, title, articles: [first, ...others] }) => `<section>
<h2 class="rubric"><a href="${url}">${title}</a></h2>
<ul role="list">
${items([first], { level: 3 })}
${items(others.slice(0, 3), { level: 3, brief: true })}
</ul>
</section>`;
  return `<div class="front with-rail">
<div class="top">
${card(articles[0], { level: 2, section: true })}
<ul class="seconds" role="list">
${items(articles.slice(1, 5), { level: 2, section: true })}
</ul>
</div>
<section class="rail" aria-labelledby="more">
<h2 class="rubric" id="more">More news</h2>
<ul role="list">
${items(articles.slice(5, 13), { level: 3, section: true, brief: true })}
</ul>
</section>
</div>
<div class="columns">
${sections.map(column).join('\n')}
</div>
<section aria-labelledby="earlier">
<h2 class="rubric" id="earlier">Earlier</h2>
<ul class="grid" role="list">
${items(articles.slice(13), { level: 3, section: true, brief: true })}
</ul>
</section>
<nav class="topics" aria-labelledby="topics">
<h2 class="rubric" id="topics">Topics</h2>
<ul class="tags" role="list">
${topics.map(({ url, title, articles: { length } }) => `<li><a href="${url}">${title} <span class="count">${length}</span></a></li>`).join('\n')}
</ul>
</nav>`;
}
