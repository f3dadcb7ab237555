import { parseArgs } from 'node:util';
import { OWN_CATALOGUE, OWN_PROMPTS, readCorpus } from './corpus.ts';
import { fitWeights, printWeights } from './fit.ts';
import { printQuality, printScale } from './print.ts';
import { measureQuality } from './quality.ts';
import { measureScale } from './scale.ts';

/**
 * `npm run bench:matching`: how well prompts find their skills, or with `--scale N` how fast among N generated ones.
 * With `--json` the last line is one object. `--fit` learns the weights anew and prints them as a source file.
 */
function main(): void {
  const { values } = parseArgs({
    options: {
      catalogue: { type: 'string', default: OWN_CATALOGUE },
      prompts: { type: 'string', default: OWN_PROMPTS },
      scale: { type: 'string' },
      json: { type: 'boolean', default: false },
      fit: { type: 'boolean', default: false },
    },
  });
  const say = (text: string): void => void process.stdout.write(text);
  if (values.fit) {
    const fit = fitWeights(readCorpus(values.catalogue, values.prompts));
    process.stderr.write(`${JSON.stringify({ threshold: fit.threshold, ...fit.held }, null, 2)}\n`);
    say(printWeights(fit));
  } else if (values.scale === undefined) {
    const quality = measureQuality(readCorpus(values.catalogue, values.prompts));
    say(values.json ? `${JSON.stringify(quality)}\n` : printQuality(quality));
  } else {
    const scale = measureScale(toCount(values.scale));
    say(values.json ? `${JSON.stringify(scale)}\n` : printScale(scale));
  }
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`--scale takes a number of skills, not ${text}`);
  return count;
}

try {
  main();
} catch (error) {
  process.stderr.write(`bench:matching: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
