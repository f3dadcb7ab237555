import { closeSync } from 'node:fs';
import { CapabilityDenied, SkillError } from '../errors.ts';
import { FIXED } from '../limits.ts';
import { quote, quoteForShell } from '../quote.ts';
import { type Address, isPublicAddress, literalAddress, resolveHost } from './address.ts';
import type { CapabilityName } from './capabilities.ts';
import { type CapabilityRequest, decide, type Decision } from './decide.ts';
import { findProgram, isProgramName } from './find-program.ts';
import { grantedPlaces, type GrantedPlace, openGranted } from './granted-places.ts';
import type { Layer } from './layer.ts';
import { isKernelPath, parsePath } from './parse-path.ts';
import { steersPrograms } from './steering-variable.ts';
import { systemError, walk, walkToParent, type Walked } from './walk.ts';

/** One decision, as the ledger gets it, before its effect. */
export interface GateRecord {
  readonly event: 'used' | 'mutated' | 'denied';
  readonly capability: CapabilityName;
  readonly resource: string;
  readonly result: 'allowed' | 'denied';
  readonly layer: string;
  readonly rule: string;
  /** How a started program is closed in. */
  readonly isolation?: string;
}

export interface GateOptions {
  /** All must allow a request. Read at every decision: a revoked grant counts at once. */
  readonly layers: () => readonly Layer[];
  /** Writes the record. When it throws, nothing happens. */
  readonly record: (record: GateRecord) => void;
  readonly cwd: string;
  /** Where programs are found, as in `PATH`. */
  readonly path: string;
}

// Only this module can make checked values: nobody else has the key.
const KEY = Symbol('gate');

function requireKey(key: symbol): void {
  if (key !== KEY) throw new TypeError('checked values are made by the gate alone');
}

/** A place in the file system that may be used, held by a descriptor. Whoever gets one closes it. */
export class CheckedPath {
  readonly at: Walked;
  readonly capability: 'filesystem_read' | 'filesystem_write';
  /** As the guest wrote it. */
  readonly asked: string;

  constructor(key: symbol, of: Pick<CheckedPath, 'at' | 'capability' | 'asked'>) {
    requireKey(key);
    this.at = of.at;
    this.capability = of.capability;
    this.asked = of.asked;
  }

  close(): void {
    closeSync(this.at.fd);
  }
}

/** One hop of an HTTP exchange that may be made, with the addresses it may connect to. */
export class CheckedUrl {
  readonly url: URL;
  readonly method: string;
  readonly addresses: readonly Address[];

  constructor(key: symbol, of: { readonly url: URL; readonly method: string; readonly addresses: readonly Address[] }) {
    requireKey(key);
    this.url = of.url;
    this.method = of.method;
    this.addresses = of.addresses;
  }
}

/** A program that may be started with these arguments. */
export class CheckedCommand {
  readonly file: string;
  readonly name: string;
  readonly args: readonly string[];
  /** How its record says that it is closed in. */
  readonly isolation: string;

  constructor(key: symbol, of: Pick<CheckedCommand, 'file' | 'name' | 'args' | 'isolation'>) {
    requireKey(key);
    this.file = of.file;
    this.name = of.name;
    this.args = of.args;
    this.isolation = of.isolation;
  }
}

/** The name of an environment variable or secret that may be read. */
export class CheckedName {
  readonly name: string;

  constructor(key: symbol, name: string) {
    requireKey(key);
    this.name = name;
  }
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Turns what a guest asks for into what it may use, or throws `CapabilityDenied`. A checked value exists only after its
 * record was written, and is what the effect uses: nothing is looked up a second time.
 */
export class Gate {
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * A file or directory to read, or one to write, which need not exist.
   * @throws CapabilityDenied; NodeJS.ErrnoException ENOENT, ENOTDIR, ELOOP, … from the file system.
   */
  path(raw: string, capability: 'filesystem_read' | 'filesystem_write'): CheckedPath {
    return this.#walkChecked(raw, capability, walk);
  }

  /** The directory entry a path names, for making, removing and renaming; a link there is not followed. */
  entry(raw: string): CheckedPath {
    return this.#walkChecked(raw, 'filesystem_write', walkToParent);
  }

  /** Decides again over a place that is kept open: what was revoked since is revoked for it, too. */
  recheck({ at, capability, asked }: CheckedPath): void {
    this.#allow({ capability, path: at.realPath }, asked);
  }

  /** One hop of an exchange. @throws CapabilityDenied; Error when the host name has no address. */
  async url(raw: string, method: string): Promise<CheckedUrl> {
    const { url, request } = this.#parseUrl(raw, method);
    // Asking for a name tells it to others, so the record comes before that; and a grant may end while the answer is awaited.
    this.#record(this.#allow(request), 'used');
    const addresses = await this.#addressesOf(url, request);
    this.#allow(request);
    return new CheckedUrl(KEY, { url, method, addresses });
  }

