import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeSkill } from '../../src/analyze/analyze-skill.ts';
import { READING } from '../../src/analyze/read-skill.ts';
import { stringsOf } from '../../src/analyze/module-strings.ts';
import { guest, manifest, scratch, write } from '../runtime/folders.ts';
import { alarms, rulesOf, skillMd } from './support.ts';

const root = scratch();
let made = 0;

/** The folder of a skill with some files. */
function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  made += 1;
  const dir = join(root, `skill-${made}`);
  mkdirSync(dir);
  write(dir, files);
  return dir;
}

const SKILL = { 'SKILL.md': skillMd('Fine.') };
const ELF = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), Buffer.alloc(80)]);
const ZIP = Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 0, 0]);
const LOCKED = Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 1, 0, 0, 0]);
const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.from('....IENDcrc!')]);

describe('files that are something else [R-ANALYZE-7]', () => {
  it.each<[what: string, file: string, bytes: string | Uint8Array, rule: string, severity: string]>([
    ['a program', 'bin/tool', ELF, 'native_program', 'high'],
    ['a program for a picture', 'logo.png', ELF, 'disguised_program', 'critical'],
    ['a script for a picture', 'logo.png', '#!/bin/sh\nls\n', 'disguised_program', 'critical'],
    ['an archive', 'all.tar.gz', new Uint8Array([0x1f, 0x8b, 8, 0]), 'archive', 'medium'],
    ['an archive with a password', 'all.zip', LOCKED, 'locked_archive', 'high'],
    ['an archive for a text', 'notes.txt', ZIP, 'disguised_archive', 'high'],
    ['compiled code', 'a.pyc', 'x', 'compiled_code', 'medium'],
    [
      'a picture with a tail',
      'logo.png',
      Buffer.concat([PNG, Buffer.from('#!/bin/sh')]),
      'hidden_behind_picture',
      'high',
    ],
  ])('%s', async (_, file, bytes, rule, severity) => {
    const { findings } = await analyzeSkill(folder({ ...SKILL, [file]: bytes }));
    expect(findings).toMatchObject([{ rule, severity, file }]);
  });

  it.each<[what: string, file: string, bytes: string | Uint8Array]>([
    ['a picture', 'logo.png', PNG],
    ['a document that is an archive inside', 'a.docx', ZIP],
    ['a text that begins as a program might', 'a.md', 'MZ is how it begins.\n'],
    ['an empty file', 'a.txt', ''],
  ])('and not %s', async (_, file, bytes) => {
    expect((await analyzeSkill(folder({ ...SKILL, [file]: bytes }))).findings).toEqual([]);
  });

  it('links, by where they lead, and pipes', async () => {
    const dir = folder(SKILL);
    symlinkSync('SKILL.md', join(dir, 'within'));
    symlinkSync('/etc/hostname', join(dir, 'out'));
    symlinkSync('nowhere', join(dir, 'broken'));
    symlinkSync('/', join(dir, 'folder'));
    linkSync(join(dir, 'SKILL.md'), join(dir, 'hard.md'));
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    const { findings } = await analyzeSkill(dir);
    expect(findings.map(({ file, severity, rule }) => `${severity} ${rule} ${file}`)).toEqual([
      'high link broken',
      'high link folder',
      'high link out',
      'high special_file pipe',
      'low link within',
    ]);
  });
});

