import { createHash } from 'node:crypto';
import { quote, SkillError } from '../../host/index.ts';
import type { Download, DownloadAnswer, DownloadRequest } from '../download/download.ts';
import { parsePrivateHosts } from '../download/private-hosts.ts';
import { parseChallenge } from './challenge.ts';
import { credentialsFor } from './credentials.ts';
import { isDigest, type OciReference } from './reference.ts';

export interface OciWay {
  readonly download: Download;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of hosts that have plain HTTP when they have no HTTPS; `host` or `host:port`. */
  readonly privateHosts: readonly string[];
}

type Asked = Omit<DownloadRequest, 'url' | 'signal'>;

export const MANIFEST_BYTES = 4 * 1024 * 1024;
const TOKEN_BYTES = 64 * 1024;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** One repository of a registry (OCI Distribution Specification 1.1). */
export class OciClient {
  readonly #host: string;
  readonly #name: string;
  readonly #scope: string;
  readonly #way: OciWay;
  #base: string | undefined;
  #authorization: string | undefined;

  constructor({ host, name }: Pick<OciReference, 'host' | 'name'>, access: 'pull' | 'pull,push', way: OciWay) {
    this.#host = host;
    this.#name = name;
    this.#scope = `repository:${name}:${access}`;
    this.#way = way;
  }

  /** A manifest by tag or digest, with the digest of its bytes. @throws SkillError E_NOT_FOUND, E_INTEGRITY, E_NETWORK */
  async manifest(reference: string): Promise<{ readonly bytes: Uint8Array; readonly digest: string }> {
    const found = await this.findManifest(reference);
    if (found !== undefined) return found;
    throw new SkillError('E_NOT_FOUND', `${this.#shown()} has no ${quote(reference)}`, {
      hint: 'look at the name and the tag; a tag is written behind a colon',
      details: { reason: 'no_manifest' },
    });
  }

  /** As `manifest`; undefined when there is none. */
  async findManifest(reference: string): Promise<{ readonly bytes: Uint8Array; readonly digest: string } | undefined> {
    const answer = await this.ask(`manifests/${reference}`, {
      headers: { accept: MANIFESTS.join(', ') },
      most: MANIFEST_BYTES,
    });
    if (answer.status === 404) return undefined;
    this.requireStatus(answer, 200);
    const digest = digestOf(answer.bytes);
    const said = answer.headers['docker-content-digest'];
    for (const expected of [isDigest(reference) ? reference : undefined, said]) {
      if (expected !== undefined && expected !== digest)
        throw new SkillError(
          'E_INTEGRITY',
          `a manifest of ${this.#shown()} has the digest ${digest}; ${quote(expected)} was expected`,
          {
            hint: 'nothing of it was used; ask whoever runs the registry',
            details: { reason: 'digest' },
          },
        );
    }
    return { bytes: answer.bytes, digest };
  }

  /** A blob of just this size and digest. @throws SkillError E_INTEGRITY, E_NOT_FOUND, E_NETWORK */
  async blob(digest: string, size: number): Promise<Uint8Array> {
    // One byte of room shows what is longer.
    const answer = await this.ask(`blobs/${digest}`, { most: size + 1 });
    this.requireStatus(answer, 200);
    if (answer.bytes.length === size && digestOf(answer.bytes) === digest) return answer.bytes;
    throw new SkillError('E_INTEGRITY', `a layer of ${this.#shown()} is not what its manifest says`, {
      hint: 'nothing of it was used; ask whoever runs the registry',
      details: { reason: 'digest', expected: digest, found: digestOf(answer.bytes) },
    });
  }

