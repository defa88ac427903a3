/** How much of a banner is shown; it comes from a stranger. */
const SHOWN = 60;

/** ContentType of [RFC 5246] 6.2.1; the version that follows is 3.x. */
const TLS_ALERT = 21;
const TLS_HANDSHAKE = 22;

/** RFC 1006 section 6: version 3, and a reserved byte of zero. */
const TPKT_VERSION = 3;

/** Protocols by how their first bytes look, the most telling first. */
const SIGNATURES: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /^SSH-/, name: 'an SSH server' },
  { pattern: /^RFB \d/, name: 'a VNC server' },
  { pattern: /^HTTP\/\d|^<(?:!doctype )?html/i, name: 'a web server' },
  { pattern: /^220[ -].*(?:smtp|mail)/i, name: 'a mail server' },
  { pattern: /^220[ -]/, name: 'an FTP or mail server' },
  { pattern: /^\* OK/, name: 'an IMAP server' },
  { pattern: /^\+OK/, name: 'a POP3 server' },
];

/**
 * Says in words what answers in Remote Desktop's place.
 * @param head the first bytes that it sent
 * @param problem why they are no Remote Desktop answer; shown when nothing is recognised
 */
export function nameService(head: Uint8Array, problem: string): string {
  const text = String.fromCharCode(...head.subarray(0, 200));
  if (looksLikeTls(head)) {
    return 'a server that speaks TLS from the first byte';
  }
  if (head[0] === TPKT_VERSION && head[1] === 0) {
    return `a service that begins like Remote Desktop and then continues differently (${problem})`;
  }
  const known = SIGNATURES.find(({ pattern }) => pattern.test(text));
  const line = printable(text.split(/\r?\n/, 1)[0] ?? '');
  if (known !== undefined) return line.length > 4 ? `${known.name} (${line})` : known.name;
  return line.length >= 8 ? `another protocol (${line})` : `another protocol (${problem})`;
}

/** Whether it begins like a TLS record that a server sends first. */
export function looksLikeTls(head: Uint8Array): boolean {
  return (head[0] === TLS_ALERT || head[0] === TLS_HANDSHAKE) && head[1] === 3;
}

/** The start of a line as far as it is plain ASCII: control characters could drive a terminal. */
function printable(line: string): string {
  const plain = /^[\x20-\x7e]*/.exec(line)?.[0] ?? '';
  return plain.length > SHOWN ? `${plain.slice(0, SHOWN)}…` : plain;
}
