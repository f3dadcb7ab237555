import { createHash } from 'node:crypto';
import { decodeText } from './decode-text.ts';
import { refusal } from './reasons.ts';
import { tableOf } from './table-of.ts';

/** `@sha256:…` of a manifest, `#sha256=…` of an archive. */
const PINNED = /^.*[@#&]sha256[:=]([0-9a-f]{64})(?![0-9a-f])/s;
/** Payloads that are about something else are a line of JSON; archives are not looked into. */
const MOST_JSON = 65_536;

/**
 * Checks that what a signature beside a package signs is what the source was pinned to: the archive or manifest itself, or
 * what cosign signs, which names the manifest. @throws SkillError E_SIGNATURE
 */
export function checkPayload(where: string, payload: Uint8Array, source: string): void {
  // What stands behind it is a folder in the package, whose name its author chose.
  const pinned = PINNED.exec(source.replace(/[#&]sub=.*$/s, ''))?.[1];
  if (pinned !== undefined && createHash('sha256').update(payload).digest('hex') === pinned) return;
  if (pinned !== undefined && namedDigest(payload) === `sha256:${pinned}`) return;
  const message = `${where} does not sign what the source was pinned to.`;
  throw refusal('payload_foreign', message, 'do not use this package; fetch it again from its publisher');
}

/** The digest in a payload of cosign's simple signing form. */
function namedDigest(payload: Uint8Array): unknown {
  if (payload.length > MOST_JSON) return undefined;
  try {
    const image = tableOf(tableOf(tableOf(JSON.parse(decodeText(payload) ?? ''))?.['critical'])?.['image']);
    return image?.['docker-manifest-digest'];
  } catch {
    return undefined;
  }
}
