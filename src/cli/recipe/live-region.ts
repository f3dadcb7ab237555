import stringWidth from 'fast-string-width';

const CLEAR_BELOW = '\u001b[0J';

/** Some lines at the bottom of a terminal that are drawn again and again, until others take their place. */
export class LiveRegion {
  readonly #write: (text: string) => void;
  readonly #width: number;
  #height = 0;

  constructor(write: (text: string) => void, width: number) {
    this.#write = write;
    this.#width = width;
  }

  /** Each line is cut to the width: one that wraps could not be taken back. */
  draw(lines: readonly string[]): void {
    this.#write(`${this.#back()}${lines.map((line) => `${cut(line, this.#width - 1)}\n`).join('')}`);
    this.#height = lines.length;
  }

  /** Takes them away, and writes what stays. */
  replace(text: string): void {
    this.#write(`${this.#back()}${text}`);
    this.#height = 0;
  }

  #back(): string {
    return this.#height === 0 ? '' : `\r\u001b[${this.#height}A${CLEAR_BELOW}`;
  }
}

function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let line = '';
  for (const character of text) {
    if (stringWidth(line + character) > width - 1) break;
    line += character;
  }
  return `${line}…`;
}
