import { describe, expect, it } from 'vitest';
import { signStatement } from '../../src/trust/index.ts';
import { judge, refusalOf, sha256, SOURCE, STATEMENT } from './support.ts';

// What the programs themselves made over the statement of the support file, once: minisign 0.11, OpenSSL 3.0, GnuPG 2.2. It
// holds where none of them is installed. The secret key was drawn for this file.

const MINISIGN_PUBLIC = `untrusted comment: minisign public key A4534493F00809DD
RWTdCQjwk0RTpBLryjcWIOjM3GxsfmF+5T+1RMHZDSkssgWkgtbhsV0e
`;
const MINISIGN_SECRET = `untrusted comment: minisign encrypted secret key
RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA3QkI8JNEU6Q2YHoovhMTh4Pnaa65M1a7mCIPMGY4BPPG1jisOlYoMBLryjcWIOjM3GxsfmF+5T+1RMHZDSkssgWkgtbhsV0eAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
`;
const MINISIGN_HASHED = `untrusted comment: signature from minisign secret key
RUTdCQjwk0RTpNScVtuVvql8mx6F/6bcHYt0rDseyxsXSFtGMT9LNzsMNZB/yr7Jq02UIYsLjnWZQUZW70ZM4jL6XklU6cZiYAs=
trusted comment: made by minisign 0.11
+ie+uEbvHwzU5NWM7rKuqicW3ft/4At52KWP4GrV7QyjRiwF7lvLmdpEJDbDs+i1YlmlT3fQSWU7I9K6lZ3WBg==
`;
const MINISIGN_LEGACY = `untrusted comment: signature from minisign secret key
RWTdCQjwk0RTpG86Oz57bvMLPPStd2wOfmQ574ZxpuFHqOGtgXl++yHg95L060b1SUSQolFrgyFH72cQF455LLYJ+v3GcQtpFws=
trusted comment: made by minisign 0.11
ty9hi3TN4PK8NDXyHB/7uzbUVAuAvUHFvdKNGTOWgQpqn/WDPCiqTl5ztlRdRQpCrDZcSPzguE/TeN1tFBi7CQ==
`;
const EC_PUBLIC = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEa1eoybGj3AKH4l+ZAhbOMPJHmGUR
hLyIhUd1jdw2iQpeHVLFXhl/S2x8L0EhTPtbtQX28lWwoWSanFrGTP971A==
-----END PUBLIC KEY-----
`;
const EC_SIGNATURE = 'MEQCIEMI06SD70LCtNDy0b3n87ZGoU34B9GCL4NSJcxTrrvJAiAzetmSqVq37bgacGpBLSdqXOjc4HmKvbmHVHNhk+6hZA==';
const ED25519_PUBLIC = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA3SHw+rgTdIT3wypHEKIO+rJ8WRaQG5vg+c5VAf8Us30=
-----END PUBLIC KEY-----
`;
const ED25519_SIGNATURE = 'ez6BHe8WgfHt42QM5KN97Gydbo2v4JQKsaYsT1jOUdM1usxm+5WMBD45s6NUg4WaE79gPmqkMNZh/9/+Y8mHDw==';
const GPG_PUBLIC = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEaVW5ABYJKwYBBAHaRw8BAQdALMnynJ9SkrvutDZkGU5Qzr5PdcvYZr7Qcsdm
z1NiV/C0G0FjbWUgPHJlbGVhc2VAYWNtZS5leGFtcGxlPoiQBBMWCAA4FiEEHTai
ZbY5DRxY2J2JzYaA5uxZzTYFAmlVuQACGwMFCwkIBwIGFQoJCAsCBBYCAwECHgEC
F4AACgkQzYaA5uxZzTadxgD/bAX+XLA+WnBpgapfH1yPDfehQsaSJciZvdM9f1BR
FDEBAJPDF7dBYXwS7ngPITnVeehSIZzHs4CeFyA3ZSROiv4H
=ipAV
-----END PGP PUBLIC KEY BLOCK-----
`;
const GPG_SIGNATURE = `-----BEGIN PGP SIGNATURE-----

