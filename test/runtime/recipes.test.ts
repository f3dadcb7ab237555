import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aiTools } from '../../src/agent/ai-sdk.ts';
import {
  type ConfirmQuestion,
  createRuntime,
  type RunEvent,
  type RunOptions,
  type RunResult,
  type Runtime,
  type RuntimeOptions,
  toolList,
} from '../../src/index.ts';
import type { Report } from '../../src/recipe/report.ts';
import { temporaryFolder } from '../host/function/scope-fixture.ts';
import { HEAD } from '../recipe/samples.ts';
import { guest, manifest, write } from './folders.ts';

const SECRET = 'mArKeR/"secret" \\value+of=the run';
const ALL =
  '[capabilities]\nterminal_exec = { allowed = true, commands = ["mark", "tell", "sh", "leak"] }\nfilesystem_read = ["./"]\nfilesystem_write = ["./"]\nenv_read = ["GREETING"]\n';
const GRANT = { terminal_exec: ['mark', 'tell', 'sh', 'leak'], filesystem_read: ['./'], filesystem_write: ['./'] };

const PROGRAMS: Readonly<Record<string, string>> = {
  /** Leaves a line, and fails when it is told to. */
  mark: '#!/bin/sh\necho "$*" >> marks\ntest "$2" != fails\n',
  tell: '#!/bin/sh\nprintf "%s" "$*"\n',
  /** Prints what it was given in every way there is, and fails. */
  leak: '#!/bin/sh\nprintf "%s\\n" "$TOKEN"\nprintf "token is %s!" "$TOKEN" >&2\nexit 3\n',
};

interface Project {
  readonly root: string;
  readonly runtime: Runtime;
  readonly events: RunEvent[];
  readonly marks: () => string[];
  readonly run: (recipe: string, options?: RunOptions) => Promise<RunResult>;
}

/** A folder with a skill of these recipes, and a runtime over it. */
function project(
  recipes: Readonly<Record<string, string>>,
  options: RuntimeOptions & { readonly rest?: string } = {},
): Project {
  const { rest = ALL, ...given } = options;
  const root = temporaryFolder();
  write(root, {
    'skills/sample/skill.toml': manifest(
      'custom.sample',
      `${rest}[recipes]\nfiles = ["*.yaml"]\ndefault_confirmation = "auto"\n`,
    ),
    ...Object.fromEntries(
      Object.entries(recipes).map(([id, text]) => [`skills/sample/${id}.yaml`, `${HEAD.replace('sample', id)}${text}`]),
    ),
    ...Object.fromEntries(Object.entries(PROGRAMS).map(([name, text]) => [`bin/${name}`, text])),
  });
  for (const name of Object.keys(PROGRAMS)) chmodSync(join(root, 'bin', name), 0o755);
  const runtime = open(root, given);
  const events: RunEvent[] = [];
  runtime.on((event) => void events.push(event));
  return {
    root,
    runtime,
    events,
    marks: () =>
      existsSync(join(root, 'marks')) ? readFileSync(join(root, 'marks'), 'utf8').trimEnd().split('\n') : [],
    run: (recipe, more = {}) => runtime.run('custom.sample', recipe, more),
  };
}

function open(root: string, options: RuntimeOptions = {}): Runtime {
  const runtime = createRuntime({
    home: join(root, 'home'),
    skills: [join(root, 'skills')],
    cwd: root,
    spare: false,
    env: { PATH: `${root}/bin:/usr/bin:/bin`, GREETING: 'hello' },
    grant: GRANT,
    ...options,
  });
  onTestFinished(() => runtime.close());
  return runtime;
}

function reportOf(result: RunResult): Report {
  return (result.ok ? result.result : result.error.details?.['report']) as Report;
}

const codeOf = (result: RunResult): string => (result.ok ? 'ok' : result.error.code);

/** Every file below a folder, as text. */
function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => `${path}\n${readFileSync(path, 'latin1')}`);
}

