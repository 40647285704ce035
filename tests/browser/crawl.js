// Follows every address of a site: links, pictures, style sheets, feeds, sitemaps, redirects,
// anchors. The browser's own parsers read the documents; nothing of them is loaded or run.

/**
 * What can be reached from the front page, robots.txt, 404.html and _redirects: `reached` holds the
 * paths below the site's root that something leads to, `indexed` those that the sitemap names,
 * `dead` a line for each address that leads nowhere.
 */
export async function crawl({ page, site, host }) {
  const documents = new Map(); // by path on the host
  const links = [];
  const dead = [];
  const below = (path) => path.slice(host.home.pathname.length);

  const start = ['404.html', '_redirects'].filter((path) => site.files.includes(path));
  const queue = ['', 'robots.txt', ...start].map((path) => new URL(path, host.home));
  for (const url of queue) documents.set(url.pathname, undefined);
  while (queue.length > 0) {
    const from = queue.shift();
    const document = await load(page, from);
    documents.set(from.pathname, document);
    if (document.broken) dead.push(`${from.pathname}: ${document.broken}`);
    for (const link of document.links) {
      const to = onHost(link, from, { site, host });
      if (to.fault) dead.push(`${from.pathname}: ${link.by} “${link.url}” ${to.fault}`);
      if (!to.url) continue;
      links.push({ from, by: link.by, to: to.url, indexed: link.indexed });
      if (!documents.has(to.url.pathname)) {
        documents.set(to.url.pathname, undefined);
        queue.push(to.url);
      }
    }
  }

  const faults = new Map(); // by the address that is dead, the links to it
  for (const { from, by, to } of links) {
    const fault = documents.get(to.pathname).fault ?? anchorFault(documents.get(to.pathname), to);
    const key = `${readable(to.pathname + to.hash)} ${fault}`;
    if (fault) faults.set(key, [...(faults.get(key) ?? []), `${by} in ${readable(from.pathname)}`]);
  }
  for (const [fault, [first, ...others]] of faults) {
    dead.push(`${fault}: ${first}${others.length > 0 ? `, and ${others.length} more` : ''}`);
  }
  const alive = [...documents].filter(([, document]) => !document.fault);
  return {
    reached: new Set(alive.map(([path]) => below(path))),
    indexed: new Set(links.filter((link) => link.indexed).map((link) => below(link.to.pathname))),
    dead,
  };
}

/** Where a link leads on the host; no `url` when it leads to another site. */
function onHost(link, from, { site, host }) {
  let url;
  try {
    url = new URL(link.url, from);
  } catch {
    return { fault: 'is no address' };
  }
  const fault =
    link.absolute && !/^\w+:/.test(link.url) ? 'should be absolute: it is read elsewhere' : undefined;
  if (url.origin === host.origin) return { url, fault };
  if (url.origin === site.home.origin)
    return { url: new URL(url.pathname + url.search + url.hash, host.origin) };
  const schemes =
    link.by === 'img src' ? ['http:', 'https:', 'data:'] : ['http:', 'https:', 'mailto:', 'tel:'];
  return schemes.includes(url.protocol) ? {} : { fault: 'has a scheme that does not belong there' };
}

