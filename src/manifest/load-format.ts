import type { Format, ManifestFile } from './format.ts';

/** A format is loaded when a file of it is met; the YAML and JSON parsers take longer than a start of the command may. */
export async function loadFormat(file: ManifestFile): Promise<Format> {
  switch (file) {
    case 'skill.toml':
      return (await import('./format/skill-toml.ts')).skillToml;
    case 'SKILL.md':
      return (await import('./format/skill-md.ts')).skillMd;
    case 'skill.json':
      return (await import('./format/skill-json.ts')).skillJson;
    case 'manifest.yaml':
      return (await import('./format/manifest-yaml.ts')).manifestYaml;
  }
}
