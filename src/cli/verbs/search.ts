import { quote, SkillError } from '../../../host/index.ts';
import { type Context, parseFormat } from '../context.ts';
import { withInstallation } from '../install/with-installation.ts';
import { printListing } from '../print.ts';

export interface SearchFlags {
  readonly format: string;
  readonly limit: string;
  readonly registry?: boolean;
}

/** `skill search WORDS`: the skills that are here, or in registries, those that come closest first. */
export async function search(query: string, flags: SearchFlags, context: Context): Promise<number> {
  const { terminal, openRuntime } = context;
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const limit = parseCount('--limit', flags.limit, 20);
  if (flags.registry === true) return searchThere(query, { format, limit }, context);
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

async function searchThere(
  query: string,
  { format, limit }: { readonly format: 'table' | 'json' | 'yaml'; readonly limit: number },
  context: Context,
): Promise<number> {
  return withInstallation(context, async ({ supply }) => {
    const registries = await supply.registries();
    if (registries.length === 0)
      throw new SkillError('E_NOT_FOUND', 'there is no registry in config.toml', {
        hint: 'such as [[registries]] with name = "main" and url = "https://…"',
      });
    const { searchRegistries } = await import('../../registry/search-registries.ts');
    const hits = await searchRegistries(registries, query, limit);
    const rows = hits.map(({ id, version, registry, sha256, description }) => [
      id,
      version,
      registry,
      sha256.slice(0, 12),
      description,
    ]);
    const columns = ['SKILL', 'VERSION', 'REGISTRY', 'SHA256', 'DESCRIPTION'];
    await printListing(
      { columns, rows, data: hits, empty: 'no registry has a skill with any of these words' },
      format,
      context.terminal,
    );
    return 0;
  });
}

/** @throws SkillError E_USAGE for what is no whole number of at least 1 */
export function parseCount(option: string, text: string, example: number): number {
  const count = Number(text);
  if (/^[0-9]{1,9}$/.test(text) && count > 0) return count;
  throw new SkillError('E_USAGE', `${option} is ${quote(text)}; it takes a whole number of at least 1`, {
    hint: `such as ${option} ${example}`,
  });
}
