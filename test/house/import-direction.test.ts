import { describe, expect, it } from 'vitest';
import { type Arrow, readArrows } from './sources.ts';

// `src` decides, `host` acts. These read the imports and fail when an arrow points the wrong way.

const arrows = readArrows(['host', 'src']);

/** How far out a folder of `src` stands; an arrow may go inward or stay. Folders not named stand innermost. */
const DISTANCE: Readonly<Record<string, number>> = {
  cli: 4,
  server: 3,
  mcp: 3,
  'index.ts': 2,
  dev: 3,
  agent: 2,
  trial: 2,
  recording: 1,
  runtime: 1,
  telemetry: 1,
};

/** The parts of `host` that only the trusted process may carry. */
const TRUSTED_SIDE = /^host\/(?:supervisor|capability|function)\//;

describe('the arrows between files', () => {
  it('host imports nothing from src [R-HOUSE-1]', () => {
    expect(wrong((arrow) => arrow.from.startsWith('host/') && !arrow.to.startsWith('host/'))).toEqual([]);
  });

  it('src enters host by its one door, host/index.ts; a command that starts a guest first, by what starts it [R-HOUSE-1]', () => {
    expect(wrong((arrow) => arrow.from.startsWith('src/') && !/^src\/|^host\/index\.ts$/.test(arrow.to))).toEqual([
      'src/cli/start.ts imports host/supervisor/supervisor.ts',
    ]);
  });

  it('inside src they go from cli over server, mcp, index, agent and runtime to the rest, never back', () => {
    expect(wrong((arrow) => bothIn('src/', arrow) && distance(arrow.to) > distance(arrow.from))).toEqual([]);
  });

  it('the guest side imports nothing of the trusted side', () => {
    expect(wrong((arrow) => arrow.from.startsWith('host/guest/') && TRUSTED_SIDE.test(arrow.to))).toEqual([]);
  });

  it('the guest side carries nothing of the trusted side through other files either [R-HOUSE-2]', () => {
    const carried = [...reach('host/guest/')].filter(([file]) => TRUSTED_SIDE.test(file));
    expect(carried.map(([, way]) => way.join(' → '))).toEqual([]);
  });

  it('nothing outside host/guest imports from it; both sides share host/wire', () => {
    expect(wrong(({ from, to }) => to.startsWith('host/guest/') && !from.startsWith('host/guest/'))).toEqual([]);
  });

  it('they never form a circle', () => {
    expect(circles()).toEqual([]);
  });
});

function wrong(isWrong: (arrow: Arrow) => boolean): string[] {
  return arrows.filter(isWrong).map((arrow) => `${arrow.from} imports ${arrow.to}`);
}

function bothIn(folder: string, { from, to }: Arrow): boolean {
  return from.startsWith(folder) && to.startsWith(folder);
}

function distance(path: string): number {
  return DISTANCE[path.split('/')[1] ?? ''] ?? 0;
}

function targetsOf(file: string, onlyRunning: boolean): string[] {
  return arrows.filter((arrow) => arrow.from === file && (arrow.runs || !onlyRunning)).map((arrow) => arrow.to);
}

/** Every file that runs when a file of `folder` is loaded, with the way there. */
function reach(folder: string): Map<string, readonly string[]> {
  const ways = new Map<string, readonly string[]>();
  const waiting = arrows.filter((arrow) => arrow.from.startsWith(folder)).map((arrow) => [arrow.from]);
  for (let way = waiting.pop(); way !== undefined; way = waiting.pop()) {
    const file = way.at(-1) ?? '';
    if (ways.has(file)) continue;
    ways.set(file, way);
    for (const target of targetsOf(file, true)) waiting.push([...way, target]);
  }
  return ways;
}

/** Each circle once, as the way around it. Type imports count: two files that need each other are one idea. */
function circles(): string[] {
  const found: string[] = [];
  const finished = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start !== -1) found.push([...way.slice(start), file].join(' → '));
    if (start !== -1 || finished.has(file)) return;
    for (const target of targetsOf(file, false)) walk(target, [...way, file]);
    finished.add(file);
  };
  for (const { from } of arrows) walk(from, []);
  return found;
}
