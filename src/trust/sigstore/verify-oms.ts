import type { RawFile } from '../../tree/raw-file.ts';
import { type Claim, type Finding, unknownForm } from '../finding.ts';
import type { TrustLayer } from '../policy/policy.ts';
import { compareFiles } from './compare-files.ts';
import { parseFileList } from './file-list.ts';
import { parseBundle } from './parse-bundle.ts';
import { verifyBundle } from './verify-bundle.ts';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/**
 * Verifies an OpenSSF model signature: a signed list of files, which must be the files there are. A list by nobody who is
 * known is not looked at. @throws SkillError E_SIGNATURE, E_USAGE
 */
export async function verifyOms(
  claim: Omit<Claim, 'payload'>,
  layers: readonly TrustLayer[],
  files: readonly RawFile[],
): Promise<Finding> {
  const { where } = claim;
  const bundle = await parseBundle(where, claim.signature);
  if (bundle.content.$case !== 'dsseEnvelope') throw unknownForm(where, 'it has no envelope');
  const { payloadType, payload } = bundle.content.dsseEnvelope;
  if (payloadType !== PAYLOAD_TYPE) throw unknownForm(where, `its envelope is not ${PAYLOAD_TYPE}`);
  const finding = await verifyBundle({ ...claim, payload, bundle }, layers);
  if (finding.signers.length > 0) compareFiles(where, parseFileList(where, payload), files);
  return finding;
}
