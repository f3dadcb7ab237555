import { checkValues } from './check-values.ts';
import { decodeText } from './decode-text.ts';
import type { Manifest, Problem } from './manifest.ts';
import { parseTable } from './parse-table.ts';
import { placeFindings } from './place-findings.ts';
import { readCapabilities } from './read-capabilities.ts';
import { readKnowledge, readProvides, readRecipes } from './read-content.ts';
import { readDependencies, readFeatures } from './read-dependencies.ts';
import { readExecutable } from './read-executable.ts';
import { readCache, readResilience, readState } from './read-kept.ts';
import { readLimits } from './read-limits.ts';
import { readPlatform } from './read-platform.ts';
import { readSkill } from './read-skill.ts';
import { readTools } from './read-tools.ts';
import { Report } from './report.ts';
import { TableReader } from './table-reader.ts';

interface ParseOptions {
  /** Shown in problems, such as `skill.toml`. */
  readonly file: string;
  /** Unknown fields are errors, not warnings. */
  readonly strict?: boolean;
}

interface Parsed {
  readonly manifest: Manifest | undefined;
  readonly problems: Problem[];
}

/**
 * Turns the bytes of a `skill.toml` into a manifest in which no field needs checking again.
 * @returns all problems at once, sorted by position; the manifest is undefined exactly when one of them is an error.
 * Never throws, whatever the bytes.
 */
export async function parseSkillToml(bytes: Uint8Array, options: ParseOptions): Promise<Parsed> {
  const report = new Report({ strict: options.strict ?? false });
  const source = decodeText(bytes, report);
  const manifest = source === undefined ? undefined : readSource(source, options.file, report);
  const problems = await placeFindings(report.findings, { file: options.file, source });
  return { manifest: report.hasErrors ? undefined : manifest, problems };
}

function readSource(source: string, file: string, report: Report): Manifest | undefined {
  const table = parseTable(source, report);
  if (table === undefined || !checkValues(table, report)) return undefined;
  return readManifest(new TableReader(table, [], report), file);
}

function readManifest(root: TableReader, file: string): Manifest {
  const skill = readSkill(root);
  const manifest = {
    file,
    ...skill,
    provides: readProvides(root),
    knowledge: readKnowledge(root),
    recipes: readRecipes(root),
    executable: readExecutable(root),
    tools: readTools(root),
    capabilities: readCapabilities(root),
    limits: readLimits(root),
    resilience: readResilience(root),
    cache: readCache(root),
    state: readState(root),
    dependencies: readDependencies(root, 'dependencies', skill.id),
    suggestions: readDependencies(root, 'suggestions', skill.id),
    features: readFeatures(root),
    platform: readPlatform(root),
  };
  root.finish();
  return manifest;
}
