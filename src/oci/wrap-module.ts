import { stringify } from 'smol-toml';
import { quote, SkillError } from '../../host/index.ts';
import { checkLabel, checkSkillId, checkVersion } from '../manifest/text-checks.ts';
import type { RawFile } from '../tree/raw-file.ts';
import type { Artifact } from './artifact.ts';

const MODULE = 'bin/module.wasm';

/** A module that was published without a manifest, as a skill that asks for nothing. */
export function wrapModule(bytes: Uint8Array, artifact: Artifact): readonly RawFile[] {
  const id = idOf(artifact);
  const manifest = stringify({
    skill: {
      id,
      name: id.slice(id.indexOf('.') + 1),
      description: descriptionOf(artifact),
      version: versionOf(artifact),
      api_version: '1.0',
    },
    executable: { module: MODULE },
  });
  return [
    { path: 'skill.toml', bytes: Buffer.from(`${manifest}\n`), executable: false },
    { path: MODULE, bytes, executable: false },
  ];
}

/** The last two parts of the name: `ghcr.io/acme/greet` is `acme.greet`. */
function idOf({ name, shown }: Artifact): string {
  const [last = '', before = 'wasm'] = name.split('/').toReversed();
  const id = [before, last].map((part) => part.replaceAll(/[._-]+/g, '-')).join('.');
  if (checkSkillId(id) === undefined) return id;
  throw new SkillError('E_UNSUPPORTED', `no skill can be called as ${quote(shown, 300)} is`, {
    hint: 'its name becomes its id; publish it under a shorter one',
    details: { reason: 'name' },
  });
}

function versionOf({ manifest, tag = '', digest }: Artifact): string {
  const candidates = [manifest.annotations.get('org.opencontainers.image.version') ?? '', tag].map((one) =>
    one.replace(/^v/, ''),
  );
  return (
    candidates.find((one) => checkVersion(one) === undefined) ?? `0.0.0-sha.g${digest.slice('sha256:'.length, 19)}`
  );
}

function descriptionOf({ manifest, name }: Artifact): string {
  const said = manifest.annotations.get('org.opencontainers.image.description') ?? '';
  return checkLabel(500)(said) === undefined ? said : `The WebAssembly module ${name}.`;
}