describe('what is asked for against what is there [R-ANALYZE-8]', () => {
  const toml = (capabilities: string): string => manifest('custom.sample', `\n[capabilities]\n${capabilities}\n`);

  it.each<[line: string, severity: string]>([
    ['filesystem_write = ["/"]', 'high'],
    ['filesystem_read = ["~"]', 'medium'],
  ])('a scope without limit: %s', async (line, severity) => {
    const { findings } = await analyzeSkill(folder({ 'skill.toml': toml(line), 'run.sh': 'ls\n' }));
    expect(findings).toMatchObject([{ rule: 'asks_for_all', severity, file: 'skill.toml' }]);
    expect(findings[0]?.why).toContain('capabilities.');
  });

  it('what nothing could use', async () => {
    const of = async (files: Record<string, string>): Promise<string[]> =>
      rulesOf((await analyzeSkill(folder({ 'skill.toml': toml('network = ["api.corp.net"]'), ...files }))).findings);
    expect(await of({})).toEqual(['unused_capability']);
    expect(await of({ 'run.sh': 'curl https://api.corp.net/x\n' })).toEqual([]);
  });

  it('hosts and places that sources name', async () => {
    const files = {
      'skill.toml': toml('network = ["GET https://api.corp.net", "*.corp.org"]\nfilesystem_read = ["/opt/data"]'),
      'run.py':
        'a = "https://api.corp.net/x"\nb = "https://b.corp.org/x"\nc = "https://other.net/x"\nd = "/opt/data/x"\ne = "/opt/else/x"\nf = "http://localhost:8080/"\n',
    };
    const { findings } = await analyzeSkill(folder(files));
    expect(findings.map(({ rule, line, severity }) => [rule, line, severity])).toEqual([
      ['undeclared_host', 3, 'medium'],
      ['undeclared_path', 5, 'low'],
    ]);
  });

  it('a SKILL.md cannot declare, so it is only noted', async () => {
    const { findings, score } = await analyzeSkill(folder({ ...SKILL, 'run.py': 'a = "https://other.net/x"\n' }));
    expect(findings).toMatchObject([{ rule: 'undeclared_host', severity: 'info' }]);
    expect(score.value).toBe(100);
  });

  it('modules: which is declared, what they import, what their data names', async () => {
    const module = await guest('one');
    const head = manifest('custom.sample', '\n[executable]\nmodule = "bin/guest.wasm"\n');
    const fine = await analyzeSkill(folder({ 'skill.toml': head, 'bin/guest.wasm': module }));
    expect(alarms(fine.findings)).toEqual([]);
    const more = await analyzeSkill(folder({ 'skill.toml': head, 'bin/guest.wasm': module, 'other.wasm': module }));
    expect(rulesOf(more.findings)).toContain('undeclared_module');
    const cut = await analyzeSkill(folder({ 'skill.toml': head, 'bin/guest.wasm': module.subarray(0, 20) }));
    expect(rulesOf(cut.findings)).toContain('unreadable_module');
    const foreign = await analyzeSkill(folder({ 'skill.toml': head, 'bin/guest.wasm': await guest('unknownImport') }));
    expect(rulesOf(foreign.findings)).toContain('foreign_import');
    // A custom section with a text of its own.
    const text = Buffer.from('\u0001x https://webhook.site/abcdef stratum+tcp://pool');
    const tailed = Buffer.concat([module.subarray(0, 8), Buffer.from([0, text.length]), text, module.subarray(8)]);
    const drops = await analyzeSkill(folder({ 'skill.toml': head, 'bin/guest.wasm': tailed }));
    expect(alarms(drops.findings)).toEqual(['drop_host', 'mines']);
    const reach = await analyzeSkill(folder({ 'skill.toml': head, 'bin/guest.wasm': await guest('reach') }));
    expect(rulesOf(reach.findings)).toContain('undeclared_import');
  });

  it('the texts in bytes', () => {
    expect(stringsOf(Buffer.from('\0abcdef\u0001short\0a longer one'))).toBe('abcdef\na longer one');
    expect(stringsOf(new Uint8Array())).toBe('');
  });
});

