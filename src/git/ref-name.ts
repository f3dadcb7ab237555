/** What git allows in no name of a ref, and `&`, which ends one in a request. */
const FORBIDDEN = /[\s~^:?*[\\&]|\.\.|@\{|\/\/|\/$|\.$|(?:^|\/)\.|\.lock(?:\/|$)|^[-/]|^@$/;

/** Whether git could have a ref of this name, and a command line would take it for nothing else. */
export function isRefName(text: string): boolean {
  return text.length > 0 && text.length <= 250 && !FORBIDDEN.test(text);
}

/** Whether a ref is a whole object id, which only one commit has. */
export function isCommitId(ref: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref);
}
