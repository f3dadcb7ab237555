import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { encodeLockfile } from '../../src/lockfile/encode.ts';
import {
  findMissing,
  type LockedSkill,
  type Lockfile,
  withoutSkills,
  withSkills,
} from '../../src/lockfile/lockfile.ts';
import { readLockfile } from '../../src/lockfile/file.ts';
import { parseLockfile } from '../../src/lockfile/parse.ts';
import { scratch } from '../runtime/folders.ts';

const IS_FULL = process.env['SKILLHOST_FAULTS'] === 'full';
const HASH = `sha256:${'ab'.repeat(32)}`;

function locked(id: string, changes: Partial<LockedSkill> = {}): LockedSkill {
  return {
    id,
    version: '1.2.3',
    requested: `github:owner/${id}`,
    source: `git+https://github.com/owner/${id}#${'c'.repeat(40)}`,
    integrity: HASH,
    installed: '2026-01-02T03:04:05.678Z',
    enabled: true,
    direct: true,
    signature: undefined,
    dependencies: [],
    features: [],
    granted: {},
    ...changes,
  };
}

function lockOf(...skills: readonly LockedSkill[]): Lockfile {
  return withSkills({ skills: new Map() }, skills);
}

const FULL = lockOf(
  locked('custom.zeta', {
    signature: { kind: 'minisign', signer: 'acme-2026' },
    dependencies: ['custom.alpha@1.2.3'],
    features: ['fast', 'streaming'],
    granted: { filesystem_read: ['./'], network: ['GET,POST https://api.example.org:8443', '*.example.org'] },
  }),
  locked('custom.alpha', { enabled: false, direct: false, granted: { env_read: ['LANG'] } }),
  locked('custom.linked', { source: 'file:///srv/linked', requested: 'file:///srv/linked', integrity: '' }),
);

async function refusal(text: string): Promise<unknown> {
  try {
    await parseLockfile(text, 'skills.lock');
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(SkillError);
    const { code, hint, message, details } = error as SkillError;
    expect(code).toBe('E_LOCKFILE');
    expect(message).toContain('skills.lock');
    expect(hint).toBeDefined();
    return details?.['reason'];
  }
}

/** Whether what counts is unchanged: an accepted text must say the same as the one that was written. */
async function isSameOrRefused(text: string): Promise<boolean> {
  try {
    expect(await parseLockfile(text, 'skills.lock')).toEqual(FULL);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'E_LOCKFILE' });
    return false;
  }
}

describe('skills.lock [R-LOCK-1]', () => {
  it('is read as it was written, in the order of the ids', async () => {
    const text = encodeLockfile(FULL);
    expect(await parseLockfile(text, 'skills.lock')).toEqual(FULL);
    expect([...text.matchAll(/^id = "(.*)"$/gm)].map(([, id]) => id)).toEqual([
      'custom.alpha',
      'custom.linked',
      'custom.zeta',
    ]);
  });

  it('is the same text whatever the order things were put in', () => {
    const { skills } = FULL;
    const backwards = lockOf(...[...skills.values()].toReversed());
    expect(encodeLockfile(backwards)).toBe(encodeLockfile(FULL));
  });

  it('holds any text a source, signer or scope may have', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 40 })
      .filter((one) => !/[\ud800-\udfff]/.test(one));
    await fc.assert(
      fc.asyncProperty(text, text, fc.array(text, { maxLength: 3 }), async (source, signer, scopes) => {
        const lock = lockOf(
          locked('custom.a', {
            source,
            requested: source,
            signature: { kind: 'gpg', signer },
            granted: scopes.length === 0 ? {} : { secrets_access: scopes },
          }),
        );
        expect(await parseLockfile(encodeLockfile(lock), 'skills.lock')).toEqual(lock);
      }),
      { numRuns: 200 },
    );
  });

  it('merges as whole entries: one from here and one from there are a lock file', async () => {
    const entryOf = (id: string): string => encodeLockfile(lockOf(locked(id))).split('\n\n')[1] ?? '';
    const text = encodeLockfile(lockOf(locked('custom.b'))).replace(
      '[[skills]]',
      `${entryOf('custom.a')}\n\n[[skills]]`,
    );
    expect([...(await parseLockfile(text, 'skills.lock')).skills.keys()]).toEqual(['custom.a', 'custom.b']);
  });
});

