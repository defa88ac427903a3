// [MS-SMB2] 2.2.1 SMB2 Packet Header, 2.2.1.1 ASYNC, 2.2.1.2 SYNC. Little-endian.
import { Reader } from '../../bytes/reader.ts';
import { Writer } from '../../bytes/writer.ts';
import { PROTOCOL } from './framing.ts';

/** Command. Others stay numbers. */
export const SMB2_COMMAND = {
  NEGOTIATE: 0x00,
  SESSION_SETUP: 0x01,
  LOGOFF: 0x02,
  TREE_CONNECT: 0x03,
  TREE_DISCONNECT: 0x04,
  CREATE: 0x05,
  CLOSE: 0x06,
  READ: 0x08,
  WRITE: 0x09,
  IOCTL: 0x0b,
  CANCEL: 0x0c,
} as const;

/** Bits of Flags. */
export const SMB2_FLAG = {
  SERVER_TO_REDIR: 0x0000_0001,
  ASYNC_COMMAND: 0x0000_0002,
  RELATED_OPERATIONS: 0x0000_0004,
  SIGNED: 0x0000_0008,
} as const;

/** ProtocolId (4) + StructureSize (2) + CreditCharge (2) + Status (4) + Command (2) + Credits (2) + Flags (4) + NextCommand (4) + MessageId (8) + TreeId or AsyncId (8) + SessionId (8) + Signature (16) */
export const HEADER_SIZE = 64;
/** Where Signature stands, in bytes from the start of the message. */
export const SIGNATURE_OFFSET = 48;
export const SIGNATURE_SIZE = 16;

/** MessageId of what the server sends unasked, such as an oplock break. */
export const UNSOLICITED = 0xffff_ffff_ffff_ffffn;

/** Messages in one compound. We ask for none; Windows answers in the chain's own length. */
const COMPOUND_LIMIT = 16;

/** 'SMB' */
const PROTOCOL_NAME = Uint8Array.of(0x53, 0x4d, 0x42);

export interface Smb2Header {
  readonly creditCharge: number;
  /** NTSTATUS in a response, unsigned; 0 in a request. */
  readonly status: number;
  /** One of SMB2_COMMAND, or another number. */
  readonly command: number;
  /** Requested, or granted. */
  readonly credits: number;
  /** Bits as in SMB2_FLAG. */
  readonly flags: number;
  /** Bytes from this header to the next one of a compound; 0 in the last. */
  readonly nextCommand: number;
  readonly messageId: bigint;
  /** 0 in an ASYNC header, which has an AsyncId in its place. */
  readonly treeId: number;
  readonly sessionId: bigint;
  /** 16 bytes. */
  readonly signature: Uint8Array;
}

/** One message of a compound, or the only one. */
export interface Smb2Message {
  readonly header: Smb2Header;
  /** Header, body, and in a compound the padding up to the next header: what a signature covers. */
  readonly bytes: Uint8Array;
}

/** The 64 bytes of a SYNC header. */
export function encodeHeader(header: Omit<Smb2Header, 'nextCommand' | 'signature'>): Uint8Array {
  return new Writer(HEADER_SIZE)
    .u8(PROTOCOL.smb2)
    .bytes(PROTOCOL_NAME)
    .u16le(HEADER_SIZE)
    .u16le(header.creditCharge)
    .u32le(header.status)
    .u16le(header.command)
    .u16le(header.credits)
    .u32le(header.flags)
    .u32le(0 /* NextCommand */)
    .u64le(header.messageId)
    .u32le(0 /* Reserved */)
    .u32le(header.treeId)
    .u64le(header.sessionId)
    .zeros(SIGNATURE_SIZE)
    .toBytes();
}

/** The header at the start of a message. Throws `DecodeError`. */
export function decodeHeader(bytes: Uint8Array): Smb2Header {
  const r = new Reader(bytes, 'SMB2 Packet Header');
  const protocol = r.u8();
  if (!(protocol === PROTOCOL.smb2)) r.fail(`expected 0xfe first, received 0x${protocol.toString(16)}`);
  const name = r.bytes(PROTOCOL_NAME.length);
  if (!PROTOCOL_NAME.every((byte, index) => name[index] === byte)) r.fail('expected SMB after 0xfe');
  const size = r.u16le();
  if (!(size === HEADER_SIZE)) r.fail(`expected StructureSize ${HEADER_SIZE}, received ${size}`);
  const creditCharge = r.u16le();
  const status = r.u32le();
  const command = r.u16le();
  const credits = r.u16le();
  const flags = r.u32le();
  const nextCommand = r.u32le();
  const messageId = r.u64le();
  r.skip(4 /* Reserved, or the lower half of AsyncId */);
  const upper = r.u32le();
  const treeId = (flags & SMB2_FLAG.ASYNC_COMMAND) === 0 ? upper : 0;
  const sessionId = r.u64le();
  const signature = r.bytes(SIGNATURE_SIZE);
  return {
    creditCharge,
    status,
    command,
    credits,
    flags,
    nextCommand,
    messageId,
    treeId,
    sessionId,
    signature,
  };
}

/** [MS-SMB2] 3.2.5.1.9 Handling Compounded Responses: the messages of one frame. Throws `DecodeError`. */
export function splitCompound(frame: Uint8Array): Smb2Message[] {
  const messages: Smb2Message[] = [];
  const r = new Reader(frame, 'compounded SMB2 messages');
  for (;;) {
    if (!(messages.length < COMPOUND_LIMIT)) r.fail(`more than ${COMPOUND_LIMIT} messages in a compound`);
    const header = decodeHeader(frame.subarray(r.offset));
    const { nextCommand } = header;
    if (nextCommand === 0) {
      messages.push({ header, bytes: r.rest() });
      return messages;
    }
    if (!(nextCommand >= HEADER_SIZE && nextCommand % 8 === 0))
      r.fail(`NextCommand ${nextCommand} is not a multiple of 8 past the header`);
    messages.push({ header, bytes: r.bytes(nextCommand) });
  }
}

/** A reader behind the header, where a structure of this size must begin. For decoders of bodies. Throws `DecodeError`. */
export function openBody(message: Uint8Array, context: string, structureSize: number): Reader {
  const r = new Reader(message, context);
  r.skip(HEADER_SIZE);
  const size = r.u16le();
  if (!(size === structureSize)) r.fail(`expected StructureSize ${structureSize}, received ${size}`);
  return r;
}

/** A buffer that a body points to by its offset from the start of the header. Throws `DecodeError`. */
export function bufferAt(r: Reader, offset: number, length: number): Uint8Array {
  if (length === 0) return new Uint8Array(0);
  goTo(r, offset);
  return r.bytes(length);
}

/** Moves to an offset from the start of the header that a body states. Throws `DecodeError`. */
export function goTo(r: Reader, offset: number): void {
  if (!(offset >= HEADER_SIZE)) r.fail(`the buffer at ${offset} lies inside the header`);
  // A place beyond the end is one that bytes are missing for.
  if (offset > r.offset) r.skip(offset - r.offset);
  else r.seek(offset);
}
