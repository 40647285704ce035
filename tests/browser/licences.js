// Fails when a crate of the dependency tree has a licence that deny.toml does not allow, or comes
// from somewhere else than its registry. cargo-deny does this and more; this needs no installing.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const rules = readRules(readFileSync(join(root, 'deny.toml'), 'utf8'));
const metadata = execFileSync('cargo', ['metadata', '--locked', '--format-version', '1'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const crates = JSON.parse(metadata).packages.filter((crate) => crate.source !== null);

const faults = [];
for (const { name, version, license, source } of crates) {
  const allowed = new Set([...rules.licences, ...(rules.exceptions.get(name) ?? [])]);
  if (!license || !permits(license, allowed)) {
    faults.push(`${name} ${version} is under ${license ?? 'a licence that it does not name'}`);
  }
  if (!rules.registries.includes(source.replace(/^registry\+/, ''))) {
    faults.push(`${name} ${version} comes from ${source}`);
  }
}
const gone = [...rules.exceptions.keys()].filter((name) => !crates.some((crate) => crate.name === name));
faults.push(...gone.map((name) => `${name} has an exception in deny.toml and is no dependency`));

if (faults.length > 0) {
  console.error(`${faults.join('\n')}\ndeny.toml says what is allowed: ${rules.licences.join(', ')}`);
  process.exitCode = 1;
} else {
  console.log(
    `${crates.length} crates, each under ${rules.licences.join(', ')} or an exception that deny.toml names`,
  );
}

/** The lists of deny.toml; its other tables are for cargo-deny alone. */
function readRules(toml) {
  const text = toml.replace(/^\s*#.*$/gm, '');
  const strings = (list) => [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
  const list = (key) => {
    const found = new RegExp(`^${key} = \\[(.*?)\\]$`, 'ms').exec(text);
    if (!found) throw new Error(`deny.toml has no list “${key}”`);
    return found[1];
  };
  const exceptions = [...list('exceptions').matchAll(/crate = "([^"]+)", allow = \[([^\]]*)\]/g)];
  return {
    licences: strings(list('allow')),
    exceptions: new Map(exceptions.map(([, crate, licences]) => [crate, strings(licences)])),
    registries: strings(list('allow-registry')),
  };
}

/** Whether an SPDX expression can be met with these licences. AND binds closer than OR. */
function permits(expression, licences) {
  // Before SPDX a slash stood for OR.
  const tokens = expression.replaceAll('/', ' OR ').match(/[()]|[^\s()]+/g);
  const series = (operator, part) => {
    const parts = [part()];
    while (tokens[0] === operator) {
      tokens.shift();
      parts.push(part());
    }
    return parts;
  };
  const either = () => series('OR', both).some(Boolean);
  const both = () => series('AND', one).every(Boolean);
  const one = () => {
    let name = tokens.shift();
    if (name === '(') {
      const met = either();
      if (tokens.shift() !== ')') throw new Error(`cannot read the licence “${expression}”`);
      return met;
    }
    if (tokens[0] === 'WITH') name = `${name} ${tokens.shift()} ${tokens.shift()}`;
    return licences.has(name);
  };
  const met = either();
  if (tokens.length > 0) throw new Error(`cannot read the licence “${expression}”`);
  return met;
}
