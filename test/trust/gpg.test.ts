import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openpgp from 'openpgp';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { statementOf } from '../../src/trust/index.ts';
import { isMissing, judge, minisignPair, NOW, refusalOf, SIGNED, STATEMENT } from './support.ts';

const MADE = new Date('2026-01-01T00:00:00Z');
const DAY = 86_400;
type Key = { key: openpgp.PrivateKey; text: string };

async function draw(lifetime = 0): Promise<Key> {
  const { privateKey } = await openpgp.generateKey({
    userIDs: [{ name: 'Acme', email: 'release@acme.example' }],
    format: 'object',
    date: MADE,
    keyExpirationTime: lifetime,
  });
  return { key: privateKey, text: privateKey.toPublic().armor() };
}

async function sign(key: openpgp.PrivateKey, payload: Uint8Array, date = new Date(MADE.getTime() + 1_000)) {
  const message = await openpgp.createMessage({ binary: payload });
  return Buffer.from(await openpgp.sign({ message, signingKeys: key, detached: true, date, format: 'armored' }));
}

const trusting = (text: string) => ({ require: 'signature', keys: [{ name: 'acme', kind: 'gpg', key: text }] });

describe('a GPG signature', () => {
  let acme: Key;
  let file: Buffer;
  const verdict = (signature: Uint8Array, trust: unknown = trusting(acme.text), rest = {}) =>
    judge({ trust, inside: { 'skill.asc': signature }, ...rest });
  const publicBytes = () => acme.key.toPublic().write();
  beforeAll(async () => {
    acme = await draw();
    file = await sign(acme.key, STATEMENT);
  });

  it('by a trusted key is one [R-TRUST-1]', async () => {
    expect((await verdict(file)).signature).toEqual({ kind: 'gpg', signer: 'acme', verified: true });
  });

  it.each([
    ['id', { id: 'cloud.azure' }],
    ['version', { version: '1.2.1' }],
    ['content', { tree: `sha256:${'b2'.repeat(32)}` }],
  ])('of another %s is refused, whatever is required [R-TRUST-1, R-TRUST-3]', async (_, moved) => {
    const other = await sign(acme.key, statementOf({ ...SIGNED, ...moved }));
    expect(await refusalOf(() => verdict(other))).toBe('E_SIGNATURE signature_wrong');
    const lax = { ...trusting(acme.text), require: 'none' };
    expect(await refusalOf(() => verdict(other, lax))).toBe('E_SIGNATURE signature_wrong');
  });

  it('by a key nobody knows is none [R-TRUST-4]', async () => {
    const stranger = await draw();
    const signature = await sign(stranger.key, STATEMENT);
    expect(await refusalOf(() => verdict(signature))).toBe('E_SIGNATURE signature_missing');
    expect((await verdict(signature, { ...trusting(acme.text), require: 'none' })).signature).toBeUndefined();
    expect((await verdict(signature, {})).signature).toBeUndefined();
  });

  it('by a key that has expired since is refused [R-TRUST-5]', async () => {
    const brief = await draw(30 * DAY);
    const signature = await sign(brief.key, STATEMENT);
    const trust = trusting(brief.text);
    expect(await refusalOf(() => verdict(signature, trust))).toBe('E_SIGNATURE key_expired');
    const now = new Date(MADE.getTime() + 10 * DAY * 1_000);
    expect((await verdict(signature, trust, { now })).signature?.signer).toBe('acme');
  });

  it('by a key whose owner revoked it is refused [R-TRUST-5]', async () => {
    const lost = await draw();
    const signature = await sign(lost.key, STATEMENT);
    const revoked = await openpgp.revokeKey({ key: lost.key, format: 'object', date: new Date(MADE.getTime() + DAY) });
    const trust = trusting(revoked.publicKey.armor());
    expect(await refusalOf(() => verdict(signature, trust))).toBe('E_SIGNATURE key_revoked');
  });

  it('by a part of a key that was revoked is refused, though the key is good [R-TRUST-5]', async () => {
    const { privateKey } = await openpgp.generateKey({
      userIDs: [{ name: 'Parts' }],
      format: 'object',
      date: MADE,
      subkeys: [{ sign: true }],
    });
    const signature = await sign(privateKey, STATEMENT);
    const whole = trusting(privateKey.toPublic().armor());
    expect((await verdict(signature, whole)).signature?.signer).toBe('acme');
    const primary = privateKey.keyPacket as openpgp.SecretKeyPacket;
    const revoked = await Promise.all(privateKey.subkeys.map((part) => part.revoke(primary, {}, MADE)));
    privateKey.subkeys = revoked;
    const refused = await refusalOf(() => verdict(signature, trusting(privateKey.toPublic().armor())));
    expect(refused).toBe('E_SIGNATURE key_revoked');
  });

  it('by a key the policy revokes is refused [R-TRUST-5]', async () => {
    const trust = { keys: [{ ...trusting(acme.text).keys[0], revoked: '2026-05-01' }] };
    expect(await refusalOf(() => verdict(file, trust))).toBe('E_SIGNATURE key_revoked');
  });

  it('from the future is refused [R-TRUST-3]', async () => {
    const signature = await sign(acme.key, STATEMENT, new Date(NOW.getTime() + DAY * 1_000));
    expect(await refusalOf(() => verdict(signature))).toBe('E_SIGNATURE signature_wrong');
  });

  it('over text says nothing of bytes, and is refused [R-TRUST-12]', async () => {
    const message = await openpgp.createMessage({ text: new TextDecoder().decode(STATEMENT) });
    const signature = await openpgp.sign({ message, signingKeys: acme.key, detached: true, date: MADE });
    expect(await refusalOf(() => verdict(Buffer.from(signature)))).toBe('E_SIGNATURE algorithm_unknown');
  });

  it('that is two is refused [R-TRUST-12]', async () => {
    const both = await openpgp.sign({
      message: await openpgp.createMessage({ binary: STATEMENT }),
      signingKeys: [acme.key, (await draw()).key],
      detached: true,
      date: new Date(MADE.getTime() + 1_000),
    });
    expect(await refusalOf(() => verdict(Buffer.from(both)))).toBe('E_SIGNATURE signature_malformed');
  });

  it.each([
    ['nothing', () => ''],
    ['no armor', () => 'signature'],
    ['the key', () => acme.text],
    ['two blocks', () => `${file.toString()}${file.toString()}`],
    ['a word before it', () => `x${file.toString()}`],
    ['a word after it', () => `${file.toString()}x`],
    ['armor of nothing', () => '-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n'],
    [
      'armor of other bytes',
      () => `-----BEGIN PGP SIGNATURE-----\n\n${'AAAA'.repeat(20)}\n-----END PGP SIGNATURE-----\n`,
    ],
  ])('that is %s is refused [R-TRUST-3, R-TRUST-12]', async (_, text) => {
    expect(await refusalOf(() => verdict(Buffer.from(text())))).toBe('E_SIGNATURE signature_malformed');
  });

  it('over its size is refused before it is read [R-TRUST-12]', async () => {
    expect(await refusalOf(() => verdict(Buffer.alloc(70_000)))).toBe('E_SIGNATURE signature_too_large');
  });

  it('cut anywhere is refused [R-TRUST-12]', async () => {
    // Without the last line end it is the same armor.
    for (let end = 0; end < file.length - 1; end += 5) {
      expect(await refusalOf(() => verdict(file.subarray(0, end)))).toBe('E_SIGNATURE signature_malformed');
    }
  });

  it('with any bit flipped is refused, or says the same [R-TRUST-12]', async () => {
    const flip = fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 7 }));
    await fc.assert(
      fc.asyncProperty(flip, async ([at, bit]) => {
        const flipped = Buffer.from(file);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        expect(await refusalOf(() => verdict(flipped))).toMatch(/^E_SIGNATURE|^not refused.*"signer":"acme"/);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['broken', () => acme.text.replace(/\n\n.{20}/, '\n\n!')],
    ['two keys', () => openpgp.armor(openpgp.enums.armor.publicKey, Buffer.concat([publicBytes(), publicBytes()]))],
    ['empty', () => '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n-----END PGP PUBLIC KEY BLOCK-----\n'],
  ])('held against a key of the policy that is %s is a mistake of the policy [R-TRUST-9]', async (_, text) => {
    expect(await refusalOf(() => verdict(file, trusting(text())))).toBe('E_USAGE trust.keys');
  });

  it('is not taken for another kind [R-TRUST-12]', async () => {
    expect(await refusalOf(() => judge({ trust: trusting(acme.text), inside: { 'skill.minisig': file } }))).toBe(
      'E_SIGNATURE signature_malformed',
    );
    const trust = { require: 'signature', keys: [{ name: 'acme', kind: 'minisign', key: minisignPair().text }] };
    expect(await refusalOf(() => verdict(file, trust))).toBe('E_SIGNATURE signature_missing');
  });

  it('without openpgp is refused with what to install', async () => {
    vi.doMock('openpgp', () => {
      throw new Error('Cannot find package');
    });
    try {
      await expect(verdict(file)).rejects.toMatchObject({ code: 'E_UNSUPPORTED', hint: 'npm install openpgp' });
    } finally {
      vi.doUnmock('openpgp');
    }
  });
});

