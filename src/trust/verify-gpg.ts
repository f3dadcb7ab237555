import type * as openpgp from 'openpgp';
import { SkillError } from '../../host/index.ts';
import { decodeText } from './decode-text.ts';
import { type Claim, type Finding, foundBy, malformed, unknownForm, wrong } from './finding.ts';
import type { TrustKey } from './policy/policy.ts';
import { refusal } from './reasons.ts';

type Library = typeof openpgp;

/** One block and nothing around it: the library reads the first of several. */
const ARMOR = /^-----BEGIN PGP SIGNATURE-----\r?\n(?:(?!-----)[^])*-----END PGP SIGNATURE-----\r?\n?$/;

/**
 * Verifies a detached GPG signature over a payload. The keys' own expiry and revocation count as well as the policy's.
 * Without GPG keys in the policy the signature is not even read.
 * @throws SkillError E_SIGNATURE, E_USAGE for a key that cannot be read, E_UNSUPPORTED when openpgp is not installed
 */
export async function verifyGpg(claim: Claim, keys: readonly TrustKey[], now: Date): Promise<Finding> {
  const { where, signature, payload } = claim;
  const entries = keys.filter(({ kind }) => kind === 'gpg');
  if (entries.length === 0) return foundBy(claim, 'a GPG key', []);
  const library = await loadLibrary();
  const parsed = await parseArmor(library, where, signature);
  const issuer = parsed.packets[0]?.issuerKeyID;
  const by = `GPG key ${issuer?.toHex().toUpperCase()}`;
  const good: TrustKey[] = [];
  let named: TrustKey | undefined;
  for (const entry of entries) {
    const candidate = await readKey(library, entry);
    if (candidate.getKeys(issuer).length === 0) continue;
    named = entry;
    await checkKey(candidate, parsed, { where, by: entry.name, now });
    if (await isSignedBy(library, candidate, { signature: parsed, payload, now })) good.push(entry);
  }
  if (named !== undefined && good.length === 0) {
    throw wrong(where, `it names ${by} of ${named.name}, which did not sign this package as it is`);
  }
  return foundBy(claim, by, good);
}

async function loadLibrary(): Promise<Library> {
  try {
    return await import('openpgp');
  } catch (error) {
    throw new SkillError('E_UNSUPPORTED', 'A GPG signature is to be verified, and openpgp is not installed.', {
      hint: 'npm install openpgp',
      cause: error,
    });
  }
}

async function parseArmor(library: Library, where: string, file: Uint8Array): Promise<openpgp.Signature> {
  const text = decodeText(file) ?? '';
  if (!ARMOR.test(text)) throw malformed(where, 'it is no armored GPG signature');
  let parsed: openpgp.Signature;
  try {
    parsed = await library.readSignature({ armoredSignature: text });
  } catch (error) {
    throw malformed(where, 'it is no GPG signature', error);
  }
  const [packet, ...more] = parsed.packets;
  if (packet === undefined || more.length > 0) throw malformed(where, 'it is not one signature');
  // One over text says nothing about line endings.
  if (packet.signatureType !== library.enums.signature.binary) throw unknownForm(where, 'it is not over bytes');
  return parsed;
}

async function readKey(library: Library, { name, key }: TrustKey): Promise<openpgp.Key> {
  try {
    const [only, ...more] = await library.readKeys({ armoredKeys: key });
    if (only !== undefined && more.length === 0) return only;
  } catch (error) {
    throw noKey(name, error);
  }
  throw noKey(name);
}

function noKey(name: string, cause?: unknown): SkillError {
  return new SkillError('E_USAGE', `The GPG key of ${name} cannot be read as one public key.`, {
    hint: 'write what gpg --export --armor prints for it',
    details: { field: 'trust.keys', name },
    cause,
  });
}

/** Refuses a key that has expired or was revoked by its owner, as a whole or the part of it that signed. */
async function checkKey(
  key: openpgp.Key,
  signature: openpgp.Signature,
  { where, by, now }: { readonly where: string; readonly by: string; readonly now: Date },
): Promise<void> {
  try {
    await key.verifyPrimaryKey(now);
    await key.getSigningKey(signature.packets[0]?.issuerKeyID, now);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    const hint = 'ask for a version signed with a current key, or put the renewed key into the policy';
    if (why.includes('revoked')) throw refusal('key_revoked', `${where} is by ${by}, which was revoked.`, hint, error);
    if (why.includes('expired')) throw refusal('key_expired', `${where} is by ${by}, which has expired.`, hint, error);
    throw wrong(where, `the key of ${by} may not sign`, error);
  }
}

async function isSignedBy(
  library: Library,
  key: openpgp.Key,
  {
    signature,
    payload,
    now,
  }: { readonly signature: openpgp.Signature; readonly payload: Uint8Array; readonly now: Date },
): Promise<boolean> {
  try {
    const message = await library.createMessage({ binary: payload });
    const { signatures } = await library.verify({
      message,
      signature,
      verificationKeys: key,
      date: now,
      format: 'binary',
    });
    return signatures.length === 1 && (await signatures[0]?.verified) === true;
  } catch {
    // A weak hash, a signature from the future, a broken number: none of it is a signature.
    return false;
  }
}
