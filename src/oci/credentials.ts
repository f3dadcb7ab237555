import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * What `docker login` wrote down for a host: `auths` of `config.json` in `DOCKER_CONFIG` or `~/.docker`. Programs that keep
 * credentials are not run.
 * @returns the value of an `Authorization` header
 */
export function credentialsFor(host: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const folder = env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.docker');
  try {
    const { auths } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as {
      auths?: Record<string, { auth?: unknown }>;
    };
    const own = auths !== undefined && Object.hasOwn(auths, host) ? auths[host]?.auth : undefined;
    return typeof own === 'string' && /^[A-Za-z0-9+/]+=*$/.test(own) ? `Basic ${own}` : undefined;
  } catch {
    // Nobody logged in.
    return undefined;
  }
}
