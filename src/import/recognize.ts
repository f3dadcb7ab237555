import { basename, extname } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import type { FieldPath } from '../manifest/field-path.ts';
import type { ManifestFile } from '../manifest/format.ts';
import { isTable, type Table } from '../manifest/values.ts';
import { READABLE } from './read-source.ts';

export type Kind = 'SKILL.md' | 'skill.json' | 'manifest.yaml' | 'mcp-tools' | 'goose-recipe';

const V2_TYPES: ReadonlySet<unknown> = new Set(['code_inline', 'code_session', 'conversation', 'prompt_inline']);

/** Of a file that is read by its name, before anything in it. */
export function kindByName(path: string): ManifestFile | undefined {
  const name = basename(path);
  if (name === 'SKILL.md' || name === 'skill.json' || name === 'manifest.yaml') return name;
  const ending = extname(name).toLowerCase();
  if (ending === '.json' || ending === '.yaml' || ending === '.yml') return undefined;
  throw unknownKind(path);
}

/** What a file of JSON or YAML is, by what it holds. @throws SkillError E_USAGE */
export function kindByContent(table: Table, path: string): Exclude<Kind, 'SKILL.md'> {
  if (findTools(table) !== undefined) return 'mcp-tools';
  if (V2_TYPES.has(table['type'])) return 'skill.json';
  if (table['title'] !== undefined && (table['instructions'] ?? table['prompt']) !== undefined) return 'goose-recipe';
  if (Array.isArray(table['tools']) && table['name'] !== undefined) return 'manifest.yaml';
  if (isTable(table['error']) && table['jsonrpc'] !== undefined)
    throw new SkillError('E_USAGE', `${quote(basename(path))} is an error of a server, and no list of tools`, {
      hint: 'ask the server for tools/list again',
    });
  throw unknownKind(path);
}

/** Where in the answer to `tools/list` the tools stand; undefined for what is none. */
export function findTools(table: Table): { readonly path: FieldPath; readonly tools: readonly unknown[] } | undefined {
  const { result } = table;
  if (isTable(result) && Array.isArray(result['tools'])) return { path: ['result', 'tools'], tools: result['tools'] };
  const { tools } = table;
  // The skill SDK has a list of that name too, and always a name beside it.
  if (Array.isArray(tools) && table['name'] === undefined) return { path: ['tools'], tools };
  return undefined;
}

function unknownKind(path: string): SkillError {
  return new SkillError('E_USAGE', `${quote(basename(path))} is nothing that can be imported`, {
    hint: `give ${READABLE}`,
  });
}
