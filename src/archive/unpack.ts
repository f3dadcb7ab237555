import { gunzip, type InputType, inflateRaw, type ZlibOptions } from 'node:zlib';

/** What packed bytes unpacked to, or why they did not. */
export type Unpacked = { readonly bytes: Uint8Array } | { readonly failed: 'too_large' | 'damaged' };

type Unpack = (input: InputType, options: ZlibOptions, done: (error: Error | null, result: Buffer) => void) => void;

/** All of a gzip file, which may be several in a row. */
export function unpackGzip(packed: Uint8Array, most: number): Promise<Unpacked> {
  return unpack(gunzip, packed, most);
}

/** One deflate stream that ends where its bytes end. */
export function unpackDeflate(packed: Uint8Array, most: number): Promise<Unpacked> {
  return unpack(inflateRaw, packed, most);
}

/** zlib stops at the first chunk that goes over `most`. It leaves what follows its stream unread, which is told here. */
function unpack(inflate: Unpack, packed: Uint8Array, most: number): Promise<Unpacked> {
  const options = { maxOutputLength: Math.max(most, 1), info: true };
  return new Promise((resolve) => {
    inflate(packed, options, (error, result) => {
      if (error !== null) {
        const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
        resolve({ failed: isTooLarge ? 'too_large' : 'damaged' });
        return;
      }
      // With `info`, which the types do not know, the engine comes along.
      const { buffer, engine } = result as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
      if (buffer.length > most) resolve({ failed: 'too_large' });
      else resolve(engine.bytesWritten === packed.length ? { bytes: buffer } : { failed: 'damaged' });
    });
  });
}
