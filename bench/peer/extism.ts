import { type Entry, importPeer, type Participant } from '../kit/contest.ts';
import { timeEach } from '../kit/self.ts';

/** What both versions have in common, as far as it is used here. */
interface Plugin {
  call(name: string, input: string): Promise<{ text(): string } | null>;
  close(): Promise<void>;
}

interface Sdk {
  readonly createPlugin: (
    manifest: { readonly wasm: readonly { readonly data: Uint8Array }[] },
    options: { readonly runInWorker: true; readonly useWasi: false; readonly timeoutMs?: number },
  ) => Promise<Plugin>;
}

/** The stable line, and the newest candidate of the next one. */
export type ExtismVersion = '1.0.3' | '2.0.0-rc13';

const LOADERS: Readonly<Record<ExtismVersion, () => Promise<Sdk>>> = {
  '1.0.3': () => importPeer('@extism/extism', '1.0.3', async () => (await import('@extism/extism')) as unknown as Sdk),
  '2.0.0-rc13': () => importPeer('extism', '2.0.0-rc13', async () => (await import('extism')) as unknown as Sdk),
};

/** One export of a plug-in, what it is given, and what must come back. */
export interface PluginCall {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly input: string;
  readonly expected: string;
}

export function reusedName(version: ExtismVersion): string {
  return `extism ${version} worker, reused`;
}

export function createdName(version: ExtismVersion): string {
  return `extism ${version} worker, create + call`;
}

export function pausedName(version: ExtismVersion): string {
  return `${reusedName(version)}, paused`;
}

/** Long enough for processors and threads to fall asleep, as they do between the calls of an agent. */
export const PAUSE_MS = 5;

/**
 * Calls on one plug-in in its worker: the instance, and whatever it left in its memory, stay from call to call. One after
 * the other without a break, and with one.
 */
export function extismReused(version: ExtismVersion, call: PluginCall, batch: number): Participant {
  return { names: [reusedName(version), pausedName(version)], open };

  async function open(): Promise<Entry> {
    const plugin = await createPlugin(await LOADERS[version](), call);
    const redact = (): Promise<void> => callPlugin(plugin, call);
    return {
      contenders: [
        { name: reusedName(version), isOurs: false, sample: () => timeEach(batch, redact) },
        { name: pausedName(version), isOurs: false, sample: () => timeEach(4, redact, PAUSE_MS) },
      ],
      close: () => plugin.close(),
    };
  }
}

/** A plug-in made, called once and closed: what a fresh instance costs there. */
export function extismCreated(version: ExtismVersion, call: PluginCall): Participant {
  return { names: [createdName(version)], open };

  async function open(): Promise<Entry> {
    const sdk = await LOADERS[version]();
    return {
      contenders: [
        { name: createdName(version), isOurs: false, sample: () => timeEach(1, () => createAndCall(sdk, call)) },
      ],
    };
  }
}

/** Loads a version for whoever measures it in another way. */
export function loadExtism(version: ExtismVersion): Promise<Sdk> {
  return LOADERS[version]();
}

export async function createAndCall(sdk: Sdk, call: PluginCall): Promise<void> {
  const plugin = await createPlugin(sdk, call);
  try {
    await callPlugin(plugin, call);
  } finally {
    await plugin.close();
  }
}

function createPlugin(sdk: Sdk, { bytes }: PluginCall): Promise<Plugin> {
  return sdk.createPlugin({ wasm: [{ data: bytes }] }, { runInWorker: true, useWasi: false });
}

async function callPlugin(plugin: Plugin, { name, input, expected }: PluginCall): Promise<void> {
  const answer = (await plugin.call(name, input))?.text();
  if (answer !== expected) throw new Error(`it answered ${JSON.stringify(answer)}`);
}
