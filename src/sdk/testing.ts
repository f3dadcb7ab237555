import { type CommandOutput, type FileEntry, HostError, type HttpResponse, type ToolContext } from './context.ts';
import type { SkillDefinition } from './define.ts';
import { runTool } from './serve.ts';

/** What there is in a world for tests. */
export interface TestWorld {
  /** Answers by `METHOD URL`. */
  readonly http?: Readonly<Record<string, TestResponse>>;
  /** Contents by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly state?: Readonly<Record<string, string>>;
  /** Outputs by the command line, such as `git status`. */
  readonly commands?: Readonly<Record<string, Partial<CommandOutput>>>;
}

export interface TestResponse {
  /** 200 when left out. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text, or a value that becomes JSON. */
  readonly body?: unknown;
}

/** A context that touches nothing, and what was asked of it. */
export interface TestContext extends ToolContext {
  /** In order, such as `http.fetch GET https://example.org/`. */
  readonly calls: readonly string[];
  readonly logged: readonly string[];
  /** Contents by path, also of what was written. */
  readonly written: ReadonlyMap<string, string>;
}

/**
 * Runs a tool of a skill in a world for tests, where what is not there is answered as by a host: with a `HostError`.
 * @throws what the tool throws
 */
export function callTool(
  skill: SkillDefinition,
  name: string,
  params: unknown = {},
  context: ToolContext = createTestContext(),
): Promise<unknown> {
  return runTool(skill, name, params, context);
}

export function createTestContext(world: TestWorld = {}): TestContext {
  const calls: string[] = [];
  const logged: string[] = [];
  const files = new Map(Object.entries(world.files ?? {}));
  const state = new Map(Object.entries(world.state ?? {}));
  const cached = new Map<string, string>();
  const find = <T>(call: string, where: Readonly<Record<string, T>> | undefined, name: string): T => {
    calls.push(call);
    return there(where !== undefined && Object.hasOwn(where, name) ? where[name] : undefined, call);
  };
  const fileOf = (call: string, path: string): string => {
    calls.push(`${call} ${path}`);
    return there(files.get(path), `${call} ${path}`);
  };
  return {
    calls,
    logged,
    written: files,
    log: (level, message) => void logged.push(`${level}: ${message}`),
    http: {
      fetch: (url, { method = 'GET' } = {}) => {
        const name = `${method.toUpperCase()} ${url}`;
        return responseOf(find(`http.fetch ${name}`, world.http, name));
      },
    },
    files: {
      read: (path) => new TextEncoder().encode(fileOf('files.read', path)),
      readText: (path) => fileOf('files.read', path),
      write: (path, contents) => {
        calls.push(`files.write ${path}`);
        files.set(path, textOf(contents));
      },
      list: (path) => {
        calls.push(`files.list ${path}`);
        return entriesBelow(files.keys(), path);
      },
      stat: (path) => ({ kind: 'file', size: fileOf('files.stat', path).length, modified: 0 }),
    },
    env: (name) => orAbsent(() => find(`env ${name}`, world.env, name)),
    secret: (name) => orAbsent(() => find(`secret ${name}`, world.secrets, name)),
    state: {
      get: (key) => (state.has(key) ? new TextEncoder().encode(state.get(key)) : undefined),
      getText: (key) => state.get(key),
      set: (key, value) => void state.set(key, textOf(value)),
      delete: (key) => void state.delete(key),
      keys: () => [...state.keys()].toSorted(),
    },
    cache: {
      get: (key) => (cached.has(key) ? new TextEncoder().encode(cached.get(key)) : undefined),
      getText: (key) => cached.get(key),
      set: (key, value) => void cached.set(key, textOf(value)),
    },
    run: (program, args = []) => {
      const line = [program, ...args].join(' ');
      return { exitCode: 0, stdout: '', stderr: '', ...find(`run ${line}`, world.commands, line) };
    },
  };
}

function there<T>(value: T | undefined, call: string): T {
  if (value !== undefined) return value;
  throw new HostError('not-found', `the test has no answer for ${call}`);
}

function orAbsent<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

function entriesBelow(paths: Iterable<string>, folder: string): FileEntry[] {
  const before = folder === '.' || folder === './' ? '' : `${folder.replace(/\/$/, '')}/`;
  const kinds = new Map<string, FileEntry['kind']>();
  for (const path of paths) {
    if (!path.startsWith(before)) continue;
    const [name = '', ...rest] = path.slice(before.length).split('/');
    kinds.set(name, rest.length > 0 ? 'directory' : 'file');
  }
  return [...kinds].map(([name, kind]) => ({ name, kind })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function responseOf({ status = 200, headers = {}, body = '' }: TestResponse): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status,
    headers: lower,
    body: new TextEncoder().encode(text),
    text: () => text,
    json: () => JSON.parse(text) as unknown,
  };
}

function textOf(value: string | Uint8Array): string {
  return typeof value === 'string' ? value : new TextDecoder().decode(value);
}