  /**
   * A program to start.
   * @param isolation how it will be closed in, for the record
   * @param variables names that are set for it beside what it may read
   * @throws CapabilityDenied; NodeJS.ErrnoException ENOENT when it is granted and not installed
   */
  command(
    program: string,
    args: readonly string[],
    { isolation, variables = [] }: { readonly isolation: string; readonly variables?: readonly string[] },
  ): CheckedCommand {
    const real = findProgram(program, this.#options.path);
    const decision = this.#require(this.#judgeCommand(program, args, real));
    if (isolation === 'none' && this.#options.layers().some(({ needsSandbox }) => needsSandbox === true))
      this.#refuse(
        'terminal_exec',
        decision.resource,
        'nothing closes programs in on this machine, and [programs] require_sandbox in the configuration demands it',
      );
    const steering = variables.find((name) => steersPrograms(name) && this.readable([name]).length === 0);
    if (steering !== undefined)
      this.#refuse(
        'terminal_exec',
        decision.resource,
        `the variable ${quote(steering)} can make a program run other code; to allow it: --grant env_read=${quoteForShell(steering)}`,
      );
    if (real === undefined) throw systemError('ENOENT', `the program ${quote(program)} is not installed`);
    this.#record(decision, 'used', isolation);
    return new CheckedCommand(KEY, { file: real, name: program, args, isolation });
  }

  /** What `command` would decide, without a record. */
  judgeCommand(program: string, args: readonly string[]): Decision {
    return this.#judgeCommand(program, args, findProgram(program, this.#options.path));
  }

  /** The real path of a folder that may be read; undefined for any other, without a record: nothing is used yet. */
  readableFolder(path: string): string | undefined {
    const layers = this.#options.layers();
    if (process.platform !== 'linux')
      return decide({ capability: 'filesystem_read', path }, layers).allowed ? path : undefined;
    const place = openGranted(path, 'filesystem_read', layers);
    if (place === undefined) return undefined;
    closeSync(place.fd);
    return place.isDirectory ? place.real : undefined;
  }

  /** What the file system has of all that is granted at this moment, for a program to see. Whoever asks closes it. */
  grantedPlaces(): { readonly readable: readonly GrantedPlace[]; readonly writable: readonly GrantedPlace[] } {
    const layers = this.#options.layers();
    return {
      readable: grantedPlaces('filesystem_read', layers),
      writable: grantedPlaces('filesystem_write', layers),
    };
  }

  /** Whether programs share the network of this machine: every layer grants `programs:*`, which nothing can filter. */
  sharesNetwork(): boolean {
    const layers = this.#options.layers();
    return layers.length > 0 && layers.every(({ network }) => network.some(({ isShared }) => isShared));
  }

  name(capability: 'env_read' | 'secrets_access', name: string): CheckedName {
    this.#record(this.#allow({ capability, name }), 'used');
    return new CheckedName(KEY, name);
  }

  /** Which of `names` may be read, without a record: nothing is used yet. */
  readable(names: readonly string[]): string[] {
    const layers = this.#options.layers();
    return names.filter((name) => decide({ capability: 'env_read', name }, layers).allowed);
  }

  /** The skill's own stores are always open to it; changes are recorded. */
  own(store: 'state' | 'cache', key: string): void {
    this.#record(
      { allowed: true, capability: 'state', resource: key, layer: 'gate', rule: `own ${store}`, field: '', source: '' },
      'mutated',
    );
  }

