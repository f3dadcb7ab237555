import { styleText } from 'node:util';
import { escapeInvisible } from '../../host/index.ts';

export type Format = 'text' | 'table' | 'json' | 'yaml' | 'sarif' | 'junit';

/** Where one command writes: data to `out`, talk to `err`. */
export interface Terminal {
  /** Data. */
  out(text: string | Uint8Array): void;
  /** Talk: nothing in quiet mode, except errors. */
  say(text: string): void;
  error(text: string): void;
  readonly isTerminal: boolean;
  readonly width: number;
  style(format: 'bold' | 'dim' | 'red' | 'yellow' | 'green', text: string): string;
}

const PLAIN_WIDTH = 100;
const WIDEST = 120;

export function openTerminal(options: { readonly quiet: boolean; readonly color: boolean }): Terminal {
  const { stdout, stderr } = process;
  return {
    out: (text) => void stdout.write(text),
    say: (text) => void (options.quiet || stderr.write(text)),
    error: (text) => void stderr.write(text),
    isTerminal: stdout.isTTY,
    width: Math.min(stderr.columns ?? stdout.columns ?? PLAIN_WIDTH, WIDEST),
    style: (format, text) => (options.color ? styleText(format, text, { stream: stderr, validateStream: true }) : text),
  };
}

/** Text of a guest as a terminal may show it: lines and tabs stay, everything that could move the cursor is written out. */
export function inert(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .split('\t')
        .map((part) => escapeInvisible(part).replaceAll('\\\\', '\\'))
        .join('\t'),
    )
    .join('\n');
}

const PLAIN = /^[\x20-\x7e]*$/;

/** Whether every character is one that takes one column and does nothing else. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** One line of text of a guest. */
export function inline(text: string): string {
  if (isPlain(text)) return text;
  return escapeInvisible(text).replaceAll('\\\\', '\\');
}

/** Breaks text at spaces so that it fits a width; continued lines begin with `indent`. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  const [lead = ''] = /^ */.exec(text) ?? [];
  let line = '';
  for (const [i, bare] of text.slice(lead.length).split(' ').entries()) {
    const word = i === 0 ? lead + bare : bare;
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