describe('a recipe by the one path of every call [R-RECIPE-11]', () => {
  const STEPS =
    'steps:\n  - { id: one, command: mark one }\n  - { id: two, command: "mark two {{p}}" }\nrollback:\n  - { undoes: one, command: mark undo-one }\n  - { undoes: two, command: mark undo-two }\n';
  const RECIPE = `parameters:\n  - { name: p, default: works }\n${STEPS}`;

  it('is validated, authorized, recorded, run and reported', async () => {
    const here = project({ work: RECIPE });
    const result = await here.run('work');
    expect(reportOf(result)).toMatchObject({
      recipe: 'work',
      result: 'success',
      steps: [
        { step: 'one', status: 'done' },
        { step: 'two', status: 'done' },
      ],
    });
    expect(here.marks()).toEqual(['one', 'two works']);
    const decisions = here.events
      .filter(({ type }) => type === 'decision')
      .map((event) => ('resource' in event ? event.resource : ''));
    expect(decisions).toEqual(expect.arrayContaining(['mark one', 'mark two works']));
    expect(readdirSync(join(here.root, 'home/journal'))).toEqual([result.run]);
  });

  it('that fails is taken back, and its error says what is left', async () => {
    const here = project({ work: RECIPE, half: RECIPE.replace('  - { undoes: one, command: mark undo-one }\n', '') });
    const failed = await here.run('work', { input: { p: 'fails' } });
    expect(failed).toMatchObject({
      ok: false,
      error: {
        code: 'E_RECIPE',
        message: expect.stringContaining('failed at two: exit code 1') as string,
        hint: 'everything was undone',
      },
    });
    expect(here.marks()).toEqual(['one', 'two fails', 'undo-two', 'undo-one']);
    expect(await here.run('half', { input: { p: 'fails' } })).toMatchObject({
      error: { hint: 'still there, for nothing undoes it: one' },
    });
  });

  it.each<[what: string, grant: object, marks: readonly string[], code: string]>([
    ['nothing', {}, [], 'E_RECIPE'],
    ['another program', { terminal_exec: ['tell'] }, [], 'E_RECIPE'],
  ])('does no more than was granted: %s', async (_, grant, marks, code) => {
    const here = project({ work: RECIPE }, { grant });
    const result = await here.run('work');
    expect([codeOf(result), here.marks(), reportOf(result).failure?.code]).toEqual([code, marks, 'E_DENIED']);
    expect(result.denials).not.toEqual([]);
  });

  it.each<[input: object, message: RegExp]>([
    [{ q: 1 }, /q/],
    [{ p: 1 }, /p/],
    [{ p: 'a\0' }, /holds NUL/],
  ])('refuses %j before anything runs', async (input, message) => {
    const here = project({ work: RECIPE });
    const result = await here.run('work', { input });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'E_INPUT', message: expect.stringMatching(message) as string },
    });
    expect([here.marks(), existsSync(join(here.root, 'home/journal'))]).toEqual([[], false]);
  });

  it('tells all that is not as it must be, and does nothing', async () => {
    const here = project({
      work: `preconditions:\n  - { check: command_exists, args: [nowhere-to-be-found] }\n  - { check: env_set, args: [GREETING], message: Greet }\n  - { check: file_exists, args: [none.txt], fallback: make it }\n  - { check: custom, script: mark x fails }\n${STEPS.replace(' {{p}}', '')}`,
    });
    const result = await here.run('work');
    expect(codeOf(result)).toBe('E_PRECONDITION');
    expect(reportOf(result).problems).toEqual([
      'not installed: nowhere-to-be-found',
      // What may not be looked at may be as its author wants it.
      'denied by grant: env_read "GREETING" is not covered by env_read = []',
      'there is no none.txt; make it',
      'exit code 1',
    ]);
    expect(here.marks()).toEqual(['x fails']);
  });

  it('a dry run does nothing, and writes nothing but that it was', async () => {
    const here = project({ work: RECIPE });
    expect(await here.run('work', { recipe: { dryRun: true } })).toMatchObject({
      ok: true,
      result: { steps: [{ does: 'mark one', decision: { allowed: true } }, { does: 'mark two works' }] },
    });
    expect([
      here.marks(),
      existsSync(join(here.root, 'home/journal')),
      here.events.filter(({ type }) => type === 'decision'),
    ]).toEqual([[], false, []]);
  });

  it('an abort ends it between and in its steps, and says how to go on', async () => {
    const here = project({
      work: RECIPE.replace('mark two {{p}}', 'sh {{p}}').replace(
        '  - { id: two',
        '  - { id: mid, command: "sleep 60", shell: true }\n  - { id: two',
      ),
    });
    const caller = new AbortController();
    here.runtime.on(
      (event) =>
        event.type === 'progress' &&
        event.progress.type === 'step-started' &&
        event.progress.step === 'mid' &&
        setTimeout(() => caller.abort(), 50),
    );
    const result = await here.run('work', { signal: caller.signal });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'E_ABORTED', hint: expect.stringContaining(`skill recipe rollback ${result.run}`) as string },
    });
    expect(codeOf(await here.run('work', { recipe: { take: { run: result.run, how: 'resume' } } }))).toBe('E_DOUBT');
    const back = await here.run('work', { recipe: { take: { run: result.run, how: 'rollback' } } });
    expect(reportOf(back)).toMatchObject({
      result: 'rolled_back',
      rolledBack: ['one'],
      steps: [{ status: 'undone' }, { step: 'mid', status: 'doubtful', left: true }, { status: 'not reached' }],
    });
  });

  it('a run that ended well is taken back once; one that was taken back is not', async () => {
    const here = project({ work: RECIPE });
    const { run } = await here.run('work');
    const take = (how: 'resume' | 'rollback'): Promise<RunResult> =>
      here.run('work', { recipe: { take: { run, how } } });
    expect([codeOf(await take('resume')), here.marks()]).toEqual(['ok', ['one', 'two works']]);
    expect(codeOf(await take('rollback'))).toBe('ok');
    expect(here.marks()).toEqual(['one', 'two works', 'undo-two', 'undo-one']);
    expect([codeOf(await take('rollback')), codeOf(await take('resume')), here.marks().length]).toEqual([
      'E_USAGE',
      'ok',
      4,
    ]);
  });

  it.each([
    ['an id that leaves the folder', '../../skills', 'E_NOT_FOUND'],
    ['an id that is a folder', '.', 'E_NOT_FOUND'],
    ['no id', '', 'E_NOT_FOUND'],
    ['a run that is not there', '01234567-89ab-cdef-0123-456789abcdef', 'E_NOT_FOUND'],
  ])('%s is no run', async (_, run, code) => {
    const here = project({ work: RECIPE });
    const before = contents(join(here.root, 'skills')).length;
    expect(codeOf(await here.run('work', { recipe: { take: { run, how: 'resume' } } }))).toBe(code);
    expect(contents(join(here.root, 'skills'))).toHaveLength(before);
  });

  it('goes on with the recipe, the place and the values it began with, or not at all', async () => {
    const here = project({ work: RECIPE, other: RECIPE });
    const { run } = await here.run('work');
    const take = { take: { run, how: 'rollback' as const } };
    expect(codeOf(await here.run('other', { recipe: take }))).toBe('E_JOURNAL');
    expect(codeOf(await here.run('work', { recipe: take, input: { p: 'x' } }))).toBe('E_INPUT');
    const elsewhere = open(here.root, { cwd: join(here.root, 'bin') });
    expect(await elsewhere.run('custom.sample', 'work', { recipe: take })).toMatchObject({
      error: { code: 'E_USAGE', hint: `cd ${here.root}` },
    });
    write(here.root, { 'skills/sample/work.yaml': `${HEAD.replace('sample', 'work')}${RECIPE}# changed\n` });
    expect(await here.run('work', { recipe: take })).toMatchObject({
      error: { code: 'E_JOURNAL', message: expect.stringContaining('was changed since') as string },
    });
    expect(here.marks()).toEqual(['one', 'two works']);
  });

  it('a journal that was changed carries nothing on', async () => {
    const here = project({ work: RECIPE });
    const { run } = await here.run('work');
    const file = join(here.root, 'home/journal', run, '000001.jsonl');
    write(here.root, {
      [`home/journal/${run}/000001.jsonl`]: readFileSync(file, 'utf8').replace('"success"', '"partial"'),
    });
    expect(await here.run('work', { recipe: { take: { run, how: 'rollback' } } })).toMatchObject({
      error: { code: 'E_JOURNAL', message: expect.stringContaining('does not verify') as string },
    });
    expect(here.marks()).toEqual(['one', 'two works']);
  });
});

