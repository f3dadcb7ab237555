import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../capability/find-program.ts';
import { systemRoot } from '../system-root.ts';
import { inNamespaces, SHELL, type Tools } from './namespaces.ts';
import { orderedPlace } from './ordered-place.ts';
import type { Orders } from './orders.ts';

const PROBE_MS = 10_000;

const probed = new Map<string, Tools | undefined>();

/**
 * What closes programs in by Landlock here, tried once for each `PATH` of this process; undefined where the kernel has no
 * Landlock or lets this user make no namespaces. Landlock alone would not do: it knows no UDP, nor sockets that have a name,
 * and whatever left its session would outlive the run.
 */
export function findLandlock(path = process.env['PATH'] ?? ''): Tools | undefined {
  if (!probed.has(path)) probed.set(path, probe(path));
  return probed.get(path);
}

function probe(path: string): Tools | undefined {
  if (process.platform !== 'linux') return undefined;
  const setpriv = findProgram('setpriv', path);
  const unshare = findProgram('unshare', path);
  if (setpriv === undefined || unshare === undefined) return undefined;
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'skillhost-'));
  try {
    const tools = { setpriv, unshare };
    return runsIn(folder, tools) ? tools : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a shell as any program is run. */
function runsIn(folder: string, tools: Tools): boolean {
  const orders: Orders = {
    file: realpathSync(SHELL),
    argv: ['sh', '-c', 'exit 0'],
    env: [],
    folder,
    system: systemRoot(false).paths,
    readable: [],
    writable: [orderedPlace(folder)],
    links: [],
    hasNetwork: false,
  };
  const { file, argv0, args } = inNamespaces(tools, orders);
  const written = join(folder, 'orders');
  writeFileSync(written, JSON.stringify(orders));
  const fd = openSync(written, 'r');
  try {
    const stdio = ['ignore' as const, 'ignore' as const, 'ignore' as const, fd, 'pipe' as const];
    const { status, output } = spawnSync(file, args, { argv0, cwd: folder, env: {}, stdio, timeout: PROBE_MS });
    return status === 0 && String(output?.[4]).includes('"starting"');
  } finally {
    closeSync(fd);
  }
}
