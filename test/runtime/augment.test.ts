import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../src/index.ts';
import { scratch, write } from './folders.ts';

const root = scratch();

const skillMd = (name: string, about: string): string =>
  `---\nname: ${name}\ndescription: Knows all about ${about}. Use it for questions on ${about}.\n---\n\n# ${about}\n\nRead the ${about} twice.\n`;

function open(name: string, options: RuntimeOptions = {}): Runtime {
  const runtime = createRuntime({ home: join(root, name, 'home'), skills: [join(root, name, 'skills')], ...options });
  onTestFinished(() => runtime.close());
  return runtime;
}

const idsOf = async (runtime: Runtime, prompt: string): Promise<string[]> =>
  (await runtime.augment(prompt, { skills: '!core.shell' })).skills.map(({ id }) => id);

describe('a runtime that augments prompts [R-CONTEXT-1]', () => {
  it('sees a new skill within a second, and looks at folders no more often', async () => {
    write(root, { 'new/skills/zebra/SKILL.md': skillMd('zebra', 'zebra stripes') });
    const clock = vi.spyOn(performance, 'now').mockReturnValue(10_000);
    onTestFinished(() => clock.mockRestore());
    const runtime = open('new');
    expect(await idsOf(runtime, 'a question on zebra stripes')).toEqual(['custom.zebra']);
    write(root, { 'new/skills/okapi/SKILL.md': skillMd('okapi', 'okapi tongues') });
    clock.mockReturnValue(11_000);
    expect(await idsOf(runtime, 'a question on okapi tongues')).toEqual([]);
    clock.mockReturnValue(11_001);
    expect(await idsOf(runtime, 'a question on okapi tongues')).toEqual(['custom.okapi']);
    expect((await runtime.search('okapi')).map(({ id }) => id)).toContain('custom.okapi');
  });

  it.each<[what: string, select: string | undefined, skills: string | undefined, expected: string[]]>([
    ['takes all skills', undefined, '!core.shell', ['custom.heron']],
    ['leaves out what the runtime leaves out', '!custom.heron', '!core.shell', []],
    ['leaves out what the call leaves out', undefined, '!custom.heron,!core.shell', []],
    ['takes what both take', 'custom.heron,custom.ibis', 'custom.heron', ['custom.heron']],
    ['takes nothing when nothing is selected', 'none', undefined, []],
  ])('%s', async (_what, select, skills, expected) => {
    write(root, {
      'both/skills/heron/SKILL.md': skillMd('heron', 'heron nests'),
      'both/skills/ibis/SKILL.md': skillMd('ibis', 'ibis beaks'),
    });
    const runtime = open('both', select === undefined ? {} : { select });
    const { skills: used } = await runtime.augment('a question on heron nests', skills === undefined ? {} : { skills });
    expect(used.map(({ id }) => id)).toEqual(expected);
  });

  it('makes one index, whichever skills are selected', async () => {
    write(root, { 'index/skills/ibis/SKILL.md': skillMd('ibis', 'ibis beaks') });
    await open('index').augment('ibis');
    const folder = join(root, 'index', 'home', 'cache', 'match');
    const made = readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs);
    for (const select of ['none', 'custom.ibis', '!custom.ibis']) await open('index', { select }).augment('ibis');
    expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs)).toEqual(made);
    expect(made).toHaveLength(1);
  });

  it('names a skill that a selection misspells', async () => {
    await expect(open('both').augment('x', { skills: 'custom.heronn' })).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      hint: expect.stringMatching(/custom\.heron\?/),
    });
  });
});
