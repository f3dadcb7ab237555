import { addAbortSignal } from 'node:stream';
import { quote, SkillError } from '../../host/index.ts';
import { readCapped, TooLarge } from '../skill/read-capped.ts';

/** What a person gives a tool at once, at most: more than any guest may be sent. */
export const INPUT_BYTES = 64 * 2 ** 20;

/**
 * All of standard input.
 * @throws SkillError E_INPUT when it has too much or goes on without end, E_ABORTED
 */
export async function readStdin(signal?: AbortSignal, most = INPUT_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  if (signal !== undefined) addAbortSignal(signal, process.stdin);
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > most) throw tooMuch('standard input', most);
      chunks.push(chunk);
    }
  } catch (error) {
    if (signal?.aborted === true) throw new SkillError('E_ABORTED', 'it was ended before all input was read');
    throw error;
  }
  return Buffer.concat(chunks);
}

/** @throws SkillError E_NOT_FOUND for a file that is none or cannot be read, E_INPUT for one that has too much */
export function readInputFile(file: string, most = INPUT_BYTES): Buffer {
  try {
    return readCapped(file, most);
  } catch (error) {
    if (error instanceof TooLarge) throw tooMuch(`the input file ${quote(file)}`, most);
    const { code } = error as NodeJS.ErrnoException;
    throw new SkillError('E_NOT_FOUND', `the input file ${quote(file)} cannot be read: ${code}`, {
      hint: 'check the path behind @; what is no file can be piped in, with --input -',
      cause: error,
    });
  }
}

function tooMuch(what: string, most: number): SkillError {
  return new SkillError('E_INPUT', `${what} has more than ${most} bytes`, { hint: 'give it less at once' });
}
