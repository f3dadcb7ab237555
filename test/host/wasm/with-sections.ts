import type { SectionBodies } from '../../../host/wasm/cap-module.ts';
import { ByteReader, leb } from '../../../host/wasm/bytes.ts';

/** A module with other bodies in the place of some of its sections. */
export function withSections(bytes: Uint8Array, replaced: SectionBodies): Uint8Array<ArrayBuffer> {
  const reader = new ByteReader(bytes, 8);
  const parts = [bytes.subarray(0, 8)];
  while (!reader.done) {
    const start = reader.at;
    const id = reader.u8();
    reader.section(reader.u32());
    const body = replaced.get(id);
    parts.push(
      body === undefined ? bytes.subarray(start, reader.at) : Uint8Array.from([id, ...leb(body.length), ...body]),
    );
  }
  return Uint8Array.from(Buffer.concat(parts));
}
