/** What minisign itself writes into new keys: one gibibyte, some seconds. */
const MOST = { operations: 2n ** 25n, memory: 2n ** 30n };

/**
 * The scrypt parameters that libsodium picks for a limit of operations and of bytes; undefined over what minisign writes,
 * since the limits come from a file.
 */
export function scryptCost(operations: bigint, memory: bigint): { N: number; r: 8; p: number } | undefined {
  if (operations > MOST.operations || memory > MOST.memory) return undefined;
  const work = operations < 32_768n ? 32_768n : operations;
  const isShort = work < memory / 32n;
  const most = isShort ? work / 32n : memory / 1_024n;
  let log = 1n;
  while (2n ** log <= most / 2n) log += 1n;
  const p = isShort ? 1n : work / 4n / 2n ** log / 8n;
  return p === 0n ? undefined : { N: Number(2n ** log), r: 8, p: Number(p) };
}
