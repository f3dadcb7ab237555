import { splitLines } from './characters';

export class Heading {
  constructor(
    readonly level: i32,
    readonly title: string,
  ) {}
}

/** Headings of both styles (`## Title`, and underlined), outside front matter and fenced code. */
export function headings(markdown: string): Heading[] {
  const lines = splitLines(markdown);
  const found = new Array<Heading>();
  let fence = '';
  for (let i = afterFrontMatter(lines); i < lines.length; i++) {
    const line = lines[i];
    if (fence != '') {
      if (closesFence(line, fence)) fence = '';
      continue;
    }
    fence = opensFence(line);
    if (fence != '' || indent(line) > 3) continue;
    const level = hashes(line);
    if (level > 0) {
      found.push(new Heading(level, plain(withoutClosingHashes(line.trim().substring(level)))));
    } else if (i + 1 < lines.length && isParagraph(line)) {
      const under = underline(lines[i + 1]);
      if (under > 0) found.push(new Heading(under, plain(line.trim())));
    }
  }
  return found;
}

function afterFrontMatter(lines: string[]): i32 {
  if (lines.length == 0 || lines[0] != '---') return 0;
  for (let i = 1; i < lines.length; i++) if (lines[i] == '---') return i + 1;
  return 0;
}

function indent(line: string): i32 {
  let i = 0;
  while (i < line.length && line.charCodeAt(i) == 0x20) i++;
  return i < line.length && line.charCodeAt(i) == 0x09 ? 4 : i;
}

/** The fence's characters when the line opens fenced code, otherwise nothing. */
function opensFence(line: string): string {
  const start = indent(line);
  if (start > 3) return '';
  const end = runEnd(line, start);
  if (end - start < 3) return '';
  const mark = line.charAt(start);
  if (mark == '~') return line.substring(start, end);
  // A back quote later in the line makes it inline code.
  return mark == '`' && !line.includes('`', end) ? line.substring(start, end) : '';
}

function closesFence(line: string, fence: string): bool {
  const start = indent(line);
  if (start > 3 || !line.startsWith(fence, start)) return false;
  return line.substring(runEnd(line, start)).trim() == '';
}

/** Where the run of one repeated character that begins at `start` ends. */
function runEnd(line: string, start: i32): i32 {
  let end = start;
  while (end < line.length && line.charCodeAt(end) == line.charCodeAt(start)) end++;
  return end;
}

/** The level of a `#` heading, or 0. */
function hashes(line: string): i32 {
  const start = indent(line);
  if (line.charAt(start) != '#') return 0;
  const end = runEnd(line, start);
  const next = line.charAt(end);
  return end - start <= 6 && (next == '' || next == ' ' || next == '\t') ? end - start : 0;
}

function withoutClosingHashes(title: string): string {
  let end = title.trimEnd().length;
  const text = end;
  while (end > 0 && title.charCodeAt(end - 1) == 0x23) end--;
  if (end < text && (end == 0 || title.charAt(end - 1) == ' ')) return title.substring(0, end).trim();
  return title.trim();
}

/** Whether an underline below this line makes it a heading: not for lists, quotes, tables and other underlines. */
function isParagraph(line: string): bool {
  const text = line.trim();
  if (text == '' || underline(line) > 0) return false;
  return !text.startsWith('>') && !text.startsWith('- ') && !text.startsWith('* ') && !text.startsWith('+ ') && !text.startsWith('|');
}

/** The level an underline gives to the line above it, or 0. */
function underline(line: string): i32 {
  const text = line.trim();
  if (text == '' || indent(line) > 3 || runEnd(text, 0) != text.length) return 0;
  if (text.charAt(0) == '=') return 1;
  return text.charAt(0) == '-' ? 2 : 0;
}

/** The text a reader sees: links and images become their text, marks of emphasis and code go. */
function plain(title: string): string {
  const parts = new Array<string>();
  let from = 0;
  for (let open = title.indexOf('['); open >= 0; open = title.indexOf('[', from)) {
    const middle = title.indexOf('](', open);
    const end = middle < 0 ? -1 : title.indexOf(')', middle);
    // Nothing that follows can be a link either; going on would cost a search for each bracket.
    if (end < 0) break;
    const image = open > from && title.charAt(open - 1) == '!';
    parts.push(title.substring(from, image ? open - 1 : open));
    parts.push(title.substring(open + 1, middle));
    from = end + 1;
  }
  parts.push(title.substring(from));
  return parts.join('').replaceAll('`', '').replaceAll('*', '').replaceAll('\\', '').trim();
}
