// Runs in a piscina worker: a fresh instance of jco's glue for each task.
import { workerData } from 'node:worker_threads';
import { compileCores, type Glue, type GlueModule } from './jco.ts';

const glue = workerData as Glue;
const { instantiate } = (await import(glue.url)) as GlueModule;
const getCore = await compileCores(glue);

export interface PoolTask {
  readonly name: string;
  readonly input: string;
}

export default function run({ name, input }: PoolTask): unknown {
  return instantiate(getCore, {})[name]?.(input);
}
