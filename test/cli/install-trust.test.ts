import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writePlain } from '../install/support.ts';
import { scratch } from '../runtime/folders.ts';
import { type Ended, skill } from './support.ts';

const root = scratch();
let count = 0;

interface Key {
  /** The file of the private half. */
  readonly file: string;
  readonly pem: string;
}
function makeKey(): Key {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const file = join(root, `key${count++}.pem`);
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { file, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}
const [OLD, NEW, STRANGER] = [makeKey(), makeKey(), makeKey()];
const known = (name: string, { pem }: Key, rest = ''): string =>
  `[[trust.keys]]\nname = "${name}"\nkind = "cosign"\nkey = """\n${pem}"""\n${rest}`;

interface Place {
  readonly run: (...words: readonly string[]) => Promise<Ended>;
  /** Publishes a version of custom.signed into the registry, signed by a key or not at all. */
  readonly publish: (version: string, key?: Key) => Promise<void>;
  readonly configure: (trust: string, file?: 'config.toml' | 'corp.toml') => void;
}

function place(): Place {
  const cwd = join(root, `w${count++}`);
  const home = join(cwd, 'home');
  mkdirSync(home, { recursive: true });
  const run: Place['run'] = (...words) => skill(words, { cwd, home });
  const registry = `[[registries]]\nname = "main"\nurl = "${pathToFileURL(join(cwd, 'shelf')).href}"\n`;
  return {
    run,
    configure: (trust, file = 'config.toml') =>
      writeFileSync(join(home, file), file === 'config.toml' ? registry + trust : trust),
    async publish(version, key) {
      const folder = writePlain(join(cwd, `s${version}`), 'custom.signed', { version });
      const ended = await run('publish', folder, './shelf', ...(key === undefined ? [] : ['--sign', key.file]));
      expect(ended.code).toBe(0);
    },
  };
}

describe('a policy for signatures [R-INSTALL-13]', () => {
  const signed = '[trust]\nrequire = "signature"\n';

  it('lets in what a known key signed, keeps who it was, and says so', async () => {
    const { run, publish, configure } = place();
    configure(signed + known('acme', OLD));
    await publish('1.0.0', OLD);
    expect((await run('add', 'custom.signed')).stderr).toBe('installed custom.signed 1.0.0, signed by acme\n');
    expect((await run('verify')).stdout).toBe('custom.signed 1.0.0 is intact, signed by acme when it was installed\n');
    expect((await run('verify', '--explain')).stdout).toContain('yes');
  });

  it.each([
    ['nobody', undefined],
    ['a key that nobody here knows', STRANGER],
  ])('keeps out what was signed by %s, and tells what was checked', async (_, key) => {
    const { run, publish, configure } = place();
    configure(signed + known('acme', OLD));
    await publish('1.0.0', key);
    const { code, stdout } = await run('add', 'custom.signed', '--format', 'json');
    expect(code).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: 'E_SIGNATURE', details: { reason: 'signature_missing', steps: expect.any(Array) } },
    });
    expect((await run('verify')).stderr).toBe('nothing is installed\n');
  });

  it('is held to by both files: what the operator requires, a user cannot loosen', async () => {
    const { run, publish, configure } = place();
    configure('[trust]\nrequire = "signature"\n', 'corp.toml');
    configure('[trust]\nrequire = "none"\n');
    await publish('1.0.0');
    expect((await run('add', 'custom.signed')).code).toBe(7);
  });

  it('refuses an update that somebody else signed, or nobody, until that is accepted', async () => {
    const { run, publish, configure } = place();
    configure(known('acme', OLD) + known('other', NEW));
    await publish('1.0.0', OLD);
    await run('add', 'custom.signed');
    await publish('1.1.0', NEW);
    const refused = await run('update');
    expect(refused.code).toBe(7);
    expect(refused.stderr).toContain('E_DOWNGRADE');
    expect((await run('list')).stdout).toMatch(/custom\.signed +1\.0\.0/);
    expect((await run('update', '--accept-signer')).stderr).toContain(
      'installed custom.signed 1.1.0 instead of 1.0.0, signed by other',
    );
    await publish('1.2.0');
    expect((await run('update')).code).toBe(7);
  });

  it('follows a key to the one that replaces it', async () => {
    const { run, publish, configure } = place();
    configure(known('acme-2025', OLD));
    await publish('1.0.0', OLD);
    await run('add', 'custom.signed');
    configure(known('acme-2025', OLD) + known('acme-2026', NEW, 'replaces = "acme-2025"\n'));
    await publish('1.1.0', NEW);
    expect((await run('update')).stderr).toContain('1.1.0 instead of 1.0.0, signed by acme-2026');
  });

  it('finds what is installed by a key that was revoked since, and installs nothing by it', async () => {
    const { run, publish, configure } = place();
    configure(known('acme', OLD));
    await publish('1.0.0', OLD);
    await run('add', 'custom.signed');
    configure(known('acme', OLD, 'revoked = "2020-01-01"\n'));
    const { code, stdout } = await run('verify');
    expect(code).toBe(7);
    expect(stdout).toMatch(/NOT intact: .*revoked/s);
    await run('remove', 'custom.signed');
    expect((await run('add', 'custom.signed')).stderr).toContain('E_SIGNATURE');
  });

  it('that requires integrity takes what was pinned before, by whoever asks for it or by the lock file', async () => {
    const { run, publish, configure } = place();
    configure('[trust]\nrequire = "integrity"\n');
    await publish('1.0.0');
    const refused = await run('add', 'custom.signed', '--format', 'json');
    expect(refused.code).toBe(7);
    const { error } = JSON.parse(refused.stdout) as { error: { details: { reason: string } } };
    expect(error.details.reason).toBe('integrity_unknown');
    const index = JSON.parse((await run('search', '--registry', 'sample', '--format', 'json')).stdout) as {
      sha256: string;
    }[];
    const pinned = `registry:main/custom.signed@1.0.0#sha256=${index[0]?.sha256}`;
    expect(await run('add', pinned)).toMatchObject({ code: 0 });
    expect(await run('add', 'custom.signed@1.0.0')).toMatchObject({ code: 0 });
    await run('doctor');
    expect((await run('verify')).code).toBe(0);
  });

  it('that requires integrity does not take a sum from an index for one that was known before', async () => {
    const { run, publish, configure } = place();
    configure('[trust]\nrequire = "integrity"\n');
    await publish('1.0.0');
    const needy = writePlain(join(root, `needy${count++}`), 'custom.needy', {
      rest: '[dependencies]\n"custom.signed" = "^1"\n',
    });
    await run('publish', needy, './shelf');
    const hits = JSON.parse((await run('search', '--registry', 'sample', '--format', 'json')).stdout) as {
      id: string;
      sha256: string;
    }[];
    const { sha256 } = hits.find(({ id }) => id === 'custom.needy') ?? { sha256: '' };
    expect((await run('add', `registry:main/custom.needy@1.2.3#sha256=${sha256}`)).stderr).toContain('custom.signed');
    expect((await run('verify')).stderr).toBe('nothing is installed\n');
  });

  it('holds skills of one source to more than others', async () => {
    const { run, publish, configure } = place();
    configure(`${known('acme', OLD)}[[trust.sources]]\nmatch = "registry:main/*"\nrequire = "signature"\n`);
    await publish('1.0.0');
    expect((await run('add', 'custom.signed')).code).toBe(7);
    expect((await run('add', './s1.0.0')).code).toBe(0);
  });

  it('is no reason to install a linked folder, of which nothing is pinned', async () => {
    const { run, publish, configure } = place();
    configure('[trust]\nrequire = "integrity"\n');
    await publish('1.0.0');
    const { code, stderr } = await run('add', '--link', './s1.0.0');
    expect(code).toBe(7);
    expect(stderr).toContain('fix:');
  });
});

