// The search of a site, in a browser. It reads the files that the build has put beside its page, a few
// for each query, and asks nobody else.
//
// `words` has to tell words as `src/words/sought.rs` does, and `Index` reads what
// `src/site/search/postings.rs` writes.

const LETTERS = /[\p{Alphabetic}\p{N}\p{M}]+/gu;
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]/g;
// Scripts in which spaces do not tell words.
const UNSPACED =
  '\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u3005-\\u3007\\u3040-\\u30ff' +
  '\\u3130-\\u318f\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}';
const RUNS = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, 'gu');
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');
const LETTER_OF = { ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ı: 'i', ς: 'σ' };
const LONGEST = 32;

/** The words of a text, each in the form in which it is sought. */
export function words(text) {
  const found = [];
  for (const [piece] of text.matchAll(LETTERS)) {
    for (const [part] of fold(piece).matchAll(LETTERS)) {
      for (const [run] of part.matchAll(RUNS)) {
        const letters = [...run];
        if (IS_UNSPACED.test(run)) {
          if (letters.length === 1) found.push(run);
          for (let at = 1; at < letters.length; at++) found.push(letters[at - 1] + letters[at]);
        } else if (letters.length > 1 ? letters.length <= LONGEST : /\p{N}/u.test(run)) {
          found.push(singular(run, letters.length));
        }
      }
    }
  }
  return found;
}

function fold(piece) {
  const bare = piece.normalize('NFKD').replace(ACCENTS, '').toLowerCase().normalize('NFC');
  return bare.replace(/[ßæœþøłđðıς]/g, (letter) => LETTER_OF[letter]);
}

function singular(word, length) {
  if (length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  const isPlural = length > 3 && word.endsWith('s') && word !== 'news' && !/[sui]s$/.test(word);
  return isPlural ? word.slice(0, -1) : word;
}

/** Which of so many files something is in. */
export function fileOf(name, files) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return (hash >>> 0) & (files - 1);
}

/** Most words of a query, and of what stands for each of them. */
const MOST_WORDS = 8;
const MOST_OTHERS = 3;
/** Fewest letters of a word that is completed. */
const PREFIX = 3;
/** Bytes after which no more words are looked for that nobody has typed. */
const ENOUGH = 48 * 1024;
/** Results that are shown at a time. */
export const PAGE = 10;

/** The files of an index. `load` fetches one by its path: bytes, or what is written in JSON. */
export class Index {
  constructor(load) {
    this.load = load;
    this.files = new Map();
    this.bytes = 0;
  }

  get(path) {
    if (!this.files.has(path)) {
      const loading = this.load(path);
      loading.catch(() => this.files.delete(path));
      this.files.set(path, loading);
    }
    return this.files.get(path);
  }

  head() {
    return this.get('index.json');
  }

  /** Those who have a word: how many there are, and the ones that count most. */
  async postings(word) {
    const { lists } = await this.head();
    const path = `lists/${fileOf(word, lists)}.bin`;
    const bytes = await this.get(path);
    const wanted = new TextEncoder().encode(word);
    const reader = new Reader(bytes);
    while (reader.at < bytes.length) {
      const name = reader.take(reader.byte());
      const count = reader.number();
      const end = reader.number() + reader.at;
      if (name.length === wanted.length && name.every((byte, at) => byte === wanted[at])) {
        const articles = [];
        const marks = [];
        for (let article = 0; reader.at < end; ) {
          articles.push((article += reader.number()));
          marks.push(reader.byte());
        }
        return { count, articles, marks };
      }
      reader.at = end;
    }
    return { count: 0, articles: [], marks: [] };
  }

  /** Words that begin as one does, with how many articles have them; none for a short one. */
  async like(word) {
    const letters = [...word];
    if (letters.length < PREFIX) return [];
    const { words } = await this.head();
    const prefix = letters.slice(0, PREFIX).join('');
    const bytes = await this.get(`words/${fileOf(prefix, words)}.bin`);
    const [reader, decoder, found] = [new Reader(bytes), new TextDecoder(), []];
    let last = new Uint8Array();
    while (reader.at < bytes.length) {
      const same = reader.byte();
      const own = reader.take(reader.byte());
      const name = new Uint8Array(same + own.length);
      name.set(last.subarray(0, same));
      name.set(own, same);
      last = name;
      const count = reader.number();
      const text = decoder.decode(name);
      if (text.startsWith(prefix)) found.push({ word: text, count });
    }
    return found;
  }

