import { page } from '../theme/html.js';

export const data = { layout: false, permalink: '/404.html', eleventyExcludeFromCollections: true };

export function render() {
  const main = `<header class="page-head">
<h1>Not found</h1>
<p class="standfirst">There is no page at this address. <a href="/">To the front page</a></p>
</header>`;
  return page({ kind: '404', title: 'Not found', url: '/404.html', main });
}
