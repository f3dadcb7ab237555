import { quote, SkillError } from '../../host/index.ts';
import { ARCHIVE_CEILINGS } from '../archive/ceilings.ts';
import { readArchive } from '../archive/read-archive.ts';
import type { RawFile } from '../tree/raw-file.ts';
import type { Artifact } from './artifact.ts';
import type { Descriptor } from './manifest.ts';
import { wrapModule } from './wrap-module.ts';

const TAR = /[.+]tar(?:[.+]gzip)?$/;
const WASM = new Set([
  'application/wasm',
  'application/vnd.wasm.content.layer.v1+wasm',
  'application/vnd.bytecodealliance.wasm.component.layer.v0+wasm',
]);
const TITLE = 'org.opencontainers.image.title';

/**
 * The files of an artifact: what its archives hold; files that were pushed one by one, by their titles; or a single module
 * of WebAssembly, as other hosts publish them, with a manifest of its own made for it.
 * @throws SkillError E_PACKAGE, E_UNSUPPORTED and what `blob` throws
 */
export async function filesOf(
  artifact: Artifact,
  blob: (layer: Descriptor) => Promise<Uint8Array>,
): Promise<readonly RawFile[]> {
  const { shown } = artifact;
  const { layers } = artifact.manifest;
  const total = layers.reduce((sum, { size }) => sum + size, 0);
  if (total > ARCHIVE_CEILINGS.bytes)
    throw refused(shown, 'too_large', `has ${total} bytes; at most ${ARCHIVE_CEILINGS.bytes} are read`);
  const [only, second] = layers;
  if (only !== undefined && second === undefined && WASM.has(only.mediaType) && !only.annotations.has(TITLE))
    return wrapModule(await blob(only), artifact);
  const files: RawFile[] = [];
  let [unpacked, counted] = [0, 0];
  for (const layer of layers) {
    const title = layer.annotations.get(TITLE);
    if (TAR.test(layer.mediaType)) files.push(...(await readArchive(await blob(layer), shown)));
    else if (title !== undefined) files.push({ path: title, bytes: await blob(layer), executable: false });
    else
      throw new SkillError('E_UNSUPPORTED', `${quote(shown, 300)} has a layer of the type ${quote(layer.mediaType)}`, {
        hint: 'a skill is pushed by skill publish, as tar or tar+gzip, or as a single WebAssembly module',
        details: { reason: 'layer_type' },
      });
    // Layers may be the same one, again and again.
    for (const { bytes } of files.slice(counted)) unpacked += bytes.length;
    counted = files.length;
    if (unpacked > ARCHIVE_CEILINGS.bytes)
      throw refused(shown, 'too_large', `unpacks to more than ${ARCHIVE_CEILINGS.bytes} bytes`);
    if (counted > ARCHIVE_CEILINGS.files)
      throw refused(shown, 'too_many_files', `has more than ${ARCHIVE_CEILINGS.files} files`);
  }
  const whiteout = files.find(({ path }) => path.slice(path.lastIndexOf('/') + 1).startsWith('.wh.'));
  if (whiteout !== undefined)
    throw refused(shown, 'whiteout', `has layers that undo each other (${quote(whiteout.path)})`);
  return files;
}

function refused(shown: string, reason: string, what: string): SkillError {
  return new SkillError('E_PACKAGE', `${quote(shown, 300)} ${what}`, {
    hint: 'it is no skill but an image for something else; a skill is pushed by skill publish',
    details: { reason },
  });
}