  async card(article) {
    const { cards } = await this.head();
    const file = await this.get(`cards/${Math.floor(article / cards)}.json`);
    return file[article % cards];
  }

  /** The section of each article: 1 is the first of the head, 0 is none. */
  async sections() {
    const reader = new Reader(await this.get('sections.bin'));
    const { articles } = await this.head();
    return Array.from({ length: articles }, () => reader.number());
  }

  /** Label and articles of a tag, if there is one. */
  async tag(slug) {
    const { tags } = await this.head();
    const file = await this.get(`tags/${fileOf(slug, tags)}.json`);
    const tag = file.find((tag) => tag.slug === slug);
    let last = 0;
    return tag && { label: tag.label, articles: new Set(tag.articles.map((step) => (last += step))) };
  }

  /** The year of an article; 0 for one without a date. */
  async year(article) {
    const { years } = await this.head();
    let [low, high] = [0, years.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (years[middle][1] <= article) low = middle;
      else high = middle;
    }
    return years[low][0];
  }

  /**
   * The articles that a query finds, the best first, and the words that they were found by. `isOpen`:
   * whether the last word is still being typed.
   */
  async search(query, isOpen = false) {
    const { articles: all } = await this.head();
    const typed = [...new Set(words(query))].slice(0, MOST_WORDS);
    const exact = await Promise.all(typed.map((word) => this.postings(word)));
    const terms = typed.map((word, at) => ({ word, forms: [{ word, share: 1, ...exact[at] }] }));
    for (const [at, term] of terms.entries()) {
      const completes = isOpen && at === terms.length - 1;
      // Who has typed a whole word that many have wants no other.
      if (this.bytes > ENOUGH || (!completes && term.forms[0].count > 0 && terms.length > 4)) continue;
      const others = otherForms(term.word, await this.like(term.word), completes);
      const found = await Promise.all(others.map(({ word }) => this.postings(word)));
      for (const [which, { word, share }] of others.entries()) {
        term.forms.push({ word, share, ...found[which] });
      }
    }
    const known = terms.filter(({ forms }) => forms.some(({ count }) => count > 0));
    return {
      hits: rank(known, all),
      words: new Set(known.flatMap(({ forms }) => forms.map(({ word }) => word))),
      isWhole: known.length === typed.length,
    };
  }
}

/** Words that may be meant by one, and how much they count beside it. */
function otherForms(word, like, completes) {
  const length = [...word].length;
  const is = ({ word: other }) => {
    if (other === word) return false;
    if (completes && other.startsWith(word)) return true;
    // What differs in its ending alone: vote, voted, voting.
    const ending = [...other].length - length;
    const same = other.startsWith(word.slice(0, Math.max(4, word.length - 2)));
    return length > 4 && same && ending > -3 && ending < 4;
  };
  const others = like.filter(is).sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1));
  return others.slice(0, MOST_OTHERS).map((other) => ({
    word: other.word,
    share: other.word.startsWith(word) && completes ? 0.7 : 0.4,
  }));
}

/** What counts how much; docs/search.md has what was measured with others. */
export const WEIGHTS = { title: 1.2, whole: 2, all: 1, missing: 0.35 };

