// Follows every address of a site: links, pictures, style sheets, feeds, sitemaps, redirects,
// anchors. The browser's own parsers read the documents; nothing of them is loaded or run.

/**
 * What can be reached from the front page, robots.txt and _redirects.
 * `dead` holds a line for each address that leads nowhere, `reached` the paths below the site's
 * root that something leads to, `indexed` those that the sitemap names.
 */
export async function crawl({ page, site, host }) {
  const seen = new Map(); // path on the host → what it is
  const reached = new Set();
  const indexed = new Set();
  const dead = [];
  const anchors = [];
  const queue = [];

  /** The address on the host, or nothing if it is on another site. */
  const onHost = (url) => {
    if (url.origin === host.origin) return url;
    if (url.origin === site.home.origin) return new URL(url.pathname + url.search + url.hash, host.origin);
    return undefined;
  };
  const follow = (link, from) => {
    let url;
    try {
      url = new URL(link.url, link.base ?? from);
    } catch {
      return dead.push(`${from.pathname}: ${link.by} “${link.url}” is no address`);
    }
    const here = onHost(url);
    if (!here) {
      const known = ['http:', 'https:', 'mailto:', 'tel:', ...(link.by === 'img src' ? ['data:'] : [])];
      if (!known.includes(url.protocol)) dead.push(`${from.pathname}: ${link.by} “${link.url}” has an unsafe scheme`);
      return;
    }
    if (link.absolute && !/^https?:/.test(link.url)) {
      dead.push(`${from.pathname}: ${link.by} “${link.url}” should be absolute: feeds are read elsewhere`);
    }
    if (link.indexed) indexed.add(below(here));
    if (here.hash.length > 1) anchors.push({ from: from.pathname, by: link.by, to: here });
    if (!seen.has(here.pathname)) {
      seen.set(here.pathname, undefined);
      queue.push({ url: here, from: from.pathname, by: link.by });
    } else if (seen.get(here.pathname)?.fault) {
      dead.push(`${from.pathname}: ${link.by} “${link.url}”: ${seen.get(here.pathname).fault}`);
    }
  };
  const below = (url) => url.pathname.slice(host.home.pathname.length);

  for (const start of ['', 'robots.txt', ...(site.files.includes('_redirects') ? ['_redirects'] : [])]) {
    follow({ url: start, by: 'start' }, host.home);
  }
  while (queue.length > 0) {
    const { url, from, by } = queue.shift();
    const response = await fetch(url, { redirect: 'manual' });
    const document = { fault: undefined, ids: new Set(), type: '' };
    seen.set(url.pathname, document);
    if (response.status !== 200) {
      document.fault = response.status === 301 ? 'leads on through a redirect' : `answers ${response.status}`;
      dead.push(`${from}: ${by} “${url.pathname}”: ${document.fault}`);
      await response.body?.cancel();
      continue;
    }
    reached.add(below(url));
    document.type = response.headers.get('content-type').split(';')[0];
    const { links, ids, broken } = await read(page, url, document.type, await response.text());
    if (broken) dead.push(`${url.pathname}: ${broken}`);
    document.ids = new Set(ids);
    for (const link of links) follow(link, url);
  }
  for (const { from, by, to } of anchors) {
    const document = seen.get(to.pathname);
    const id = decodeURIComponent(to.hash.slice(1));
    const checked = document && !document.fault && document.type === 'text/html' && id !== 'top';
    if (checked && !document.ids.has(id)) dead.push(`${from}: ${by} “${to.pathname}${to.hash}”: no such anchor`);
  }
  return { reached, indexed, dead: [...new Set(dead)] };
}

/** The addresses and ids of a document. */
async function read(page, url, type, text) {
  const name = url.pathname.split('/').pop();
  const plain = (urls, by) => ({ ids: [], links: urls.map((url) => ({ url, by })) });
  const matches = (pattern) => [...text.matchAll(pattern)].map((match) => match[1]);
  if (type === 'text/css') {
    const references = matches(/(?:url\(\s*|@import\s+)["']?([^"')]+)/g);
    return plain(references.filter((url) => !url.startsWith('data:')), 'css');
  }
  if (name === 'robots.txt') return plain(matches(/^sitemap:\s*(\S+)/gim), 'Sitemap');
  if (name === '_redirects') {
    const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
    return plain(lines.flatMap((line) => line.split(/\s+/).slice(0, 2)), 'redirect');
  }
  const parsed = { 'text/html': 'html', 'application/json': 'json', 'application/xml': 'xml' }[type];
  return parsed ? page.evaluate(addresses, { parsed, text, name }) : { ids: [], links: [] };
}

/* Runs in the browser. */
function addresses({ parsed, text, name }) {
  const ATTRIBUTES = ['href', 'src', 'poster', 'data', 'action', 'formaction', 'cite', 'xlink:href'];
  const PROPERTIES = ['og:image', 'og:url', 'twitter:image'];
  const links = [];
  const ids = [];
  const inHtml = (html, more = {}) => {
    const document = new DOMParser().parseFromString(html, 'text/html');
    const add = (element, attribute, url) =>
      links.push({ url, by: `${element.localName} ${attribute}`, ...more });
    for (const element of document.querySelectorAll('*')) {
      if (element.id && !more.absolute) ids.push(element.id);
      if (element.localName === 'a' && element.name && !more.absolute) ids.push(element.name);
      for (const attribute of ATTRIBUTES) {
        const value = element.getAttribute(attribute);
        // In a feed an anchor is one of the entry itself.
        const own = more.absolute && value?.startsWith('#');
        if (value !== null && !own) add(element, attribute, value);
      }
      for (const part of element.getAttribute('srcset')?.split(',') ?? []) {
        add(element, 'srcset', part.trim().split(/\s/)[0]);
      }
      if (element.localName !== 'meta') continue;
      const content = element.getAttribute('content') ?? '';
      if (element.getAttribute('http-equiv') === 'refresh') add(element, 'refresh', content.replace(/^.*?url=/i, ''));
      if (PROPERTIES.includes(element.getAttribute('property'))) add(element, 'content', content);
    }
  };
  if (parsed === 'html') inHtml(text);
  if (parsed === 'json') {
    const walk = (value, key) => {
      if (typeof value === 'string') {
        if (key === 'content_html') inHtml(value, { absolute: true });
        else if (/^https?:\/\/\S+$/.test(value)) links.push({ url: value, by: key });
      } else if (value && typeof value === 'object') {
        for (const [inner, child] of Object.entries(value)) {
          if (/^https?:\/\//.test(inner)) links.push({ url: inner, by: 'key' });
          walk(child, inner);
        }
      }
    };
    try {
      walk(JSON.parse(text), name);
    } catch (error) {
      return { links, ids, broken: `is no JSON: ${error.message}` };
    }
  }
  if (parsed === 'xml') {
    const document = new DOMParser().parseFromString(text, 'application/xml');
    const broken = document.querySelector('parsererror')?.textContent;
    if (broken) return { links, ids, broken };
    for (const element of document.querySelectorAll('*')) {
      const by = element.localName;
      if (by === 'loc') links.push({ url: element.textContent.trim(), by, absolute: true, indexed: element.parentNode.localName === 'url' });
      if (by === 'link' && element.getAttribute('href')) links.push({ url: element.getAttribute('href'), by, absolute: true });
      if (['content', 'summary'].includes(by) && element.getAttribute('type') === 'html') inHtml(element.textContent, { absolute: true });
    }
  }
  return { links, ids };
}
