import type { Manifest } from '../../src/manifest/manifest.ts';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';

type Parsed = Awaited<ReturnType<typeof parseManifest>>;

/** What every manifest needs; the first line of a test's own text is line 7. */
export const HEAD = `[skill]
id = "custom.sample"
name = "Sample"
description = "A sample"
version = "1.2.3"
api_version = "1.0"
`;

export function parseText(text: string, strict = false): Promise<Parsed> {
  return parseManifest(new TextEncoder().encode(text), { file: 'skill.toml', strict });
}

/** Parses a manifest that must have no problems at all. */
export async function parseClean(text: string): Promise<NonNullable<Parsed['manifest']>> {
  const { manifest, problems } = await parseText(text);
  if (manifest === undefined || problems.length > 0) throw new Error(JSON.stringify(problems, undefined, 2));
  return manifest;
}

/** A place of a manifest that may hold any value, and keeps it as it is: what follows is ` = VALUE`. */
export const ANY_VALUE = `${HEAD}[[tools]]\nname = "t"\ndescription = "T"\ntype = "recipe"\nrecipe = "r"\n[tools.returns]\nconst`;

export const anyValueOf = ({ tools }: Pick<Manifest, 'tools'>): unknown => tools[0]?.returns?.['const'];
