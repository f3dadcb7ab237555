import type { Bundle } from '@sigstore/bundle';
import { decodeText } from '../decode-text.ts';
import { type Claim, malformed, unknownForm } from '../finding.ts';

/** A claim whose signature was read as a bundle. */
export interface BundleClaim extends Omit<Claim, 'signature'> {
  readonly bundle: Bundle;
}

/** Each entry costs a signature to verify; honest bundles have one. */
const MAX_ENTRIES = 8;

/** Reads a Sigstore bundle. @throws SkillError E_SIGNATURE when it is none, or of a version that is not known */
export async function parseBundle(where: string, file: Uint8Array): Promise<Bundle> {
  const library = await import('@sigstore/bundle');
  const known: readonly unknown[] = [
    library.BUNDLE_V01_MEDIA_TYPE,
    library.BUNDLE_V02_MEDIA_TYPE,
    library.BUNDLE_V03_LEGACY_MEDIA_TYPE,
    library.BUNDLE_V03_MEDIA_TYPE,
  ];
  const json = parseJson(where, file);
  if (!known.includes(mediaTypeOf(json))) throw unknownForm(where, 'it is no Sigstore bundle of version 0.1 to 0.3');
  const bundle = tryParse(where, () => library.bundleFromJSON(json));
  const { tlogEntries, timestampVerificationData } = bundle.verificationMaterial;
  const stamps = timestampVerificationData?.rfc3161Timestamps.length ?? 0;
  if (tlogEntries.length + stamps > MAX_ENTRIES) throw malformed(where, 'it has more log entries than any honest one');
  return bundle;
}

function parseJson(where: string, file: Uint8Array): unknown {
  return tryParse(where, () => JSON.parse(decodeText(file) ?? ''));
}

function mediaTypeOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'mediaType' in json ? json.mediaType : undefined;
}

function tryParse<T>(where: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw malformed(where, 'it is no Sigstore bundle', error);
  }
}
