/** What one manifest and one skill folder may be at most; over it they are refused before anything is read from them. */
export const MANIFEST_CEILINGS = {
  bytes: 256 * 1024,
  /** Of a `SKILL.md`, whose body is instructions; its front matter is held to `bytes`. */
  skillMdBytes: 1024 * 1024,
  depth: 32,
  nodes: 10_000,
  schemaDepth: 16,
  /** Of one semver range, before semver sees it. */
  rangeLength: 256,
  /** Of one capability rule, path or program pattern. */
  ruleLength: 1_024,
  folderBytes: 64 * 1024 * 1024,
  folderFiles: 4_096,
} as const;
