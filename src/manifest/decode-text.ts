import { MANIFEST_CEILINGS } from './ceilings.ts';
import type { Place, Report } from './report.ts';

/** The bytes as text without their byte order mark; undefined, and reported, when they are over `most` or no UTF-8. */
export function decodeText(
  bytes: Uint8Array,
  report: Report,
  most: number = MANIFEST_CEILINGS.bytes,
): string | undefined {
  if (bytes.length > most) {
    report.error({
      code: 'M_TOO_LARGE',
      path: [],
      message: `the manifest is ${bytes.length} bytes; at most ${most} are read`,
      fix: 'move long text into knowledge/ or references/; the manifest only describes the skill',
    });
    return undefined;
  }
  const text = tryDecode(bytes);
  if (text === undefined) {
    reportEncoding(report, 'the manifest is not UTF-8 here', placeOfBadByte(bytes));
    return undefined;
  }
  if (text.startsWith('\uFEFF')) {
    reportEncoding(report, 'the manifest starts with more than one byte order mark', { line: 1, column: 1 });
    return undefined;
  }
  return text;
}

/** A text that was decoded by other means, as `decodeText` gives it. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

function reportEncoding(report: Report, message: string, place: Place): void {
  const fix = 'save the file as UTF-8 without a byte order mark';
  report.error({ code: 'M_ENCODING', path: [], message, fix, place });
}

function tryDecode(bytes: Uint8Array, stream = false): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
  } catch {
    // With `fatal`, the only failure a decoder has is bytes that are no UTF-8.
    return undefined;
  }
}

/** Bisects for the longest prefix that decodes: the decoder itself does not say where it stopped. */
function placeOfBadByte(bytes: Uint8Array): Place {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (tryDecode(bytes.subarray(0, middle), true) === undefined) bad = middle;
    else good = middle;
  }
  const before = tryDecode(bytes.subarray(0, good), true) ?? '';
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - lineStart + 1 };
}