/** Articles by what they have of some words. */
function rank(terms, all) {
  const found = new Map();
  const rarities = terms.map(({ forms }) => {
    const count = Math.max(...forms.map((form) => form.count));
    return Math.log(1 + (all - count + 0.5) / (count + 0.5));
  });
  const total = rarities.reduce((sum, rarity) => sum + rarity, 0);
  for (const [at, { forms }] of terms.entries()) {
    const own = new Map();
    for (const { articles, marks, share } of forms) {
      for (let which = 0; which < articles.length; which++) {
        const [weight, title] = [marks[which] & 15, marks[which] >> 4];
        const value = share * ((weight / 16) * 2.2 + (title > 0 ? WEIGHTS.title : 0));
        const before = own.get(articles[which]);
        if (!before || before.value < value) own.set(articles[which], { value, title, share });
      }
    }
    for (const [article, { value, title, share }] of own) {
      let hit = found.get(article);
      if (!hit) found.set(article, (hit = { article, score: 0, has: 0, inTitle: 0, title: 0, words: 0 }));
      hit.score += rarities[at] * value;
      hit.has += rarities[at];
      hit.words += 1;
      if (title > 0) {
        hit.inTitle += share;
        hit.title = title;
      }
    }
  }
  const hits = [...found.values()];
  for (const hit of hits) {
    const covers = total > 0 ? hit.has / total : 1;
    // How much of the title was typed, and how much of what was typed is in the title.
    const whole = hit.title > 0 ? hit.inTitle / Math.max(hit.title, hit.inTitle) : 0;
    const of = hit.inTitle / terms.length;
    hit.score *= WEIGHTS.missing + (1 - WEIGHTS.missing) * covers * covers;
    hit.score += total * (WEIGHTS.whole * whole * of + WEIGHTS.all * of * of * covers);
    hit.covers = covers;
  }
  const most = Math.max(0, ...hits.map((hit) => hit.covers));
  const enough = hits.filter((hit) => hit.covers >= most * 0.6);
  return enough.sort((a, b) => b.score - a.score || b.article - a.article);
}

/** Whether a card is of the article that a hit is about: not so if the site was published meanwhile. */
export function agrees(hit, card) {
  if (!card) return false;
  return hit.title === 0 || hit.title === 15 || words(card.title).length === hit.title;
}

/** A text around what was found in it: pieces, each with whether it was found. */
export function excerpt(text, found, length = 220) {
  const places = [];
  for (const match of text.matchAll(LETTERS)) {
    const is = IS_UNSPACED.test(match[0]) ? [...pairs(match)] : [[match.index, match[0]]];
    for (const [at, piece] of is) {
      if (words(piece).some((word) => found.has(word))) places.push([at, at + piece.length, piece]);
    }
  }
  const start = length < text.length ? begin(text, places, length) : 0;
  let end = Math.min(text.length, start + length);
  if (end < text.length) end = Math.max(text.lastIndexOf(' ', end), start + length / 2);
  const pieces = start > 0 ? [['…', false]] : [];
  let at = start;
  for (const [from, to] of places) {
    if (from < at || to > end) continue;
    if (from > at) pieces.push([text.slice(at, from), false]);
    pieces.push([text.slice(from, to), true]);
    at = to;
  }
  if (at < end) pieces.push([text.slice(at, end), false]);
  if (end < text.length && !text.slice(0, end).endsWith('…')) pieces.push(['…', false]);
  return pieces;
}

function* pairs({ 0: run, index }) {
  const letters = [...run];
  if (letters.length === 1) yield [index, run];
  for (let at = 1; at < letters.length; at++) {
    yield [index, letters[at - 1] + letters[at]];
    index += letters[at - 1].length;
  }
}

