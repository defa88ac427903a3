// Whole conversations of Samba's client with Samba's server, recorded with the keys that the client
// printed: every key, every signature and every encrypted message is computed anew.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fromHex, toHex } from '../../../../src/core/bytes/hex.ts';
import { verifyAuthenticate } from '../../../../src/core/protocol/ntlm-logon.ts';
import { ntHash } from '../../../../src/core/protocol/ntlm-response.ts';
import { NtlmSession } from '../../../../src/core/protocol/ntlm-session.ts';
import {
  decodeCreateResponse,
  encodeClose,
  encodeCreate,
} from '../../../../src/core/protocol/smb2/create.ts';
import {
  HEADER_SIZE,
  SMB2_COMMAND,
  SMB2_FLAG,
  splitCompound,
} from '../../../../src/core/protocol/smb2/header.ts';
import {
  decodeIoctlResponse,
  decodeValidateNegotiate,
  encodeIoctl,
} from '../../../../src/core/protocol/smb2/ioctl.ts';
import { deriveKeys, PreauthHash, type SessionKeys } from '../../../../src/core/protocol/smb2/keys.ts';
import {
  DIALECT,
  decodeNegotiateResponse,
  encodeNegotiateRequest,
  type SmbDialect,
} from '../../../../src/core/protocol/smb2/negotiate.ts';
import {
  CIPHER,
  readChoice,
  SIGNING,
  type SmbCipher,
  type SmbSigning,
} from '../../../../src/core/protocol/smb2/negotiate-contexts.ts';
import {
  decodeSessionSetupResponse,
  encodeEmptyRequest,
} from '../../../../src/core/protocol/smb2/session-setup.ts';
import { isSignedBy, signMessage } from '../../../../src/core/protocol/smb2/signing.ts';
import { NT_STATUS } from '../../../../src/core/protocol/smb2/status.ts';
import { decodeTransform, openMessage, sealMessage } from '../../../../src/core/protocol/smb2/transform.ts';
import { decodeTreeConnectResponse, encodeTreeConnect } from '../../../../src/core/protocol/smb2/tree.ts';
import { decodeSpnego, encodeMechTypeList } from '../../../../src/core/protocol/spnego.ts';
import { readSharedPeer } from '../../../shared-peers.ts';

interface Recorded {
  readonly from: 'client' | 'server';
  readonly what: string;
  readonly bytes: Uint8Array;
}

interface Recording {
  readonly keys: Readonly<Record<string, string>>;
  readonly messages: readonly Recorded[];
}

function recording(t: TestContext, name: string): Recording | undefined {
  const read = readSharedPeer(t, `rpc-vectors/${name}.json`) as
    | {
        readonly keys: Record<string, string>;
        readonly messages: readonly { from: 'client' | 'server'; what: string; hex: string }[];
      }
    | undefined;
  return (
    read && {
      keys: read.keys,
      messages: read.messages.map(({ from, what, hex }) => ({ from, what, bytes: fromHex(hex) })),
    }
  );
}

/** Password of the account in every recording, from the README beside them. */
const PASSWORD = 'Passw0rd!lab';
const NONE = new Uint8Array(0);

interface Expected {
  readonly dialect: SmbDialect;
  readonly signing: SmbSigning;
  readonly cipher?: SmbCipher;
  /** Where the whole session after SESSION_SETUP is encrypted. */
  readonly encrypted?: true;
  readonly kerberos?: true;
}