iHUEABYIAB0WIQQdNqJltjkNHFjYnYnNhoDm7FnNNgUCaVcKgAAKCRDNhoDm7FnN
NvwIAP4onglykCc/FAQ/dMmAHHel8pFmwn6AfmnT9QcLi/EidQEAy+lPwwcnCJy0
RbRnjW0Stj+nyaosPkuEtt3EiXuAtQQ=
=5n+d
-----END PGP SIGNATURE-----
`;
const GPG_SHA1 = `-----BEGIN PGP SIGNATURE-----

iHUEABYCAB0WIQQdNqJltjkNHFjYnYnNhoDm7FnNNgUCaVcKgAAKCRDNhoDm7FnN
NkafAQCC1KyLxPhdn8aj2oBPfsXCVst2f0/ZYVKLF7tYq9D8kgEAzJNWU4CFxkUs
/Ciq0xYzahjA+KOAZ9atAr/ZIFUc1gg=
=7N8J
-----END PGP SIGNATURE-----
`;

const trusting = (kind: string, key: string) => ({ require: 'signature', keys: [{ name: 'acme', kind, key }] });
const moved = [
  { id: 'cloud.azure' },
  { version: '1.2.0-rc.1' },
  { version: '1.2.00' },
  { tree: `sha256:${'a1'.repeat(31)}a2` },
];

describe('what a program signed', () => {
  it.each([
    ['minisign', 'minisign', MINISIGN_PUBLIC, 'skill.minisig', MINISIGN_HASHED],
    ['minisign in its older form', 'minisign', MINISIGN_PUBLIC, 'skill.minisig', MINISIGN_LEGACY],
    ['gpg', 'gpg', GPG_PUBLIC, 'skill.asc', GPG_SIGNATURE],
  ])('is verified for what it signed alone: %s [R-TRUST-1, R-TRUST-2]', async (_, kind, key, file, signature) => {
    const asked = { trust: trusting(kind, key), inside: { [file]: Buffer.from(signature) } };
    expect((await judge(asked)).signature).toEqual({ kind, signer: 'acme', verified: true });
    for (const other of moved) {
      expect(await refusalOf(() => judge({ ...asked, ...other }))).toBe('E_SIGNATURE signature_wrong');
    }
  });

  it.each([
    ['on P-256', EC_PUBLIC, EC_SIGNATURE, ED25519_PUBLIC],
    ['with Ed25519', ED25519_PUBLIC, ED25519_SIGNATURE, EC_PUBLIC],
  ])('is verified beside a package: openssl %s [R-TRUST-2]', async (_, key, signature, otherKey) => {
    // The statement stands for an archive here.
    const beside = [{ kind: 'cosign' as const, payload: STATEMENT, signature: Buffer.from(signature) }];
    const asked = { beside, source: `https://acme.example/aws.tgz#sha256=${sha256(STATEMENT)}` };
    expect((await judge({ ...asked, trust: trusting('cosign', key) })).signature?.signer).toBe('acme');
    const other = { ...asked, trust: trusting('cosign', otherKey) };
    expect(await refusalOf(() => judge(other))).toBe('E_SIGNATURE signature_missing');
    const unpinned = { beside, source: SOURCE, trust: trusting('cosign', key) };
    expect(await refusalOf(() => judge(unpinned))).toBe('E_SIGNATURE payload_foreign');
  });

  it('over a sum that can be forged is refused: gpg with SHA-1 [R-TRUST-3]', async () => {
    const asked = { trust: trusting('gpg', GPG_PUBLIC), inside: { 'skill.asc': Buffer.from(GPG_SHA1) } };
    expect(await refusalOf(() => judge(asked))).toBe('E_SIGNATURE signature_wrong');
  });

  it('is signed here with its key just so: minisign [R-TRUST-2]', async () => {
    const { bytes } = await signStatement(STATEMENT, MINISIGN_SECRET);
    // Ed25519 draws nothing, so the same key makes the same signature of the same bytes.
    expect(new TextDecoder().decode(bytes).split('\n')[1]).toBe(MINISIGN_HASHED.split('\n')[1]);
    const asked = { trust: trusting('minisign', MINISIGN_PUBLIC), inside: { 'skill.minisig': bytes } };
    expect((await judge(asked)).signature?.signer).toBe('acme');
  });
});
