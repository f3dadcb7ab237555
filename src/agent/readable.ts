import { escapeInvisible } from '../../host/index.ts';

/** One line of text from outside, as a model or its host may show it: what hides or moves text is written `\u{…}`. */
export function oneLine(text: string): string {
  return escapeInvisible(text).replaceAll('\\\\', '\\');
}

/** The same for text whose line ends and tabs are its own. */
export function readable(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(/[^\n\t]+/g, oneLine);
}
