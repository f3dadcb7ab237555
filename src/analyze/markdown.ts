import { type Language, languageOfFence } from './languages.ts';

/** All prose of a text, or all its blocks of code in one language. The rest is blank, so that places stay. */
export interface Part {
  readonly kind: 'prose' | 'fence';
  readonly language: Language;
  readonly text: string;
}

const FENCE = /^ {0,12}(?:[-*>] {0,3}|\d{1,3}\. {0,3}){0,2}(`{3,}|~{3,})([^\n`]{0,200})$/;

/** Markdown as its prose and its fenced blocks. A block that is never closed ends with the text. */
export function splitMarkdown(text: string): readonly Part[] {
  const lines = text.split('\n');
  const of = lines.map((): Language | undefined => 'markdown');
  let open: { readonly mark: string; readonly language: Language } | undefined;
  for (const [i, line] of lines.entries()) {
    const [, mark, info = ''] = line.length > 400 ? [] : (FENCE.exec(line.trimEnd()) ?? []);
    const closes = open !== undefined && mark?.startsWith(open.mark) === true && info.trim() === '';
    const opens = open === undefined && mark !== undefined;
    of[i] = opens || closes ? undefined : open === undefined ? 'markdown' : open.language;
    if (closes) open = undefined;
    else if (opens) open = { mark, language: languageOfFence(info) };
  }
  const languages = [...new Set(of)].filter((one) => one !== undefined && one !== 'markdown') as Language[];
  const only = (wanted: Language): string =>
    lines.map((line, i) => (of[i] === wanted ? line : ' '.repeat(line.length))).join('\n');
  return [
    { kind: 'prose', language: 'markdown', text: only('markdown') },
    ...languages.map((language): Part => ({ kind: 'fence', language, text: only(language) })),
  ];
}

/** The nearest heading above a place. */
export function headingAbove(text: string, offset: number): string {
  const before = text.slice(Math.max(0, offset - 4_000), offset);
  const at = Math.max(before.lastIndexOf('\n#'), before.lastIndexOf('\n**'));
  return at === -1 ? '' : (before.slice(at + 1).split('\n', 1)[0] ?? '').slice(0, 200);
}
