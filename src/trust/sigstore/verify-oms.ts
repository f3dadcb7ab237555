import type { RawFile } from '../../tree/raw-file.ts';
import { type Claim, type Finding, unknownForm } from '../finding.ts';
import type { TrustLayer } from '../policy/policy.ts';
import { compareFiles } from './compare-files.ts';
import { readFileList } from './file-list.ts';
import { parseStatement } from './in-toto.ts';
import { parseBundle } from './parse-bundle.ts';
import { verifyBundle } from './verify-bundle.ts';

/**
 * Verifies an OpenSSF model signature: a signed list of files, which must be the files there are. A list by nobody who is
 * known is not looked at. @throws SkillError E_SIGNATURE, E_USAGE
 */
export async function verifyOms(
  claim: Claim,
  layers: readonly TrustLayer[],
  files: readonly RawFile[],
): Promise<Finding> {
  const { where } = claim;
  const bundle = await parseBundle(where, claim.signature);
  if (bundle.content.$case !== 'dsseEnvelope') throw unknownForm(where, 'it has no envelope');
  const finding = await verifyBundle({ ...claim, bundle }, layers);
  if (finding.signers.length > 0) {
    compareFiles(where, readFileList(where, parseStatement(where, bundle.content.dsseEnvelope)), files);
  }
  return finding;
}