  #walkChecked(
    raw: string,
    capability: 'filesystem_read' | 'filesystem_write',
    reach: (path: string, permit: (path: string) => void) => Walked,
  ): CheckedPath {
    const refuse = (why: string): never => this.#refuse(capability, raw, why);
    const parsed = parsePath(raw, this.#options.cwd);
    if (typeof parsed !== 'string') return refuse(parsed.refused);
    if (process.platform !== 'linux')
      return refuse(`paths are opened race-free on Linux alone, not on ${process.platform}`);
    const permit = (path: string): Decision => {
      if (isKernelPath(path)) return refuse('/proc, /sys and /dev are never opened');
      return this.#allow({ capability, path }, raw);
    };
    let decision = permit(parsed);
    const at = reach(parsed, (path) => {
      decision = permit(path);
    });
    try {
      if (at.found && !at.stat.isFile() && !at.stat.isDirectory()) refuse('it is neither a file nor a directory');
      if (at.found && at.stat.isFile() && at.stat.nlink > 1) {
        refuse(`it has ${at.stat.nlink} hard links, so its content may belong to a place that was not granted`);
      }
      this.#record(decision, capability === 'filesystem_write' ? 'mutated' : 'used');
    } catch (error) {
      closeSync(at.fd);
      throw error;
    }
    return new CheckedPath(KEY, { at, capability, asked: raw });
  }

  #parseUrl(
    raw: string,
    method: string,
  ): { readonly url: URL; readonly request: CapabilityRequest & { capability: 'network' } } {
    const refuse = (why: string): never => this.#refuse('network', raw, why);
    if (!METHODS.has(method)) refuse(`the method is not one of ${[...METHODS].join(', ')}`);
    if (raw.length > 8_192 || !URL.canParse(raw)) return refuse('it is no absolute URL');
    const url = new URL(raw);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return refuse('only http and https are spoken');
    if (url.username !== '' || url.password !== '') return refuse('credentials in a URL end up in logs; send a header');
    if (url.hostname.endsWith('.')) return refuse('the host ends in a dot');
    const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
    return { url, request: { capability: 'network', scheme: url.protocol, host: url.hostname, port, method } };
  }

  /** The addresses a hop may connect to. A name must have public ones only; an address was granted as such. */
  async #addressesOf(url: URL, request: CapabilityRequest): Promise<readonly Address[]> {
    const literal = literalAddress(url.hostname);
    if (literal !== undefined) return [literal];
    const addresses = await resolveHost(url.hostname);
    const inside = addresses.find(({ address }) => !isPublicAddress(address));
    if (inside !== undefined) {
      const { capability } = request;
      this.#refuse(
        capability,
        url.origin,
        `the name leads to ${inside.address}, which is not a public address; such addresses are granted by number only`,
      );
    }
    return addresses;
  }

  #judgeCommand(program: string, args: readonly string[], real: string | undefined): Decision {
    const malformed = refuseWords(program, args);
    return malformed === undefined
      ? decide({ capability: 'terminal_exec', name: program, real: real ?? '', args }, this.#options.layers())
      : refusedByGate('terminal_exec', program, malformed);
  }

  #allow(request: CapabilityRequest, asked?: string): Decision {
    return this.#require(decide(request, this.#options.layers()), asked);
  }

  /** A rule of the gate itself, which no grant can change. */
  #refuse(capability: CapabilityName, resource: string, why: string): never {
    this.#require(refusedByGate(capability, resource, why));
    throw new Error('a refusal was allowed');
  }

  #require(decision: Decision, asked = decision.resource): Decision {
    if (decision.allowed) return decision;
    this.#record(decision, 'denied');
    throw deniedBy(decision, asked);
  }

  #record(
    { allowed, capability, resource, layer, rule }: Decision,
    event: GateRecord['event'],
    isolation?: string,
  ): void {
    const result = allowed ? 'allowed' : 'denied';
    try {
      this.#options.record({
        event,
        capability,
        resource,
        result,
        layer,
        rule,
        ...(isolation !== undefined && { isolation }),
      });
    } catch (error) {
      // Never a system error, which a guest would be told of and outlive.
      throw error instanceof SkillError
        ? error
        : new SkillError('E_LEDGER', 'the decision cannot be recorded', { cause: error });
    }
  }
}

/** Why no program is started with these words, whatever was granted. */
function refuseWords(program: string, args: readonly string[]): string | undefined {
  if (!isProgramName(program)) return 'a program is named by its bare name, such as git';
  if (args.some((arg) => arg.includes('\0'))) return 'an argument holds NUL';
  if (!args.every((arg) => arg.isWellFormed())) return 'an argument is not well-formed Unicode';
  if (args.reduce((sum, arg) => sum + Buffer.byteLength(arg) + 1, 0) > FIXED.command_args_kb.limit * 1024)
    return `the arguments are over command_args_kb = ${FIXED.command_args_kb.limit}`;
  return undefined;
}

function refusedByGate(capability: CapabilityName, resource: string, why: string): Decision {
  return { allowed: false, capability, resource, layer: 'gate', rule: why, field: '', source: '' };
}

/** `asked` is what the guest wrote; it learns nothing of where that lies on this machine. */
function deniedBy(decision: Decision, asked: string): CapabilityDenied {
  const { capability, resource, layer, rule, field, source } = decision;
  if (layer === 'gate') {
    const message = `denied by gate: ${capability} ${quote(resource)}: ${rule}`;
    return new CapabilityDenied(message, { ...decision, details: { capability, resource, guestMessage: message } });
  }
  const scope = scopeToGrant(decision, asked);
  const hint =
    layer === 'manifest'
      ? `the skill does not declare it; its author must add it to [capabilities] ${capability}`
      : layer === 'grant'
        ? `to allow it for one run: --grant ${capability}=${quoteForShell(scope)}`
        : `the rule is set in ${source}`;
  return new CapabilityDenied(`denied by ${layer}: ${capability} ${quote(resource)} is not covered by ${rule}`, {
    layer,
    rule,
    hint,
    details: {
      capability,
      resource,
      field,
      source,
      guestMessage: `denied by ${layer}: ${capability} ${quote(asked)} is not granted`,
    },
  });
}

/** What to write behind `--grant`: the guest's own words for a plain path, since it may be relative. */
function scopeToGrant({ capability, resource }: Decision, asked: string): string {
  if (capability === 'terminal_exec') return resource.split(' ')[0] ?? resource;
  if (capability === 'network') return resource.replace(/^[A-Z]+ /, '');
  return /^[\w./-]+$/.test(asked) ? asked : resource;
}