describe('a skills.lock that is not as it was written [R-LOCK-2]', () => {
  const text = encodeLockfile(FULL);

  it('does not count when it was cut anywhere', async () => {
    for (let end = 1; end < text.length; end++)
      expect(await isSameOrRefused(text.slice(0, end)), `cut at ${end}`).toBe(false);
  });

  it('does not count, or says the same, whichever bit of it is turned', async () => {
    const bytes = Buffer.from(text);
    for (let bit = 0; bit < bytes.length * 8; bit += IS_FULL ? 1 : 13) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await isSameOrRefused(changed.toString('latin1'));
    }
  });

  const swapped = (from: string | RegExp, to: string): string => text.replace(from, to);
  /** The first entry, and it again, as two branches that both added it would merge. */
  const twice = (whole: string): string => {
    const [first = ''] = /\[\[skills\]\]\n[^]*?(?=\[\[skills\]\])/.exec(whole) ?? [];
    return whole.replace(first, () => first + first);
  };
  const SIGNED = [
    'features = [ "fast", "streaming" ]',
    'features = [ "fast", "streaming" ]\nsignature = "acme"',
  ] as const;
  it.each([
    ['an edited hash', swapped(HASH, `sha256:${'ac'.repeat(32)}`), 'edited'],
    ['an edited grant', swapped('"./"', '"/"'), 'edited'],
    ['a grant added', swapped('[skills.capabilities]', '[skills.capabilities]\nterminal_exec = ["git"]'), 'edited'],
    ['an edited source', swapped('owner/custom.zeta#', 'other/custom.zeta#'), 'edited'],
    ['a signature taken out', swapped(/\[skills\.signature\]\nkind = .*\nsigner = .*\n/, ''), 'edited'],
    ['a skill switched on by hand', swapped('enabled = false', 'enabled = true'), 'edited'],
    ['an entry twice', twice(text), 'duplicate'],
    ['a text for its entries', `version = 1\nskills = "none"\n${text.slice(text.lastIndexOf('# end'))}`, 'wrong_type'],
    ['a text for an entry', `version = 1\nskills = ["none"]\n${text.slice(text.lastIndexOf('# end'))}`, 'wrong_type'],
    ['a text for true', swapped('enabled = false', 'enabled = "false"'), 'wrong_type'],
    ['a number for a text', swapped('version = "1.2.3"', 'version = 1'), 'wrong_type'],
    [
      'a text for a table',
      swapped(/\[skills\.signature\]\nkind = .*\nsigner = .*\n/, '').replace(...SIGNED),
      'wrong_type',
    ],
    ['a number in a list', swapped('[ "fast", "streaming" ]', '[ "fast", 1 ]'), 'wrong_type'],
    ['a field nobody knows', swapped('enabled = false', 'enabled = false\nforce = true'), 'unknown_field'],
    ['a table nobody knows', swapped('version = 1', 'version = 1\nextra = 1'), 'unknown_field'],
    ['a capability nobody knows', swapped('env_read', 'root_access'), 'unknown_field'],
    ['a key twice', swapped('enabled = false', 'enabled = false\nenabled = true'), 'not_toml'],
    ['no version', swapped('version = 1', ''), 'not_a_lockfile'],
    ['version zero', swapped('version = 1', 'version = 0'), 'not_a_lockfile'],
    ['a later version', swapped('version = 1', 'version = 2'), 'newer_version'],
    ['text behind its end', `${text}x = 1\n`, 'cut'],
    ['nothing', '', 'not_a_lockfile'],
    ['another type', swapped('dependencies = []', 'dependencies = "none"'), 'wrong_type'],
    ['a sum missing', swapped(/sum = .*\n/, ''), 'edited'],
  ])('%s', async (_, changed, reason) => {
    expect(changed).not.toBe(text);
    expect(await refusal(changed)).toBe(reason);
  });

  it('a later version is refused before all else, so that it is left as it is', async () => {
    expect(await refusal('version = 7\nwhatever = { a = 1 }\n')).toBe('newer_version');
  });

  it.each(['<<<<<<< ours', '=======', '>>>>>>> theirs', '||||||| base', '<<<<<<<', '>>>>>>>'])(
    'the mark of a merge, at every line: %s',
    async (mark) => {
      const lines = text.split('\n');
      for (let at = 0; at < lines.length; at += 3)
        expect(await refusal([...lines.slice(0, at), mark, ...lines.slice(at)].join('\n'))).toBe('merge_conflict');
    },
  );

  it('whatever else it is, nothing but E_LOCKFILE is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.nat(text.length), async (noise, at) => {
        await isSameOrRefused(text.slice(0, at) + noise + text.slice(at + noise.length));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['an id that is none', locked('../etc')],
    ['an id in capitals', locked('Custom.A')],
    ['a version that is none', locked('custom.a', { version: 'latest' })],
    ['a hash of another kind', locked('custom.a', { integrity: `md5:${'a'.repeat(32)}` })],
    ['a hash cut short', locked('custom.a', { integrity: HASH.slice(0, -2) })],
    ['a time that is none', locked('custom.a', { installed: 'yesterday' })],
    ['no source', locked('custom.a', { source: '' })],
    ['a dependency that is none', locked('custom.a', { dependencies: ['custom.b'] })],
  ])('with a good sum, yet %s', async (_, skill) => {
    expect(await refusal(encodeLockfile(lockOf(skill)))).toBe('wrong_value');
  });
});

