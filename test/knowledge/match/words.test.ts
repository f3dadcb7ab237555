import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText } from '../../../src/knowledge/match/fold.ts';
import { splitWords, visitWords } from '../../../src/knowledge/match/words.ts';

const wordsOf = (text: string): string[] => splitWords(text).words.map(({ word }) => word);

describe('the words of a text', () => {
  it.each<[string, string, string[]]>([
    ['plain words', 'Review my commit, please!', ['review', 'my', 'commit', 'please']],
    ['camelCase, by its parts and whole', 'openMatchIndex', ['open', 'match', 'index', 'openmatchindex']],
    ['brands', 'GitHub, PyTorch.', ['git', 'hub', 'github', 'py', 'torch', 'pytorch']],
    ['PascalCase with digits', 'Http2Server', ['http2server']],
    ['snake_case and kebab-case', 'merge_request git-review', ['merge', 'request', 'git', 'review']],
    ['acronyms in the plural stay whole', 'GPUs and URLs', ['gpus', 'and', 'urls']],
    ['paths', './src/main.ts', ['src', 'main', 'ts']],
    ['versions and models', 'h265 v1.2', ['h265', 'v1', '2']],
    ['apostrophes', "don't", ['don', 't']],
    ['accents', 'Crème brûlée', ['creme', 'brulee']],
    ['combined and composed accents', 'e\u0301te\u0301 été', ['ete', 'ete']],
    ['ligatures and full width', 'ﬁle ＡＰＩ', ['file', 'api']],
    ['German', 'Straße STRASSE', ['strasse', 'strasse']],
    ['Greek with a final sigma', 'Λόγος ΛΌΓΟΣ', ['λογοσ', 'λογοσ']],
    ['Turkish capitals', 'İstanbul', ['istanbul']],
    ['Cyrillic', 'Проверь Коммит', ['проверь', 'коммит']],
    ['Cyrillic camelCase', 'проверьКоммит', ['проверь', 'коммит', 'проверькоммит']],
    ['Chinese in pairs', '数据库', ['数据', '据库']],
    ['a single Chinese character', '水', ['水']],
    ['Japanese with a long vowel', 'データ', ['デー', 'ータ']],
    ['Korean in pairs', '데이터', ['데이', '이터']],
    ['Thai in pairs of characters', 'กขค', ['กข', 'ขค']],
    ['mixed scripts', '東京tower', ['東京', 'tower']],
    ['characters beyond 16 bits', '𠀀𠀁', ['𠀀𠀁']],
    ['typographic marks part words', 'a—b “c” d…e', ['a', 'b', 'c', 'd', 'e']],
    ['ASCII words in a text of other scripts', 'naïve camelCase', ['naive', 'camel', 'case', 'camelcase']],
    ['emoji', '🚀 launch', ['launch']],
    ['nothing', ' \n\t.,;', []],
  ])('%s', (_, text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('passes over what is too long for a word, and keeps what stands beside it', () => {
    expect(wordsOf(`key ${'x'.repeat(65)} end`)).toEqual(['key', 'end']);
    expect(wordsOf(`ключ ${'я'.repeat(65)} end`)).toEqual(['ключ', 'end']);
    expect(wordsOf('x'.repeat(64))).toEqual(['x'.repeat(64)]);
  });

  it('gives the place of each word in the folded text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { folded, words } = splitWords(text);
        for (const { word, start, end } of words)
          expect(folded.slice(start, end).toLowerCase().replaceAll('ς', 'σ')).toBe(word);
      }),
    );
  });

  it('is the same for ASCII whether or not other letters stand beside it', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(ascii, (text) => {
        expect(wordsOf(`${text} я`)).toEqual([...wordsOf(text), 'я']);
      }),
    );
  });

  it('never fails, whatever the text, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0xd800, max: 0xdfff }), (text, code) => {
        visitWords(foldText(`${text}${String.fromCharCode(code)}${text}`), (word) => expect(word).not.toBe(''));
      }),
    );
  });
});
