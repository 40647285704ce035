// The HTML of every page, by the letter of the standard.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { openSite } from './site.js';

const site = openSite();

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:document'],
    rules: {
    },
  }),
);

describe(`the markup of ${site.name}`, () => {
  test('is valid on every page', async () => {
    const wrong = [];
    for (const page of site.pages) {
      const report = await validator.validateString(site.read(page.path), page.path);
      for (const { messages } of report.results) {
        wrong.push(...messages.map((m) => `${page.path}:${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
      }
    }
    assert.deepEqual(wrong, []);
  });
});