describe('a recipe in a recipe [R-RECIPE-11]', () => {
  const INNER =
    'parameters:\n  - { name: s, type: secret }\n  - { name: n, type: integer, default: 1 }\nsteps:\n  - { id: in, command: "mark inner {{n}}", env: { TOKEN: "{{s}}" } }\nrollback:\n  - { undoes: in, command: mark undo-inner, env: { TOKEN: "{{s}}" } }\n';
  const OUTER = `parameters:\n  - { name: token, type: secret }\n  - { name: last, default: works }\n  - { name: n, default: "2" }\nsteps:\n  - { id: sub, recipe: inner, parameters: { s: "{{token}}", n: "{{n}}" } }\n  - { id: last, command: "mark last {{last}}" }\n`;

  it('has a journal of its own, and is taken back with what it was given', async () => {
    const here = project({ inner: INNER, outer: OUTER });
    const result = await here.run('outer', { input: { token: SECRET, last: 'fails' } });
    expect(reportOf(result)).toMatchObject({
      result: 'failed',
      rollbackErrors: [],
      steps: [
        { step: 'sub', status: 'undone' },
        { step: 'last', status: 'failed' },
      ],
    });
    expect(here.marks()).toEqual(['inner 2', 'last fails', 'undo-inner']);
    expect(readdirSync(join(here.root, 'home/journal')).toSorted()).toEqual([result.run, `${result.run}.1`]);
  });

  it('a value that does not fit fails the step, and leaves nothing open', async () => {
    const here = project({ inner: INNER, outer: OUTER });
    const result = await here.run('outer', { input: { token: SECRET, n: 'many' } });
    expect(reportOf(result)).toMatchObject({
      result: 'failed',
      failure: { at: 'sub', code: 'E_INPUT', message: expect.stringContaining('n is no number') as string },
    });
    expect(here.marks()).toEqual([]);
    const denied = project({ inner: INNER, outer: OUTER.replace('n: "{{n}}"', 'n: "{{env.GREETING}}"') });
    expect(reportOf(await denied.run('outer', { input: { token: SECRET } }))).toMatchObject({
      failure: { at: 'sub', code: 'E_DENIED' },
    });
  });

  it('is carried on with the secrets it had, which must be given again', async () => {
    const here = project({ inner: INNER, outer: OUTER });
    const { run } = await here.run('outer', { input: { token: SECRET } });
    const recipe = { take: { run, how: 'rollback' as const } };
    expect(await here.run('outer', { recipe })).toMatchObject({
      error: { code: 'E_INPUT', hint: 'give them again: -p token=…' },
    });
    expect(here.marks()).toEqual(['inner 2', 'last works']);
    expect(reportOf(await here.run('outer', { recipe, input: { token: SECRET } }))).toMatchObject({
      rolledBack: ['sub'],
      rollbackErrors: [],
    });
    expect(here.marks().at(-1)).toBe('undo-inner');
  });
});

