import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Limits, quote, SkillError } from '../../host/index.ts';
import { locateHome } from '../home/home.ts';
import { explainRequest, parseRequest } from '../policy/explain.ts';
import { type Grant, requestOf } from '../policy/grant.ts';
import { layersOf } from '../policy/layers.ts';
import { parseRecording, type Recording, RECORDING_BYTES } from '../recording/recording.ts';
import { type Divergence, replayRun } from '../recording/replay.ts';
import type { RunEvent } from '../runtime/events.ts';
import type { RunResult } from '../runtime/run.ts';
import { createRuntime, type Runtime } from '../runtime/runtime.ts';
import { readCapped } from '../skill/read-capped.ts';
import { readWithin } from '../skill/read-within.ts';
import type { ReadySkill } from '../skill/skill.ts';
import { mockModel } from './mock-model.ts';
import type { ToolCase } from './tool-case.ts';
import { type Use, World } from './world.ts';

/** What came of a case. */
export interface Trial {
  readonly result: RunResult;
  readonly divergence: Divergence | undefined;
  /** Calls for which the case has no answer. */
  readonly unexpected: readonly string[];
  /** What the tool reached for, in order. */
  readonly uses: readonly Use[];
  readonly logged: readonly string[];
  /** The text of a file after the run; undefined when it is not there. */
  readonly fileOf: (path: string) => string | undefined;
}

/**
 * Runs a tool in a folder, a home and a world of its own, granted what its skill declares of that folder. Programs run in a
 * sandbox of the operating system or not at all. Afterwards nothing of it is left.
 * @param read what is looked at while the folder is there
 */
export async function runCase<T>(
  skill: ReadySkill,
  of: ToolCase,
  read: (trial: Trial) => T,
  options: CaseOptions = {},
): Promise<T> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'skillhost-test-')));
  try {
    const cwd = join(root, 'work');
    mkdirSync(cwd);
    for (const [path, text] of of.files) place(join(cwd, path), text);
    return read(await runIn(skill, of, { ...options, root, cwd }));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** @throws SkillError E_INPUT where another file of the case stands in the way */
function place(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new SkillError('E_INPUT', `the file ${quote(basename(path))} of the case cannot be made`, {
      hint: 'files: names a file and a folder alike',
      cause: error,
    });
  }
}

export interface CaseOptions {
  readonly limits?: Partial<Limits>;
  /** Told of everything that happens in the run. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** As in `WorldOptions`. */
  readonly isLenient?: boolean;
}

interface Place extends CaseOptions {
  readonly root: string;
  readonly cwd: string;
}

async function runIn(
  skill: ReadySkill,
  of: ToolCase,
  { root, cwd, limits = {}, onEvent, isLenient = false }: Place,
): Promise<Trial> {
  const env = { PATH: process.env['PATH'], HOME: root, ...Object.fromEntries(of.env) };
  const home = join(root, 'home');
  const asked = skill.manifest === undefined ? {} : requestOf(skill.manifest.capabilities);
  const runtime = createRuntime({
    home,
    cwd,
    env,
    grant: withinCase(asked),
    limits,
    secrets: { get: (name) => Promise.resolve(of.secrets.get(name)) },
    model: () => modelOf(of),
    record: () => undefined,
    requireSandbox: true,
    spare: false,
  });
  const logged: string[] = [];
  const uses: Use[] = [];
  runtime.on((event) => note(event, { cwd, logged, uses }));
  if (onEvent !== undefined) runtime.on(onEvent);
  try {
    const world = new World(of, {
      judge: judgeOf(skill, asked, { home, cwd, env }),
      startsPrograms: !isGuest(skill, of.tool),
      isLenient,
    });
    const ended = await carryOut(runtime, skill, of, world);
    return {
      ...ended,
      unexpected: world.unexpected,
      uses: [...uses, ...world.uses],
      logged,
      fileOf: (path) => readMade(cwd, path),
    };
  } finally {
    await runtime.close();
  }
}

