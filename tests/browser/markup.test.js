// The HTML of every page, by the letter of the standard.

import { describe, test } from 'node:test';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { none } from './none.js';
import { openSites } from './site.js';

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:document'],
    rules: {
      'doctype-style': ['error', { style: 'lowercase' }],
      // Headlines are as long as they are, and the title is the headline.
      'long-title': 'off',
      // Safari takes a list without bullets for no list, unless its role says so.
      'no-redundant-role': 'off',
      'prefer-native-element': ['error', { exclude: ['list'] }],
      // Both forms are HTML, and articles may hold either.
      'void-style': 'off',
      // What a page loads lies beside it, on the same host.
      'require-sri': 'off',
    },
  }),
);

for (const site of openSites()) {
  describe(`the markup of ${site.name}`, () => {
    test('is valid on every page', async () => {
      const wrong = [];
      for (const page of site.pages) {
        const report = await validator.validateString(site.read(page.path), page.path);
        for (const { messages } of report.results) {
          wrong.push(...messages.map((m) => `${page.path}:${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
        }
      }
      none(wrong);
    });
  });
}
