import { HostError, type HttpResponse, type ToolContext } from './context.ts';
import type { HostModules } from './host-modules.ts';

/** What a tool reaches, over the functions that its host offers. */
export function contextOf(host: HostModules): ToolContext {
  const { command, filesystem, http, env, secrets, state, cache, log } = host;
  return {
    log: (level, message) => log.log(level, message),
    http: {
      fetch: (url, { method = 'GET', headers = {}, body } = {}) => {
        const pairs = Object.entries(headers).map(([name, value]) => ({ name, value }));
        return responseOf(
          asked(() => http.fetch({ method: method.toUpperCase(), url, headers: pairs, body: bytesOf(body) })),
        );
      },
    },
    files: {
      read: (path) => asked(() => filesystem.readFile(path)),
      readText: (path) => textOf(asked(() => filesystem.readFile(path))),
      write: (path, contents) => asked(() => filesystem.writeFile(path, bytesOf(contents))),
      list: (path) => asked(() => filesystem.listDirectory(path)),
      stat: (path) => {
        const { kind, size, modified } = asked(() => filesystem.stat(path));
        return { kind, size: Number(size), modified: Number(modified) };
      },
    },
    env: (name) => orAbsent(() => env.get(name)),
    secret: (name) => orAbsent(() => secrets.get(name)),
    state: {
      get: (key) => orAbsent(() => state.get(key)),
      getText: (key) => textOrAbsent(() => state.get(key)),
      set: (key, value) => asked(() => state.set(key, bytesOf(value))),
      delete: (key) => asked(() => state.delete(key)),
      keys: () => asked(() => state.keys()),
    },
    cache: {
      get: (key) => orAbsent(() => cache.get(key)),
      getText: (key) => textOrAbsent(() => cache.get(key)),
      set: (key, value, ttlMs) => asked(() => cache.set(key, bytesOf(value), BigInt(Math.max(0, Math.trunc(ttlMs))))),
    },
    run: (program, args = [], stdin) => {
      const { exitCode, stdout, stderr } = asked(() => command.execute(program, args, bytesOf(stdin)));
      return { exitCode, stdout: textOf(stdout), stderr: textOf(stderr) };
    },
  };
}

/** A refusal comes as a value with a `payload`; tools get an error. */
function asked<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { code, message } = ((error as { payload?: unknown } | null)?.payload ?? {}) as {
      readonly code?: string;
      readonly message?: string;
    };
    throw code === undefined ? error : new HostError(code, message ?? code);
  }
}

function orAbsent<T>(act: () => T): T | undefined {
  try {
    return asked(act);
  } catch (error) {
    if (error instanceof HostError && error.code === 'not-found') return undefined;
    throw error;
  }
}

function textOrAbsent(act: () => Uint8Array): string | undefined {
  const value = orAbsent(act);
  return value === undefined ? undefined : textOf(value);
}

function responseOf({ status, headers, body }: ReturnType<HostModules['http']['fetch']>): HttpResponse {
  return {
    status,
    headers: Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
    body,
    text: () => textOf(body),
    json: () => JSON.parse(textOf(body)) as unknown,
  };
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function bytesOf(value: string | Uint8Array | undefined): Uint8Array {
  return typeof value === 'string' ? new TextEncoder().encode(value) : (value ?? new Uint8Array());
}
