/** The address a reference means on a page, without its fragment: RFC 3986, section 5.2. */
export function resolve(page: string, reference: string): string {
  const target = withoutFragment(reference);
  if (hasScheme(target)) return target;
  const base = withoutFragment(page);
  if (target == '') return base;
  const scheme = base.indexOf('://');
  if (scheme < 0) return target;
  if (target.startsWith('//')) return base.substring(0, scheme + 1) + target;

  let pathStart = base.length;
  for (let i = scheme + 3; i < base.length && pathStart == base.length; i++) {
    if (base.charAt(i) == '/' || base.charAt(i) == '?') pathStart = i;
  }
  const origin = base.substring(0, pathStart);
  let path = withoutQuery(base.substring(pathStart));
  if (path == '') path = '/';
  if (target.startsWith('?')) return origin + path + target;
  const query = target.substring(withoutQuery(target).length);
  const own = withoutQuery(target);
  return origin + withoutDots(own.startsWith('/') ? own : path.substring(0, path.lastIndexOf('/') + 1) + own) + query;
}

function withoutFragment(address: string): string {
  const at = address.indexOf('#');
  return at < 0 ? address : address.substring(0, at);
}

function withoutQuery(address: string): string {
  const at = address.indexOf('?');
  return at < 0 ? address : address.substring(0, at);
}

/** Whether the text begins with a scheme such as `mailto:`. */
function hasScheme(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const letter = (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
    if (letter) continue;
    if (c == 0x3a) return i > 0;
    const other = (c >= 0x30 && c <= 0x39) || c == 0x2b || c == 0x2d || c == 0x2e;
    if (i == 0 || !other) return false;
  }
  return false;
}

function withoutDots(path: string): string {
  const parts = path.split('/');
  const kept = new Array<string>();
  for (let i = 0; i < parts.length; i++) {
    const last = i == parts.length - 1;
    if (parts[i] == '.' || parts[i] == '..') {
      // The empty first part stands for the leading slash and stays.
      if (parts[i] == '..' && kept.length > 1) kept.pop();
      if (last) kept.push('');
    } else kept.push(parts[i]);
  }
  return kept.join('/');
}
