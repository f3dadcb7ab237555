import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  /** Mode of Unix, with its type. */
  readonly mode?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly extra?: Uint8Array;
  /** What the header before the bytes says instead. */
  readonly local?: { readonly name?: string; readonly size?: number; readonly method?: number; readonly crc?: number };
  /** What the directory says instead. */
  readonly listed?: {
    readonly size?: number;
    readonly packed?: number;
    readonly crc?: number;
    readonly offset?: number;
  };
  /** Bytes behind those of the entry. */
  readonly behind?: Uint8Array;
  readonly isHidden?: boolean;
}

export interface ZipShape {
  readonly before?: Uint8Array;
  readonly beforeDirectory?: Uint8Array;
  readonly comment?: string | Uint8Array;
  readonly behind?: Uint8Array;
  readonly count?: number;
}

const UTF8 = 0x800;

/** A zip as its maker likes it. */
export function zip(parts: readonly ZipPart[], shape: ZipShape = {}): Buffer {
  const bodies: Uint8Array[] = [shape.before ?? Buffer.alloc(0)];
  const listed: Buffer[] = [];
  let at = bodies[0]?.length ?? 0;
  for (const part of parts) {
    const { body, central } = one(part, at);
    bodies.push(body);
    at += body.length;
    if (part.isHidden !== true) listed.push(central);
  }
  const directory = Buffer.concat(listed);
  const start = at + (shape.beforeDirectory?.length ?? 0);
  const comment = Buffer.from((shape.comment ?? '') as string);
  const count = shape.count ?? listed.length;
  const end = numbers(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, directory.length],
    [4, start],
    [2, comment.length],
  );
  return Buffer.concat([
    ...bodies,
    shape.beforeDirectory ?? Buffer.alloc(0),
    directory,
    end,
    comment,
    shape.behind ?? Buffer.alloc(0),
  ]);
}

function one(part: ZipPart, at: number): { readonly body: Buffer; readonly central: Buffer } {
  const { method = 8, flags = UTF8, mode = 0o100644, extra = Buffer.alloc(0), local = {}, listed = {} } = part;
  const content = Buffer.from((part.content ?? '') as string);
  const packed = method === 8 ? deflateRawSync(content) : content;
  const name = Buffer.from(part.name as string);
  const localName = local.name === undefined ? name : Buffer.from(local.name);
  const isLater = (flags & 8) !== 0;
  const sum = crc32(content);
  const later = <T>(value: T): T | 0 => (isLater ? 0 : value);
  const head = numbers(
    [4, 0x04034b50],
    [2, 20],
    [2, flags],
    [2, local.method ?? method],
    [4, 0],
    [4, local.crc ?? later(sum)],
    [4, later(packed.length)],
    [4, local.size ?? later(content.length)],
    [2, localName.length],
    [2, 0],
  );
  const central = numbers(
    [4, 0x02014b50],
    [2, 0x0314],
    [2, 20],
    [2, flags],
    [2, method],
    [4, 0],
    [4, listed.crc ?? sum],
    [4, listed.packed ?? packed.length],
    [4, listed.size ?? content.length],
    [2, name.length],
    [2, extra.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, (mode << 16) >>> 0],
    [4, listed.offset ?? at],
  );
  return {
    body: Buffer.concat([head, localName, packed, part.behind ?? Buffer.alloc(0)]),
    central: Buffer.concat([central, name, extra]),
  };
}

export function numbers(...fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    fields.map(([size, value]) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUIntLE(value, 0, size);
      return bytes;
    }),
  );
}
