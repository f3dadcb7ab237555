import { quote, SkillError } from '../../host/index.ts';
import type { DetachedSignature, FetchSurroundings } from './source.ts';

type Way = Pick<FetchSurroundings, 'download' | 'signal'>;

const SUM_BYTES = 4096;
const SIGNATURE_BYTES = 256 * 1024;
/** What a signature beside an archive is called, behind the name of that. */
const SIGNATURES = [
  ['.minisig', 'minisign'],
  ['.asc', 'gpg'],
  ['.sigstore.json', 'sigstore'],
  ['.sig', 'cosign'],
] as const;

/**
 * The sum in the `.sha256` beside an archive, if there is one. @throws SkillError E_INTEGRITY for one that holds none, and
 * what the download throws
 */
export async function fetchSum(archive: string, way: Way): Promise<string | undefined> {
  const bytes = await fetchIfThere(archive, '.sha256', SUM_BYTES, way);
  if (bytes === undefined) return undefined;
  const name = nameOf(archive);
  const lines = Buffer.from(bytes)
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const sums = lines.map((line) => /^([0-9a-fA-F]{64})(?: [ *](.+))?$/.exec(line.trimEnd()));
  // One sum, or the lines of sha256sum, of which one names the archive.
  const own = sums.find((sum) => sum?.[2] === name) ?? (sums.length === 1 ? sums[0] : undefined);
  const sum = own?.[2] === undefined || nameOf(own[2]) === name ? own?.[1] : undefined;
  if (sum !== undefined) return sum.toLowerCase();
  throw new SkillError('E_INTEGRITY', `the .sha256 beside ${quote(name, 400)} does not hold its sum`, {
    hint: 'ask whoever publishes it, or give the sum yourself with #sha256=',
    details: { reason: 'no_sum' },
  });
}

/** Signatures beside an archive. */
export async function fetchBeside(
  archive: string,
  payload: Uint8Array,
  way: Way,
): Promise<readonly DetachedSignature[]> {
  const found = await Promise.all(
    SIGNATURES.map(async ([suffix, kind]) => {
      const signature = await fetchIfThere(archive, suffix, SIGNATURE_BYTES, way);
      if (signature === undefined || (kind === 'cosign' && !isBase64(signature))) return [];
      return [{ kind, payload, signature }];
    }),
  );
  return found.flat();
}

/** What stands under the same name with something behind it. What is refused to us counts as not there, as stores have it. */
async function fetchIfThere(
  archive: string,
  suffix: string,
  most: number,
  { download, signal }: Way,
): Promise<Uint8Array | undefined> {
  const url = new URL(archive);
  url.pathname += suffix;
  const { status, bytes } = await download({ url: url.href, most, signal });
  if (status === 200) return isPage(bytes) ? undefined : bytes;
  if ([401, 403, 404, 410].includes(status)) return undefined;
  throw new SkillError('E_NETWORK', `${quote(url.origin + url.pathname, 400)} answers with status ${status}`, {
    hint: 'try again later: whether there is one cannot be told now',
    details: { reason: 'status', status },
  });
}

/** Some servers have a page for everything that is not there, and call that a success. */
function isPage(bytes: Uint8Array): boolean {
  return /^\s*</.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'));
}

/** Others call their binary signatures by the same name. */
function isBase64(bytes: Uint8Array): boolean {
  return /^[A-Za-z0-9+/=\s]+$/.test(Buffer.from(bytes).toString('latin1'));
}

function nameOf(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  return path.slice(path.lastIndexOf('/') + 1);
}
