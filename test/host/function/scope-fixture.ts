import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Capabilities, Rule } from '../../../host/capability/capabilities.ts';
import { Gate, type GateRecord } from '../../../host/capability/gate.ts';
import { type Layer, resolveLayer } from '../../../host/capability/layer.ts';
import { Broker, type HostCallEvent } from '../../../host/function/broker.ts';
import type { RunScope } from '../../../host/function/scope.ts';
import { type Limits, resolveLimits } from '../../../host/limits.ts';
import type { WireValue } from '../../../host/wire/codec.ts';
import { HostCallRefusal } from '../../../host/wire/refusal.ts';

/** Rules by capability, as short texts. */
export interface Rules {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  readonly network?: readonly string[];
  readonly env?: readonly string[];
  readonly secrets?: readonly string[];
  readonly commands?: readonly string[];
  readonly blocked?: readonly string[];
  readonly args?: Readonly<Record<string, readonly string[]>>;
}

export interface Place {
  readonly cwd: string;
  /** Where programs are found. */
  readonly path?: string;
}

/** A folder that goes away after the test; its path holds no links. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'skillhost-gate-'));
  // Another process may still be at work in it.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));
  return folder;
}

/** Writes files below a folder, making the folders on their way. */
export function plant(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

function capabilitiesOf(rules: Rules): Capabilities {
  const list = (field: string, texts: readonly string[] = []): Rule[] =>
    texts.map((text, index) => ({ text, origin: `capabilities.${field}[${index}]` }));
  return {
    filesystemRead: list('filesystem_read', rules.read),
    filesystemWrite: list('filesystem_write', rules.write),
    network: list('network', rules.network),
    envRead: list('env_read', rules.env),
    secretsAccess: list('secrets_access', rules.secrets),
    messaging: [],
    terminalExec: {
      commands: list('terminal_exec.commands', rules.commands),
      blocked: list('terminal_exec.blocked', rules.blocked),
      args: new Map(
        Object.entries(rules.args ?? {}).map(([name, texts]) => [name, list(`terminal_exec.args.${name}`, texts)]),
      ),
    },
  };
}

export function layerOf(name: string, rules: Rules, { cwd, path = '' }: Place): Layer {
  const anchors = { cwd, home: join(cwd, 'home'), cache: join(cwd, 'cache'), state: join(cwd, 'state') };
  return resolveLayer({ name, source: `${name}.toml` }, capabilitiesOf(rules), { anchors, path });
}

export interface BenchOptions extends Place {
  readonly rules?: Rules;
  /** In place of `rules`, when there is more than one layer. */
  readonly layers?: readonly Layer[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
  /** Called with each record before it is kept. */
  readonly onRecord?: (record: GateRecord) => void;
}

/** A real gate and broker with all their surroundings in memory. */
export interface Bench {
  readonly gate: Gate;
  readonly broker: Broker;
  /** Replaced to revoke or change what is granted. */
  layers: readonly Layer[];
  readonly records: GateRecord[];
  readonly events: HostCallEvent[];
  readonly logs: string[];
  readonly handedOut: string[];
  readonly stored: Map<string, Uint8Array>;
  readonly cached: Map<string, { readonly value: Uint8Array; readonly ttlMs: number }>;
  readonly run: AbortController;
  readonly call: (operation: string, ...args: readonly WireValue[]) => Promise<WireValue>;
}

export function bench(options: BenchOptions): Bench {
  const { cwd, path = '', env = {}, secrets = {} } = options;
  const records: GateRecord[] = [];
  const events: HostCallEvent[] = [];
  const logs: string[] = [];
  const handedOut: string[] = [];
  const stored = new Map<string, Uint8Array>();
  const cached: Bench['cached'] = new Map();
  const run = new AbortController();
  const made = { layers: options.layers ?? [layerOf('grant', options.rules ?? {}, options)] };
  const record = (one: GateRecord): void => {
    options.onRecord?.(one);
    records.push(one);
  };
  const gate = new Gate({ layers: () => made.layers, record, cwd, path });
  const scope: RunScope = {
    gate,
    env,
    cwd,
    limits: resolveLimits({ host_calls: 1_000_000, host_calls_per_second: 100_000 }, options.limits ?? {}),
    secrets: { get: (name) => Promise.resolve(Object.hasOwn(secrets, name) ? secrets[name] : undefined) },
    state: {
      get: (key) => stored.get(key),
      set: (key, value) => void stored.set(key, value),
      delete: (key) => void stored.delete(key),
      keys: () => [...stored.keys()],
    },
    cache: {
      get: (key) => cached.get(key)?.value,
      set: (key, value, ttlMs) => void cached.set(key, { value, ttlMs }),
    },
    signal: run.signal,
    log: (level, message) => void logs.push(`${level}: ${message}`),
    onSecret: (value) => void handedOut.push(value),
  };
  const broker = new Broker(scope, (event) => void events.push(event));
  onTestFinished(() => broker.close());
  const call = (operation: string, ...args: readonly WireValue[]): Promise<WireValue> => broker.call(operation, args);
  return Object.assign(made, { gate, broker, records, events, logs, handedOut, stored, cached, run, call });
}

/** What a promise rejects with; fails when it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return expect.fail('it was not refused');
}

/** The refusal a guest is told of; fails on anything else. */
export async function refusalOf(promise: Promise<unknown>): Promise<HostCallRefusal> {
  const error = await rejection(promise);
  if (!(error instanceof HostCallRefusal)) throw error;
  return error;
}

export async function textOf(promise: Promise<WireValue>): Promise<string> {
  const value = await promise;
  if (!(value instanceof Uint8Array)) throw new TypeError('it answered something other than bytes');
  return Buffer.from(value).toString();
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** How many descriptors this process holds. */
export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
