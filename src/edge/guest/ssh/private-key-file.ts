const MAGIC = 'openssh-key-v1\0';

/** Longer than any field of a key file. */
const LONGEST_FIELD = 16 * 1024;

/**
 * The public key inside a private key file of OpenSSH's own format, which is in the clear even where the
 * private part is encrypted: PROTOCOL.key, "overall format".
 * @returns the key as it travels; `undefined` where the file has another format
 */
export function publicPartOf(file: Buffer): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----/.exec(
    file.toString('latin1'),
  )?.[1];
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body, 'base64');
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  let at = MAGIC.length;
  const field = (): Buffer | undefined => {
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt32BE(at);
    if (length > LONGEST_FIELD || at + 4 + length > bytes.length) return undefined;
    at += 4 + length;
    return bytes.subarray(at - length, at);
  };
  // Cipher, derivation of its key, and what that needs; then the number of keys.
  for (let skipped = 0; skipped < 3; skipped += 1) if (field() === undefined) return undefined;
  at += 4;
  return field();
}
