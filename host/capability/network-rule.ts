import type { Rule } from './capabilities.ts';

/**
 * The rule by which programs share the network of this machine: what they do there cannot be filtered by host. It opens
 * nothing to guests, whose requests are.
 */
export const PROGRAM_NETWORK = 'programs:*';

/** A parsed network rule: `[METHOD[,METHOD] ][scheme://]host[:port]`, or `programs:*`. */
export interface NetworkRule {
  readonly rule: Rule;
  /** Undefined for any. */
  readonly methods: ReadonlySet<string> | undefined;
  /** `http:` or `https:`; undefined for both. */
  readonly scheme: string | undefined;
  /** As in `URL.hostname`; with `*.` in front for every host below it. */
  readonly host: string;
  /** Undefined for the default port of the scheme. */
  readonly port: number | undefined;
  /** For `programs:*`, which matches no request. */
  readonly isShared: boolean;
}

const SHAPE = /^(?:([A-Z]+(?:,[A-Z]+)*) +)?(?:(https?):\/\/)?(\[[0-9a-fA-F:.]+\]|[^/:@?#\s]+)(?::(\d{1,5}))?\/?$/;

/** Reads a rule whose text was checked when it was written down. One that does not parse matches nothing. */
export function parseNetworkRule(rule: Rule): NetworkRule {
  if (rule.text === PROGRAM_NETWORK)
    return { rule, methods: undefined, scheme: undefined, host: '', port: undefined, isShared: true };
  const [, methods, scheme, host = '', port] = SHAPE.exec(rule.text) ?? [];
  return {
    rule,
    methods: methods === undefined ? undefined : new Set(methods.split(',')),
    scheme: scheme === undefined ? undefined : `${scheme}:`,
    host: normalizeHost(host),
    port: port === undefined ? undefined : Number(port),
    isShared: false,
  };
}

/** The form `URL` gives a host, so that both sides of the comparison are written alike. */
function normalizeHost(host: string): string {
  const [star, name] = host.startsWith('*.') ? ['*.', host.slice(2)] : ['', host];
  try {
    return star + new URL(`http://${name}/`).hostname.replace(/\.$/, '');
  } catch {
    return '';
  }
}

export interface NetworkTarget {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly method: string;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

export function matchesNetwork(rule: NetworkRule, target: NetworkTarget): boolean {
  if (rule.methods !== undefined && !rule.methods.has(target.method)) return false;
  if (rule.scheme !== undefined && rule.scheme !== target.scheme) return false;
  if ((rule.port ?? DEFAULT_PORTS[target.scheme]) !== target.port) return false;
  if (rule.host === '') return false;
  return rule.host.startsWith('*.') ? target.host.endsWith(rule.host.slice(1)) : target.host === rule.host;
}