/** What the README says of each file. */
const FILES: Readonly<Record<string, Expected>> = {
  'getval-SMB2_10': { dialect: DIALECT.SMB2_1, signing: SIGNING.HMAC_SHA256 },
  'getval-SMB3_00': { dialect: DIALECT.SMB3_0, signing: SIGNING.AES_CMAC, cipher: CIPHER.AES_128_CCM },
  'getval-SMB3_02': { dialect: DIALECT.SMB3_0_2, signing: SIGNING.AES_CMAC, cipher: CIPHER.AES_128_CCM },
  'getval-SMB3_11': { dialect: DIALECT.SMB3_1_1, signing: SIGNING.AES_GMAC, cipher: CIPHER.AES_128_GCM },
  'sign-AES-128-GMAC': { dialect: DIALECT.SMB3_1_1, signing: SIGNING.AES_GMAC, cipher: CIPHER.AES_128_GCM },
  'sign-AES-128-CMAC': { dialect: DIALECT.SMB3_1_1, signing: SIGNING.AES_CMAC, cipher: CIPHER.AES_128_GCM },
  'sign-CMAC-311': { dialect: DIALECT.SMB3_1_1, signing: SIGNING.AES_CMAC, cipher: CIPHER.AES_128_GCM },
  'enc-AES-128-GCM': encrypted(CIPHER.AES_128_GCM),
  'enc-AES-128-CCM': encrypted(CIPHER.AES_128_CCM),
  'enc-AES-256-GCM': encrypted(CIPHER.AES_256_GCM),
  'enc-AES-256-CCM': encrypted(CIPHER.AES_256_CCM),
  'krb-SMB3_11': {
    dialect: DIALECT.SMB3_1_1,
    signing: SIGNING.AES_GMAC,
    cipher: CIPHER.AES_128_GCM,
    kerberos: true,
  },
  'krb-enc256': { ...encrypted(CIPHER.AES_256_GCM), kerberos: true },
};

function encrypted(cipher: SmbCipher): Expected {
  return { dialect: DIALECT.SMB3_1_1, signing: SIGNING.AES_GMAC, cipher, encrypted: true };
}

for (const [name, expected] of Object.entries(FILES)) {
  test(`recorded: ${name}`, (t) => {
    const recorded = recording(t, name);
    if (recorded) checkRecording(recorded, expected);
  });
}

function checkRecording({ keys: printed, messages }: Recording, expected: Expected): void {
  const negotiation = messages.find(({ from, what }) => from === 'server' && what === 'NEGOTIATE');
  const response = decodeNegotiateResponse(negotiation?.bytes ?? NONE);
  assert.equal(response.dialect, expected.dialect);
  if (expected.dialect === DIALECT.SMB3_1_1) {
    const { cipher, signing, hash } = readChoice(response.contexts);
    assert.deepEqual([cipher, signing, hash], [expected.cipher, expected.signing, 1]);
  }

  const sessionKey = expected.kerberos ? fromHex(printed['Session Key'] ?? '') : keyByPassword(messages);
  if (printed['Session Key'] !== undefined) assert.equal(toHex(sessionKey), printed['Session Key']);
  const keys = deriveKeys(expected.dialect, expected.cipher, sessionKey, preauthHash(messages).value);
  if (expected.dialect !== DIALECT.SMB2_1) {
    assert.equal(toHex(keys.signing), printed['Signing Key']);
    assert.equal(toHex(keys.clientToServer ?? NONE), printed['ServerIn Key']);
    assert.equal(toHex(keys.serverToClient ?? NONE), printed['ServerOut Key']);
  }

  const counts = { signed: 0, sealed: 0, interim: 0 };
  const session = messages.filter(({ what }) => what !== 'NEGOTIATE');
  for (const message of session) {
    if (message.what === 'TRANSFORM') {
      checkSealed(message, expected, keys);
      counts.sealed += 1;
    } else if (checkSigned(message, expected, keys)) counts.signed += 1;
    else counts.interim += 1;
  }
  const setups = session.filter(({ what }) => what === 'SESSION_SETUP').length;
  const signedSetups = 1;
  // The requests of the way in have no signature, and of its answers only the last one has.
  assert.equal(
    counts.interim - (setups - signedSetups),
    pendings(messages),
    'only interim replies are unsigned',
  );
  if (expected.encrypted) assert.equal(counts.sealed, 34, '17 exchanges');
  else assert.ok(counts.signed >= 34, `${counts.signed} signatures`);
}

function pendings(messages: readonly Recorded[]): number {
  return messages.filter(
    ({ what, bytes }) => what === 'IOCTL' && splitCompound(bytes)[0]?.header.status === NT_STATUS.PENDING,
  ).length;
}

