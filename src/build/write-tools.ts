import { stringify } from 'smol-toml';
import type { DescribedTool } from '../sdk/serve.ts';

const FROM = '# Tools, as the guest describes them; skill build writes all down to the end of them.';
const TO = '# End of the tools.';

/**
 * The text of a `skill.toml` with these tools, between two lines that mark them; at its end when it has no such lines. What
 * stands outside of them stays as it is.
 */
export function writeTools(text: string, tools: readonly DescribedTool[]): string {
  const written = `${FROM}\n\n${stringify({ tools: [...tools] }).trim()}\n\n${TO}\n`;
  // As lines of their own: a description may hold the same words.
  const from = `\n${text}`.indexOf(`\n${FROM}\n`);
  const to = `${text}\n`.indexOf(`\n${TO}\n`, from) + 1;
  if (from === -1 || to === 0) return `${text.trimEnd()}\n\n${written}`;
  return text.slice(0, from) + written + text.slice(to + TO.length).replace(/^\n/, '');
}
