// [MS-SMB2] 3.1.4.2 Generating Cryptographic Keys; 3.2.5.2, 3.2.5.3.1: preauthentication integrity.
import { concat } from '../../bytes/writer.ts';
import { counterModeKdf, sha512 } from '../../crypto/digest.ts';
import { DIALECT, type SmbDialect } from './negotiate.ts';
import { CIPHER, type SmbCipher } from './negotiate-contexts.ts';

/** Connection.PreauthIntegrityHashValue, going on as Session.PreauthIntegrityHashValue: over every message of the way in. */
export class PreauthHash {
  #value: Uint8Array = new Uint8Array(64);

  /** 64 bytes. */
  get value(): Uint8Array {
    return this.#value;
  }

  /** The next message as it travels, without the transport's header. */
  add(message: Uint8Array): void {
    this.#value = sha512(this.#value, message);
  }
}

export interface SessionKeys {
  /** 16 bytes. */
  readonly signing: Uint8Array;
  /** 16 or 32 bytes, as the cipher needs; missing where none was agreed on. */
  readonly clientToServer?: Uint8Array;
  readonly serverToClient?: Uint8Array;
}

/**
 * The keys of a session.
 * @param sessionKey what the authentication gave: 16 bytes by NTLM, up to 32 by Kerberos
 * @param preauthHash 64 bytes; only 3.1.1 looks at it
 */
export function deriveKeys(
  dialect: SmbDialect,
  cipher: SmbCipher | undefined,
  sessionKey: Uint8Array,
  preauthHash: Uint8Array,
): SessionKeys {
  // Session.SessionKey: the first 16 bytes, filled with zeros from the right.
  const key = concat(sessionKey, new Uint8Array(16)).subarray(0, 16);
  if (dialect === DIALECT.SMB2_1) return { signing: key };

  const hashed = dialect === DIALECT.SMB3_1_1;
  const derive = (from: Uint8Array, names: Names, length: number): Uint8Array =>
    hashed
      ? counterModeKdf(from, ascii(names.label), preauthHash, length)
      : counterModeKdf(from, ascii(names.oldLabel), ascii(names.oldContext), length);
  const signing = derive(key, SIGNING_KEY, 16);
  if (cipher === undefined) return { signing };

  // Session.FullSessionKey is what keys of 256 bits are made from.
  const long = cipher === CIPHER.AES_256_CCM || cipher === CIPHER.AES_256_GCM;
  const [from, length] = long ? ([sessionKey, 32] as const) : ([key, 16] as const);
  return {
    signing,
    clientToServer: derive(from, CLIENT_TO_SERVER, length),
    serverToClient: derive(from, SERVER_TO_CLIENT, length),
  };
}

/** Label of 3.1.1, and label and context of 3.0 and 3.0.2. Every one of them ends in a NUL. */
interface Names {
  readonly label: string;
  readonly oldLabel: string;
  readonly oldContext: string;
}

const SIGNING_KEY: Names = { label: 'SMBSigningKey\0', oldLabel: 'SMB2AESCMAC\0', oldContext: 'SmbSign\0' };
const CLIENT_TO_SERVER: Names = {
  label: 'SMBC2SCipherKey\0',
  oldLabel: 'SMB2AESCCM\0',
  // The blank makes it as long as ServerOut.
  oldContext: 'ServerIn \0',
};
const SERVER_TO_CLIENT: Names = {
  label: 'SMBS2CCipherKey\0',
  oldLabel: 'SMB2AESCCM\0',
  oldContext: 'ServerOut\0',
};

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
