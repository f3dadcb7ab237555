/** What a terminal shows after it was sent some text: the few controls that we and the library for questions write. */
export function screenOf(text: string): string {
  const rows: string[][] = [[]];
  let [row, column] = [0, 0];
  const rowAt = (at: number): string[] => {
    while (rows.length <= at) rows.push([]);
    return rows[at] as string[];
  };
  const control = (letter: string, amount: string): void => {
    const n = Number(amount) || 1;
    if (letter === 'A') row = Math.max(0, row - n);
    else if (letter === 'B') row += n;
    else if (letter === 'C') column += n;
    else if (letter === 'D') column = Math.max(0, column - n);
    else if (letter === 'G') column = n - 1;
    else if (letter === 'J') {
      rowAt(row).splice(column);
      rows.splice(row + 1);
    } else if (letter === 'K') rowAt(row).splice(amount === '2' ? 0 : column);
  };
  for (const [part, amount = '', letter] of text.matchAll(/\u001b\[([?0-9;]*)([A-Za-z])|[^]/gu)) {
    if (letter !== undefined) control(letter, amount);
    else if (part === '\r') column = 0;
    else if (part === '\n') row += 1;
    else if (part >= ' ') {
      const cells = rowAt(row);
      while (cells.length < column) cells.push(' ');
      cells[column] = part;
      column += 1;
    }
  }
  return rows
    .map((cells) => cells.join('').trimEnd())
    .join('\n')
    .trimEnd();
}
