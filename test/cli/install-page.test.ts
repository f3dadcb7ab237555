import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { serveFolder } from '../fixtures/serve-folder.ts';
import { NO_GIT, TestRepository } from '../git/repository.ts';
import { serveGit } from '../git/serve.ts';
import { writePlain } from '../install/support.ts';
import { fakeRegistry } from '../oci/fake-registry.ts';
import { manifest, scratch } from '../runtime/folders.ts';
import { atTerminal, hasScript } from './at-terminal.ts';
import { ROOT, skill } from './support.ts';

const root = scratch();
const home = join(root, 'home');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** What the first page shows, command by command. */
function shown(): ReadonlyMap<string, string> {
  const [, block = ''] = /```text\n(\$ skill add \.\/greet\n[^]*?)```/.exec(README) ?? [];
  const parts = block.split(/^\$ (?=skill )/m).slice(1);
  return new Map(
    parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1).trimEnd()]),
  );
}

/** What `skill` says of an installation, without the warnings and the temporary folder. */
async function run(words: readonly string[]): Promise<string> {
  const { stdout, stderr } = await skill(words, { cwd: root, home });
  return `${stdout}${stderr}`.trimEnd();
}

it.skipIf(NO_GIT || !hasScript)(
  'the first page shows what installing from everywhere prints [only with git and script(1)] [R-DOCS-1]',
  async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = join(root, 'key.pem');
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

    writePlain(join(root, 'greet'), 'custom.greet', {
      version: '1.0.0',
      rest: '[capabilities]\nfilesystem_read = ["./"]\nnetwork = ["api.example.org"]\nterminal_exec = { allowed = true, commands = ["git"] }\n',
    });
    const greet = join(root, 'greet', 'skill.toml');
    writeFileSync(greet, readFileSync(greet, 'utf8').replace('"A sample"', '"Greets people, politely."'));

    const repository = new TestRepository(join(root, 'git', 'acme', 'skills'));
    const outline = manifest('acme.outline').replace('1.2.3', '1.2.0');
    repository.commit('refs/tags/v1.2.0', [{ path: 'outline/skill.toml', text: outline }]);
    const git = await serveGit(join(root, 'git'));
    onTestFinished(() => git.close());

    const web = await serveFolder(join(root, 'web'));
    mkdirSync(join(root, 'web'));
    const oci = await fakeRegistry();
    const shelf = join(root, 'shelf');
    mkdirSync(home);
    writeFileSync(
      join(home, 'config.toml'),
      `[network]\nprivate = ["127.0.0.1"]\n[[registries]]\nname = "main"\nurl = "${pathToFileURL(shelf).href}"\n[[trust.keys]]\nname = "acme-2026"\nkind = "cosign"\nkey = """\n${publicPem}"""\n`,
    );
    const table = writePlain(join(root, 'table'), 'acme.table', { version: '1.0.0' });
    const chart = writePlain(join(root, 'chart'), 'acme.chart', { version: '2.1.0' });
    const aws = writePlain(join(root, 'aws'), 'cloud.aws', {
      version: '0.3.2',
      rest: '[dependencies]\n"cloud.core" = "^1"\n',
    });
    const core = writePlain(join(root, 'core'), 'cloud.core', { version: '1.4.0' });
    await run(['pack', table, '--sign', key, '--out', join(root, 'web', 'table-1.0.0.tgz')]);
    await run(['publish', chart, `oci://${oci.host}/acme/chart:2.1.0`, '--sign', key]);
    for (const folder of [aws, core]) await run(['publish', folder, shelf]);

    const elsewhere: Readonly<Record<string, string>> = {
      'github:acme/skills/outline@v1.2.0': `git+http://127.0.0.1:${git.port}/acme/skills#v1.2.0&sub=outline`,
      'https://acme.example.org/table-1.0.0.tgz': `http://${web}/table-1.0.0.tgz`,
      'oci://registry.example.org/acme/chart:2.1.0': `oci://${oci.host}/acme/chart:2.1.0`,
    };
    const page = shown();
    expect([...page.keys()]).toHaveLength(6);
    for (const [command, wanted] of page) {
      const words = command
        .split(' ')
        .slice(1)
        .map((word) => elsewhere[word] ?? word);
      const said =
        words[1] === './greet'
          ? (await atTerminal(words, [[/\[y\/N\/d\]$/, 'y\r']], { cwd: root, home })).screen
          : await run(words);
      expect(said.replaceAll(pathToFileURL(root).href, 'file:///…'), command).toBe(wanted);
    }
    expect(execFileSync('git', ['-C', repository.folder, 'rev-parse', 'v1.2.0']).toString().trim()).toMatch(
      /^[0-9a-f]{40}$/,
    );
    expect(readFileSync(join(home, 'skills.lock'), 'utf8')).toContain(repository.git(['rev-parse', 'v1.2.0']));
  },
);