describe('a secret [R-RECIPE-12]', () => {
  const forms = [
    SECRET,
    JSON.stringify(SECRET).slice(1, -1),
    encodeURIComponent(SECRET),
    Buffer.from(SECRET).toString('base64'),
    Buffer.from(SECRET).toString('hex'),
    'mArKeR',
  ];
  const RECIPE = `parameters:
  - { name: token, type: secret }
steps:
  - { id: env, command: "sh -c x", shell: false, command: [sh, "-c", "test -n \\"$TOKEN\\""], env: { TOKEN: "{{token}}" } }
  - { id: printed, command: leak, env: { TOKEN: "{{token}}" }, register: out, expect: { exit_code: 3 } }
  - { id: script, command: "printf %s {{token}} | wc -c", shell: true }
  - { id: failing, command: leak, env: { TOKEN: "{{token}}" }, retry: { attempts: 2, delay: 1ms }, expect: { exit_code: 0 } }
rollback:
  - { undoes: printed, command: leak, env: { TOKEN: "{{token}}" } }
`.replace('command: "sh -c x", shell: false, ', '');

  const leaks = (texts: readonly string[]): string[] =>
    texts.flatMap((text) =>
      forms.filter((form) => text.includes(form)).map((form) => `${form} in ${text.slice(0, 200)}`),
    );

  it('reaches programs by their environment, and nobody else', async () => {
    const here = project({ work: RECIPE });
    const result = await here.run('work', { input: { token: SECRET } });
    expect(reportOf(result)).toMatchObject({
      result: 'failed',
      failure: { at: 'failing', message: 'exit code 3: token is [secret]!' },
      rollbackErrors: [{ error: { message: 'exit code 3: token is [secret]!' } }],
    });
    const told = result.ok ? [] : [result.error.message, String(result.error.hint), String(result.error.stack)];
    expect(
      leaks([JSON.stringify(result), ...told, JSON.stringify(here.events), ...contents(join(here.root, 'home'))]),
    ).toEqual([]);
    expect(contents(join(here.root, 'home')).join('')).toContain('token is [secret]!');
  });

  it('is in no dry run, no refusal, and no question', async () => {
    const questions: ConfirmQuestion[] = [];
    const here = project(
      {
        work: RECIPE,
        dash: 'parameters:\n  - { name: token, type: secret, validation: "-.*" }\nsteps:\n  - { id: one, command: "printf {{token}}", shell: true, confirmation: always }\n',
      },
      {
        confirm: (question) => {
          questions.push(question);
          return true;
        },
      },
    );
    const results = [
      await here.run('work', { input: { token: SECRET }, recipe: { dryRun: true } }),
      await here.run('dash', { input: { token: SECRET } }),
      await here.run('dash', { input: { token: `-${SECRET}` } }),
      await here.run('dash', { input: { token: `-${SECRET}` }, recipe: { dryRun: true } }),
      await here.run('work', { input: { token: SECRET, more: 1 } }),
    ];
    expect(results.map(codeOf)).toEqual(['ok', 'E_INPUT', 'E_RECIPE', 'ok', 'E_INPUT']);
    expect(questions.flatMap(({ step }) => step?.does ?? [])).toEqual(['sh: printf "${SKILL_VALUE_1}"']);
    expect(
      leaks([
        JSON.stringify(results),
        JSON.stringify(here.events),
        JSON.stringify(questions.map(({ step }) => step?.does)),
        ...contents(join(here.root, 'home')),
      ]),
    ).toEqual([]);
  });

  it('that a program printed is given to nobody', async () => {
    const here = project({
      work: 'parameters:\n  - { name: token, type: secret }\nsteps:\n  - { id: printed, command: leak, env: { TOKEN: "{{token}}" }, expect: { exit_code: 3 } }\n  - { id: uses, command: "tell {{steps.printed.stdout}}" }\n',
    });
    expect(reportOf(await here.run('work', { input: { token: SECRET } }))).toMatchObject({
      failure: { at: 'uses', code: 'E_INPUT', message: expect.stringContaining('held a secret') as string },
    });
  });
});

