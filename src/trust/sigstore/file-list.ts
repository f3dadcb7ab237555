import { createHash } from 'node:crypto';
import { malformed, unknownForm } from '../finding.ts';
import { type Table, tableOf } from '../table-of.ts';
import type { Statement } from './in-toto.ts';

const PREDICATE = 'https://model_signing/signature/v1.0';
const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Reads the list of files in a statement of the OpenSSF model signing format, version 1.0: each path with its SHA-256. Its
 * list of ignored paths is not read, as it names files that nobody signed.
 * @throws SkillError E_SIGNATURE
 */
export function readFileList(where: string, statement: Statement): ReadonlyMap<string, string> {
  const { predicateType, predicate, subjects } = statement;
  if (predicateType !== PREDICATE) throw unknownForm(where, `what it states is not ${PREDICATE}`);
  const serialization = tableOf(predicate?.['serialization']);
  if (serialization?.['method'] !== 'files' || serialization['hash_type'] !== 'sha256') {
    throw unknownForm(where, 'it does not sum whole files with SHA-256');
  }
  const resources = predicate?.['resources'];
  if (!Array.isArray(resources)) throw malformed(where, 'it lists no files');
  const list = new Map<string, string>();
  for (const resource of resources) addFile(where, list, tableOf(resource));
  const digests = [...list.values()].join('');
  const root = createHash('sha256').update(digests, 'hex').digest('hex');
  if (subjects.length !== 1 || subjects[0] !== root) throw malformed(where, 'its subject is not the sum of its files');
  return list;
}

function addFile(where: string, list: Map<string, string>, resource: Table | undefined): void {
  const { name, digest, algorithm } = resource ?? {};
  if (algorithm !== 'sha256') throw unknownForm(where, 'it sums a file with something else than SHA-256');
  if (typeof name !== 'string' || typeof digest !== 'string' || !DIGEST.test(digest)) {
    throw malformed(where, 'it lists a file without a path or digest');
  }
  if (list.has(name)) throw malformed(where, 'it lists a file twice');
  list.set(name, digest);
}
