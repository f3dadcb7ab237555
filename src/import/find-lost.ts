import { hasInvisible } from '../../host/index.ts';
import type { DeclaredTool, JsonSchema, Manifest } from '../manifest/manifest.ts';
import { isSpdx } from '../manifest/read-skill.ts';
import { toNativeSchema } from './native-schema.ts';
import type { NotCarried } from './not-carried.ts';

const NO_FIELD = 'a skill.toml has no such field';

/** What a `skill.toml` can hold of a manifest, and what it cannot. */
export function findLost(manifest: Manifest): { readonly kept: Manifest; readonly notCarried: readonly NotCarried[] } {
  const { license } = manifest;
  const isKept = license === undefined || isSpdx(license);
  const nulls: NotCarried[] = [];
  const kept = {
    ...manifest,
    license: isKept ? license : undefined,
    tools: manifest.tools.map((tool, i) => withoutLost(tool, i, nulls)),
  };
  const terms = {
    field: 'license',
    why: 'it is no SPDX expression, so it stands in the file LICENSE alone',
    fix: 'write license = "…" with an identifier such as MIT',
  };
  const notCarried = [
    ...(isKept ? [] : [terms]),
    ...lostFields(manifest),
    ...nulls,
    ...manifest.tools.flatMap((tool, i) => [...lostPatterns(tool, i), ...hiddenTexts(tool, i)]),
  ];
  return { kept, notCarried };
}

function withoutLost(tool: DeclaredTool, i: number, lost: NotCarried[]): DeclaredTool {
  const schema = (key: 'parameters' | 'returns'): JsonSchema | undefined =>
    tool[key] && (toNativeSchema(tool[key], ['tools', i, key], lost) as JsonSchema);
  return { ...tool, parameters: schema('parameters'), returns: schema('returns'), patterns: new Map() };
}

/** `metadata` holds what was read from there as well. */
const READ: ReadonlySet<string> = new Set(['author', 'version']);

function lostFields({ compatibility, metadata, allowedTools, observability, development }: Manifest): NotCarried[] {
  const found: (NotCarried | undefined)[] = [
    compatibility === undefined
      ? undefined
      : {
          field: 'compatibility',
          why: NO_FIELD,
          fix: 'say it in README.md; name programs in [platform] required_tools',
        },
    ...[...metadata.keys()]
      .filter((name) => !READ.has(name))
      .map((name) => ({
        field: `metadata.${name}`,
        why: NO_FIELD,
        fix: 'say it in README.md, or in keywords',
      })),
    allowedTools.length === 0
      ? undefined
      : {
          field: 'allowed-tools',
          why: 'what these names mean is requested in [capabilities]; the names themselves are not kept',
          fix: 'look whether [capabilities] says what is meant',
        },
    lostTable(
      'observability',
      observability,
      'skillhost records every run by itself; docs/tools.md shows how to watch',
    ),
    lostTable('development', development, 'keep it with the tools you develop with'),
  ];
  return found.filter((one) => one !== undefined);
}

function lostTable(field: string, table: Readonly<Record<string, unknown>>, fix: string): NotCarried | undefined {
  return Object.keys(table).length === 0 ? undefined : { field, why: NO_FIELD, fix };
}

function lostPatterns({ patterns }: DeclaredTool, i: number): NotCarried[] {
  return [...patterns.keys()].map((name) => ({
    field: `tools[${i}].parameters.${name}.pattern`,
    why: 'parameters in a skill.toml have no patterns, so values are no longer held to it',
    fix: 'list the values in enum, or check the value where it is used',
  }));
}

/** Texts that no check looks at, since a model or a program reads them as they are. */
function hiddenTexts({ settings }: DeclaredTool, i: number): NotCarried[] {
  const texts = Object.entries(settings).flatMap(([key, value]) => {
    const all: unknown[] = value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : [value];
    return all.some((text) => typeof text === 'string' && hasInvisible(text.replaceAll(/[\n\t]/g, ''))) ? [key] : [];
  });
  return texts.map((key) => ({
    field: `tools[${i}].${key}`,
    why: 'it holds hidden characters; in skill.toml they are written as \\u…, where they can be seen',
    fix: 'remove them if nobody meant them',
  }));
}