describe('a recipe that a model calls [R-RECIPE-13]', () => {
  const ASKS =
    'steps:\n  - { id: first, command: mark first, confirmation: prompt }\n  - { id: second, command: mark second, risk_level: critical }\n  - { id: third, command: mark third, confirmation: always }\nrollback:\n  - { undoes: first, command: mark undo-first }\n';

  /** That the second step runs is known only when the first has. */
  const LATE =
    'steps:\n  - { id: first, command: mark first, register: said, confirmation: auto }\n  - { id: second, command: mark second, confirmation: prompt, when: \'said != "no"\' }\n';

  it('asks the host for each step that wants a yes', async () => {
    const questions: (ConfirmQuestion['step'] | undefined)[] = [];
    const here = project(
      { work: ASKS },
      {
        confirm: ({ step, asks }) => {
          expect(asks).toEqual({});
          questions.push(step);
          return true;
        },
      },
    );
    const list = await toolList(here.runtime);
    expect(await list.call('custom_sample_work', {})).toMatchObject({ ok: true });
    expect(questions).toMatchObject([
      { recipe: 'work', step: 'first', does: 'mark first', level: 'prompt', risk: 'low' },
      { step: 'second', level: 'prompt', risk: 'critical' },
      { step: 'third', level: 'always' },
    ]);
    expect(here.marks()).toEqual(['first', 'second', 'third']);
  });

  it.each<[answer: unknown]>([[false], [undefined], ['yes'], [1]])('%j is no yes: it is taken back', async (answer) => {
    const here = project(
      { work: ASKS },
      { confirm: ({ step }) => (step?.step === 'second' ? (answer as boolean) : true) },
    );
    const list = await toolList(here.runtime);
    expect(await list.call('custom_sample_work', {})).toMatchObject({ ok: false, error: { code: 'E_DECLINED' } });
    expect(here.marks()).toEqual(['first', 'undo-first']);
  });

  it('nor is what an untyped asker says', async () => {
    const here = project({ work: ASKS }, { asker: { confirm: () => Promise.resolve('yes' as unknown as boolean) } });
    expect(codeOf(await here.run('work'))).toBe('E_DECLINED');
    expect(here.marks()).toEqual([]);
  });

  it('without a host to ask nothing runs', async () => {
    const here = project({ work: ASKS });
    const list = await toolList(here.runtime);
    const answer = await list.call('custom_sample_work', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'E_CONFIRM' } });
    expect(answer.text).toContain('wants a yes');
    expect(here.marks()).toEqual([]);
    const tools = await aiTools(here.runtime);
    const execute = tools['custom_sample_work']?.execute;
    await expect(async () => execute?.({}, { toolCallId: '1', messages: [] })).rejects.toThrow(/E_CONFIRM/);
    expect(here.marks()).toEqual([]);
  });

  it('a yes for all is a yes, but not where a step always asks', async () => {
    const here = project({ work: ASKS });
    const result = await here.run('work', { recipe: { yes: true } });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'E_CONFIRM', hint: expect.stringMatching(/^nothing was done/) as string },
    });
    expect(here.marks()).toEqual([]);
    const agreed = open(here.root, { confirm: () => true });
    expect(codeOf(await agreed.run('custom.sample', 'work', { recipe: { yes: true } }))).toBe('ok');
    expect(here.marks()).toEqual(['first', 'second', 'third']);
  });

  it('a question that comes up on the way, with nobody to ask, leaves a run that can be carried on', async () => {
    const here = project({ work: LATE });
    const result = await here.run('work');
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'E_CONFIRM', hint: expect.stringContaining(`skill recipe resume ${result.run}`) as string },
    });
    expect(here.marks()).toEqual(['first']);
    const agreed = open(here.root, { confirm: () => true });
    const take = { run: result.run, how: 'resume' } as const;
    expect(codeOf(await agreed.run('custom.sample', 'work', { recipe: { take } }))).toBe('ok');
    expect(here.marks()).toEqual(['first', 'second']);
  });

  it('a question for a text is answered by the host, or ends it', async () => {
    const text =
      'steps:\n  - { id: name, prompt: "Who?", register: who }\n  - { id: tell, command: "tell {{who}}", register: told }\n';
    const here = project(
      { work: text },
      { asker: { answer: ({ text: question }) => Promise.resolve(`${question} $(id)`) } },
    );
    expect(reportOf(await here.run('work')).outputs).toEqual({ who: 'Who? $(id)', told: 'Who? $(id)' });
    for (const asker of [{}, { answer: () => Promise.resolve(undefined as unknown as string) }])
      expect(codeOf(await project({ work: text }, { asker }).run('work'))).toBe('E_CONFIRM');
  });

  it.each(
    [
      ['left', 'E_DOUBT'],
      ['maybe', 'E_DOUBT'],
    ].slice(1),
  )('%j settles no step, and ends no journal', async (as, code) => {
    const here = project({ work: 'steps:\n  - { id: one, command: sleep 60, shell: true }\n' });
    const caller = new AbortController();
    here.runtime.on((event) => event.type === 'progress' && event.progress.type === 'step-started' && caller.abort());
    const { run } = await here.run('work', { signal: caller.signal });
    const recipe = { take: { run, how: 'resume' as const }, settle: as as 'left' };
    expect(codeOf(await here.run('work', { recipe }))).toBe(code);
    expect(codeOf(await here.run('work', { recipe: { ...recipe, settle: 'done' } }))).toBe('ok');
  });
});

