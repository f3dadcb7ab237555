import { cardEnd, emailEnd, isWordByte, tokenEnd, WebTokens } from './patterns';

/** One pass over a text. It works on bytes: all that is masked is ASCII, and all else is copied as it came. */
export class Redaction {
  emails: i32 = 0;
  tokens: i32 = 0;
  cards: i32 = 0;
  private webTokens: WebTokens = new WebTokens();
  private pieces: Uint8Array[] = [];
  private length: i32 = 0;

  constructor(input: Uint8Array) {
    let copied = 0;
    for (let at = 0; at < input.length; ) {
      const end = this.mask(input, at, copied);
      if (end > at) copied = end;
      at = max(end, at + 1);
    }
    this.push(input.subarray(copied));
  }

  text(): Uint8Array {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (let i = 0; i < this.pieces.length; i++) {
      whole.set(this.pieces[i], at);
      at += this.pieces[i].length;
    }
    return whole;
  }

  /** Masks what begins at `at` and returns where it ends, or -1 when nothing private begins there. */
  private mask(input: Uint8Array, at: i32, copied: i32): i32 {
    // Inside a word nothing begins; this is also what keeps a long word from being read again from each of its letters.
    if (at > 0 && isWordByte(input[at - 1])) return -1;
    let name = '[token]';
    let end = max(tokenEnd(input, at), this.webTokens.end(input, at));
    if (end > at) this.tokens++;
    else if ((end = emailEnd(input, at)) > at) {
      name = '[email]';
      this.emails++;
    } else if ((end = cardEnd(input, at)) > at) {
      name = '[card]';
      this.cards++;
    } else return -1;
    this.push(input.subarray(copied, at));
    this.push(Uint8Array.wrap(String.UTF8.encode(name)));
    return end;
  }

  private push(piece: Uint8Array): void {
    this.pieces.push(piece);
    this.length += piece.length;
  }
}
