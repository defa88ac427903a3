/**
 * Patterns of ssh_config(5) and known_hosts (sshd(8)): `*` is any number of characters, `?` exactly one.
 * Letters count as they are written: who looks up a host's name makes both lower case.
 */
export function matchesPattern(text: string, wanted: string): boolean {
  // By hand instead of a regular expression: a pattern with many stars would take for ever in one.
  let at = 0;
  let star = -1;
  let afterStar = 0;
  let next = 0;
  while (at < text.length) {
    if (wanted[next] === '*') {
      star = next;
      next += 1;
      afterStar = at;
    } else if (next < wanted.length && (wanted[next] === '?' || wanted[next] === text[at])) {
      next += 1;
      at += 1;
    } else if (star !== -1) {
      next = star + 1;
      afterStar += 1;
      at = afterStar;
    } else {
      return false;
    }
  }
  while (wanted[next] === '*') next += 1;
  return next === wanted.length;
}

/** A list of patterns: one with `!` that matches denies, whatever else matches. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
  const denied = patterns.some(
    (pattern) => pattern.startsWith('!') && matchesPattern(name, pattern.slice(1)),
  );
  return !denied && patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(name, pattern));
}
