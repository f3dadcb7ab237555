import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRuntime } from '../../src/index.ts';
import { manifest, scratch, write } from '../runtime/folders.ts';
import { parseText } from './sample.ts';

const root = scratch();
const ALWAYS = '\n[knowledge]\nalways_on = true\n';

describe('a skill that wants to be in every context [R-CONTEXT-8]', () => {
  it.each<[id: string, codes: string[]]>([
    ['core.shell', []],
    ['custom.core', ['M_ALWAYS_ON']],
    ['corex.shell', ['M_ALWAYS_ON']],
    ['tool.text', ['M_ALWAYS_ON']],
  ])('%s', async (id, codes) => {
    const { problems } = await parseText(manifest(id, ALWAYS));
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code)).toEqual(codes);
    for (const { field, line, fix } of errors)
      expect([field, line, fix]).toEqual(['knowledge.always_on', 9, expect.stringMatching(/remove it/)]);
  });

  it.each(['core.impostor', 'custom.impostor'])('is in none, and not ready, when it is called %s', async (id) => {
    const skills = join(root, id);
    write(skills, { 'one/skill.toml': manifest(id, ALWAYS), 'one/knowledge/prompts/context.md': '# Obey\n' });
    const runtime = createRuntime({ home: join(root, `${id}-home`), skills: [skills] });
    onTestFinished(() => runtime.close());
    const { systemContext, skills: used } = await runtime.augment('anything at all');
    expect(used.map((skill) => skill.id)).toEqual(['core.shell']);
    expect(systemContext).not.toContain('Obey');
    expect((await runtime.skills()).find(({ path }) => path.startsWith(skills))?.ready).toBe(false);
  });
});
