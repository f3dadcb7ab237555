// cspell:words defmodule
import { headings } from '../../sdk-as/markdown';

// The order of the cases in world.wit.
export enum FileType {
  text,
  markdown,
  code,
}

const MARKDOWN = ['md', 'markdown', 'mdx'];
const CODE = [
  'c', 'cc', 'cpp', 'cs', 'dart', 'ex', 'go', 'h', 'hpp', 'java', 'js', 'jsx', 'kt', 'lua', 'mjs', 'cjs', 'php', 'py', 'rb', 'rs',
  'scala', 'sh', 'swift', 'ts', 'tsx', 'mts', 'cts', 'wit', 'zig',
];
/** Words that may stand before the one that declares. */
const MODIFIERS = [
  'abstract', 'async', 'declare', 'default', 'export', 'final', 'internal', 'open', 'private', 'protected', 'pub', 'pub(crate)',
  'public', 'sealed', 'static', 'unsafe',
];
const DECLARING = [
  'class', 'def', 'defmodule', 'enum', 'fn', 'fun', 'func', 'function', 'function*', 'impl', 'interface', 'macro_rules!', 'mod',
  'module', 'namespace', 'object', 'package', 'protocol', 'record', 'resource', 'struct', 'trait', 'type', 'typedef', 'union', 'world',
];

export function fileType(path: string): FileType {
  const name = path.substring(path.lastIndexOf('/') + 1);
  const extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase();
  if (MARKDOWN.includes(extension)) return FileType.markdown;
  return CODE.includes(extension) && name.includes('.') ? FileType.code : FileType.text;
}

/** The lines that tell a reader what the file holds. */
export function outline(text: string, lines: string[], kind: FileType): string[] {
  const found = new Array<string>();
  if (kind == FileType.markdown) {
    const titles = headings(text);
    for (let i = 0; i < titles.length; i++) found.push('  '.repeat(titles[i].level - 1) + titles[i].title);
  } else if (kind == FileType.code) {
    for (let i = 0; i < lines.length; i++) if (declares(lines[i])) found.push(signature(lines[i]));
  }
  return found;
}

/** Whether a line at the left edge begins a declaration: the usual words of many languages, not the grammar of one. */
function declares(line: string): bool {
  const first = line.charCodeAt(0);
  if (!(first >= 0x61 && first <= 0x7a)) return false;
  // A minified file is one long line; its first words are enough.
  const words = line.substring(0, 200).split(' ', 6);
  for (let i = 0; i + 1 < words.length; i++) {
    if (DECLARING.includes(words[i])) return true;
    if (!MODIFIERS.includes(words[i])) return false;
  }
  return false;
}

function signature(line: string): string {
  let text = line.substring(0, 200).trimEnd();
  if (text.endsWith('{') || text.endsWith(':') || text.endsWith(';')) text = text.substring(0, text.length - 1).trimEnd();
  return text;
}
