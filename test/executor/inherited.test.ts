import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBubblewrap } from '../../host/command/bubblewrap.ts';
import { findLandlock } from '../../host/command/landlock/find-landlock.ts';
import { breakBubblewrap, breakSandboxes } from '../host/function/program-fixture.ts';
import { manifest, scratch, write, writeSkill } from '../runtime/folders.ts';
import { PATH } from './bench.ts';

const PROGRAM = join(import.meta.dirname, 'inherited.mjs');
const LIST = `[capabilities]
terminal_exec = { allowed = true, commands = ["sh"] }
[[tools]]
name = "list"
description = "Lists what it has open"
type = "code_inline"
command = "sh"
args = ["-c", "ls -l /proc/$$/fd"]
`;

interface Said {
  readonly own: readonly string[];
  readonly program: string;
  readonly guests: readonly string[];
}

describe.skipIf(process.platform !== 'linux').each([
  { isolation: 'bubblewrap', isThere: findBubblewrap(PATH) !== undefined, prepare: () => undefined },
  { isolation: 'landlock', isThere: findLandlock(PATH) !== undefined, prepare: breakBubblewrap },
  { isolation: 'none', isThere: true, prepare: breakSandboxes },
])('what a shell left open [only where isolation $isolation is] [R-OS-16]', ({ isThere, prepare }) => {
  it.skipIf(!isThere)('reaches neither programs nor guest processes', async () => {
    prepare();
    const root = scratch();
    write(root, { 'secret/key': 'swordfish', 'skills/sample/skill.toml': manifest('custom.sample', LIST) });
    await writeSkill(join(root, 'skills/guest'), { id: 'custom.guest', guest: 'counter' });
    const secret = join(root, 'secret');
    const shell = 'exec 9<"$1" 77<"$1" 200<"$1"; shift; exec "$@"';
    const words = ['-c', shell, 'bash', secret, process.execPath, PROGRAM, root];
    const said = JSON.parse(execFileSync('bash', words, { encoding: 'utf8' })) as Said;
    expect(said.own).toContain(secret);
    expect(said.program).toContain('0 -> ');
    expect(said.program).not.toContain(secret);
    expect(said.guests.length).toBeGreaterThan(3);
    expect(said.guests).not.toContain(secret);
  });
});

describe.skipIf(process.platform !== 'linux')(
  'what is open above the limit of descriptors [only linux] [R-OS-16]',
  () => {
    it('cannot be kept from a process, so that none is started', async () => {
      const root = scratch();
      write(root, { 'skills/sample/skill.toml': manifest('custom.sample', LIST) });
      await writeSkill(join(root, 'skills/guest'), { id: 'custom.guest', guest: 'counter' });
      const shell = 'exec 200</; ulimit -n 100; exec "$@"';
      const { status, stderr } = spawnSync('bash', ['-c', shell, 'bash', process.execPath, PROGRAM, root], {
        encoding: 'utf8',
      });
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/E_UNSUPPORTED|cannot be kept from others/);
    });
  },
);
