import { GuestError, SkillError } from '../errors.ts';
import { CEILINGS, fixedLimitError } from '../limits.ts';
import { quote } from '../quote.ts';

/** Why a guest process is gone that nobody ended: from its exit and from what it said last. */
export function explainDeath(code: number | null, signal: string | null, diagnostics: string): SkillError {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  if (/heap out of memory|OOM|allocation failed/i.test(diagnostics))
    return new SkillError('E_MEMORY', `the guest process ran out of memory (${how})`, {
      hint: 'give the tool smaller input',
    });
  const lastWords = diagnostics.split('\n').find((line) => line.includes('FATAL') || line.includes('Error')) ?? '';
  return new GuestError(
    'E_GUEST_DIED',
    `the guest process died (${how})${lastWords === '' ? '' : `: ${quote(lastWords)}`}`,
    { hint: 'run it again; if it dies again the module is at fault' },
  );
}

/** Why a worker ended under its call. */
export function explainWorkerDeath(why: string): SkillError {
  if (!why.includes('ERR_WORKER_OUT_OF_MEMORY'))
    return new GuestError('E_GUEST_DIED', `the worker of the guest ended: ${quote(why, 300)}`);
  return fixedLimitError('worker_heap_mb');
}

/** Why a guest process was killed that took more memory than its limits can explain. */
export function overMemory(residentMb: number, ceilingMb: number, memoryMb: number): SkillError {
  const { hard } = CEILINGS.memory_mb;
  return new SkillError(
    'E_MEMORY',
    `the guest process was killed: it took ${residentMb} MiB, and memory_mb = ${memoryMb} leaves it ${ceilingMb}`,
    {
      hint:
        memoryMb < hard
          ? `raise it with --limit memory_mb=${Math.min(memoryMb * 2, hard)}`
          : `give the tool less to do: memory_mb cannot be higher`,
      details: { limit: 'memory_mb', value: memoryMb },
    },
  );
}
