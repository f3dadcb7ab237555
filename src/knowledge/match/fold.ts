// Typographic marks stand in most English texts; taking them out first spares those the slow way.
const MARKS = /[\u00a0\u00ab\u00b7\u00bb\u00d7\u2010-\u205e\u2190-\u2bff\ufe0f]/g;

/**
 * The text with compatibility forms unified (NFKC), accents removed, and typographic marks made spaces. Case is kept,
 * because `camelCase` is split by it.
 */
export function foldText(text: string): string {
  if (isAscii(text)) return text;
  const plain = text.replaceAll(MARKS, ' ');
  if (isAscii(plain)) return plain;
  const bare = plain.normalize('NFKD').replaceAll(/[\u0300-\u036f]/g, '');
  return bare.normalize('NFKC').replaceAll('ß', 'ss');
}

export function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text);
}
