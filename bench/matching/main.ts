import { parseArgs } from 'node:util';
import { OWN_CATALOGUE, OWN_PROMPTS, readCorpus } from './corpus.ts';
import { fitWeights, printWeights } from './fit.ts';
import { measureQuality } from './quality.ts';

/** `npm run bench:matching`: how well and how fast prompts find their skills. */
function main(): void {
  const { values } = parseArgs({
    options: {
      catalogue: { type: 'string', default: OWN_CATALOGUE },
      prompts: { type: 'string', default: OWN_PROMPTS },
      json: { type: 'boolean', default: false },
      fit: { type: 'boolean', default: false },
    },
  });
  const corpus = readCorpus(values.catalogue, values.prompts);
  if (values.fit) {
    const fit = fitWeights(corpus);
    const { model: _, ...measured } = fit;
    process.stderr.write(`${JSON.stringify(measured, null, 2)}\n`);
    process.stdout.write(printWeights(fit));
    return;
  }
  process.stdout.write(`${JSON.stringify(measureQuality(corpus))}\n`);
}

main();
