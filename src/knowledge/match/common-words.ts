import { stem } from './stem.ts';

const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/).map(stem));

/** Words that say nothing about a subject. They count in phrases only. */
export const STOP_WORDS = list(`
  a about all am an and any are as at be been but by can could did do does for from get had has have he help here how i
  if in into is it its just me more most my need no not of on or our per please she should so some than that the their
  then there these they this those to use used using via want was we were what when where which who why will with would
  you your`);

/**
 * Words that half of all skills use, whatever they are about. In a catalogue of five skills each word looks rare;
 * these are known not to be.
 */
export const COMMON_WORDS = list(`
  add after against agent already also answer app application apply argument available back base before below best both
  build call case change check choose class clean code command common compare complete config configure contain content
  context control copy correct create current data default define delete describe detail different directory document
  down each edit end environment error every example execute exist expect explain explicit export fail failure field
  file find first fix follow format full function general generate give go good handle have import include info input
  inspect install instead instruction issue keep key know language latest level like limit line link list live load
  local log look make match mean message method miss mode model move must name never new next note number one only open
  option order other out output own package parameter part pass path pattern pick place plan platform point present
  print process produce program project prompt provide python question quick read recommend refer reference remove
  replace report request require resolve result return review right rule run same sample save say scope script search
  section see select server service set setup share show side single size skill small source specific stage standard
  start state status step still stop structure summary support system table take target task team template test text
  through time tool top treat try two type under update user valid validate value verify version way well without word
  work workflow write wrong`);
