/** Secrets in texts that leave the program: what signs a URL, and passwords where nobody was to write one. */

/** Names that carry a secret wherever they stand before an equals sign, percent-encoded too. */
const SECRET_NAMES = [
  ...['sig', 'signature', 'sharedaccesssignature', 'sharedaccesskey', 'accountkey'],
  ...[
    'pass',
    'passwd',
    'password',
    'passphrase',
    'pwd',
    'secret',
    'token',
    'access_token',
    'apikey',
    'api_key',
  ],
].join('|');

const NAMED_SECRET = new RegExp(
  String.raw`(?<![A-Za-z0-9])((?:[a-z]+[-_])?(?:${SECRET_NAMES}))(=|%3d)[^\s"'&;,\\)]+`,
  'gi',
);

/** What stands together in a text. Word by word the time is that of the text's length, whatever a stranger wrote. */
const WORD = /[^\s"'\\]+/g;
const URL_START = /[a-z][a-z0-9+.-]{1,20}:\/{1,3}/i;

/**
 * A text without what signs a URL (its query and fragment, its account) and without values that are
 * named as secrets, such as `sig=…` of a SAS that lost its URL.
 */
export function withoutSecrets(text: string): string {
  return text.replace(WORD, (word) => withoutQuery(word).replace(NAMED_SECRET, '$1$2…'));
}

function withoutQuery(word: string): string {
  const start = URL_START.exec(word);
  const from = start === null ? 0 : start.index + start[0].length;
  const end = word.slice(from).search(/[?#]/);
  // A URL whose beginning went lost in copying: what signs it is not shown even then.
  const isQuery = start !== null || /[?&]sig(?:=|%3d)/i.test(word);
  const place = end === -1 || !isQuery ? word : word.slice(0, from + end);
  // A sentence may go on behind it.
  const rest =
    place === word ? '' : `?…${/^[?#]…/.test(word.slice(from + end)) ? word.slice(from + end + 2) : ''}`;
  if (start === null) return place + rest;
  const host = place.slice(from).split('/', 1)[0] ?? '';
  const account = host.lastIndexOf('@');
  return account === -1 ? place + rest : `${place.slice(0, from)}…${place.slice(from + account)}${rest}`;
}

/** `alice:password@vm1`, as other programs take it. */
const ACCOUNT = /[^\s"'@/]{1,256}:[^\s"'@/]{1,256}@/g;

/**
 * What must not come back from the words of a command line, besides what `withoutSecrets` finds: the
 * values of options that do not exist, since one of them may be a misspelt or hoped-for password.
 * @param known the options that exist, with their dashes
 */
export function withoutTypedSecrets(
  message: string,
  argv: readonly string[],
  known: ReadonlySet<string>,
): string {
  let told = message;
  for (const word of argv) {
    const value = valueOfUnknown(word, known);
    if (value !== undefined && value !== '') told = told.replaceAll(word, `${word.slice(0, -value.length)}…`);
  }
  return withoutSecrets(told).replace(ACCOUNT, '…@');
}

/** What stands behind an option that does not exist: `--password=S` → `S`, `-pS` → `S`. */
function valueOfUnknown(word: string, known: ReadonlySet<string>): string | undefined {
  const long = /^(--?[^=\s]+)=(.+)$/s.exec(word);
  if (long !== null) return known.has(long[1] ?? '') ? undefined : long[2];
  // `-rf` is a slip, and no password is that short.
  const short = /^(-[^-])(.{3,})$/s.exec(word);
  return short === null || known.has(short[1] ?? '') ? undefined : short[2];
}