describe('an analysis has an end [R-ANALYZE-10]', () => {
  it('a file of 100 MB is read at both ends, and that is said', async () => {
    const dir = folder({ ...SKILL, 'big.py': 'eval(x)\n' });
    truncateSync(join(dir, 'big.py'), 100 * 2 ** 20);
    const started = performance.now();
    const { findings } = await analyzeSkill(dir);
    rmSync(join(dir, 'big.py'));
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(rulesOf(findings)).toEqual(expect.arrayContaining(['dynamic_code', 'not_read']));
    writeFileSync(join(dir, 'big.sh'), `${'# filler\n'.repeat(300_000)}rm -rf ~\n`);
    expect(alarms((await analyzeSkill(dir)).findings)).toEqual(['destroys_files']);
  });

  it('more files than are looked at', async () => {
    const dir = folder(SKILL);
    for (let i = 0; i < READING.entries + 5; i++) writeFileSync(join(dir, `f${i}`), '');
    const { findings } = await analyzeSkill(dir);
    rmSync(dir, { recursive: true });
    expect(rulesOf(findings)).toEqual(['not_read']);
  });

  it('when its time is over, which is a finding of its own', async () => {
    const dir = folder({ ...SKILL, 'a.sh': 'rm -rf ~\n', 'b.sh': 'rm -rf ~\n' });
    const { findings } = await analyzeSkill(dir, { withinMs: 0 });
    expect(findings.filter(({ severity }) => severity !== 'info')).toMatchObject([
      { rule: 'took_too_long', severity: 'high', file: 'SKILL.md', why: expect.stringMatching(/this and 2 more/) },
    ]);
    expect(alarms((await analyzeSkill(dir)).findings)).toEqual(['destroys_files']);
  });

  it('when whoever waits has enough of it', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`${i}.md`, 'ignore all the your my '.repeat(999)]),
    );
    const stop = new AbortController();
    const analysis = analyzeSkill(folder({ ...SKILL, ...files }), { signal: stop.signal });
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(analysis).rejects.toThrow('enough');
  });

  it('folders below folders', async () => {
    const { findings } = await analyzeSkill(folder({ ...SKILL, [`${'d/'.repeat(READING.depth + 3)}a.md`]: 'x' }));
    expect(rulesOf(findings)).toEqual(['not_read']);
  });

  it('the worst findings of a file are kept, and the rest is counted', async () => {
    const lines = Array.from(
      { length: 400 },
      (_, i) => ['os.system(a)', 'chmod 777', 'pickle.loads(x)', '__import__(y)'][i % 4],
    );
    const { findings } = await analyzeSkill(folder({ ...SKILL, 'a.py': `${lines.join('\n')}\nexec(z)\n` }));
    expect(findings.filter(({ file }) => file === 'a.py').length).toBeLessThanOrEqual(51);
    expect(findings[0]?.rule).toBe('dynamic_code');
    expect(findings.at(-1)).toMatchObject({ rule: 'more_findings', severity: 'info' });
  });

  it('a manifest that is broken keeps nothing from being looked at', async () => {
    const { findings, id } = await analyzeSkill(folder({ 'skill.toml': '[[[', 'run.sh': 'rm -rf ~\n' }));
    expect(alarms(findings)).toEqual(['broken_manifest', 'destroys_files']);
    expect(id).toMatch(/^skill-/);
  });

  it.each<[what: string, files: Readonly<Record<string, string>>, finding: object]>([
    [
      'a broken manifest',
      { 'skill.toml': '[skill' },
      { rule: 'broken_manifest', severity: 'high', file: 'skill.toml', line: 1 },
    ],
    ['no manifest', {}, { rule: 'no_manifest', severity: 'high' }],
    ['a folder for a manifest', { 'skill.toml/a.md': 'A.\n' }, { rule: 'no_manifest', severity: 'high' }],
  ])('%s is no pass', async (_, files, finding) => {
    const { findings, score } = await analyzeSkill(folder(files));
    expect(findings).toMatchObject([finding]);
    expect(score.verdict).toBe('review');
  });

  it('what cannot be read is told, and is no pass [only when not root]', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may read everything');
    const dir = folder({ ...SKILL, 'a.md': 'A.\n', 'b/c.md': 'C.\n' });
    chmodSync(join(dir, 'a.md'), 0);
    chmodSync(join(dir, 'b'), 0);
    const { findings } = await analyzeSkill(dir);
    chmodSync(join(dir, 'b'), 0o755);
    const why = expect.stringMatching(/^it cannot be read: EACCES/) as string;
    expect(findings).toMatchObject([
      { rule: 'not_read', severity: 'high', file: 'a.md', why },
      { rule: 'not_read', severity: 'high', file: 'b', why },
    ]);
  });

  it('texts in UTF-16 and with zeros among them are texts', async () => {
    const utf16 = Buffer.from('\ufeffrm -rf ~\n', 'utf16le');
    expect(alarms((await analyzeSkill(folder({ ...SKILL, 'run.sh': utf16 }))).findings)).toEqual(['destroys_files']);
    expect(alarms((await analyzeSkill(folder({ ...SKILL, 'run.sh': '\0\nrm -rf ~\n' }))).findings)).toEqual([
      'control_character',
      'destroys_files',
    ]);
  });

  it('what is no folder is said', async () => {
    await expect(analyzeSkill(join(root, 'absent'))).rejects.toThrow('there is no folder');
    await expect(analyzeSkill(join(folder(SKILL), 'SKILL.md'))).rejects.toThrow('there is no folder');
  });
});
