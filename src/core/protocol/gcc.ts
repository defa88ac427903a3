// [T124] section 8.7: ConnectData with ConferenceCreateRequest and ConferenceCreateResponse, in aligned PER.
// [MS-RDPBCGR] 2.2.1.3, 2.2.1.4, 3.2.5.3.3 and 3.3.5.3.3 fix every field but the ones named here, so the fixed ones are
// written and compared as octets. The settings data inside is another file's.
import { Reader } from '../bytes/reader.ts';
import { concat, Writer } from '../bytes/writer.ts';

/** ConnectData::Key: object { itu-t(0) recommendation(0) t(20) t124(124) version(0) 1 }, the choice octet first. */
const T124_IDENTIFIER = [0x00, 0x05, 0x00, 0x14, 0x7c, 0x00, 0x01] as const;
/**
 * ConnectGCCPDU choice 0 with only userData present (two octets); conferenceName "1" (length less one, digit);
 * not locked, not listed, not conductible, termination automatic (the rest of the digit's octet and one more).
 */
const CREATE_REQUEST = [0x00, 0x08, 0x00, 0x10, 0x00] as const;
/** ConnectGCCPDU choice 1, with userData and without. */
const CREATE_RESPONSE = 0x14;
const CREATE_RESPONSE_WITHOUT_USER_DATA = 0x10;
/** UserData: one set, its value present, its key an h221NonStandard of four bytes. */
const ONE_SET = [0x01, 0xc0, 0x00] as const;
/** H.221 keys: "Duca" from client to server, "McDn" back. */
const CLIENT_KEY = [0x44, 0x75, 0x63, 0x61] as const;
const SERVER_KEY = [0x4d, 0x63, 0x44, 0x6e] as const;
/** UserID ::= INTEGER (1001..65535), written as the distance from its lower bound. */
const LOWEST_USER_ID = 1001;
/** [X691] 10.9.3.7: one or two octets count up to 16383; beyond that PER cuts into fragments, which RDP never does. */
const LONGEST_COUNTED = 0x3fff;

/** [T124] Result of a ConferenceCreateResponse: index is value. */
export const CONFERENCE_RESULT = [
  'success',
  'userRejected',
  'lowResources',
  'rejectedForSymmetryBreaking',
  'lockedConferenceNotSupported',
] as const;

export interface ConferenceCreateResponse {
  /** 1001 to 66536. */
  readonly nodeId: number;
  /** A signed number of at most four octets. */
  readonly tag: number;
  /** 0 or another value of CONFERENCE_RESULT (0 to 7 fit). */
  readonly result: number;
  /** Server data blocks. */
  readonly userData?: Uint8Array;
}

/** Encodes client data blocks into ConnectData. Throws RangeError above some 16 KiB. */
export function encodeConferenceCreateRequest(userData: Uint8Array): Uint8Array {
  return connectData(concat(CREATE_REQUEST, ONE_SET, CLIENT_KEY, encodeLength(userData.length), userData));
}

/** The client data blocks of a whole ConnectData, as a view. Throws DecodeError. */
export function decodeConferenceCreateRequest(bytes: Uint8Array): Uint8Array {
  const r = new Reader(bytes, 'ConferenceCreateRequest');
  expectOctets(r, T124_IDENTIFIER, 'the T.124 identifier');
  const pdu = r.sub(readLength(r));
  r.expectEnd();
  expectOctets(pdu, CREATE_REQUEST, 'the fixed fields of a Remote Desktop request');
  expectOctets(pdu, ONE_SET, 'one set of user data');
  expectOctets(pdu, CLIENT_KEY, 'the client-to-server key "Duca"');
  const userData = pdu.bytes(readLength(pdu));
  pdu.expectEnd();
  return userData;
}

