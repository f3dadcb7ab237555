import { readRecording } from '../../recording/recording.ts';
import { describeDivergence, replayRun } from '../../recording/replay.ts';
import { type Context, parseFormat } from '../context.ts';
import { printData } from '../print.ts';
import { inline, wrap } from '../terminal.ts';
import { jsonResult, printResult } from './run.ts';

export interface ReplayFlags {
  readonly skill?: string;
  readonly changed?: boolean;
  readonly format: string;
}

const DIVERGED = 1;

/** `skill replay FILE`: 0 when all was the same, also when that was a failure. */
export async function replay(file: string, flags: ReplayFlags, { terminal, openRuntime }: Context): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json']);
  const recording = readRecording(file);
  const { skill, tool } = recording.beginning;
  const runtime = await openRuntime({ spare: false });
  try {
    const found = await runtime.find(flags.skill ?? skill, tool);
    const { result, divergence, calls } = await replayRun(recording, found, {
      call: (callable, options) => runtime.call(callable, options),
      isChanged: flags.changed === true,
    });
    if (format === 'json')
      await printData(
        {
          same: divergence === undefined,
          divergence: divergence ?? null,
          calls,
          run: await jsonResult(result, undefined),
        },
        format,
        terminal,
      );
    else if (divergence === undefined) {
      await printResult(result, terminal);
      terminal.say(`the same: ${calls} host calls, ${result.usage.fuel ?? 'unknown'} instructions\n`);
    } else terminal.error(`${wrap(inline(`diverged ${describeDivergence(divergence)}`), terminal.width, '  ')}\n`);
    return divergence === undefined ? 0 : DIVERGED;
  } finally {
    await runtime.close();
  }
}
