// What articles need of Markdown besides markdown-it's own: footnotes, headings with ids, contents,
// and links to other articles' files.

import footnotes from 'markdown-it-footnote';
import { posix } from 'node:path';

/** Headings of an article by its file, for its contents. */
export const contents = new Map();

/** Links to files, each with one of those that have it. */
const linked = new Map();

export function extendMarkdown(markdown) {
  markdown.use(footnotes);
  markdown.core.ruler.push('archive', ({ tokens, env }) => {
    const { inputPath } = env.page;
    const headings = [];
    const taken = new Set();
    tokens.forEach((token, at) => {
      if (token.type === 'heading_open') {
        const text = plain(tokens[at + 1]);
        const id = free(text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, ''), taken);
        token.attrSet('id', id);
        headings.push({ id, text });
      } else if (token.type === 'inline') {
        for (const child of token.children) {
          if (child.type === 'link_open') resolve(child, inputPath);
        }
      }
    });
    if (headings.length > 0) contents.set(inputPath, headings);
  });
}

/** A link that leads to no article stops the build, as it does in the other programs. */
export function checkLinks({ results }) {
  const files = new Set(results.map((result) => result.inputPath));
  const dead = [...linked].filter(([target]) => !files.has(target));
  if (dead.length > 0) {
    throw new Error(dead.map(([target, from]) => `${from}: no article at ${target}`).join('\n'));
  }
}

/** Where an article stands: the section, and the name of its file. */
export function address(file) {
  const [section] = file.replace('./site/content/', '').split('/', 1);
  return `/${section}/${posix.basename(file, '.md')}/`;
}

function resolve(link, inputPath) {
  const [target, fragment] = link.attrGet('href').split('#', 2);
  if (!target.endsWith('.md') || target.includes(':')) return;
  const file = `./${posix.join(posix.dirname(inputPath), target)}`;
  linked.set(file, inputPath);
  link.attrSet('href', address(file) + (fragment ? `#${fragment}` : ''));
}

function plain(inline) {
  return inline.children.map((child) => child.content).join('');
}

function free(id, taken) {
  let name = id;
  for (let number = 1; taken.has(name); number++) name = `${id}-${number}`;
  taken.add(name);
  return name;
}
