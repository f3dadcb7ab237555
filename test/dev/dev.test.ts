import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Reload, DevSession, isMade } from '../../src/dev/dev-session.ts';
import { openToolchain } from '../../src/build/toolchain.ts';
import { writeTemplate } from '../../src/template/write-template.ts';
import { MAIN } from '../cli/support.ts';
import { temporaryFolder } from '../host/function/scope-fixture.ts';
import { scratch } from '../runtime/folders.ts';

const toolchain = openToolchain(scratch(), () => undefined);

describe('a skill that is being written [R-DEV-1]', () => {
  it('is compiled and loaded again when it changed, and the one before serves while the new one fails', async () => {
    const { folder } = writeTemplate('wasm-as', 'greeter', temporaryFolder());
    const told: Reload[] = [];
    const types = (): readonly string[] => told.splice(0).map(({ type }) => type);
    const session = new DevSession(
      folder,
      { toolchain, describe: () => Promise.resolve('[]') },
      (reload) => void told.push(reload),
    );
    const change = (file: string, from: string, to: string): void => {
      const path = join(folder, file);
      writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
    };

    expect(await session.reload()).toBe(true);
    expect(types()).toEqual(['built', 'ready', 'tested']);
    const first = session.current;
    expect(first?.tools.map(({ name }) => name)).toEqual(['greet']);
    expect(await session.reload()).toBe(false);
    expect(types()).toEqual([]);

    change('assembly/index.ts', 'return', 'retrun');
    await session.reload();
    expect(types()).toEqual(['failed']);
    expect(session.current).toBe(first);

    change('assembly/index.ts', 'retrun', 'return');
    change('skill.toml', 'name = "greet"', 'name = "other"');
    await session.reload();
    expect(types()).toEqual(['built', 'broken']);
    expect(session.current).toBe(first);

    // The manifest alone: nothing is compiled.
    change('skill.toml', 'name = "other"', 'name = "greet"');
    await session.reload();
    expect(types()).toEqual(['ready', 'tested']);
    expect(session.current).not.toBe(first);
  });

  it.each([
    ['bin/x.wasm', true],
    ['node_modules/a/b', true],
    ['.git/HEAD', true],
    ['.idea', true],
    ['guest/bin/x.c', false],
    ['skill.toml', false],
    ['', false],
  ])('%j is made by others: %s', (path, expected) => expect(isMade(path)).toBe(expected));
});

/** A `skill dev` with what it has said so far. */
class Dev {
  readonly child: ChildProcessWithoutNullStreams;
  said = '';
  readonly ended: Promise<number | null>;

  constructor(folder: string, words: readonly string[] = []) {
    this.child = spawn(process.execPath, [MAIN, 'dev', folder, ...words], {
      env: { ...process.env, SKILLHOST_HOME: temporaryFolder() },
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', (bytes: Buffer) => void (this.said += bytes.toString()));
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  /** Waits for words, after what was read before. */
  async hear(words: string): Promise<string> {
    await vi.waitFor(() => expect(this.said).toContain(words), 30_000);
    const end = this.said.indexOf(words) + words.length;
    const heard = this.said.slice(0, end);
    this.said = this.said.slice(end);
    return heard;
  }

  say(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }
}

describe('skill dev [R-DEV-2]', () => {
  it('sees a save by itself, runs tools by line, shows what they do, and leaves nothing', async () => {
    const { folder } = writeTemplate('wasm-as', 'greeter', temporaryFolder());
    const temporary = temporaryFolder();
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const dev = new Dev(folder);
    await dev.hear('a line such as TOOL --NAME VALUE runs a tool\n');
    dev.say('greet --name Ada');
    expect(await dev.hear('Hello, Ada!\n')).toContain('started   custom.greeter greet');

    const file = join(folder, 'assembly/index.ts');
    const source = readFileSync(file, 'utf8');
    writeFileSync(file, source.replace('return', 'retrun'));
    expect(await dev.hear('goes on as it was')).toContain("Cannot find name 'retrun'");
    dev.say('greet --name Eve');
    await dev.hear('Hello, Eve!\n');
    writeFileSync(file, source.replace('Hello', 'Welcome'));
    await dev.hear('ready: custom.greeter, tools greet');
    dev.say('greet --name Eve');
    await dev.hear('Welcome, Eve!\n');
    for (const [line, says] of [
      ['greet --nme Eve', 'did you mean --name?'],
      ['none', 'E_NOT_FOUND'],
      ['greet "', 'that is not closed'],
    ] as const) {
      dev.say(line);
      await dev.hear(says);
    }
    dev.child.stdin.end();
    expect(await dev.ended).toBe(0);
    expect(readdirSync(temporary).filter((name) => !name.startsWith('skillhost-gate-'))).toEqual([]);
  });

  it('runs tools in the world of a case', async () => {
    const { folder } = writeTemplate('script', 'counter', temporaryFolder());
    const dev = new Dev(folder, ['--case', 'three words']);
    await dev.hear('runs a tool\n');
    dev.say('count --text "a b"');
    await dev.hear('"words": 2');
    dev.child.kill('SIGINT');
    expect(await dev.ended).toBe(0);
  });
});
