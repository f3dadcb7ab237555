import { CapabilityDenied, type SkillError } from './errors.ts';

const SHORTEST = 4;
const MARK = '[secret]';

/** Keeps the secret values that a run was given out of everything that is written down or shown. */
export class Redactor {
  readonly #values = new Set<string>();

  /** Values of under four characters are too likely to be part of something else; they are not secrets of any worth. */
  add(value: string): void {
    if (value.length < SHORTEST) return;
    // A line end belongs to the file it was kept in, and is dropped when it is used.
    for (const text of new Set([value, value.trim()])) {
      if (text.length >= SHORTEST) for (const form of formsOf(text)) this.#values.add(form);
    }
  }

  redact(text: string): string {
    let clean = text;
    for (const value of [...this.#values].toSorted((a, b) => b.length - a.length))
      clean = clean.replaceAll(value, MARK);
    return clean;
  }

  redactBytes(bytes: Uint8Array): Uint8Array {
    return this.#values.size === 0 ? bytes : Buffer.from(this.redact(Buffer.from(bytes).toString()));
  }

  redactError(error: SkillError): SkillError {
    if (this.#values.size === 0) return error;
    const options = {
      hint: error.hint === undefined ? undefined : this.redact(error.hint),
      details: error.details === undefined ? undefined : (this.#redactValue(error.details) as Record<string, unknown>),
    };
    const message = this.redact(error.message);
    if (error instanceof CapabilityDenied)
      return new CapabilityDenied(message, { ...options, layer: error.layer, rule: this.redact(error.rule) });
    return new (error.constructor as typeof SkillError)(error.code, message, options);
  }

  /** Goes through the value, not through its JSON, which would break where a secret is `null` or a number in it. */
  #redactValue(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.#redactValue(item));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [this.redact(key), this.#redactValue(item)]),
      );
    }
    if (typeof value !== 'number') return value;
    return this.redact(String(value)) === String(value) ? value : MARK;
  }
}

/** A text as it stands, and as it travels: in URLs, in JSON, in hexadecimal, in base64. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const percent = encodeURIComponent(text.toWellFormed());
  const lower = percent.replaceAll(/%../g, (escape) => escape.toLowerCase());
  return [
    text,
    percent,
    lower,
    percent.replaceAll('%20', '+'),
    JSON.stringify(text).slice(1, -1),
    bytes.toString('hex'),
    ...base64Forms(bytes),
  ];
}

const SHORTEST_BASE64 = 6;

/** Base64 takes three bytes at a time, so what is part of a longer text, as in `user:password`, has three forms. */
function base64Forms(bytes: Buffer): string[] {
  const shifted = [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
    // Without the characters at its ends that neighbors have a share in.
    const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return own.length < SHORTEST_BASE64 ? [] : [own];
  });
  return [bytes.toString('base64'), bytes.toString('base64url'), ...shifted].flatMap((form) => [
    form,
    form.replaceAll('-', '+').replaceAll('_', '/'),
  ]);
}
