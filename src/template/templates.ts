/** What a new skill can begin as: folders of `templates/`. */
export const TEMPLATES = {
  knowledge: 'what an agent should know, in Markdown',
  recipe: 'steps that verify, and take back what they did',
  script: 'a script as a tool',
  'wasm-js': 'tools in TypeScript, in a sandbox',
  'wasm-as': 'tools in AssemblyScript: small modules, built within a second',
  'wasm-c': 'tools in C',
  'wasm-rust': 'tools in Rust',
  full: 'knowledge, a recipe, a script and a module together',
} as const;

export type TemplateName = keyof typeof TEMPLATES;

export function isTemplate(name: string): name is TemplateName {
  return Object.hasOwn(TEMPLATES, name);
}
