import type { Format } from '../format.ts';
import { loadPlaces } from '../locate.ts';
import { type Manifest, plainManifest } from '../manifest.ts';
import { parseTable } from '../parse-table.ts';
import { readCapabilities } from '../read-capabilities.ts';
import { readKnowledge, readProvides, readRecipes } from '../read-content.ts';
import { readDependencies, readFeatures } from '../read-dependencies.ts';
import { readExecutable } from '../read-executable.ts';
import { readCache } from '../cache-rules.ts';
import { readResilience } from '../read-resilience.ts';
import { readLimits } from '../read-limits.ts';
import { readPlatform } from '../read-platform.ts';
import { readSkill } from '../read-skill.ts';
import { readState } from '../read-state.ts';
import { readTools } from '../read-tools.ts';
import { TOML } from '../syntax.ts';
import type { TableReader } from '../table-reader.ts';

/** The native format. */
export const skillToml: Format = {
  syntax: TOML,
  parse: (source, report) => {
    const table = parseTable(source, report);
    return table === undefined ? undefined : { table };
  },
  loadPlaces,
  read: (root, { file }) => readManifest(root, file),
};

function readManifest(root: TableReader, file: string): Manifest {
  const skill = readSkill(root);
  const tools = readTools(root);
  const manifest = {
    ...plainManifest({ file, ...skill }),
    ...skill,
    provides: readProvides(root),
    knowledge: readKnowledge(root, skill.id),
    recipes: readRecipes(root),
    executable: readExecutable(root),
    tools,
    capabilities: readCapabilities(root),
    limits: readLimits(root),
    resilience: readResilience(root.section('resilience')),
    cache: readCache(root.section('cache')),
    state: readState(root, tools),
    dependencies: readDependencies(root, 'dependencies', skill.id),
    suggestions: readDependencies(root, 'suggestions', skill.id),
    features: readFeatures(root),
    platform: readPlatform(root),
  };
  root.finish();
  return manifest;
}