describe('the program gpg', () => {
  const home = mkdtempSync(join(tmpdir(), 'gpg-'));
  const at = (name: string) => join(home, name);
  const run = (...args: string[]) =>
    execFileSync(
      'gpg',
      ['--homedir', home, '--batch', '--yes', '--pinentry-mode', 'loopback', '--passphrase', '', ...args],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
      },
    );
  afterAll(() => {
    try {
      execFileSync('gpgconf', ['--homedir', home, '--kill', 'gpg-agent'], { stdio: 'ignore' });
    } catch {
      // Without gpg there is no agent of it either.
    }
    rmSync(home, { recursive: true, force: true });
  });

  it.skipIf(isMissing('gpg'))('lets a key expire when it does here [only with gpg] [R-TRUST-5]', async () => {
    run('--quick-generate-key', 'Brief <brief@acme.example>', 'ed25519', 'sign', '30d');
    writeFileSync(at('statement'), STATEMENT);
    run('--armor', '--local-user', 'brief@acme.example', '--output', at('brief.asc'), '--detach-sign', at('statement'));
    const inside = { 'skill.asc': readFileSync(at('brief.asc')) };
    const trust = trusting(run('--armor', '--export', 'brief@acme.example'));
    const inDays = (days: number) => judge({ trust, inside, now: new Date(Date.now() + days * DAY * 1_000) });
    expect((await inDays(29)).signature?.signer).toBe('acme');
    expect(await refusalOf(() => inDays(31))).toBe('E_SIGNATURE key_expired');
  });

  it.skipIf(isMissing('gpg'))('signs what is verified here [only with gpg] [R-TRUST-2]', async () => {
    run('--quick-generate-key', 'Acme <release@acme.example>', 'ed25519', 'sign', 'never');
    writeFileSync(at('statement'), STATEMENT);
    run(
      '--armor',
      '--local-user',
      'release@acme.example',
      '--output',
      at('skill.asc'),
      '--detach-sign',
      at('statement'),
    );
    const trust = trusting(run('--armor', '--export', 'release@acme.example'));
    const inside = { 'skill.asc': readFileSync(at('skill.asc')) };
    const asked = { trust, inside, now: new Date() };
    expect((await judge(asked)).signature).toEqual({ kind: 'gpg', signer: 'acme', verified: true });
    expect(await refusalOf(() => judge({ ...asked, version: '1.2.1' }))).toBe('E_SIGNATURE signature_wrong');
  });
});
