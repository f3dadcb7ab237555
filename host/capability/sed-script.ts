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

/** The values of `-e`, in any spelling; without one, the first word that is no option. */
function scriptsOf(args: readonly string[]): string[] {
  const given = args.flatMap((word, i) => {
    const next = args[i + 1] ?? '';
    const [, name = '', value] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name !== '' && 'expression'.startsWith(name)) return [value ?? next];
    const [, attached] = /^-[^-e]*e(.*)$/s.exec(word) ?? [];
    return attached === undefined ? [] : [attached === '' ? next : attached];
  });
  const first = args.find((word) => !word.startsWith('-') || word === '-');
  return given.length > 0 ? given : first === undefined ? [] : [first];
}
