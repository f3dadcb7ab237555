/** What a registry asks for in `WWW-Authenticate` (RFC 9110, 11.6.1). */
export interface Challenge {
  readonly scheme: 'basic' | 'bearer';
  readonly realm: string;
  readonly service: string | undefined;
}

const PARAMETER = /([a-z_]+)="([^"\\]*)"/gi;

/** Undefined for a scheme that is not known. */
export function parseChallenge(header: string): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(header) ?? [];
  const parameters = new Map(
    [...rest.matchAll(PARAMETER)].map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  const lower = scheme.toLowerCase();
  if (lower !== 'basic' && lower !== 'bearer') return undefined;
  return { scheme: lower, realm: parameters.get('realm') ?? '', service: parameters.get('service') };
}
