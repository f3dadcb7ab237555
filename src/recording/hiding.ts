import { Redactor } from '../../host/index.ts';
import type { WireJson } from './wire-json.ts';

/** Keeps secrets out of a recording: as many stars where one stands as it is, a mark where it stands in another form. */
export class Hiding {
  readonly #secrets: string[] = [];
  readonly #redactor = new Redactor();

  /** From now on. */
  add(secret: string): void {
    this.#secrets.push(secret);
    this.#redactor.add(secret);
  }

  hide(value: WireJson): WireJson {
    if (this.#secrets.length === 0) return value;
    if (typeof value === 'string') return this.#hideText(value);
    if (Array.isArray(value)) return (value as readonly WireJson[]).map((one) => this.hide(one));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value as Readonly<Record<string, WireJson>>);
    const [[key, bytes] = []] = entries;
    if (entries.length === 1 && key === 'bytes' && typeof bytes === 'string') return { bytes: this.#hideBytes(bytes) };
    return Object.fromEntries(entries.map(([name, one]) => [this.#hideText(name), this.hide(one)]));
  }

  #hideText(text: string): string {
    let clean = text;
    for (const secret of this.#secrets)
      for (const written of [secret, Buffer.from(secret).toString('latin1')])
        if (written !== '') clean = clean.replaceAll(written, standIn(secret));
    return this.#redactor.redact(clean);
  }

  /** Of what may be bytes in base64, or a text that a tool calls so. */
  #hideBytes(base64: string): string {
    const text = Buffer.from(base64, 'base64').toString('latin1');
    const clean = this.#hideText(text);
    return clean === text ? this.#hideText(base64) : Buffer.from(clean, 'latin1').toString('base64');
  }
}

function standIn(secret: string): string {
  return '*'.repeat(Buffer.byteLength(secret));
}
