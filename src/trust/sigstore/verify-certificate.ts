import { X509Certificate } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import type { SignedEntity } from '@sigstore/verify';
import { quote } from '../../../host/index.ts';
import { type Finding, foundBy, malformed, wrong } from '../finding.ts';
import { matchesGlob } from '../policy/match-glob.ts';
import type { TrustIdentity, TrustLayer } from '../policy/policy.ts';
import type { BundleClaim } from './parse-bundle.ts';
import type { TrustRoot } from './trust-root.ts';

/** Whom a certificate names, and when at the latest it signed, by a clock that is not its own. */
interface Identity {
  readonly subject: string;
  readonly issuer: string;
  readonly signedAt: Date;
}

/**
 * Verifies a bundle by the certificate in it: that an authority of the trust root issued it, that the log has it, and that
 * it signs the payload. Nothing is fetched. @throws SkillError E_SIGNATURE when the root knows the certificate and
 * something does not verify; E_USAGE for a root that is none
 */
export async function verifyCertificate(claim: BundleClaim, layers: readonly TrustLayer[]): Promise<Finding> {
  const { where, bundle } = claim;
  const { isIssuedUnder, parseRoot } = await import('./trust-root.ts');
  const certificate = parseCertificate(where, bundle);
  const signers: TrustIdentity[] = [];
  let named: Identity | undefined;
  for (const { layer, identities } of byRoot(layers)) {
    const root = parseRoot(layer);
    if (!isIssuedUnder(root, certificate)) continue;
    named = await verifyUnder(root, claim);
    signers.push(...identities.filter((identity) => isMeant(identity, named)));
  }
  if (named === undefined) return foundBy(claim, 'a certificate of no trusted authority', []);
  const by = `${quote(named.subject)} of ${quote(named.issuer)}`;
  return foundBy(claim, by, signers, named.signedAt);
}

/** The identities below each trust root. A layer without one uses that of the layer above it, and never the reverse. */
function byRoot(layers: readonly TrustLayer[]) {
  const found: { layer: TrustLayer; identities: TrustIdentity[] }[] = [];
  for (const layer of layers) {
    if (layer.root !== undefined) found.push({ layer, identities: [...layer.identities] });
    else found.at(-1)?.identities.push(...layer.identities);
  }
  return found;
}

function parseCertificate(where: string, { verificationMaterial: { content } }: Bundle): X509Certificate {
  const bytes =
    content.$case === 'certificate'
      ? content.certificate.rawBytes
      : content.$case === 'x509CertificateChain'
        ? content.x509CertificateChain.certificates[0]?.rawBytes
        : undefined;
  try {
    return new X509Certificate(bytes ?? '');
  } catch (error) {
    throw malformed(where, 'its certificate is none', error);
  }
}

async function verifyUnder({ material }: TrustRoot, { where, bundle, payload }: BundleClaim): Promise<Identity> {
  const { toSignedEntity, Verifier } = await import('@sigstore/verify');
  try {
    const entity = toSignedEntity(bundle, Buffer.from(payload));
    const { identity } = new Verifier(material).verify(entity);
    const { subjectAlternativeName: subject = '', extensions } = identity ?? {};
    return { subject, issuer: extensions?.issuer ?? '', signedAt: latestOf(entity.timestamps) };
  } catch (error) {
    throw wrong(where, 'its certificate, log entry and signature do not fit each other and what is here', error);
  }
}

/** The latest of the times that were verified: a log vouches for the time of an entry by its promise alone. */
function latestOf(timestamps: SignedEntity['timestamps']): Date {
  const times = timestamps.flatMap((stamp) => {
    if (stamp.$case === 'timestamp-authority') return [stamp.timestamp.signingTime.getTime()];
    const { inclusionPromise, integratedTime } = stamp.tlogEntry;
    return inclusionPromise === undefined ? [] : [Number(integratedTime) * 1_000];
  });
  const latest = new Date(Math.max(...times));
  if (Number.isNaN(latest.getTime())) throw new Error('nothing says when it was made');
  return latest;
}

function isMeant({ subject, issuer }: TrustIdentity, named: Identity | undefined): boolean {
  // Neither a branch that is called like the end of a path nor a second @ gets past a star.
  const covers = (character: string): boolean => character !== '/' && character !== '@';
  return named?.issuer === issuer && matchesGlob(subject, named.subject, covers);
}
