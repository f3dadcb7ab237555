import { createHash, createSign, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundleToJSON } from '@sigstore/bundle';
import {
  fulcioHandler,
  type HandlerFn,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from '@sigstore/mock';
import { HashAlgorithm, PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import {
  DSSEBundleBuilder,
  FulcioSigner,
  MessageSignatureBundleBuilder,
  RekorWitness,
  TSAWitness,
} from '@sigstore/sign';

export const ISSUER = 'https://issuer.example';
export const SUBJECT = 'https://github.com/acme/aws/.github/workflows/release.yml@refs/heads/main';

/** A certificate authority and a log of its own, on a port of this machine. */
export interface SigstoreWorld {
  /** Its `trusted_root.json`. */
  readonly root: Uint8Array;
  /** A bundle with a signature over a message. */
  sign(message: Uint8Array, who?: { readonly subject?: string; readonly issuer?: string }): Promise<Uint8Array>;
  /** The same, with the time from an authority as well. */
  stamp(message: Uint8Array): Promise<Uint8Array>;
  /** A bundle with an envelope. */
  envelop(payload: Uint8Array, type: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

export async function startSigstore(): Promise<SigstoreWorld> {
  const authorityKeys = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const logKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificateLogKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificateLog = await initializeCTLog(certificateLogKeys);
  const authority = await initializeCA(authorityKeys, certificateLog);
  const log = await initializeTLog('https://log.example', logKeys);
  const clock = await initializeTSA(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  const handlers = [fulcioHandler(authority), rekorHandler(log), tsaHandler(clock)];
  const { server, url } = await serve(new Map(handlers.map(({ path, fn }) => [path, fn])));
  const signerFor = ({ subject = SUBJECT, issuer = ISSUER } = {}) =>
    new FulcioSigner({
      fulcioBaseURL: url,
      identityProvider: { getToken: async () => token({ sub: subject, iss: issuer, aud: 'sigstore' }) },
    });
  const witnesses = [new RekorWitness({ rekorBaseURL: url, entryType: 'intoto' })];
  return {
    root: writeRoot(new X509Certificate(authority.rootCertificate as Buffer), {
      log: log.publicKey,
      certificateLog: certificateLog.publicKey,
      certificateLogId: Buffer.from(certificateLog.logID.buffer),
      clock: [clock.intCertificate, clock.rootCertificate].map((bytes) => Buffer.from(bytes as Buffer)),
    }),
    async sign(message, who) {
      const builder = new MessageSignatureBundleBuilder({ signer: signerFor(who), witnesses });
      return Buffer.from(JSON.stringify(bundleToJSON(await builder.create({ data: Buffer.from(message) }))));
    },
    async stamp(message) {
      const both = [...witnesses, new TSAWitness({ tsaBaseURL: url })];
      const builder = new MessageSignatureBundleBuilder({ signer: signerFor(), witnesses: both });
      for (;;) {
        const bundle = bundleToJSON(await builder.create({ data: Buffer.from(message) }));
        if (hasWholeMilliseconds(bundle)) return Buffer.from(JSON.stringify(bundle));
      }
    },
    async envelop(payload, type) {
      const builder = new DSSEBundleBuilder({ signer: signerFor(), witnesses });
      const bundle = await builder.create({ data: Buffer.from(payload), type });
      return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A time whose fraction ends with a zero is written without it, and such a one `@sigstore/core` does not read. */
function hasWholeMilliseconds({ verificationMaterial }: ReturnType<typeof bundleToJSON>): boolean {
  const stamps = verificationMaterial.timestampVerificationData?.rfc3161Timestamps ?? [];
  return stamps.every(({ signedTimestamp }) => {
    const times =
      Buffer.from(signedTimestamp, 'base64')
        .toString('latin1')
        .match(/\d{14}\.\d+Z/g) ?? [];
    return times.every((time) => time.length === '20260101000000.000Z'.length);
  });
}

/** A bundle with an envelope that a plain key signed, without a log. */
export function envelopWith(privateKey: KeyObject, payload: Uint8Array, type: string): Uint8Array {
  const head = Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `);
  const sig = createSign('sha256').update(head).update(payload).sign(privateKey, 'base64');
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: '' } },
    dsseEnvelope: { payload: Buffer.from(payload).toString('base64'), payloadType: type, signatures: [{ sig }] },
  };
  return Buffer.from(JSON.stringify(bundle));
}

interface Logs {
  readonly log: Buffer;
  readonly certificateLog: Buffer;
  readonly certificateLogId: Buffer;
  /** The certificates of the authority for time. */
  readonly clock: readonly Buffer[];
}

function writeRoot(authority: X509Certificate, { log, certificateLog, certificateLogId, clock }: Logs): Uint8Array {
  const since = { start: new Date(Date.now() - 3_600_000), end: undefined };
  const logOf = (publicKey: Buffer, keyId: Buffer) => ({
    baseUrl: 'https://log.example',
    hashAlgorithm: HashAlgorithm.SHA2_256,
    publicKey: { rawBytes: publicKey, keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256, validFor: since },
    logId: { keyId },
    checkpointKeyId: undefined,
    operator: '',
  });
  const authorityOf = (chain: readonly Buffer[]) => ({
    subject: { organization: 'mock', commonName: 'mock' },
    uri: 'https://authority.example',
    certChain: { certificates: chain.map((rawBytes) => ({ rawBytes })) },
    validFor: since,
    operator: '',
  });
  const root: TrustedRoot = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [logOf(log, createHash('sha256').update(log).digest())],
    certificateAuthorities: [authorityOf([authority.raw])],
    ctlogs: [logOf(certificateLog, certificateLogId)],
    timestampAuthorities: [authorityOf(clock)],
  };
  return Buffer.from(JSON.stringify(TrustedRoot.toJSON(root)));
}

async function serve(handlers: ReadonlyMap<string, HandlerFn>): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answering = handlers.get(request.url ?? '')?.(Buffer.concat(chunks).toString());
      void Promise.resolve(answering).then((answer) => {
        response.writeHead(answer?.statusCode ?? 404, { 'content-type': answer?.contentType ?? 'text/plain' });
        response.end(answer?.response);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A token nobody signed; the mock believes it. */
function token(claims: Readonly<Record<string, string>>): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}