/** Where an excerpt begins that has as many different words of those that were found as can be. */
function begin(text, places, length) {
  let [best, most] = [0, 0];
  for (const [at, [from]] of places.entries()) {
    const inside = places.slice(at).filter(([, to]) => to <= from + length - 40);
    const different = new Set(inside.map(([, , piece]) => fold(piece))).size + inside.length / 100;
    if (different > most) [best, most] = [from, different];
  }
  if (best < 60) return 0;
  const space = text.indexOf(' ', best - 50);
  return space >= 0 && space < best ? space + 1 : best;
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  byte() {
    return this.bytes[this.at++] ?? 0;
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  number() {
    let number = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      number += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    return number;
  }
}

/** How long what was read first is believed, in milliseconds. */
const BELIEVED = 60_000;

/** The page. */
class Page {
  constructor(root) {
    const part = (name) => root.querySelector(`[data-search="${name}"]`);
    [this.form, this.filters, this.status, this.results, this.more] = [
      'form', 'filters', 'status', 'results', 'more',
    ].map(part);
    this.input = this.form.elements.q;
    this.selects = ['section', 'year', 'tag'].map((name) => this.form.elements[name]);
    this.texts = root.dataset;
    this.turn = 0;
    this.shown = 0;
  }

  start() {
    this.form.hidden = false;
    this.anew();
    this.readAddress();
    const soon = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.run(true), 150);
    };
    this.input.addEventListener('input', soon);
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      clearTimeout(this.timer);
      this.run(false, true);
    });
    this.form.addEventListener('change', ({ target }) => target !== this.input && this.run(false, true));
    this.filters.addEventListener('toggle', () => this.filters.open && this.offer(this.turn));
    this.more.addEventListener('click', () => this.showMore(true));
    addEventListener('popstate', () => this.readAddress());
    document.addEventListener('keydown', (event) => this.key(event));
  }

  /** Forgets all that was loaded. */
  anew() {
    const base = new URL(this.form.action);
    this.index = new Index(async (path) => {
      const answer = await fetch(new URL(path, base), { cache: 'no-cache' });
      if (!answer.ok) throw new Error(`${answer.status} for ${path}`);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      this.index.bytes += bytes.length;
      return path.endsWith('.json') ? JSON.parse(new TextDecoder().decode(bytes)) : bytes;
    });
    this.read = Date.now();
  }

  readAddress() {
    const asked = new URLSearchParams(location.search);
    this.input.value = asked.get('q') ?? '';
    for (const select of this.selects) {
      const value = asked.get(select.name) ?? '';
      if (value) this.option(select, value, value);
      select.value = value;
    }
    if (this.selects.some((select) => select.value)) this.filters.open = true;
    this.run(false, true, true);
  }

  option(select, value, text) {
    const known = [...select.options].find((option) => option.value === value);
    const option = known ?? select.appendChild(document.createElement('option'));
    option.value = value;
    option.textContent = text;
  }

  async run(isOpen, isDone = false, isRead = false) {
    const turn = ++this.turn;
    const query = this.input.value.trim();
    if (!isRead) this.writeAddress(query, isDone);
    if (!query) return this.clear();
    try {
      if (Date.now() - this.read > BELIEVED) this.anew();
      this.index.bytes = 0;
      let found = await this.find(query, isOpen);
      if (!found.agree) {
        this.anew();
        found = await this.find(query, isOpen);
      }
      if (turn !== this.turn) return;
      this.found = found;
      this.shown = 0;
      this.results.replaceChildren();
      const count = found.hits.length;
      this.status.textContent =
        count > 0 ? this.texts.found.replace('{count}', count.toLocaleString(document.documentElement.lang)) : this.texts.none;
      await this.showMore();
      if (this.filters.open) await this.offer(turn);
    } catch {
      if (turn === this.turn) this.status.textContent = this.texts.failed;
    }
  }

  /** What a query finds, as far as filters let it. */
  async find(query, isOpen) {
    const { hits: all, words } = await this.index.search(query, isOpen && !this.input.value.endsWith(' '));
    const filter = await this.filter();
    const hits = all.filter(({ article }) => filter(article));
    const cards = await Promise.all(hits.slice(0, PAGE).map(({ article }) => this.index.card(article)));
    return { all, hits, words, agree: cards.every((card, at) => agrees(hits[at], card)) };
  }

  /** Which articles are wanted. */
  async filter(but) {
    const [section, year, tag] = this.selects.map((select) => (select.name === but ? '' : select.value));
    const { sections, years } = await this.index.head();
    const tests = [];
    if (section) {
      const of = await this.index.sections();
      const at = sections.findIndex(([title]) => title === section) + 1;
      tests.push((article) => at > 0 && of[article] === at);
    }
    if (year) {
      const spans = years.map(([which, first], at) => [String(which), first, years[at + 1]?.[1] ?? Infinity]);
      const own = spans.filter(([which]) => which === year);
      tests.push((article) => own.some(([, first, end]) => article >= first && article < end));
    }
    if (tag) {
      const found = await this.index.tag(tag);
      tests.push((article) => found?.articles.has(article) ?? false);
    }
    return (article) => tests.every((test) => test(article));
  }

  /** Fills the filters with what there is among the results. */
  async offer(turn) {
    if (!this.found) return;
    const { all } = this.found;
    const { sections } = await this.index.head();
    const [section, year, tag] = this.selects;
    const among = async (select) => all.map(({ article }) => article).filter(await this.filter(select.name));
    const of = await this.index.sections();
    const counted = new Map();
    for (const article of await among(section)) {
      const title = sections[of[article] - 1]?.[0];
      if (title) counted.set(title, (counted.get(title) ?? 0) + 1);
    }
    const byYear = new Map();
    for (const article of await among(year)) {
      const which = await this.index.year(article);
      if (which) byYear.set(String(which), (byYear.get(String(which)) ?? 0) + 1);
    }
    // The tags of the best results, since those of all would have to be loaded first.
    const slugs = new Set(tag.value ? [tag.value] : []);
    for (const { article } of this.found.hits.slice(0, PAGE)) {
      for (const [slug] of (await this.index.card(article)).tags) slugs.add(slug);
    }
    const articles = await among(tag);
    const tags = [];
    for (const slug of [...slugs].slice(0, 16)) {
      const found = await this.index.tag(slug);
      if (found) tags.push([slug, found.label, articles.filter((article) => found.articles.has(article)).length]);
    }
    if (turn !== this.turn) return;
    const three = (counts) => [...counts].map(([value, count]) => [value, value, count]);
    this.fill(section, three(counted));
    this.fill(year, three(byYear).sort((a, b) => b[0] - a[0]));
    this.fill(tag, tags.sort((a, b) => b[2] - a[2]));
  }

  fill(select, options) {
    const { value } = select;
    select.length = 1;
    for (const [option, label, count] of options) {
      if (count > 0 || option === value) this.option(select, option, `${label} (${count})`);
    }
    if (value && ![...select.options].some((option) => option.value === value)) this.option(select, value, value);
    select.value = value;
  }

  async showMore(isAsked = false) {
    const { hits, words } = this.found;
    const [turn, from] = [this.turn, this.shown];
    const some = hits.slice(from, from + PAGE);
    const cards = await Promise.all(some.map(({ article }) => this.index.card(article)));
    if (turn !== this.turn || from !== this.shown) return;
    const items = cards.filter(Boolean).map((card) => item(card, words));
    this.shown += some.length;
    this.results.append(...items);
    this.more.hidden = this.shown >= hits.length;
    if (isAsked) items[0]?.querySelector('a').focus();
  }

  clear() {
    this.found = undefined;
    this.results.replaceChildren();
    this.status.textContent = '';
    this.more.hidden = true;
  }

  writeAddress(query, isDone) {
    const url = new URL(location.href);
    const values = [['q', query], ...this.selects.map((select) => [select.name, select.value])];
    for (const [name, value] of values) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    if (url.href !== location.href) history[isDone ? 'pushState' : 'replaceState'](null, '', url);
  }

  /** `/` leads to the query, arrows from one result to the next, Escape back. */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { target, key } = event;
    const links = [...this.results.querySelectorAll('a')];
    const at = links.indexOf(target);
    const isTyping = target.matches('input, select, textarea');
    if (key === '/' && !isTyping) this.input.select();
    else if (key === 'ArrowDown' && (target === this.input || at >= 0) && links[at + 1]) links[at + 1].focus();
    else if (key === 'ArrowUp' && at >= 0) (links[at - 1] ?? this.input).focus();
    else if (key === 'Escape' && at >= 0) this.input.select();
    else return;
    event.preventDefault();
  }
}

/** A result. */
function item(card, found) {
  const make = (name, text = '') => Object.assign(document.createElement(name), { textContent: text });
  const marked = (element, pieces) => {
    element.append(...pieces.map(([text, isFound]) => (isFound ? make('mark', text) : text)));
    return element;
  };
  const result = make('li');
  if (card.language) result.lang = card.language;
  const heading = make('h2');
  const link = Object.assign(make('a'), { href: card.url });
  heading.append(marked(link, excerpt(card.title, found, Infinity)));
  const meta = Object.assign(make('p'), { className: 'meta' });
  if (card.section) meta.append(card.section);
  if (card.date) {
    const time = Object.assign(make('time', card.date[1]), { dateTime: card.date[0] });
    meta.append(card.section ? ' · ' : '', time);
  }
  result.append(heading, meta, marked(make('p'), excerpt(card.text, found)));
  return result;
}

if (typeof document !== 'undefined') {
  const root = document.querySelector('[data-search="page"]');
  if (root) new Page(root).start();
}