  /** One request below `/v2/NAME/`, or to an address the registry named; with a token, when it wants one. */
  async ask(path: string, asked: Asked): Promise<DownloadAnswer> {
    const base = (this.#base ??= await this.#findBase());
    const url = /^https?:/.test(path) ? path : `${base}/v2/${this.#name}/${path}`;
    if (new URL(url).origin !== new URL(base).origin) throw this.#refused('sends requests to another server');
    const first = await this.#send(url, asked);
    const challenge = first.headers['www-authenticate'];
    if (first.status !== 401 || challenge === undefined || this.#authorization !== undefined) return first;
    this.#authorization = await this.#authorize(challenge);
    return this.#send(url, asked);
  }

  /** @throws SkillError E_NOT_FOUND, E_DENIED, E_NETWORK for any other status */
  requireStatus({ status, url }: DownloadAnswer, ...wanted: readonly number[]): void {
    if (wanted.includes(status)) return;
    const { host, pathname } = new URL(url);
    const shown = quote(`${host}${pathname}`, 300);
    if (status === 401 || status === 403)
      throw new SkillError('E_DENIED', `${shown} may not be had without logging in (status ${status})`, {
        hint: `docker login ${this.#host} writes down who you are`,
        details: { reason: 'auth_required', status },
      });
    throw new SkillError(status === 404 ? 'E_NOT_FOUND' : 'E_NETWORK', `${shown} answers with status ${status}`, {
      hint: 'look at the name; otherwise try again later, or ask whoever runs the registry',
      details: { reason: 'status', status },
    });
  }

  #send(url: string, { headers, ...asked }: Asked): Promise<DownloadAnswer> {
    const { download, signal } = this.#way;
    const authorization = this.#authorization;
    return download({
      url,
      signal,
      headers: { ...headers, ...(authorization !== undefined && { authorization }) },
      ...asked,
    });
  }

  /** HTTPS, or for a listed host that has none, HTTP. */
  async #findBase(): Promise<string> {
    const { download, signal, privateHosts } = this.#way;
    const secure = `https://${this.#host}`;
    if (!parsePrivateHosts(privateHosts)(new URL(secure))) return secure;
    try {
      await download({ url: `${secure}/v2/`, most: TOKEN_BYTES, signal });
      return secure;
    } catch (error) {
      if (error instanceof SkillError && error.code === 'E_NETWORK') return `http://${this.#host}`;
      throw error;
    }
  }

  async #authorize(header: string): Promise<string> {
    const challenge = parseChallenge(header);
    const own = this.#isOverheard() ? undefined : credentialsFor(this.#host, this.#way.env);
    if (challenge?.scheme === 'basic' && own !== undefined) return own;
    if (challenge?.scheme !== 'bearer')
      throw new SkillError('E_DENIED', `${this.#shown()} may not be had without logging in`, {
        hint: this.#isOverheard()
          ? 'it has no HTTPS, and over plain HTTP nobody is told who you are'
          : `docker login ${this.#host} writes down who you are`,
        details: { reason: 'auth_required' },
      });
    return `Bearer ${await this.#fetchToken(challenge.realm, challenge.service, own)}`;
  }

  /** Whoever keeps HTTPS from us on the way would be told who you are: over plain HTTP only this machine is. */
  #isOverheard(): boolean {
    const { protocol, hostname } = new URL(this.#base ?? `http://${this.#host}`);
    return protocol !== 'https:' && !LOOPBACK.test(hostname);
  }

  /** Credentials go to the server that the registry names only when that is its own host, or one below the same name. */
  async #fetchToken(realm: string, service: string | undefined, own: string | undefined): Promise<string> {
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    if (url === undefined) throw this.#refused('asks for a token from no address');
    if (this.#base?.startsWith('https:') === true && url.protocol !== 'https:')
      throw this.#refused('asks for a token over plain HTTP');
    url.searchParams.set('scope', this.#scope);
    if (service !== undefined) url.searchParams.set('service', service);
    const headers = own !== undefined && isNear(url.hostname, this.#host) ? { authorization: own } : {};
    const { download, signal } = this.#way;
    const answer = await download({ url: url.href, headers, most: TOKEN_BYTES, signal });
    this.requireStatus(answer, 200);
    const { token, access_token: other } = readJson(answer.bytes) as { token?: unknown; access_token?: unknown };
    const found = token ?? other;
    if (typeof found === 'string' && /^[\x21-\x7e]+$/.test(found)) return found;
    throw this.#refused('gives no token');
  }

  #refused(what: string): SkillError {
    return new SkillError('E_NETWORK', `${this.#shown()} ${what}`, {
      hint: 'ask whoever runs the registry',
      details: { reason: 'registry' },
    });
  }

  #shown(): string {
    return quote(`${this.#host}/${this.#name}`, 300);
  }
}

/** `auth.docker.io` is near `registry-1.docker.io`. */
function isNear(asked: string, host: string): boolean {
  const own = host.replace(/:\d+$/, '');
  if (asked === own) return true;
  const domain = own.split('.').slice(-2).join('.');
  return domain.includes('.') && !/^\d+$/.test(domain.split('.')[1] ?? '') && asked.endsWith(`.${domain}`);
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** What is no JSON is nothing. */
export function readJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
