// cspell:ignore ipynb adoc scpt applescript pypy osascript
/** What the text of a file is written in. */
export type Language =
  | 'javascript'
  | 'python'
  | 'shell'
  | 'powershell'
  | 'script'
  | 'markdown'
  | 'recipe'
  | 'manifest'
  | 'text';

/** Languages that are executed. */
export const SOURCES = ['javascript', 'python', 'shell', 'powershell', 'script'] as const;
/** Languages in which whole commands stand. */
export const COMMANDS = [...SOURCES, 'recipe'] as const;

const EXTENSIONS: Readonly<Record<string, Language>> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'javascript',
  mts: 'javascript',
  cts: 'javascript',
  tsx: 'javascript',
  vue: 'javascript',
  svelte: 'javascript',
  html: 'javascript',
  htm: 'javascript',
  svg: 'javascript',
  py: 'python',
  pyw: 'python',
  pyi: 'python',
  ipynb: 'python',
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  ksh: 'shell',
  fish: 'shell',
  command: 'shell',
  ps1: 'powershell',
  psm1: 'powershell',
  bat: 'powershell',
  cmd: 'powershell',
  vbs: 'powershell',
  rb: 'script',
  php: 'script',
  pl: 'script',
  pm: 'script',
  lua: 'script',
  go: 'script',
  rs: 'script',
  java: 'script',
  kt: 'script',
  swift: 'script',
  c: 'script',
  cpp: 'script',
  cs: 'script',
  r: 'script',
  applescript: 'script',
  scpt: 'script',
  md: 'markdown',
  mdx: 'markdown',
  markdown: 'markdown',
  mdc: 'markdown',
  rst: 'markdown',
  adoc: 'markdown',
};

const NAMES: Readonly<Record<string, Language>> = {
  makefile: 'shell',
  dockerfile: 'shell',
  justfile: 'shell',
  'skill.toml': 'manifest',
  'skill.json': 'manifest',
  'manifest.yaml': 'manifest',
  'package.json': 'shell',
  '.bashrc': 'shell',
  '.zshrc': 'shell',
  '.profile': 'shell',
};

const INTERPRETERS: readonly (readonly [name: RegExp, language: Language])[] = [
  [/\b(?:node|deno|bun|tsx|ts-node)\b/, 'javascript'],
  [/\b(?:python|pypy|uv)\d*/, 'python'],
  [/\b(?:ba|z|da|k|fi|a)?sh\b/, 'shell'],
  [/\bpwsh\b/, 'powershell'],
  [/\b(?:ruby|perl|php|lua|osascript|awk|expect)\b/, 'script'],
];

/** The language of a file, by its name and its first line. */
export function languageOf(path: string, text: string): Language {
  const name = (path.split('/').at(-1) ?? '').toLowerCase();
  const known = NAMES[name] ?? EXTENSIONS[extensionOf(name)];
  if (known !== undefined) return known;
  if (/^(?:.{1,300}\/)?recipes\/[^/]{1,200}\.ya?ml$/i.test(path)) return 'recipe';
  return interpreterOf(text) ?? 'text';
}

/** What a first line such as `#!/usr/bin/env python3` says. */
export function interpreterOf(text: string): Language | undefined {
  if (!text.startsWith('#!')) return undefined;
  const line = text.slice(0, 200).split('\n', 1)[0] ?? '';
  return INTERPRETERS.find(([name]) => name.test(line))?.[1] ?? 'script';
}

/** In lower case, without the dot; `''` for none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

const FENCES: Readonly<Record<string, Language>> = {
  javascript: 'javascript',
  typescript: 'javascript',
  node: 'javascript',
  python: 'python',
  python3: 'python',
  shell: 'shell',
  console: 'shell',
  terminal: 'shell',
  powershell: 'powershell',
  ruby: 'script',
  perl: 'script',
};

/** The language of a fenced block. What names none is mostly something to type. */
export function languageOfFence(info: string): Language {
  const word =
    info
      .trim()
      .split(/[\s{,:]/, 1)[0]
      ?.toLowerCase() ?? '';
  if (word === '') return 'shell';
  const language = FENCES[word] ?? EXTENSIONS[word] ?? 'text';
  // A text in a text is a block all the same.
  return language === 'markdown' ? 'text' : language;
}

export function isSource(language: Language): boolean {
  return (SOURCES as readonly Language[]).includes(language);
}
