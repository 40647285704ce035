import { BASE } from '../theme/archive.js';

export const data = { layout: false, permalink: '/robots.txt', eleventyExcludeFromCollections: true };

export function render() {
  return `User-agent: *\nSitemap: ${BASE}/sitemap.xml\n`;
}
