import { quote, SkillError } from '../../host/index.ts';

/** Says for a person what the library and the system say in codes. */
export function explain(error: unknown, url: URL, stallMs: number): Error {
  if (error instanceof SkillError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code.includes('TIMEOUT') || code === 'ETIMEDOUT')
    return new SkillError('E_TIMEOUT', `${url.origin} sent nothing for ${stallMs / 1000} seconds`, {
      hint: 'try again later; the server does not answer',
      details: { reason: 'stall' },
      cause: error,
    });
  const why = REASONS[code] ?? quote(code === '' ? message : code);
  return new SkillError('E_NETWORK', `${shownUrl(url)} cannot be downloaded: ${why}`, {
    hint: 'look at the address and at the network, then try again',
    details: { reason: 'connection', code },
    cause: error,
  });
}

/** Without what follows `?`, which may be a password. */
export function shownUrl(url: URL): string {
  return quote(`${url.origin}${url.pathname}`, 400);
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the server broke the connection',
  UND_ERR_SOCKET: 'the server broke the connection',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  UND_ERR_HEADERS_OVERFLOW: 'the server sends too many headers',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'it is shorter or longer than the server says',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is by nobody who is trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is by nobody who is trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is by nobody who is trusted here',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};
