import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkPayload } from '../../src/trust/check-payload.ts';

const PAYLOAD = Buffer.from('an archive');
const SIGNED = createHash('sha256').update(PAYLOAD).digest('hex');
const OTHER = 'b'.repeat(64);

describe('a signature beside a package [R-TRUST-1]', () => {
  it.each([
    ['an archive', `https://a.example/s.tgz#sha256=${SIGNED}`],
    ['a folder in it', `https://a.example/s.tgz#sha256=${SIGNED}&sub=skills/a`],
    ['a manifest', `oci://a.example/s@sha256:${SIGNED}`],
  ])('is one over what the source was pinned to: %s', (_, source) =>
    expect(() => checkPayload('s.minisig', PAYLOAD, source)).not.toThrow(),
  );

  it.each([
    ['another archive', `https://a.example/s.tgz#sha256=${OTHER}`],
    ['no sum at all', 'https://a.example/s.tgz'],
    ['a sum that is the name of a folder', `oci://a.example/s@sha256:${OTHER}#sub=x@sha256=${SIGNED}`],
    ['a sum in the name of a folder behind another', `https://a.example/s.tgz#sha256=${OTHER}&sub=x#sha256=${SIGNED}`],
    ['a sum in the address', `https://a.example/s@sha256:${SIGNED}/s.tgz#sha256=${OTHER}`],
  ])('is none over %s', (_, source) =>
    expect(() => checkPayload('s.minisig', PAYLOAD, source)).toThrow(
      expect.objectContaining({ code: 'E_SIGNATURE', message: expect.stringContaining('does not sign') }),
    ),
  );
});