describe('the file of a skills.lock [R-LOCK-2]', () => {
  const root = scratch();
  const at = (name: string): string => join(root, name);

  it('is empty where there is none, also below what is no folder', async () => {
    writeFileSync(at('plain'), '');
    for (const file of [at('none'), at('plain/skills.lock')])
      expect(await readLockfile(file)).toEqual({ skills: new Map() });
  });

  it('is read as it was written', async () => {
    writeFileSync(at('good'), encodeLockfile(FULL));
    expect(await readLockfile(at('good'))).toEqual(FULL);
  });

  it.each<[what: string, make: (file: string) => void, why: RegExp]>([
    ['a folder', (file) => mkdirSync(file), /it is not a regular file/],
    ['a pipe, which nobody writes to', (file) => void execFileSync('mkfifo', [file]), /it is not a regular file/],
    ['a link to a good one', (file) => symlinkSync(at('good'), file), /it is a link/],
    ['no UTF-8', (file) => writeFileSync(file, Buffer.from([0x23, 0xff, 0x0a])), /it is not UTF-8/],
    [
      'larger than any',
      (file) => {
        writeFileSync(file, '');
        truncateSync(file, 16 * 1024 * 1024 + 1);
      },
      /it has 16777217 bytes; at most 16777216 are read/,
    ],
  ])('that is %s is refused, and told apart', async (what, make, why) => {
    const file = at(what.replaceAll(/\W/g, '-'));
    make(file);
    await expect(readLockfile(file)).rejects.toMatchObject({
      code: 'E_LOCKFILE',
      message: expect.stringMatching(why),
      details: { reason: 'unreadable' },
    });
  });
});

describe('entries', () => {
  it('are put in, replaced and taken out by their ids', () => {
    const lock = withSkills(FULL, [locked('custom.alpha', { version: '2.0.0' }), locked('custom.beta')]);
    expect([...lock.skills.values()].map(({ id, version }) => `${id}@${version}`)).toEqual([
      'custom.alpha@2.0.0',
      'custom.beta@1.2.3',
      'custom.linked@1.2.3',
      'custom.zeta@1.2.3',
    ]);
    expect([...withoutSkills(lock, new Set(['custom.beta', 'custom.none'])).skills.keys()]).toEqual([
      'custom.alpha',
      'custom.linked',
      'custom.zeta',
    ]);
  });

  it('that need what is not there are found', () => {
    expect(findMissing(FULL)).toBeUndefined();
    expect(findMissing(withSkills(FULL, [locked('custom.alpha', { version: '2.0.0' })]))).toMatchObject({
      of: { id: 'custom.zeta' },
      missing: 'custom.alpha@1.2.3',
    });
  });
});
