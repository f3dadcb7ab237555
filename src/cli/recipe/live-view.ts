import type { Progress } from '../../recipe/ports.ts';
import { inline, type Terminal, wrap } from '../terminal.ts';
import { LiveRegion } from './live-region.ts';
import { linesOf, type ProgressView, showTime } from './show-progress.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const TICK_MS = 100;
/** Lines of output that are shown while a step runs, and kept when it fails. */
const SHOWN = 8;

/** What is going on at the moment. */
interface Going {
  readonly label: string;
  readonly does: string;
  readonly since: number;
  readonly output: string[];
  readonly isCheck: boolean;
}

/** On a terminal: a line for each step that has ended, and below it the one that runs, with its time and its output. */
export class LiveView implements ProgressView {
  readonly #terminal: Terminal;
  readonly #region: LiveRegion;
  readonly #ticking: NodeJS.Timeout;
  /** A step, and within one that runs a recipe, a step of that. */
  readonly #going: Going[] = [];
  #frame = 0;
  #depth = 0;
  #isPaused = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#region = new LiveRegion((text) => terminal.say(text), terminal.width);
    this.#ticking = setInterval(() => this.#draw(), TICK_MS);
    this.#ticking.unref();
  }

  show(progress: Progress): void {
    this.#isPaused = false;
    switch (progress.type) {
      case 'recipe-started':
        this.#depth += 1;
        this.#stay(
          `${this.#terminal.style('bold', inline(progress.name))}  ${this.#terminal.style('dim', progress.journal)}`,
        );
        return;
      case 'step-started': {
        const item = progress.item === undefined ? '' : ` (${inline(progress.item)})`;
        const again = progress.attempt === 1 ? '' : `, attempt ${progress.attempt}`;
        return this.#begin(`${progress.at}/${progress.of} ${inline(progress.name)}${item}${again}`, progress.does);
      }
      case 'step-output': {
        const output = this.#going.at(-1)?.output ?? [];
        output.push(...linesOf(progress.text));
        output.splice(0, Math.max(output.length - SHOWN, 0));
        return this.#draw();
      }
      case 'step-ended':
        return this.#end(progress.ok, progress.error, progress.retryInMs);
      case 'step-skipped': {
        const label = `${progress.at}/${progress.of} ${progress.step}`;
        return this.#stay(
          progress.error === undefined
            ? this.#terminal.style('dim', `- ${label}  skipped`)
            : `${this.#terminal.style('red', '✗')} ${label}: ${inline(progress.error)}`,
        );
      }
      case 'verifying':
        this.#endCheck(true);
        return this.#begin(`verification ${progress.at}/${progress.of} ${inline(progress.does)}`, '', true);
      case 'rolling-back':
        this.#endCheck(false, progress.why);
        return this.#stay(this.#terminal.style('yellow', '↺ rolling back'));
      case 'undo-started':
        return this.#begin(`undo ${progress.at}/${progress.of} ${inline(progress.does)}`, progress.step ?? '');
      case 'undo-ended':
        return this.#end(progress.ok, progress.error, undefined);
      case 'recipe-ended':
        this.#endCheck(progress.result === 'success' || progress.result === 'partial');
        this.#stay(this.#lastLine(progress));
        this.#depth -= 1;
        return;
    }
  }

  pause(): void {
    this.#isPaused = true;
    this.#region.replace('');
  }

  close(): void {
    clearInterval(this.#ticking);
    this.#region.replace('');
  }

  #lastLine({ result, durationMs }: Progress & { type: 'recipe-ended' }): string {
    const isGood = result === 'success' || result === 'rolled_back';
    const color = isGood ? 'green' : result === 'partial' ? 'yellow' : 'red';
    return `${this.#terminal.style(color, `${isGood ? '✓' : '✗'} ${result.replace('_', ' ')}`)} in ${showTime(durationMs)}`;
  }

  #begin(label: string, does: string, isCheck = false): void {
    this.#going.push({ label, does: inline(does), since: performance.now(), output: [], isCheck });
    this.#draw();
  }

  /** What ends a verification is what comes behind it. */
  #endCheck(ok: boolean, why = 'it does not hold'): void {
    if (this.#going.at(-1)?.isCheck) this.#end(ok, ok ? undefined : why, undefined);
  }

  #end(ok: boolean, error: string | undefined, retryInMs: number | undefined): void {
    const going = this.#going.pop();
    if (going === undefined) return;
    const { label, since, output } = going;
    const time = this.#terminal.style('dim', showTime(performance.now() - since));
    if (ok) return this.#stay(`${this.#terminal.style('green', '✓')} ${label}  ${time}`);
    const retry = retryInMs === undefined ? '' : `; again in ${showTime(retryInMs)}`;
    const frame = output.map((line) => `${this.#terminal.style('dim', '  │')} ${line}`);
    const why = wrap(`  ${inline(error ?? '')}${retry}`, this.#terminal.width - 1, '  ');
    this.#stay([`${this.#terminal.style('red', '✗')} ${label}  ${time}`, ...frame, why].join('\n'));
  }

  #stay(text: string): void {
    const indent = '  '.repeat(Math.max(this.#depth - 1, 0));
    this.#region.replace(
      `${text
        .split('\n')
        .map((line) => indent + line)
        .join('\n')}\n`,
    );
    this.#draw();
  }

  #draw(): void {
    const going = this.#going.at(-1);
    if (going === undefined || this.#isPaused) return;
    const { label, does, since, output } = going;
    this.#frame = (this.#frame + 1) % FRAMES.length;
    const time = showTime(performance.now() - since);
    this.#region.draw([
      `${FRAMES[this.#frame] ?? ''} ${label}  ${time}`,
      `  ${does}`,
      ...output.map((line) => `  │ ${line}`),
    ]);
  }
}
