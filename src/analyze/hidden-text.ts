// cspell:ignore Khmer Hangul
import type { RawFile } from '../tree/raw-file.ts';
import type { Finding, GateFinding, Severity } from './finding.ts';

/** A class of characters that are not seen, or change how others are. */
interface HiddenClass {
  readonly rule: string;
  /** What an installation does; undefined: nothing. */
  readonly gate: 'refuse' | 'warn' | undefined;
  readonly severity: Severity;
  readonly find: RegExp;
  readonly message: string;
}

// Compiled when something is looked at, not at every start.
let classes: readonly HiddenClass[] | undefined;
let flags: RegExp | undefined;
let any: RegExp | undefined;

const MOST_FINDINGS = 20;

/** The worst first: a line is told of once. */
function compile(): readonly HiddenClass[] {
  return [
    {
      rule: 'hidden_text',
      gate: 'refuse',
      severity: 'critical',
      find: /[\u{e0000}-\u{e0fff}]/u,
      message: 'it holds text in characters that nobody sees',
    },
    {
      rule: 'reversed_text',
      gate: 'refuse',
      severity: 'critical',
      find: /[\u202a-\u202e]/u,
      message: 'it is shown in another order than it is read',
    },
    {
      rule: 'hidden_selectors',
      gate: 'warn',
      severity: 'critical',
      find: /[\ufe00-\ufe0f\u180b-\u180d\u180f]{2}/u,
      message: 'it holds bytes in marks that choose how the character before is drawn',
    },
    {
      rule: 'turned_text',
      gate: 'warn',
      severity: 'high',
      find: /[\u2066-\u2069]/u,
      message: 'a part of it is shown in another direction',
    },
    {
      rule: 'zero_width',
      gate: 'warn',
      severity: 'high',
      find: /[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\uffa0\ufff0-\ufffb\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}]|(?!^)\ufeff/u,
      message: 'it holds characters without width',
    },
    {
      rule: 'zero_width',
      gate: 'warn',
      severity: 'high',
      find: /[\x20-\x7e][\u200c\u200d]|[\u200c\u200d](?:[\x20-\x7e\u200c\u200d]|$)|^[\u200c\u200d]/u,
      message: 'it holds characters without width',
    },
    {
      rule: 'direction_mark',
      gate: undefined,
      severity: 'high',
      find: /[\u200e\u200f\u061c]{2}|[\x21-\x7e][\u200e\u200f\u061c][\x21-\x7e]/u,
      message: 'marks of direction stand where nothing has another direction',
    },
    {
      rule: 'direction_mark',
      gate: undefined,
      severity: 'medium',
      find: /[\u200e\u200f\u061c]/u,
      message: 'it holds marks of direction, which nobody sees',
    },
    {
      rule: 'hidden_selectors',
      gate: undefined,
      severity: 'high',
      find: /[A-Za-z \n.,;:(){}"'=/-][\ufe00-\ufe0f]|^[\ufe00-\ufe0f]/u,
      message: 'marks that choose how a character is drawn stand where there is nothing to choose',
    },
    {
      rule: 'line_separator',
      gate: undefined,
      severity: 'high',
      find: /[\u2028\u2029]/u,
      message: 'it holds ends of lines that most programs do not show',
    },
    {
      rule: 'private_character',
      gate: undefined,
      severity: 'high',
      find: /[\u{f0000}-\u{10ffff}]|[\ue000-\uf8ff]{4}/u,
      message: 'it holds characters that mean nothing anybody agreed on',
    },
    {
      rule: 'private_character',
      gate: undefined,
      severity: 'medium',
      find: /[\ue000-\uf8ff]/u,
      message: 'it holds characters that mean nothing anybody agreed on',
    },
    {
      rule: 'control_character',
      gate: undefined,
      severity: 'high',
      find: /[\0-\u0008\u000b\u000e-\u001f\u007f]|\r(?!$)/u,
      message: 'it holds characters that move the cursor of whoever shows it',
    },
    {
      rule: 'control_character',
      gate: undefined,
      severity: 'medium',
      find: /[\u0080-\u009f]/u,
      message: 'it holds characters of control',
    },
  ];
}

/**
 * Text that a model reads and a person does not see: tag characters (invisible copies of ASCII), marks that reverse what is
 * shown (Unicode Technical Standard 55), and characters without width. Flags such as that of Scotland are written with tags
 * and are no finding; neither are joiners between emoji and letters.
 */
export function findHiddenText({ path, bytes }: RawFile): GateFinding[] {
  const text = decode(bytes);
  if (text === undefined) return [];
  return findIn(text, ({ gate }) => gate !== undefined).flatMap(({ of: { gate, rule, message }, line }) =>
    gate === undefined ? [] : [{ severity: gate, rule, message, file: path, line }],
  );
}

/** All classes of it, of a text. */
export function scanHidden(path: string, text: string): Finding[] {
  return findIn(text, () => true).map(({ of: { rule, severity, message }, line }) => ({
    rule,
    severity,
    file: path,
    line,
    why: message,
    fix: 'remove the characters; an editor shows them as hexadecimal',
  }));
}

interface Hit {
  readonly of: HiddenClass;
  readonly line: number;
}

function findIn(text: string, takes: (one: HiddenClass) => boolean): Hit[] {
  any ??=
    /[\0-\u0008\u000b\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{10ffff}]|\r(?!\n)/u;
  if (!any.test(text)) return [];
  classes ??= compile();
  flags ??= /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,6}\u{e007f}/gu;
  const wanted = classes.filter(takes);
  const found: Hit[] = [];
  for (const [i, written] of text.split('\n').entries()) {
    if (!any.test(written)) continue;
    const line = written.replaceAll(flags, '').replace(/\r$/, '');
    // The mark a file may begin with is no part of its first line.
    const of = wanted.find(({ find }) => find.test(i === 0 ? line : line.startsWith('\ufeff') ? ` ${line}` : line));
    if (of !== undefined) found.push({ of, line: i + 1 });
    if (found.length >= MOST_FINDINGS) break;
  }
  return found;
}

/** Undefined for what is no text. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
