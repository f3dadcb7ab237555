import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Confirm, type ConfirmQuestion, createRuntime, type Grant, type RunResult } from '../../src/index.ts';
import type { LedgerEvent } from '../../src/ledger/index.ts';
import { guest, scratch, write, writeSkill } from './folders.ts';

const root = scratch();
const at = (name: string): string => join(root, name);

beforeAll(async () => {
  await writeSkill(at('skills/asks'), {
    id: 'custom.asks',
    guest: 'reach',
    rest: '[capabilities]\nenv_read = ["GREETING", "OTHER"]\nfilesystem_read = ["./"]\n',
  });
  await writeSkill(at('skills/secrets'), {
    id: 'custom.secrets',
    guest: 'reach',
    rest: '[capabilities]\nsecrets_access = true\n',
  });
  await writeSkill(at('skills/modest'), { id: 'custom.modest', guest: 'one' });
  write(root, { 'bare.wasm': await guest('reach') });
});

interface Ran {
  readonly result: RunResult;
  readonly questions: readonly ConfirmQuestion[];
  readonly records: readonly LedgerEvent[];
}

async function run(
  reference: string,
  confirm: Confirm | undefined,
  options: { readonly grant?: Grant; readonly signal?: AbortSignal } = {},
): Promise<Ran> {
  const records: LedgerEvent[] = [];
  const questions: ConfirmQuestion[] = [];
  const runtime = createRuntime({
    home: at('home'),
    skills: [at('skills')],
    cwd: root,
    env: { GREETING: 'hello', OTHER: 'more' },
    spare: false,
    record: (event) => void records.push(event),
    ...(confirm !== undefined && {
      confirm: (question) => {
        questions.push(question);
        return confirm(question);
      },
    }),
  });
  onTestFinished(() => runtime.close());
  const tool = reference === 'custom.modest' ? 'one' : 'env-get';
  const input = tool === 'one' ? {} : { name: 'GREETING' };
  return { result: await runtime.run(reference, tool, { input, ...options }), questions, records };
}

const granted = ({ records }: Ran): unknown[] =>
  records
    .filter(({ event }) => event === 'granted')
    .map(({ result, layer, capability, resource }) => [result, layer, capability, resource]);

describe('a host that is asked [R-CONFIRM-1]', () => {
  it('is told who asks for what, and a yes grants it for this run alone', async () => {
    const ran = await run('custom.asks', () => true);
    expect(ran.questions).toMatchObject([
      {
        skill: 'custom.asks',
        version: '1.2.3',
        hash: expect.stringMatching(/^sha256:/),
        tool: 'env-get',
        asks: { filesystem_read: ['./'], env_read: ['GREETING', 'OTHER'] },
      },
    ]);
    expect(ran.result).toMatchObject({ ok: true, denials: [] });
    const again = await run('custom.asks', () => false);
    expect(again.result.denials).toMatchObject([{ layer: 'grant' }]);
  });

  it.each<[what: string, confirm: Confirm | undefined]>([
    ['is not there', undefined],
    ['says no', () => false],
    ['says no later', () => Promise.resolve(false)],
    ['says something else', () => 'yes' as never],
  ])('%s: the capability is refused when it is used', async (_what, confirm) => {
    const { result } = await run('custom.asks', confirm);
    expect(result.denials).toMatchObject([{ layer: 'grant', details: { capability: 'env_read' } }]);
  });

  it('that fails has not said yes, and its failure is shown', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    for (const confirm of [() => Promise.reject(new Error('broken')), (): never => expect.fail('broken')]) {
      const { result } = await run('custom.asks', confirm);
      expect(result.denials).toMatchObject([{ layer: 'grant' }]);
    }
    expect(warn.mock.calls.map(([warning]) => String(warning)).join('\n')).toMatch(/confirm: "broken"/);
  });

  it.each<[what: string, reference: string, grant: Grant, asks: Grant | undefined]>([
    ['is not asked for what is granted', 'custom.asks', { env_read: ['GREETING'], filesystem_read: ['./'] }, undefined],
    [
      'is not asked for more than was granted of a capability',
      'custom.asks',
      { env_read: ['OTHER'] },
      { filesystem_read: ['./'] },
    ],
    ['is not asked by a skill that declares nothing', 'custom.modest', {}, undefined],
    ['is not asked by a bare module', 'bare.wasm', {}, undefined],
    ['is not asked for all secrets at once', 'custom.secrets', {}, undefined],
  ])('%s', async (_what, reference, grant, asks) => {
    const named = reference.endsWith('.wasm') ? at(reference) : reference;
    const { questions } = await run(named, () => false, { grant });
    expect(questions.map((question) => question.asks)).toEqual(asks === undefined ? [] : [asks]);
  });
});

describe('the answer [R-CONFIRM-2]', () => {
  it.each([
    [true, 'allowed'],
    [false, 'denied'],
  ])('%s is written down as %s before the run begins', async (answer, result) => {
    const ran = await run('custom.asks', () => answer);
    expect(granted(ran)).toEqual([
      [result, 'confirm', 'filesystem_read', './'],
      [result, 'confirm', 'env_read', 'GREETING, OTHER'],
    ]);
    expect(ran.records.map(({ event }) => event).indexOf('started')).toBe(2);
  });

  it('ends the run when it cannot be written down', async () => {
    const runtime = createRuntime({
      home: at('home'),
      skills: [at('skills')],
      spare: false,
      confirm: () => true,
      record: ({ event }) => {
        if (event === 'granted') throw new Error('full');
      },
    });
    onTestFinished(() => runtime.close());
    const result = await runtime.run('custom.asks', 'env-get', { input: { name: 'GREETING' } });
    expect(result).toMatchObject({ ok: false, error: { code: 'E_LEDGER' } });
  });

  it('is not waited for once the run is aborted', async () => {
    const controller = new AbortController();
    const asked: ConfirmQuestion[] = [];
    const { result, records } = await run(
      'custom.asks',
      (question) => {
        asked.push(question);
        controller.abort();
        return new Promise<boolean>(() => undefined);
      },
      { signal: controller.signal },
    );
    expect(result).toMatchObject({ ok: false, error: { code: 'E_ABORTED' } });
    expect(asked[0]?.signal?.aborted).toBe(true);
    expect(records).toEqual([]);
  });
});