/** An address as people write it. */
function readable(address) {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

function anchorFault(document, { hash }) {
  const id = readable(hash.slice(1));
  const meant = id !== '' && id !== 'top' && document.type === 'text/html';
  return meant && !document.ids.has(id) ? 'has no such anchor' : undefined;
}

async function load(page, url) {
  const response = await fetch(url, { redirect: 'manual' });
  const text = await response.text();
  const document = { links: [], ids: new Set(), type: (response.headers.get('content-type') ?? '').split(';')[0] };
  if (response.status !== 200) {
    return {
      ...document,
      fault: response.status === 301 ? 'leads on by a redirect' : `answers ${response.status}`,
    };
  }
  const { links, ids, broken } = await read(page, url, document.type, text);
  return { ...document, links, ids: new Set(ids), broken };
}

/** The addresses and ids of a document. */
async function read(page, url, type, text) {
  const name = url.pathname.split('/').pop();
  const plain = (urls, by) => ({ ids: [], links: urls.map((url) => ({ url, by })) });
  const matches = (pattern) => [...text.matchAll(pattern)].map((match) => match[1]);
  if (type === 'text/css') {
    const references = matches(/(?:url\(\s*|@import\s+)["']?([^"')]+)/g);
    return plain(
      references.filter((url) => !url.startsWith('data:')),
      'css',
    );
  }
  if (name === 'robots.txt') return plain(matches(/^sitemap:\s*(\S+)/gim), 'Sitemap');
  if (name === '_redirects') {
    const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
    return plain(
      lines.flatMap((line) => line.split(/\s+/).slice(0, 2)),
      'redirect',
    );
  }
  const parsed = { 'text/html': 'html', 'application/json': 'json', 'application/xml': 'xml' }[type];
  return parsed ? page.evaluate(addresses, { parsed, text }) : { ids: [], links: [] };
}

/** Runs in the browser, so it brings along all that it needs. */
function addresses({ parsed, text }) {
  const ATTRIBUTES = ['href', 'src', 'poster', 'data', 'action', 'formaction', 'cite', 'xlink:href'];
  const PROPERTIES = ['og:image', 'og:url', 'twitter:image'];
  const links = [];
  const ids = [];

  const inHtml = (html) => {
    for (const element of new DOMParser().parseFromString(html, 'text/html').querySelectorAll('*')) {
      const name = element.localName;
      ids.push(...[element.id, name === 'a' && element.name].filter(Boolean));
      for (const attribute of ATTRIBUTES.filter((attribute) => element.hasAttribute(attribute))) {
        links.push({ url: element.getAttribute(attribute), by: `${name} ${attribute}` });
      }
      for (const candidate of element.getAttribute('srcset')?.split(',') ?? []) {
        links.push({ url: candidate.trim().split(/\s/)[0], by: `${name} srcset` });
      }
      const content = element.getAttribute('content');
      if (element.getAttribute('http-equiv') === 'refresh') {
        links.push({ url: content.replace(/^.*?url=/i, ''), by: 'refresh' });
      }
      if (PROPERTIES.includes(element.getAttribute('property'))) {
        links.push({ url: content, by: element.getAttribute('property') });
      }
    }
  };
  const inFeedEntry = (html) => {
    const before = links.length;
    inHtml(html);
    // An anchor in an entry leads to the entry itself.
    const inEntry = links.splice(before).filter((link) => !link.url.startsWith('#'));
    links.push(...inEntry.map((link) => ({ ...link, absolute: true })));
  };
  const inJson = (value, key) => {
    if (key === 'content_html') {
      inFeedEntry(value);
    } else if (typeof value === 'string') {
      if (/^https?:\/\/\S+$/.test(value)) links.push({ url: value, by: key });
    } else {
      for (const [inner, child] of Object.entries(value ?? {})) {
        inJson(inner, 'key');
        inJson(child, inner);
      }
    }
  };
  const inXml = (document) => {
    for (const element of document.querySelectorAll('*')) {
      const by = element.localName;
      const indexed = element.parentNode.localName === 'url';
      if (by === 'loc') links.push({ url: element.textContent.trim(), by, absolute: true, indexed });
      if (by === 'link') links.push({ url: element.getAttribute('href'), by, absolute: true });
      if (element.getAttribute('type') === 'html') inFeedEntry(element.textContent);
    }
  };

  if (parsed === 'html') inHtml(text);
  if (parsed === 'json') {
    try {
      inJson(JSON.parse(text), 'value');
    } catch (error) {
      return { links, ids, broken: `is no JSON: ${error.message}` };
    }
  }
  if (parsed === 'xml') {
    const document = new DOMParser().parseFromString(text, 'application/xml');
    const broken = document.querySelector('parsererror')?.textContent;
    if (broken) return { links, ids, broken };
    inXml(document);
  }
  return { links, ids };
}
