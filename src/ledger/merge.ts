/** Where timed things come from, and the time before which none of them is. */
export interface Source<T> {
  readonly from: string;
  readonly open: () => AsyncGenerator<T, void, void>;
}

interface Cursor<T> {
  readonly rest: AsyncGenerator<T, void, void>;
  readonly next: T;
}

/** Merges sources by time. Each is opened only when its time has come, so that few are open at once. */
export async function* mergeByTime<T extends { readonly time: string }>(
  sources: readonly Source<T>[],
): AsyncGenerator<T, void, void> {
  const waiting = sources.toSorted((a, b) => (a.from < b.from ? -1 : Number(a.from > b.from)));
  let cursors: readonly Cursor<T>[] = [];
  try {
    for (;;) {
      const first = findEarliest(cursors);
      const source = waiting[0];
      if (source !== undefined && (first === undefined || source.from <= first.next.time)) {
        waiting.shift();
        cursors = [...cursors, ...(await advance(source.open()))];
      } else if (first === undefined) {
        return;
      } else {
        yield first.next;
        const after = await advance(first.rest);
        cursors = cursors.flatMap((cursor) => (cursor === first ? after : cursor));
      }
    }
  } finally {
    await Promise.all(cursors.map(({ rest }) => rest.return()));
  }
}

async function advance<T>(rest: AsyncGenerator<T, void, void>): Promise<readonly Cursor<T>[]> {
  const { done, value } = await rest.next();
  return done === true ? [] : [{ rest, next: value }];
}

/** Of equals the first: the one opened first. */
function findEarliest<T extends { readonly time: string }>(cursors: readonly Cursor<T>[]): Cursor<T> | undefined {
  return cursors.reduce<Cursor<T> | undefined>(
    (first, cursor) => (first === undefined || cursor.next.time < first.next.time ? cursor : first),
    undefined,
  );
}
