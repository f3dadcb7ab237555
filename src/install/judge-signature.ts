import { dirname, isAbsolute, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { quote, SkillError } from '../../host/index.ts';
import type { Config } from '../config/config.ts';
import type { Home } from '../home/home.ts';
import type { LockedSignature, LockedSkill } from '../lockfile/lockfile.ts';
import { combineTrust, judgeTrust, parseTrust, SIGNATURE_FILES, type TrustPolicy } from '../trust/index.ts';
import { isSignaturePath } from '../trust/statement.ts';
import type { Incoming } from './incoming.ts';

/** What signatures are judged of, whether it is on its way in or long there. */
export type Judged = Pick<LockedSkill, 'id' | 'version'> & Pick<Incoming, 'tree' | 'fetched'>;

export interface TrustRules {
  readonly policy: TrustPolicy;
  readonly now: () => Date;
  /** Somebody agreed to another signer than before. */
  readonly acceptSigner?: boolean;
}

/** The trust policy of a home: what the operator says, then what the user says. @throws SkillError E_USAGE */
export function trustOfHome({ trust }: Config, { corp, config }: Home): TrustPolicy {
  return combineTrust(
    parseTrust(trust.corp, corp, (path) => readBeside(corp, path)),
    parseTrust(trust.user, config, (path) => readBeside(config, path)),
  );
}

/**
 * Verifies who signed a skill, as the policy wants it for where it is from.
 * @returns the signature to keep, and what was checked, in order
 * @throws SkillError E_SIGNATURE, E_INTEGRITY, E_DOWNGRADE with `details.steps`
 */
export async function judgeSignature(
  { id, version, tree, fetched }: Judged,
  before: LockedSkill | undefined,
  { policy, now, acceptSigner = false }: TrustRules,
): Promise<{ readonly signature: LockedSignature | undefined; readonly steps: readonly Step[] }> {
  const inside = new Map<string, Uint8Array>();
  for (const name of SIGNATURE_FILES) {
    const file = tree.files.find(({ path }) => path === name);
    if (file !== undefined) inside.set(name, file.bytes);
  }
  const verdict = await judgeTrust({
    policy,
    // Not with the name of a folder in it behind that.
    source: fetched.resolved,
    // What the lock file names by its hash was known before.
    wasExpected: fetched.wasExpected || before?.integrity === tree.hash,
    id,
    version,
    tree: tree.hash,
    files: tree.files.filter(({ path }) => !isSignaturePath(path)),
    signatures: { inside, beside: fetched.signatures },
    previous: before?.signature && { signer: before.signature.signer, verified: true, version: before.version },
    now: now(),
    accept: { signerChange: acceptSigner },
  });
  const { signature, steps } = verdict;
  return { signature: signature && { kind: signature.kind, signer: signature.signer }, steps };
}

type Step = Awaited<ReturnType<typeof judgeTrust>>['steps'][number];

/** A file that a configuration names, relative to it. */
function readBeside(config: string, path: string): Uint8Array {
  const file = isAbsolute(path) ? path : join(dirname(config), path);
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SkillError('E_USAGE', `${quote(config, 400)} names ${quote(file, 400)}, which cannot be read: ${code}`, {
      hint: 'put the file there, or mend its name in the section [trust]',
      cause: error,
    });
  }
}
