/**
 * Decodes standard base64 in its one canonical spelling; undefined for anything else. Node's own decoder skips what it
 * does not know, so that one signature would have endless spellings.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
