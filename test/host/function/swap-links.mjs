// Swaps a folder and a file for links to others of their name, until it is ended. Its argument is the folder to do it in.
import { renameSync, symlinkSync } from 'node:fs';

const root = process.argv[2];
const move = (from, to) => renameSync(`${root}/${from}`, `${root}/${to}`);
symlinkSync('../outside', `${root}/folder-link`);
symlinkSync('../outside/s.txt', `${root}/file-link`);
process.send('ready');

for (;;) {
  move('dir', 'folder');
  move('folder-link', 'dir');
  move('file', 'plain');
  move('file-link', 'file');
  move('dir', 'folder-link');
  move('folder', 'dir');
  move('file', 'file-link');
  move('plain', 'file');
}
