import { createHash } from 'node:crypto';
import { decodeText } from '../decode-text.ts';
import { malformed, unknownForm } from '../finding.ts';

const STATEMENT = 'https://in-toto.io/Statement/v1';
const PREDICATE = 'https://model_signing/signature/v1.0';
const DIGEST = /^[0-9a-f]{64}$/;

type Table = Readonly<Record<string, unknown>>;

/**
 * Reads an in-toto statement of the OpenSSF model signing format, version 1.0: each path with its SHA-256. Its list of
 * ignored paths is not read, as it names files that nobody signed.
 * @throws SkillError E_SIGNATURE
 */
export function parseFileList(where: string, payload: Uint8Array): ReadonlyMap<string, string> {
  const statement = tableOf(parseJson(where, payload));
  if (statement?.['_type'] !== STATEMENT || statement['predicateType'] !== PREDICATE) {
    throw unknownForm(where, `what it states is not ${PREDICATE}`);
  }
  const predicate = tableOf(statement['predicate']);
  const serialization = tableOf(predicate?.['serialization']);
  if (serialization?.['method'] !== 'files' || serialization['hash_type'] !== 'sha256') {
    throw unknownForm(where, 'it does not sum whole files with SHA-256');
  }
  const resources = predicate?.['resources'];
  if (!Array.isArray(resources)) throw malformed(where, 'it lists no files');
  const list = new Map<string, string>();
  for (const resource of resources) addFile(where, list, tableOf(resource));
  checkRoot(where, statement['subject'], list);
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

/** The one subject is the sum of all digests, one after the other. */
function checkRoot(where: string, subject: unknown, list: ReadonlyMap<string, string>): void {
  const [only, ...more] = Array.isArray(subject) ? (subject as readonly unknown[]) : [];
  const root = createHash('sha256')
    .update([...list.values()].join(''), 'hex')
    .digest('hex');
  if (more.length > 0 || tableOf(tableOf(only)?.['digest'])?.['sha256'] !== root) {
    throw malformed(where, 'its subject is not the sum of its files');
  }
}

function parseJson(where: string, payload: Uint8Array): unknown {
  try {
    return JSON.parse(decodeText(payload) ?? '');
  } catch (error) {
    throw malformed(where, 'its envelope holds no JSON', error);
  }
}

function tableOf(value: unknown): Table | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : undefined;
}
