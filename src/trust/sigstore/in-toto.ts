import type { Envelope } from '@sigstore/protobuf-specs';
import { decodeText } from '../decode-text.ts';
import { malformed, unknownForm } from '../finding.ts';
import { type Table, tableOf } from '../table-of.ts';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT = 'https://in-toto.io/Statement/v1';

/** What the signer of an envelope states. */
export interface Statement {
  /** A URI that says what the predicate is. */
  readonly predicateType: unknown;
  readonly predicate: Table | undefined;
  /** The SHA-256 of each subject, in hexadecimal, as far as it has one. */
  readonly subjects: readonly unknown[];
}

/** Reads the in-toto statement in an envelope, version 1. @throws SkillError E_SIGNATURE */
export function parseStatement(where: string, { payloadType, payload }: Envelope): Statement {
  if (payloadType !== PAYLOAD_TYPE) throw unknownForm(where, `its envelope is not ${PAYLOAD_TYPE}`);
  const statement = tableOf(parseJson(where, payload));
  if (statement?.['_type'] !== STATEMENT) throw unknownForm(where, `what it states is not ${STATEMENT}`);
  const subjects: readonly unknown[] = Array.isArray(statement['subject']) ? statement['subject'] : [];
  return {
    predicateType: statement['predicateType'],
    predicate: tableOf(statement['predicate']),
    subjects: subjects.map((subject) => tableOf(tableOf(subject)?.['digest'])?.['sha256']),
  };
}

function parseJson(where: string, payload: Uint8Array): unknown {
  try {
    return JSON.parse(decodeText(payload) ?? '');
  } catch (error) {
    throw malformed(where, 'its envelope holds no JSON', error);
  }
}
