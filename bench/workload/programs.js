// What JavaScript guests do all day, for an interpreter inside a sandbox: calls, numbers in arrays, objects, and text.

/** Nothing but calls. */
export function calls(repeat) {
  const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
  let sum = 0;
  for (let i = 0; i < repeat; i++) sum = (sum + fib(12)) | 0;
  return sum;
}

/** A sieve and some arithmetic over arrays. */
export function numbers(repeat) {
  let sum = 0;
  for (let round = 0; round < repeat; round++) {
    const composite = new Uint8Array(400);
    for (let i = 2; i < 400; i++) {
      if (composite[i] === 0) for (let j = i * i; j < 400; j += i) composite[j] = 1;
    }
    for (let i = 2; i < 400; i++) if (composite[i] === 0) sum = (sum * 31 + i) | 0;
  }
  return sum;
}

/** Objects that are made, sorted, grouped and let go of. */
export function objects(repeat) {
  let sum = 0;
  for (let round = 0; round < repeat; round++) {
    const people = Array.from({ length: 60 }, (_, i) => ({ id: (i * 37 + round) % 61, name: `p${i % 7}` }));
    people.sort((a, b) => a.id - b.id);
    const groups = new Map();
    for (const { id, name } of people) groups.set(name, (groups.get(name) ?? 0) + id);
    for (const [name, total] of groups) sum = (sum * 31 + total + name.length) | 0;
  }
  return sum;
}

/** JSON, splitting, regular expressions. */
export function text(repeat) {
  let sum = 0;
  for (let round = 0; round < repeat; round++) {
    const json = JSON.stringify({
      title: `Round ${round}`,
      tags: ['alpha', 'beta', 'gamma'],
      nested: { n: [1, 2, 3] },
    });
    const { title, tags } = JSON.parse(json);
    const slug = `${title} ${tags.join(' ')}`
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .split('-');
    sum = (sum * 31 + slug.length + slug[1].length) | 0;
  }
  return sum;
}
