import { X509Certificate } from 'node:crypto';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial, type TrustMaterial } from '@sigstore/verify';
import { SkillError } from '../../../host/index.ts';
import { decodeText } from '../decode-text.ts';
import type { TrustLayer } from '../policy/policy.ts';

export interface TrustRoot {
  readonly material: TrustMaterial;
  readonly authorities: readonly X509Certificate[];
}

/** Reads the trust root of a layer. @throws SkillError E_USAGE when it is none */
export function parseRoot({ where, root = new Uint8Array() }: Pick<TrustLayer, 'where' | 'root'>): TrustRoot {
  try {
    const parsed = TrustedRoot.fromJSON(JSON.parse(decodeText(root) ?? ''));
    const certificates = parsed.certificateAuthorities.flatMap(({ certChain }) => certChain?.certificates ?? []);
    const authorities = certificates.map(({ rawBytes }) => new X509Certificate(rawBytes));
    if (authorities.length > 0) return { material: toTrustMaterial(parsed), authorities };
  } catch (error) {
    throw noRoot(where, error);
  }
  throw noRoot(where);
}

function noRoot(where: string, cause?: unknown): SkillError {
  return new SkillError('E_USAGE', `${where}: trust.root is no trusted root with certificate authorities.`, {
    hint: 'name the trusted_root.json of your Sigstore instance',
    details: { field: 'trust.root' },
    cause,
  });
}

/** Whether an authority of the root signed a certificate. If none did, it is of another world, and not wrong. */
export function isIssuedUnder({ authorities }: TrustRoot, certificate: X509Certificate): boolean {
  return authorities.some((authority) => {
    try {
      return certificate.verify(authority.publicKey);
    } catch {
      // A key of another kind than the signature.
      return false;
    }
  });
}
