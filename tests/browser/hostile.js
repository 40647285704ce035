// A site whose articles were written by somebody who wants to run scripts in its readers' browsers.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ADDRESS, HTML, MARKDOWN, TEXT } from './vectors.js';

/** A text as a component takes it. */
const quoted = (text) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** Every component that anybody may call, with a text wherever it takes one. */
const everyComponent = (text) => {
  const value = quoted(text);
  const json = JSON.stringify(text);
  const around = (name, given) => `{% <${name} ${given}> %}\n\nx\n\n{% </${name}> %}`;
  return [
    `{{<figure src="/dot.svg" alt=${value} caption=${value} credit=${value} sizes=${value} />}}`,
    `{{<video title=${value} caption=${value} youtube=${value} poster="/dot.svg" />}}`,
    `{{<video title=${value} vimeo=${value} />}}`,
    `{{<timeline events={[{date: ${json}, title: ${json}, text: ${json}}]} />}}`,
    `{{<embed href="https://example.org/" title=${value} summary=${value} site=${value} />}}`,
    around('quote', `by=${value} source=${value} href="https://example.org/"`),
    around('note', `title=${value}`),
    around('details', `summary=${value} open={true}`),
    around('gallery', `caption=${value}`),
    `{% <chart title=${value} unit=${value} caption=${value} source=${value} href="/"> %}\n\n` +
      `| a | ${text.replaceAll('|', '')} |\n| --- | --- |\n| ${text.replaceAll('|', '')} | 1 |\n\n{% </chart> %}`,
  ].join('\n\n');
};

/** The same with an address wherever they take one. */
const everyAddress = (url) => {
  const value = quoted(url);
  return [
    `{{<figure src=${value} href=${value} />}}`,
    `{{<video title="x" src=${value} poster=${value} />}}`,
    `{{<timeline events={[{date: "x", title: "go", href: ${JSON.stringify(url)}}]} />}}`,
    `{{<embed href=${value} title="go" image=${value} />}}`,
    `{% <quote source="go" href=${value}> %}\nx\n{% </quote> %}`,
    `{% <chart title="x" source="go" href=${value}> %}\n\n| a | b |\n| --- | --- |\n| c | 1 |\n\n{% </chart> %}`,
  ].join('\n\n');
};

/** An article all of whose texts are the same. */
const everyText = (text) => ({
  title: text,
  summary: text,
  tags: [text],
  authors: [text],
  image: { src: '/dot.svg', alt: text, credit: text, caption: text },
  related: [{ url: 'https://example.org/', title: text, summary: text }],
  embeds: [{ url: 'https://example.org/page', title: `x ${text}`, summary: text, site: text }],
  extra: { text, list: [text] },
  toc: true,
  comments: [{ author: text, text: 'x' }],
  body: `{{<embed href="https://example.org/page" />}}\n\n## x ${text}\n\n### y ${text}\n\n[x]: / ${JSON.stringify(text)}\n\n![${text}][x]`,
});

/** Fields that are an address. */
const ADDRESS_FIELDS = {
  image: (url) => ({ image: { src: url, alt: 'x' } }),
  related: (url) => ({ related: [{ url, title: 'go' }] }),
  embeds: (url) => ({ embeds: [{ url, title: 'go' }], body: `{{<embed href=${JSON.stringify(url)} />}}` }),
  alias: (url) => ({ aliases: [url] }),
  components: (url) => ({ body: everyAddress(url) }),
};

/**
 * Writes the site, an article for each way and each place, and gives what is in each: `source`, the
 * `vector` and its number, and `where` it stands.
 */
export function writeHostile(root) {
  rmSync(root, { recursive: true, force: true });
  const written = [];
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const add = (where, vector, fields) => {
    const number = written.length + 1;
    const numbered = JSON.parse(JSON.stringify(fields(vector.replaceAll('N', number))));
    const { body = 'Text.', comments, ...front } = numbered;
    const source = `content/h/${number}.md`;
    const date = `2024-01-01T00:00:00Z`;
    write(source, `---\n${JSON.stringify({ title: `Article ${number}`, date, ...front })}\n---\n\n${body}\n`);
    if (comments) write(`content/h/${number}.comments.yaml`, JSON.stringify(comments));
    written.push({ number, source, where, vector, page: `h/${number}/index.html` });
  };
  write(
    'pressroom.yaml',
    'title: Hostile\nbase_url: https://hostile.example/\nhtml: sanitised\nlinks: warn\npictures: false\nrelated: {count: 2}\n' +
      'search: true\noutside: {keys: [aliases, extra], sites: [https://example.org/]}\n',
  );
  write('static/dot.svg', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>');
  for (const vector of [...HTML, ...MARKDOWN]) {
    add('body', vector, (body) => ({ body }));
    add('comment', vector, (text) => ({ comments: [{ author: 'x', text }] }));
  }
  for (const vector of [...TEXT, ...HTML.slice(0, 40)]) {
    add('texts', vector, everyText);
    add('components', vector, (text) => ({ body: everyComponent(text) }));
  }
  const authors = {};
  for (const vector of TEXT) {
    const id = `author-${written.length + 1}`;
    const text = vector.replaceAll('N', written.length + 1);
    authors[id] = { name: text, bio: text, links: [{ title: text, url: 'https://example.org/' }] };
    add('author', vector, () => ({ authors: [id] }));
  }
  write('data/authors.yaml', JSON.stringify(authors));
  for (const vector of ADDRESS) {
    for (const [where, fields] of Object.entries(ADDRESS_FIELDS)) add(where, vector, fields);
    add('comment url', vector, (url) => ({ comments: [{ author: 'x', url, text: 'x' }] }));
  }
  return written;
}

/** All vectors as they are, in pages that nobody has cleaned: what would happen without us. */
export function writeControl(root) {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  return HTML.map((vector, at) => {
    const name = `${at + 1}.html`;
    const body = vector.replaceAll('N', at + 1);
    writeFileSync(join(root, name), `<!doctype html><title>x</title><body>${body}`);
    return { number: at + 1, vector, page: name };
  });
}