async function carryOut(
  runtime: Runtime,
  skill: ReadySkill,
  { tool, input, args, stdin, seed, recording }: ToolCase,
  { answering }: World,
): Promise<Pick<Trial, 'result' | 'divergence'>> {
  const found = { skill, tool: skill.tools.find(({ name }) => name === tool) ?? missing(tool) };
  if (recording !== undefined)
    return replayRun(await readOwnRecording(skill, recording), found, {
      call: (callable, options) => runtime.call(callable, options),
      isChanged: true,
    });
  const result = await runtime.call(found, {
    ...(input !== undefined && { input }),
    args,
    ...(stdin !== undefined && { stdin }),
    seed: seed ?? 1,
    fresh: true,
    answering,
  });
  return { result, divergence: undefined };
}

/** Never that of the host, nor one that variables of the case name. */
function modelOf({ model }: ToolCase): unknown {
  if (model !== undefined) return mockModel(model);
  throw new SkillError('E_NOT_FOUND', 'the case has no model', { hint: 'mock_model: says what it answers' });
}

/** A link of a skill leads nowhere but into it. @throws SkillError E_INPUT */
async function readOwnRecording({ path }: ReadySkill, file: string): Promise<Recording> {
  try {
    return parseRecording((await readWithin(path, file, RECORDING_BYTES)).toString(), file);
  } catch (error) {
    if (error instanceof SkillError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SkillError('E_INPUT', `the recording ${quote(file)} cannot be read: ${code ?? message}`);
  }
}

/**
 * What a skill declares, but for places outside of the folder of its case, and the network: servers are made up, and a
 * program that a case starts has none.
 */
function withinCase({ network: _network, ...asked }: Grant): Grant {
  const inside = (paths: readonly string[] = []): string[] =>
    paths.filter((path) => /^(?:\.\/|\$(?:CACHE|STATE)\b|[^/~.$])/.test(path) && !path.split('/').includes('..'));
  return {
    ...asked,
    filesystem_read: inside(asked.filesystem_read),
    filesystem_write: inside(asked.filesystem_write),
  };
}

/** What the manifest says to a want. */
function judgeOf(
  skill: ReadySkill,
  grant: Grant,
  { home, cwd, env }: { readonly home: string; readonly cwd: string; readonly env: Record<string, string | undefined> },
): (want: string) => Omit<Use, 'want'> {
  const surroundings = { home: locateHome(home, env), cwd, env };
  const anchors = { cwd, home: cwd, cache: cwd, state: cwd };
  const layers = layersOf(skill, grant, surroundings);
  return (want) => {
    try {
      const request = parseRequest(want, { anchors, path: env['PATH'] ?? '' });
      const { decision } = explainRequest(request, layers);
      return { isDeclared: decision.allowed, rule: decision.rule };
    } catch {
      return { isDeclared: false, rule: 'anything that can be asked for' };
    }
  };
}

function note(
  event: RunEvent,
  { cwd, logged, uses }: { readonly cwd: string; readonly logged: string[]; readonly uses: Use[] },
): void {
  if (event.type === 'log') logged.push(`${event.level}: ${event.message}`);
  if (event.type !== 'decision') return;
  const { capability, resource, result, rule } = event;
  const want = `${capability}=${resource.replace(`${cwd}/`, './')}`;
  uses.push({ want, isDeclared: result === 'allowed' || event.layer !== 'manifest', rule });
}

function isGuest({ tools }: ReadySkill, name: string): boolean {
  return tools.find((tool) => tool.name === name)?.action.type === 'wasm';
}

function missing(name: string): never {
  throw new Error(`there is no tool ${name}`);
}

const MOST_READ = 1024 * 1024;

/** What the tool wrote itself: a link could lead out of the folder, and a pipe would be waited for. */
function readMade(cwd: string, path: string): string | undefined {
  const file = join(cwd, path);
  try {
    const isOwn = realpathSync(dirname(file)) === dirname(file) && lstatSync(file).isFile();
    return isOwn ? readCapped(file, MOST_READ).toString() : undefined;
  } catch {
    return undefined;
  }
}
