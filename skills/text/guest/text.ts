import { answerString, failure, putList, putString, room, takeString } from '../../sdk-as/abi';
import { countCharacters, countWords, splitLines } from '../../sdk-as/characters';
import { headings } from '../../sdk-as/markdown';
import { Anchors } from './anchors';
import { join, slug, words } from './names';

export { cabi_realloc } from '../../sdk-as/abi';

export function count(at: usize, length: usize): usize {
  const text = takeString(at, length);
  const stats = room(16);
  store<i32>(stats, splitLines(text).length);
  store<i32>(stats, countWords(text), 4);
  store<i32>(stats, countCharacters(text), 8);
  store<i32>(stats, <i32>length, 12);
  return stats;
}

export function slugify(at: usize, length: usize): usize {
  return answerString(slug(takeString(at, length)));
}

export function changeCase(at: usize, length: usize, style: i32): usize {
  return answerString(join(words(takeString(at, length)), style));
}

const HEADING_SIZE = 20;

export function tableOfContents(at: usize, length: usize, depthGiven: i32, depth: i32): usize {
  const deepest = depthGiven ? depth : 6;
  if (deepest < 1 || deepest > 6) return failure('depth is ' + deepest.toString() + '; a heading has a level from 1 to 6', 8);
  const all = headings(takeString(at, length));
  const anchors = new Anchors();
  const items = room(HEADING_SIZE * all.length);
  let listed = 0;
  for (let i = 0; i < all.length; i++) {
    // Deeper headings are left out but still use up their anchors.
    const anchor = anchors.next(all[i].title);
    if (all[i].level > deepest) continue;
    const item = items + HEADING_SIZE * listed++;
    store<i32>(item, all[i].level);
    putString(item + 4, all[i].title);
    putString(item + 12, anchor);
  }
  const answer = room(12);
  putList(answer + 4, items, listed);
  return answer;
}
