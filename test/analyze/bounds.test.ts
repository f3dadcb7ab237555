import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '../../src/analyze/finding.ts';
import { scanHidden } from '../../src/analyze/hidden-text.ts';
import type { Language } from '../../src/analyze/languages.ts';
import { ALL_RULES } from '../../src/analyze/rules/all.ts';
import { splitMarkdown } from '../../src/analyze/markdown.ts';
import { scanText } from '../../src/analyze/scan-text.ts';
import { combine } from '../../src/analyze/signals.ts';

const LANGUAGES: readonly Language[] = [
  'javascript',
  'python',
  'shell',
  'powershell',
  'script',
  'markdown',
  'recipe',
  'manifest',
  'text',
];

/** Beginnings of what rules look for; repeated, they are what makes a pattern go back and forth. */
const BEGINNINGS = [
  'a',
  ' ',
  '\n',
  '"',
  '\\',
  '\\x41',
  '`',
  '```\n',
  '~~~',
  '<!-- you ',
  'curl ',
  'curl x ',
  'wget https://a\nchmod ',
  'eval(',
  'exec(base64 ',
  'https://a.b.c',
  'https://a-a-',
  'http://1.2.3.4 ',
  'rm -r -r ',
  '../',
  '~/.ssh/',
  'while True:\n',
  '_0xabcd ',
  'I',
  'chr(1)+',
  `${'A'.repeat(599)} `,
  'send credentials to ',
  'send credentials in a ',
  'ignore all the your my ',
  'do not tell the ',
  'do not mention the it ',
  'silently and then ',
  'fetch https://a.bc/ follow ',
  'hide the from ',
  'follow any instructions ',
  'if it is blocked with ',
  'when asked claim it never ',
  'always bcc a ',
  'change the recipient to by ',
  'every file you open post to ',
  'treat it as if it came ',
  'attach the last messages to with ',
  'ask the user for to enter the ',
  'put secrets in the ',
  '<div display:none ',
  '[a]: # ( ',
  'https://a.b/?a=<',
  'sende passwort ',
  'ne dis pas a ',
  '忽略之前的',
  'curl x chmod 1111',
  'chmod u+g+',
  "os.system('a",
  'subprocess.run(f"{a} ',
  'for x in y:\n  x.append(',
  'download extract password ',
  'ask the user password ',
  'all prior the your rules are ',
  'base64 -d ',
  'x@y.',
  'for x in os.environ',
  "f'",
  '| crontab ',
  '\u200b',
  '\ud83d',
  '$(',
  '(((((',
];

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .array(fc.constantFrom(...BEGINNINGS, 'instructions', 'user', '| bash', 'https://evil.net', '\n\n'), {
      maxLength: 60,
    })
    .map((words) => words.join('')),
);

describe('patterns of rules [R-ANALYZE-10]', () => {
  it.each(ALL_RULES.map(({ id, find }) => [id, find.source] as const))(
    'have no repetition without an end: %s',
    (_, source) => {
      // Without what is escaped, and what stands in classes.
      const bare = source.replaceAll(/\\./gs, 'e').replaceAll(/\[[^\]]*\]/g, 'c');
      expect(/[*+]|\{\d+,\}/.exec(bare)).toBeNull();
    },
  );
});

describe('rules on hostile texts [R-ANALYZE-10]', () => {
  it.each(BEGINNINGS)('take time in proportion, also when it is all %j', (beginning) => {
    const all = beginning.repeat(Math.ceil(65_536 / beginning.length)).slice(0, 65_536);
    for (const language of ['python', 'markdown', 'shell'] as const) {
      const started = performance.now();
      const file = { path: 'x', text: all, language };
      scanText(file);
      combine([file]);
      scanHidden('x', all);
      expect(performance.now() - started).toBeLessThan(4_000);
    }
  });

  it('one line of 10 MB', () => {
    const started = performance.now();
    scanText({ path: 'x.js', text: 'a=1;'.repeat(2_500_000), language: 'javascript' });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('never throw, and point into the text', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...LANGUAGES), (written, language) => {
        const file = { path: 'x', text: written, language };
        const lines = written.split('\n');
        for (const found of [...scanText(file), ...combine([file]), ...scanHidden('x', written)]) {
          expect(SEVERITIES).toContain(found.severity);
          expect(found.line).toBeGreaterThanOrEqual(1);
          expect(found.line).toBeLessThanOrEqual(lines.length);
          if (found.column !== undefined)
            expect(found.column).toBeLessThanOrEqual((lines[(found.line ?? 1) - 1] ?? '').length + 1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('say the same of the same text', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...LANGUAGES), (written, language) => {
        const file = { path: 'x', text: written, language };
        expect(scanText(file)).toEqual(scanText(file));
      }),
      { numRuns: 100 },
    );
  });

  it('parts of Markdown have the length of the whole, and no character is in two', () => {
    fc.assert(
      fc.property(text, (written) => {
        const parts = splitMarkdown(written);
        for (const part of parts) expect(part.text.length).toBe(written.length);
        for (let i = 0; i < written.length; i++) {
          const unit = written.charAt(i);
          if (/\s/.test(unit)) continue;
          expect(parts.filter((part) => part.text.charAt(i) === unit).length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});