describe('a tool of another skill as a step [R-RECIPE-13]', () => {
  async function withReach(declares: string, options: RuntimeOptions = {}): Promise<Project> {
    const here = project(
      { work: 'steps:\n  - { id: get, tool: custom.reach.env-get, input: { name: GREETING }, register: got }\n' },
      { rest: `[capabilities]\n${declares}\n`, ...options },
    );
    write(here.root, {
      'skills/reach/skill.toml': manifest(
        'custom.reach',
        '[executable]\nmodule = "bin/guest.wasm"\n[capabilities]\nenv_read = ["GREETING", "OTHER"]\n',
      ),
      'skills/reach/bin/guest.wasm': await guest('reach'),
    });
    return here;
  }

  it.each<[what: string, declares: string, grant: object, got: string | undefined]>([
    ['both declare it, and it is granted', 'env_read = ["GREETING"]', { env_read: ['GREETING'] }, 'hello'],
    ['the recipe does not declare it', 'env_read = ["OTHER"]', { env_read: ['GREETING'] }, undefined],
    ['the recipe declares nothing', '', { env_read: ['GREETING'] }, undefined],
    ['nobody granted it', 'env_read = ["GREETING"]', {}, undefined],
    ['another was granted', 'env_read = ["GREETING"]', { env_read: ['OTHER'] }, undefined],
  ])('%s', async (_, declares, grant, got) => {
    const here = await withReach(declares, { grant });
    const result = await here.run('work');
    if (got !== undefined) return expect(reportOf(result)).toMatchObject({ result: 'success', outputs: { got } });
    expect(codeOf(result)).toBe('E_RECIPE');
    expect(reportOf(result).failure).toMatchObject({ at: 'get' });
    expect(JSON.stringify(reportOf(result))).not.toContain('hello');
  });

  it('that is not there fails the step, by its name', async () => {
    const here = project({ work: 'steps:\n  - { id: get, tool: custom.none.x, input: {} }\n' });
    expect(reportOf(await here.run('work')).failure).toMatchObject({
      at: 'get',
      code: 'E_NOT_FOUND',
      message: expect.stringContaining('custom.none') as string,
    });
  });

  it('recipes that call each other over skills end', async () => {
    const here = project({ work: 'steps:\n  - { id: again, tool: custom.sample.work, input: {} }\n' });
    const result = await here.run('work');
    expect(codeOf(result)).toBe('E_RECIPE');
    expect(readdirSync(join(here.root, 'home/journal')).length).toBeLessThan(12);
  });
});
