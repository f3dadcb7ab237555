import { failure, putList, putString, putStrings, room, takeString, toUtf8 } from '../../sdk-as/abi';
import { countCharacters, countWords, splitLines } from '../../sdk-as/characters';
import { readFile, writeFile } from '../../sdk-as/filesystem';
import { textOf } from '../../sdk-as/utf8';
import { Needle, replaceAll } from './bytes';
import { fileType, outline } from './outline';
import { Search } from './search';

export { cabi_realloc } from '../../sdk-as/abi';

const REPORT_SIZE = 28;
const MATCH_SIZE = 20;

export function summarize(at: usize, length: usize): usize {
  const path = takeString(at, length);
  const read = readFile(path);
  const error = read.error;
  if (error != null) return failure(error.toString(), REPORT_SIZE);
  const bytes = read.value!;
  const text = textOf(bytes);
  if (text == null) return failure(path + ' is not UTF-8 text', REPORT_SIZE);

  const kind = fileType(path);
  const lines = splitLines(text);
  const answer = room(4 + REPORT_SIZE);
  store<u8>(answer, kind, 4);
  store<i32>(answer, lines.length, 8);
  store<i32>(answer, countWords(text), 12);
  store<i32>(answer, bytes.length, 16);
  store<i32>(answer, longest(lines), 20);
  putStrings(answer + 24, outline(text, lines, kind));
  return answer;
}

export function find(at: usize, length: usize, textAt: usize, textLength: usize): usize {
  const directory = takeString(at, length);
  const text = takeString(textAt, textLength);
  if (text == '') return failure('the text to find is empty', 8);
  if (text.includes('\n')) return failure('the text to find spans lines; matches are lines', 8);
  const search = new Search(text);
  const error = search.run(directory);
  if (error != null) return failure(error.toString(), 8);
  const matches = search.matches;
  const items = room(MATCH_SIZE * matches.length);
  for (let i = 0; i < matches.length; i++) {
    const item = items + MATCH_SIZE * i;
    putString(item, matches[i].path);
    store<i32>(item, matches[i].line, 8);
    putString(item + 12, matches[i].text);
  }
  const answer = room(12);
  putList(answer + 4, items, matches.length);
  return answer;
}

export function replace(at: usize, length: usize, oldAt: usize, oldLength: usize, newAt: usize, newLength: usize): usize {
  const path = takeString(at, length);
  const before = takeString(oldAt, oldLength);
  const after = takeString(newAt, newLength);
  if (before == '') return failure('the text to replace is empty', 4);
  const read = readFile(path);
  const unread = read.error;
  if (unread != null) return failure(unread.toString(), 4);
  // Bytes, not strings, so that a file in another encoding keeps every byte that is not replaced.
  const needle = new Needle(toUtf8(before));
  const places = needle.all(read.value!);
  if (places.length > 0) {
    const unwritten = writeFile(path, replaceAll(read.value!, places, needle.bytes.length, toUtf8(after)));
    if (unwritten != null) return failure(unwritten.toString(), 4);
  }
  const answer = room(8);
  store<i32>(answer, places.length, 4);
  return answer;
}

function longest(lines: string[]): i32 {
  let most = 0;
  for (let i = 0; i < lines.length; i++) most = max(most, countCharacters(lines[i]));
  return most;
}
