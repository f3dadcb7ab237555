import { quote, SkillError } from '../../../host/index.ts';
import { type Context, parseFormat } from '../context.ts';
import { printListing } from '../print.ts';

/** `skill search WORDS`: the skills that are here, those that come closest first. */
export async function search(
  query: string,
  flags: { readonly format: string; readonly limit: string },
  { terminal, openRuntime }: Context,
): Promise<number> {
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const limit = parseCount('--limit', flags.limit, 20);
  const runtime = await openRuntime({ spare: false });
  try {
    const found = await runtime.search(query, limit);
    const rows = found.map(({ id, version, score, description }) => [id, version, score.toFixed(2), description]);
    const columns = ['SKILL', 'VERSION', 'SCORE', 'DESCRIPTION'];
    await printListing(
      { columns, rows, data: found, empty: 'no skill has any of these words; skill list shows all' },
      format,
      terminal,
    );
    return 0;
  } finally {
    await runtime.close();
  }
}

/** @throws SkillError E_USAGE for what is no whole number of at least 1 */
export function parseCount(option: string, text: string, example: number): number {
  const count = Number(text);
  if (/^[0-9]{1,9}$/.test(text) && count > 0) return count;
  throw new SkillError('E_USAGE', `${option} is ${quote(text)}; it takes a whole number of at least 1`, {
    hint: `such as ${option} ${example}`,
  });
}