/** Encodes into ConnectData, with the true length. Throws RangeError above some 16 KiB. */
export function encodeConferenceCreateResponse(value: ConferenceCreateResponse): Uint8Array {
  const { userData } = value;
  const tag = encodeSigned(value.tag);
  const w = new Writer();
  w.u8(userData === undefined ? CREATE_RESPONSE_WITHOUT_USER_DATA : CREATE_RESPONSE);
  w.u16be(value.nodeId - LOWEST_USER_ID);
  w.u8(tag.length).bytes(tag);
  // An extension bit, then three bits of enumeration.
  w.u8(value.result << 4);
  if (userData !== undefined) {
    w.bytes(ONE_SET).bytes(SERVER_KEY).bytes(encodeLength(userData.length)).bytes(userData);
  }
  return connectData(w.toBytes());
}

/** Decodes a whole ConnectData; `userData` is a view. Throws DecodeError. */
export function decodeConferenceCreateResponse(bytes: Uint8Array): ConferenceCreateResponse {
  const r = new Reader(bytes, 'ConferenceCreateResponse');
  expectOctets(r, T124_IDENTIFIER, 'the T.124 identifier');
  // Windows states 42 bytes (0x2a) whatever follows, so the length of ConnectData::connectPDU is read and not believed
  // ([MS-RDPBCGR] 4.1.4 shows it). Nothing else is tolerated: every other length is checked.
  readLength(r);
  const choice = r.u8();
  if (!(choice === CREATE_RESPONSE || choice === CREATE_RESPONSE_WITHOUT_USER_DATA)) {
    r.fail(`expected a ConferenceCreateResponse (0x14), received 0x${choice.toString(16).padStart(2, '0')}`);
  }
  const nodeId = r.u16be() + LOWEST_USER_ID;
  const tag = readSigned(r);
  const result = r.u8() >> 4;
  if (choice === CREATE_RESPONSE_WITHOUT_USER_DATA) {
    r.expectEnd();
    return { nodeId, tag, result };
  }
  expectOctets(r, ONE_SET, 'one set of user data');
  expectOctets(r, SERVER_KEY, 'the server-to-client key "McDn"');
  const userData = r.bytes(readLength(r));
  r.expectEnd();
  return { nodeId, tag, result, userData };
}

function connectData(connectPdu: Uint8Array): Uint8Array {
  return concat(T124_IDENTIFIER, encodeLength(connectPdu.length), connectPdu);
}

function expectOctets(r: Reader, octets: readonly number[], what: string): void {
  for (const octet of octets) {
    const received = r.u8();
    if (!(received === octet)) {
      r.fail(`expected octet 0x${octet.toString(16)} of ${what}, received 0x${received.toString(16)}`);
    }
  }
}

/** [X691] 10.9: 0xxxxxxx, or 10xxxxxx xxxxxxxx. */
function readLength(r: Reader): number {
  const first = r.u8();
  if (first < 0x80) return first;
  if (!(first < 0xc0)) r.fail(`expected a length in one or two octets, received 0x${first.toString(16)}`);
  return ((first & 0x3f) << 8) | r.u8();
}

function encodeLength(length: number): readonly number[] {
  if (!(length <= LONGEST_COUNTED)) throw new RangeError(`PER cannot count ${length} bytes in two octets`);
  return length < 0x80 ? [length] : [0x80 | (length >> 8), length & 0xff];
}

/** An unconstrained INTEGER: length, then two's complement. */
function readSigned(r: Reader): number {
  const length = r.u8();
  if (!(length >= 1 && length <= 4)) r.fail(`expected an integer of one to four octets, received ${length}`);
  const octets = r.bytes(length);
  let value = 0;
  for (const octet of octets) value = value * 256 + octet;
  return ((octets[0] ?? 0) & 0x80) !== 0 ? value - 256 ** length : value;
}

function encodeSigned(value: number): Uint8Array {
  const four = new Writer(4).u32be(value >>> 0).toBytes();
  const extra = four.findIndex((octet, at) => {
    const next = four[at + 1];
    return next === undefined || octet !== (next < 0x80 ? 0x00 : 0xff);
  });
  return four.subarray(extra);
}
