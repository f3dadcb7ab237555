const ADDRESS = String.raw`(?:\d+|\$|/(?:[^/\\\n]|\\.)*/I?)`;
const COMMAND = String.raw`(?:[pdqQ=hHgGxnNDPl]\d*|s([^\w\s\\;{}])(?:(?!\1)[^\\\n]|\\.)*\1(?:(?!\1)[^\\\n]|\\.)*\1[gpiIM0-9]*)`;
const LINE = new RegExp(String.raw`^\s*(?:${ADDRESS}(?:\s*,\s*${ADDRESS})?\s*!?)?\s*${COMMAND}\s*$`);
/** A command that is followed by another. */
const FIRST = new RegExp(String.raw`^\s*(?:${ADDRESS}(?:\s*,\s*${ADDRESS})?\s*!?)?\s*${COMMAND}\s*[;\n]`);

/** Whether a script holds only commands that touch nothing but its input: no `e`, `w`, `r`, nor anything not known here. */
export function isHarmlessScript(script: string): boolean {
  let rest = script;
  for (let found = FIRST.exec(rest); found !== null; found = FIRST.exec(rest)) rest = rest.slice(found[0].length);
  return rest.trim() === '' ? script.trim() !== '' : LINE.test(rest);
}

/** Whether all scripts among the arguments of `sed` are harmless, or `sed` itself was told to refuse others. */
export function isHarmlessSedCall(args: readonly string[]): boolean {
  // Scripts are read in the order of the options.
  if (args[0] === '--sandbox') return true;
  return scriptsOf(args).every((script) => isHarmlessScript(script));
}

/**
 * The values of `-e`, in any spelling; without one, the first word that is no option. What `-l` takes is no script where it
 * takes one, and may be the script where it takes none.
 */
function scriptsOf(args: readonly string[]): string[] {
  const given: string[] = [];
  const perhaps: string[] = [];
  let first: string | undefined;
  for (let i = 0; i < args.length; i += 1) {
    const word = args[i] ?? '';
    const option = readOption(word);
    if (option?.takes === 'script') given.push(option.value ?? args[++i] ?? '');
    else if (option !== undefined && option.value === undefined) perhaps.push(args[++i] ?? '');
    else if (option === undefined && (!word.startsWith('-') || word === '-')) first ??= word;
  }
  const meant = given.length > 0 || first === undefined ? given : [first];
  return [...meant, ...perhaps.filter((word) => !/^\d*$/.test(word))];
}

/** An option that takes a value, which is undefined where it is the next word. What follows `i` in a cluster is a suffix. */
function readOption(
  word: string,
): { readonly takes: 'script' | 'length'; readonly value: string | undefined } | undefined {
  const [, name = '', long] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (name !== '' && 'expression'.startsWith(name)) return { takes: 'script', value: long };
  if (name !== '' && 'line-length'.startsWith(name)) return { takes: 'length', value: long };
  const [, letter, value] = /^-[^-eil]*([el])(.*)$/s.exec(word) ?? [];
  if (letter === undefined) return undefined;
  return { takes: letter === 'e' ? 'script' : 'length', value: value === '' ? undefined : value };
}