/** The exported session key of the recorded NTLMv2 sign-in; proves NTProofStr, MIC and mechListMIC on the way. */
function keyByPassword(messages: readonly Recorded[]): Uint8Array {
  const setups = messages.filter(({ what }) => what === 'SESSION_SETUP');
  const tokens = setups.map(({ from, bytes }) => {
    const token = from === 'server' ? decodeSessionSetupResponse(bytes).token : requestToken(bytes);
    return decodeSpnego(token);
  });
  const [init, challenge, authenticate, accepted] = tokens;
  assert.ok(init?.kind === 'init' && challenge?.kind === 'resp');
  assert.ok(authenticate?.kind === 'resp' && accepted?.kind === 'resp');
  const verification = verifyAuthenticate(
    {
      negotiate: init.mechToken ?? NONE,
      challenge: challenge.responseToken ?? NONE,
      authenticate: authenticate.responseToken ?? NONE,
    },
    ntHash(PASSWORD),
  );
  assert.ok(verification.kind === 'genuine', verification.kind);
  const { exportedSessionKey, flags } = verification;
  const list = encodeMechTypeList(init.mechTypes);
  const ours = new NtlmSession(exportedSessionKey, flags, 'client');
  assert.equal(toHex(ours.sign(list)), toHex(authenticate.mechListMIC ?? NONE), 'mechListMIC of the client');
  assert.ok(ours.verify(list, accepted.mechListMIC ?? NONE), 'mechListMIC of the server');
  return exportedSessionKey;
}

/** [MS-SMB2] 2.2.5: SecurityBufferOffset and SecurityBufferLength at 12 and 14 of the body. */
function requestToken(message: Uint8Array): Uint8Array {
  const view = new DataView(message.buffer, message.byteOffset);
  const offset = view.getUint16(HEADER_SIZE + 12, true);
  return message.subarray(offset, offset + view.getUint16(HEADER_SIZE + 14, true));
}

function preauthHash(messages: readonly Recorded[]): PreauthHash {
  const hash = new PreauthHash();
  for (const { from, what, bytes } of messages) {
    const final = from === 'server' && splitStatus(bytes) === 0;
    if (what === 'NEGOTIATE' || (what === 'SESSION_SETUP' && !final)) hash.add(bytes);
  }
  return hash;
}

function splitStatus(bytes: Uint8Array): number | undefined {
  return bytes[0] === 0xfe ? splitCompound(bytes)[0]?.header.status : undefined;
}

/** True where the message is signed, which is then checked both ways. */
function checkSigned({ from, bytes }: Recorded, { signing }: Expected, keys: SessionKeys): boolean {
  const [message] = splitCompound(bytes);
  assert.ok(message);
  if ((message.header.flags & SMB2_FLAG.SIGNED) === 0) return false;
  const signer = { algorithm: signing, key: keys.signing };
  assert.ok(isSignedBy(bytes, from, signer), `signature of ${message.header.messageId} by ${from}`);
  assert.equal(toHex(signMessage(bytes, from, signer)), toHex(bytes));
  for (const at of [12, 24, 50, bytes.length - 1]) {
    const changed = bytes.map((byte, index) => (index === at ? byte ^ 0x10 : byte));
    assert.ok(!isSignedBy(changed, from, signer), `byte ${at} changed`);
  }
  checkBody(from, bytes);
  return true;
}

function checkSealed({ from, bytes }: Recorded, { cipher }: Expected, keys: SessionKeys): void {
  const key = from === 'client' ? keys.clientToServer : keys.serverToClient;
  assert.ok(cipher !== undefined && key);
  const sealing = { cipher, key };
  const sealed = decodeTransform(bytes);
  const message = openMessage(sealed, sealing);
  assert.ok(message, `decryption of a message of the ${from}`);
  const nonce = sealed.nonce.subarray(
    0,
    cipher === CIPHER.AES_128_CCM || cipher === CIPHER.AES_256_CCM ? 11 : 12,
  );
  assert.equal(toHex(sealMessage(message, sealed.sessionId, nonce, sealing)), toHex(bytes));
  // In the tag, the nonce, the session id and the message.
  for (const at of [4, 20, 44, bytes.length - 1]) {
    const changed = bytes.map((byte, index) => (index === at ? byte ^ 0x10 : byte));
    assert.equal(openMessage(decodeTransform(changed), sealing), undefined, `byte ${at} changed`);
  }
  checkBody(from, message);
}

