import type { Progress } from '../../recipe/ports.ts';
import { inline, type Terminal } from '../terminal.ts';

/** Shows what a recipe does while it does it. */
export interface ProgressView {
  show(progress: Progress): void;
  /** Makes room for a question. */
  pause(): void;
  close(): void;
}

/** One line for each event, for logs and pipes. */
export class PlainView implements ProgressView {
  readonly #terminal: Terminal;
  #at = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(progress: Progress): void {
    const text = this.#textOf(progress);
    if (text !== '') this.#terminal.say(text);
  }

  pause(): void {}

  close(): void {}

  #textOf(progress: Progress): string {
    switch (progress.type) {
      case 'recipe-started':
        return `${progress.recipe}: ${inline(progress.name)}, run ${progress.journal}\n`;
      case 'step-started': {
        this.#at = `[${progress.at}/${progress.of}] ${progress.step}`;
        const item = progress.item === undefined ? '' : ` (${inline(progress.item)})`;
        const again = progress.attempt === 1 ? '' : `, attempt ${progress.attempt}`;
        return `${this.#at}${item}${again}: ${inline(progress.does)}\n`;
      }
      case 'step-output':
        return linesOf(progress.text)
          .map((line) => `${this.#at} | ${line}\n`)
          .join('');
      case 'step-ended':
        return `${this.#at}: ${endOf(progress)}\n`;
      case 'step-skipped':
        return `[${progress.at}/${progress.of}] ${progress.step}: ${progress.error === undefined ? 'skipped' : `failed: ${inline(progress.error)}`}\n`;
      case 'verifying':
        return `verification ${progress.at}/${progress.of}: ${inline(progress.does)}\n`;
      case 'rolling-back':
        return `rolling back ${progress.tasks}, for ${inline(progress.why)}\n`;
      case 'undo-started':
        return `undo ${progress.at}/${progress.of}${progress.step === undefined ? '' : ` of ${progress.step}`}: ${inline(progress.does)}\n`;
      case 'undo-ended':
        return `undo: ${progress.ok ? 'done' : `failed: ${inline(progress.error ?? '')}`}\n`;
      case 'recipe-ended':
        return `${progress.recipe}: ${progress.result.replace('_', ' ')} in ${showTime(progress.durationMs)}\n`;
    }
  }
}

function endOf({ ok, error, durationMs, retryInMs }: Progress & { type: 'step-ended' }): string {
  const retry = retryInMs === undefined ? '' : `; again in ${showTime(retryInMs)}`;
  return ok ? `done in ${showTime(durationMs)}` : `failed: ${inline(error ?? '')}${retry}`;
}

/** The lines of an output, with nothing in them that could move a cursor. */
export function linesOf(text: string): string[] {
  return text
    .replace(/\r?\n$/, '')
    .split(/\r?\n|\r/)
    .map(inline);
}

export function showTime(ms: number): string {
  if (Math.round(ms) < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
