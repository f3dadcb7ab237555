// cspell:ignore docx docm dotx potx xltx epub vsix mcpb IEND tgz dxt
import type { Finding } from './finding.ts';
import { extensionOf, interpreterOf } from './languages.ts';
import type { ReadFile } from './read-skill.ts';

type Kind = 'program' | 'module' | 'archive' | 'compiled' | 'picture' | 'document';

const MAGIC: readonly (readonly [kind: Kind, bytes: readonly number[]])[] = [
  ['program', [0x7f, 0x45, 0x4c, 0x46]],
  ['program', [0x4d, 0x5a]],
  ['program', [0xfe, 0xed, 0xfa, 0xce]],
  ['program', [0xfe, 0xed, 0xfa, 0xcf]],
  ['program', [0xce, 0xfa, 0xed, 0xfe]],
  ['program', [0xcf, 0xfa, 0xed, 0xfe]],
  ['program', [0xca, 0xfe, 0xba, 0xbe]],
  ['module', [0x00, 0x61, 0x73, 0x6d]],
  ['archive', [0x50, 0x4b, 0x03, 0x04]],
  ['archive', [0x1f, 0x8b]],
  ['archive', [0x42, 0x5a, 0x68]],
  ['archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['archive', [0x52, 0x61, 0x72, 0x21]],
  ['archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['picture', [0x89, 0x50, 0x4e, 0x47]],
  ['picture', [0xff, 0xd8, 0xff]],
  ['picture', [0x47, 0x49, 0x46, 0x38]],
  ['document', [0x25, 0x50, 0x44, 0x46]],
];

/** Formats that are archives inside. */
const ZIPPED = new Set(
  'docx xlsx pptx odt ods odp docm dotx potx xltx epub vsix key numbers pages skill mcpb dxt npz sketch'.split(' '),
);
/** Names that promise something to look at or to read. */
const HARMLESS = new Set(
  'png jpg jpeg gif webp ico bmp svg pdf txt md csv json yaml yml toml xml html css woff woff2 ttf otf mp3 mp4 wav log'.split(
    ' ',
  ),
);
const PICTURES = new Set('png jpg jpeg gif webp ico bmp pdf woff woff2 ttf otf mp3 mp4 wav'.split(' '));

/** What a file is, against what its name says and whether the manifest names it. */
export function checkKind(file: ReadFile, module: string | undefined): Finding[] {
  const { path, bytes } = file;
  const extension = extensionOf(path.split('/').at(-1) ?? '');
  const kind = kindOf(file, extension);
  const at = (rule: string, severity: Finding['severity'], why: string, fix: string): Finding[] => [
    { rule, severity, file: path, why, fix },
  ];
  if (kind === 'program')
    return HARMLESS.has(extension)
      ? at('disguised_program', 'critical', `it is a program with the name of a .${extension} file`, 'remove it')
      : at(
          'native_program',
          'high',
          'it is a program of a machine, which nobody can read',
          'ship its source, or a WebAssembly module',
        );
  if (PICTURES.has(extension) && interpreterOf(Buffer.from(bytes.subarray(0, 200)).toString('latin1')) !== undefined)
    return at('disguised_program', 'critical', `it is a script with the name of a .${extension} file`, 'remove it');
  if (kind === 'module' && path !== module)
    return at(
      'undeclared_module',
      'medium',
      'it is a WebAssembly module that the manifest does not name',
      'name it in the manifest, or remove it',
    );
  if (kind === 'compiled')
    return at(
      'compiled_code',
      'medium',
      'it is compiled code, of which nobody sees whether it is that of a source',
      'ship the source alone',
    );
  if (kind !== 'archive' || ZIPPED.has(extension)) return [];
  if (isLocked(bytes))
    return at(
      'locked_archive',
      'high',
      'it is an archive with a password, so nobody sees what is in it',
      'ship the files',
    );
  return HARMLESS.has(extension)
    ? at('disguised_archive', 'high', `it is an archive with the name of a .${extension} file`, 'ship the files')
    : at('archive', 'medium', 'it is an archive; what is in it was not looked at', 'ship the files');
}

function kindOf({ bytes }: ReadFile, extension: string): Kind | undefined {
  if (extension === 'pyc' || extension === 'pyo' || extension === 'class') return 'compiled';
  const found = MAGIC.find(([, magic]) => magic.every((byte, i) => bytes[i] === byte))?.[0];
  // `MZ` may begin a text as well.
  if (found === 'program' && bytes[0] === 0x4d)
    return bytes.length > 64 && bytes.subarray(0, 512).includes(0) ? found : undefined;
  return found;
}

/** Whether the first file of a ZIP archive is encrypted. */
function isLocked(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[6] ?? 0) & 1) === 1;
}

const TAIL = 64 * 1024;

/** What was put behind the end of a picture. */
export function checkTail({ path, bytes, size }: ReadFile): Finding[] {
  if (bytes[0] !== 0x89 || bytes[1] !== 0x50 || bytes.length < size) return [];
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf('IEND');
  const rest = bytes.subarray(end + 8, end + 8 + TAIL);
  if (end === -1 || rest.length < 4) return [];
  const text = Buffer.from(rest).toString('latin1');
  if (!/^PK\u0003\u0004|^#!|<script|\beval\b|\bexec\b|^\u007fELF|^MZ/.test(text)) return [];
  return [
    {
      rule: 'hidden_behind_picture',
      severity: 'high',
      file: path,
      why: 'something else stands behind the end of the picture',
      fix: 'save the picture anew',
    },
  ];
}