describe('signing [R-INSTALL-14]', () => {
  it('is of id, version and files: moved to others it counts as wrong', async () => {
    const { run, configure, publish } = place();
    configure(known('acme', OLD));
    await publish('1.0.0', OLD);
    await run('add', 'custom.signed');
    const cwd = join(root, `w${count++}`);
    const here = place();
    here.configure(known('acme', OLD));
    mkdirSync(cwd);
    const folder = writePlain(join(cwd, 'one'), 'custom.one');
    await run('pack', folder, '--sign', OLD.file, '--out', join(cwd, 'one.tgz'));
    const bundle = JSON.parse(
      (await run('pack', folder, '--sign', OLD.file, '--format', 'json', '--out', join(cwd, 'one.tgz'))).stdout,
    ) as { signature: string };
    expect(bundle.signature).toBe('skill.sigstore.json');
    // The signature of one, in the folder of another.
    const other = writePlain(join(cwd, 'other'), 'custom.other');
    const { execFileSync } = await import('node:child_process');
    execFileSync('tar', ['-xzf', join(cwd, 'one.tgz'), '-C', other, 'skill.sigstore.json']);
    const { code, stderr } = await here.run('add', other);
    expect(code).toBe(7);
    expect(stderr).toContain('E_SIGNATURE');
  });

  it.each([
    ['a key that is not there', 'nowhere.pem', 'E_NOT_FOUND'],
    ['a key that is none', 'README.md', 'E_USAGE'],
  ])('with %s is refused', async (_, key, code) => {
    const { run } = place();
    const folder = writePlain(join(root, `k${count++}`), 'custom.k');
    writeFileSync(join(folder, 'README.md'), '# No key\n');
    expect((await run('pack', folder, '--sign', join(folder, key))).stderr).toContain(code);
  });

  it('leaves the same bytes each time', async () => {
    const { run } = place();
    const folder = writePlain(join(root, `k${count++}`), 'custom.k');
    const made = await Promise.all(
      ['a.tgz', 'b.tgz'].map(async (name) => {
        await run('pack', folder, '--sign', OLD.file, '--out', join(folder, '..', name));
        return readFileSync(join(folder, '..', name));
      }),
    );
    expect(made[0]?.equals(made[1] ?? Buffer.alloc(0))).toBe(true);
  });
});
