import { answerString, takeString } from 'skillhost/abi';

export { cabi_realloc } from 'skillhost/abi';

export function greet(at: usize, length: usize): usize {
  return answerString('Hello, ' + takeString(at, length) + '!');
}
