import { createHash } from 'node:crypto';
import { quote, SkillError } from '../../host/index.ts';
import { ARCHIVE_CEILINGS } from '../archive/ceilings.ts';
import { readArchive } from '../archive/read-archive.ts';
import { fetchBeside, fetchSum } from './beside.ts';
import { filesBelow } from './files-below.ts';
import type { FetchSurroundings, Source } from './source.ts';
import { type ArchiveRequest, isUrlRequest, parseUrlRequest } from './url-request.ts';

/** An archive somewhere on the web: `https://….tgz`, with `#sha256=…` for one that is known already. */
export const urlSource: Source = {
  kind: 'url',
  takes: isUrlRequest,
  async fetch(request, surroundings) {
    const asked = parseUrlRequest(request);
    const bytes = await fetchArchive(asked, surroundings);
    const sum = createHash('sha256').update(bytes).digest('hex');
    const expected = asked.sum ?? (await fetchSum(asked.url, surroundings));
    if (expected !== undefined && expected !== sum) throw differs(asked, expected, sum);
    const files = await readArchive(bytes, asked.shown);
    const signatures = await fetchBeside(asked.url, bytes, surroundings);
    const at = asked.folder === undefined ? '' : `&sub=${asked.folder}`;
    return {
      resolved: `${asked.url}#sha256=${sum}${at}`,
      files: asked.folder === undefined ? files : filesBelow(files, asked.folder, asked.shown),
      wasExpected: asked.sum !== undefined,
      signatures,
    };
  },
};

async function fetchArchive(
  { url, shown }: ArchiveRequest,
  { download, signal }: FetchSurroundings,
): Promise<Uint8Array> {
  const { status, bytes } = await download({ url, most: ARCHIVE_CEILINGS.bytes, signal });
  if (status === 200) return bytes;
  const isMissing = status === 404 || status === 410;
  throw new SkillError(isMissing ? 'E_NOT_FOUND' : 'E_NETWORK', `${quote(shown, 400)} answers with status ${status}`, {
    hint: isMissing
      ? 'look at the address: there is nothing under it'
      : 'try again later, or ask whoever runs the server',
    details: { reason: 'status', status },
  });
}

function differs({ shown, sum }: ArchiveRequest, expected: string, found: string): SkillError {
  const by = sum === undefined ? 'the .sha256 beside it says' : 'was expected';
  return new SkillError('E_INTEGRITY', `${quote(shown, 400)} has the sum sha256 ${found}; ${by} ${expected}`, {
    hint: 'it was changed after its sum was written down; ask whoever publishes it before you take it',
    details: { reason: 'sum', expected, found },
  });
}
