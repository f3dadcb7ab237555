import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRuntime } from '../../src/index.ts';
import { stateKey } from '../../src/state/state-key.ts';
import { scratch, writeSkill } from '../runtime/folders.ts';

const root = scratch();

describe('whose values are whose [R-STATE-12]', () => {
  it('is a matter of the id for what was installed, and of the place for every folder', () => {
    const at = (id: string, path: string): string => stateKey({ id, path }, '/skills/store');
    expect(at('custom.a', '/skills/store/sha256/ab')).toBe('custom.a');
    const others = [
      at('custom.a', '/elsewhere/a'),
      at('custom.a', '/elsewhere/b'),
      at('custom.a', '/skills/store-of-mine/a'),
    ];
    expect(new Set([...others, at('custom.b', '/elsewhere/a'), 'custom.a']).size).toBe(5);
  });

  it('a folder that takes the id of another one finds nothing of it', async () => {
    const rest = '[capabilities]\n';
    const [own, evil] = await Promise.all(
      ['own', 'evil'].map((name) => writeSkill(join(root, name), { id: 'custom.kept', guest: 'reach', rest })),
    );
    const runtime = createRuntime({ home: join(root, 'home'), skills: [], spare: false });
    try {
      const call = (folder: string | undefined, tool: string, input: object): ReturnType<typeof runtime.run> =>
        runtime.run(folder ?? '', tool, { input });
      expect(await call(own, 'state-set', { key: 'k', value: 'AQ==' })).toMatchObject({ ok: true });
      expect(await call(own, 'state-get', { key: 'k' })).toMatchObject({ ok: true, result: 'AQ==' });
      expect(await call(evil, 'state-get', { key: 'k' })).not.toMatchObject({ ok: true });
    } finally {
      await runtime.close();
    }
  });
});
