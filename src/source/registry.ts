import { quote, SkillError } from '../../host/index.ts';
import { readArchive } from '../archive/read-archive.ts';
import { MANIFEST_FILES } from '../manifest/format.ts';
import { isRegistryRequest, parseRegistryRequest } from '../registry/request.ts';
import { findPublished, pickVersion } from '../registry/registries.ts';
import type { Registry } from '../registry/registry.ts';
import type { RawFile } from '../tree/raw-file.ts';
import type { Source } from './source.ts';

/**
 * A skill of a registry by its id: `cloud.aws`, `cloud.aws@^0.3`, `registry:NAME/cloud.aws@1.2.0`. What it turned out to be
 * names the registry, the version, and the sum of its archive.
 */
export function registrySource(registries: readonly Registry[]): Source {
  return {
    kind: 'registry',
    takes: isRegistryRequest,
    async fetch(request) {
      const { name, id, range, sum } = parseRegistryRequest(request);
      const { registry, skill } = await findPublished(registries, id, name);
      const published = pickVersion(skill, range, sum);
      const archive = await registry.archive(id, published);
      const { config } = registry;
      return {
        resolved: `registry:${config.name}/${id}@${published.version}#sha256=${published.sha256}`,
        files: await readSkill(archive, `${id} ${published.version} of ${config.name}`),
        claims: { id, version: published.version },
        // Its index was not known before, so its sum is what the registry says.
        wasExpected: sum !== undefined,
        // Those of a skill of a registry lie in its archive.
        signatures: [],
      };
    },
  };
}

/** In a registry each skill is a package of its own. */
async function readSkill(archive: Uint8Array, shown: string): Promise<readonly RawFile[]> {
  const files = await readArchive(archive, shown);
  if (files.some(({ path }) => MANIFEST_FILES.some((name) => name === path))) return files;
  throw new SkillError('E_PACKAGE', `${quote(shown)} has no manifest at its root`, {
    hint: `whoever publishes it packs the folder of the skill: skill pack FOLDER; it has one of ${MANIFEST_FILES.join(', ')}`,
    details: { reason: 'no_manifest' },
  });
}
