import { SkillError } from '../../../host/index.ts';
import { checkRotation, type Entry } from './check-rotation.ts';
import { Fields } from './fields.ts';
import { materialOf } from './material-of.ts';
import { REQUIREMENTS, type TrustKey, type TrustPolicy } from './policy.ts';
import { type ReadFile, readIdentity, readKey, readNamed } from './read-signers.ts';
import { readSources } from './read-sources.ts';

const MOST = { keys: 256, identities: 256, sources: 128, root: 1_048_576 };

/** Nothing is required, and nobody is known: what holds without a `[trust]` table. */
export const NO_TRUST: TrustPolicy = { layers: [] };

/**
 * Reads the table `[trust]` of a configuration, undefined when it has none. `where` names the file in errors; `read` gets
 * the files it names. @throws SkillError E_USAGE, with `details.field`, for the first thing that is wrong
 */
export function parseTrust(table: unknown, where: string, read: ReadFile = refuseFiles): TrustPolicy {
  if (table === undefined) return NO_TRUST;
  const fields = new Fields(table, 'trust', where).allow(['require', 'root', 'keys', 'identities', 'sources']);
  const keys = fields.tables('keys', MOST.keys).map((entry) => ({ signer: readKey(entry, read), fields: entry }));
  const identities = fields
    .tables('identities', MOST.identities)
    .map((entry) => ({ signer: readIdentity(entry), fields: entry }));
  const names = checkNames([...keys, ...identities]);
  checkSameKeys(keys);
  checkRotation([...keys, ...identities]);
  const layer = {
    where,
    require: fields.has('require') ? fields.choice('require', REQUIREMENTS) : ('none' as const),
    root: fields.has('root') ? readRoot(fields, read) : undefined,
    keys: keys.map(({ signer }) => signer),
    identities: identities.map(({ signer }) => signer),
    sources: readSources(fields.tables('sources', MOST.sources), names),
  };
  return { layers: [layer] };
}

/** Keys and identities share their names, as rules and lockfiles know them by name alone. */
function checkNames(entries: readonly Entry[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { signer, fields } of entries) {
    if (names.has(signer.name)) {
      throw fields.fault('name', 'is taken by another entry', 'give each key and identity its own name');
    }
    names.add(signer.name);
  }
  return names;
}

/** One key under two names could count as two signers, and be revoked as one of them only. */
function checkSameKeys(keys: readonly Entry<TrustKey>[]): void {
  const seen = new Map<string, string>();
  for (const { signer, fields } of keys) {
    const material = materialOf(signer);
    const other = seen.get(material);
    if (other !== undefined) throw fields.fault('key', `is the key of ${other} again`, 'keep one of the two');
    seen.set(material, signer.name);
  }
}

function readRoot(fields: Fields, read: ReadFile): Uint8Array {
  const root = readNamed(fields, 'root', read);
  if (root.length > MOST.root) throw fields.fault('root', 'is over 1 MiB', 'name a trusted_root.json');
  return root;
}

function refuseFiles(): never {
  throw new SkillError('E_USAGE', 'Files cannot be named here.');
}