/** Our encoders make the same bodies, and our decoders read the answers. */
function checkBody(from: 'client' | 'server', bytes: Uint8Array): void {
  const [message] = splitCompound(bytes);
  assert.ok(message);
  const { command, status } = message.header;
  const body = bytes.subarray(HEADER_SIZE);
  const same = (ours: Uint8Array): void => assert.equal(toHex(ours), toHex(body));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (offset: number, length: number): string =>
    new TextDecoder('utf-16le').decode(bytes.subarray(offset, offset + length));
  if (from === 'client' && command === SMB2_COMMAND.TREE_CONNECT) {
    const [, , server = '', share = ''] = text(72, view.getUint16(70, true)).split('\\');
    same(encodeTreeConnect(server, share));
  }
  if (from === 'client' && command === SMB2_COMMAND.CREATE) {
    const name = text(120, view.getUint16(110, true));
    assert.match(name, /^(lsarpc|winreg)$/);
    same(encodeCreate({ name, desiredAccess: 0x2019f, shareAccess: 3 }));
  }
  if (from === 'client' && command === SMB2_COMMAND.CLOSE) same(encodeClose(bytes.subarray(72, 88)));
  if (from === 'client' && command === SMB2_COMMAND.TREE_DISCONNECT) same(encodeEmptyRequest());
  if (from === 'client' && command === SMB2_COMMAND.IOCTL) {
    const ours = encodeIoctl(
      view.getUint32(68, true),
      bytes.subarray(72, 88),
      bytes.subarray(120),
      view.getUint32(108, true),
    );
    // Samba points OutputOffset behind the buffer where [MS-SMB2] 2.2.31 has zero: 4 bytes at 36 of the body.
    const theirs = Uint8Array.from(body);
    theirs.fill(0, 36, 40);
    assert.equal(toHex(ours), toHex(theirs));
  }
  if (from === 'server' && status === 0) {
    if (command === SMB2_COMMAND.TREE_CONNECT) assert.equal(decodeTreeConnectResponse(bytes).shareType, 2);
    if (command === SMB2_COMMAND.CREATE) assert.equal(decodeCreateResponse(bytes).fileId.length, 16);
    if (command === SMB2_COMMAND.IOCTL) {
      const output = decodeIoctlResponse(bytes);
      // A PDU of DCE/RPC version 5.0, or the answer to VALIDATE_NEGOTIATE_INFO.
      if (view.getUint32(68, true) === 0x140204)
        assert.equal(decodeValidateNegotiate(output).guid.length, 16);
      else assert.deepEqual([output[0], output[1]], [5, 0]);
    }
  }
}

test('recorded: our NEGOTIATE request of 3.1.1 is byte for byte that of Samba', (t) => {
  const recorded = recording(t, 'getval-SMB3_11');
  if (!recorded) return;
  const [request] = recorded.messages;
  assert.ok(request);
  const { bytes } = request;
  const ours = encodeNegotiateRequest({
    securityMode: 3,
    capabilities: 0x7f,
    clientGuid: bytes.subarray(76, 92),
    dialects: [DIALECT.SMB3_1_1],
    offer: {
      // Contexts begin at 104; the salt lies behind type, length, reserved, two counts and the algorithm.
      salt: bytes.subarray(118, 150),
      ciphers: [CIPHER.AES_128_GCM, CIPHER.AES_128_CCM, CIPHER.AES_256_GCM, CIPHER.AES_256_CCM],
      signing: [SIGNING.AES_GMAC, SIGNING.AES_CMAC, SIGNING.HMAC_SHA256],
      serverName: '198.18.0.2',
    },
  });
  assert.equal(toHex(ours), toHex(bytes.subarray(HEADER_SIZE)));
});
