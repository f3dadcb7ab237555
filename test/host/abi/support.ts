import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import {
  type Capabilities,
  type CommandRules,
  type GateRecord,
  type HostCallEvent,
  type Limits,
  NO_CAPABILITIES,
  resolveLayer,
  Sandbox,
  type SandboxResult,
  type SkillError,
} from '../../../host/index.ts';
import { inspectModule } from '../../../host/module/inspect.ts';
import { resolveLimits } from '../../../host/limits.ts';
import { findTool } from '../../fixtures/find-tool.ts';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FIXTURES = join(ROOT, 'test/fixtures/guests');

/** A committed guest, by file name. */
export function fixture(name: string): Uint8Array {
  return readFileSync(join(FIXTURES, name));
}

/** Compiles WebAssembly text, a core module or a component. */
export async function wat(text: string): Promise<Uint8Array> {
  const { parse } = await import('@bytecodealliance/jco');
  return parse(text);
}

/** What a guest was granted, in the words of a manifest. */
export interface Grants {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  readonly network?: readonly string[];
  readonly env?: readonly string[];
  readonly secrets?: readonly string[];
  readonly commands?: readonly string[];
}

export interface GuestRun {
  /** Of the module's tools; the only one when left out. */
  readonly tool?: string;
  readonly input?: unknown;
  readonly args?: readonly string[];
  readonly stdin?: string | Uint8Array;
  readonly grants?: Grants;
  readonly limits?: Partial<Limits>;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly state?: Map<string, Uint8Array>;
  readonly config?: Readonly<Record<string, string>>;
  readonly reuse?: boolean;
}

export interface GuestResult extends SandboxResult {
  readonly logs: readonly (readonly [level: string, message: string])[];
  readonly hostCalls: readonly HostCallEvent[];
  readonly records: readonly GateRecord[];
}

// Guests here are judged by what they do, not by how fast this machine is.
const PATIENT: Partial<Limits> = {
  timeout_ms: 60_000,
  start_ms: 60_000,
  host_calls_per_second: 100_000,
  open_files: 64,
};

/** One sandbox for the tests of a file, and a way to run guests in it. */
export function useSandbox(): (bytes: Uint8Array, run?: GuestRun) => Promise<GuestResult> {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = new Sandbox({ keepSpare: false });
  });
  afterAll(() => sandbox.close());
  return (bytes, run = {}) => runGuest(sandbox, bytes, run);
}

async function runGuest(sandbox: Sandbox, bytes: Uint8Array, run: GuestRun): Promise<GuestResult> {
  const description = inspectModule(bytes);
  const {
    grants = {},
    cwd = tmpdir(),
    env = {},
    secrets = {},
    state = new Map<string, Uint8Array>(),
    reuse = false,
  } = run;
  const cache = new Map<string, Uint8Array>();
  const logs: [string, string][] = [];
  const hostCalls: HostCallEvent[] = [];
  const records: GateRecord[] = [];
  const anchors = { cwd, home: cwd, cache: join(cwd, 'cache'), state: join(cwd, 'state') };
  const layer = resolveLayer({ name: 'grant', source: 'test' }, capabilities(grants), {
    anchors,
    path: env['PATH'] ?? '',
  });
  const result = await sandbox.call({
    bytes,
    trust: createHash('sha256')
      .update(bytes)
      .update(JSON.stringify([grants, cwd, reuse]))
      .digest('hex'),
    reuse,
    config: run.config ?? {},
    tool: findTool(description, run.tool ?? description.tools[0]?.name ?? ''),
    input: run.input ?? {},
    args: run.args ?? [],
    stdin: Buffer.from(run.stdin ?? ''),
    limits: resolveLimits(PATIENT, run.limits ?? {}),
    layers: () => [layer],
    cwd,
    env,
    secrets: { get: (name) => Promise.resolve(secrets[name]) },
    state: {
      get: (key) => state.get(key),
      set: (key, value) => void state.set(key, value),
      delete: (key) => void state.delete(key),
      keys: () => [...state.keys()],
    },
    cache: { get: (key) => cache.get(key), set: (key, value, ttlMs) => void (ttlMs > 0 && cache.set(key, value)) },
    record: (record) => records.push(record),
    onLog: (level, message) => logs.push([level, message]),
    onHostCall: (event) => hostCalls.push(event),
  });
  return { ...result, logs, hostCalls, records };
}

function capabilities(grants: Grants): Capabilities {
  const rules = (texts: readonly string[] = []): Capabilities['network'] =>
    texts.map((text) => ({ text, origin: 'test' }));
  const terminalExec: CommandRules = { commands: rules(grants.commands), blocked: [], args: new Map() };
  return {
    ...NO_CAPABILITIES,
    filesystemRead: rules(grants.read),
    filesystemWrite: rules(grants.write),
    network: rules(grants.network),
    envRead: rules(grants.env),
    secretsAccess: rules(grants.secrets),
    terminalExec,
  };
}

/** The value of a run that must have succeeded. */
export function valueOf({ outcome, stderr }: SandboxResult): unknown {
  if ('value' in outcome) return outcome.value;
  throw new Error(`the guest failed: ${outcome.error.code} ${outcome.error.message}\n${String(stderr)}`, {
    cause: outcome.error,
  });
}

export function textOf(result: SandboxResult): string {
  return Buffer.from(valueOf(result) as Uint8Array).toString();
}

/** The error of a run that must have failed. */
export function errorOf({ outcome }: SandboxResult): SkillError {
  if ('error' in outcome) return outcome.error;
  throw new Error(`the guest succeeded: ${JSON.stringify(outcome.value)}`);
}

/** A new folder for each file of tests, removed afterwards. */
export function useFolder(): () => string {
  let folder = '';
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'skillhost-abi-')));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}
