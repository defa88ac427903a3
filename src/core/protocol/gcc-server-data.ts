// [MS-RDPBCGR] 2.2.1.4.2 Server Core Data (TS_UD_SC_CORE), 2.2.1.4.3 Server Security Data (TS_UD_SC_SEC1),
// 2.2.1.4.4 Server Network Data (TS_UD_SC_NET)
import type { Reader } from '../bytes/reader.ts';
import { unreachable } from '../bytes/unreachable.ts';
import { concat, Writer } from '../bytes/writer.ts';
import { encodeBlock, readBlocks, type UnknownBlock } from './gcc-blocks.ts';

const SC_CORE = 0x0c01;
const SC_SECURITY = 0x0c02;
const SC_NET = 0x0c03;

/** 2.2.1.4.3 encryptionLevel. */
export const ENCRYPTION_LEVEL = { none: 0, low: 1, clientCompatible: 2, high: 3, fips: 4 } as const;

export interface ServerCore {
  readonly kind: 'core';
  readonly version: number;
  /** What the server read in RDP_NEG_REQ, a mask of PROTOCOL. */
  readonly clientRequestedProtocols?: number;
  /** Only together with `clientRequestedProtocols`. */
  readonly earlyCapabilityFlags?: number;
}

export interface ServerSecurity {
  readonly kind: 'security';
  /** A value of ENCRYPTION_METHOD; unknown ones stay numbers. */
  readonly encryptionMethod: number;
  /** A value of ENCRYPTION_LEVEL; unknown ones stay numbers. */
  readonly encryptionLevel: number;
  /** 32 bytes and a certificate (2.2.1.4.3.1), undecoded: left out where nothing is encrypted. */
  readonly keyExchange?: { readonly serverRandom: Uint8Array; readonly serverCertificate: Uint8Array };
}

export interface ServerNetwork {
  readonly kind: 'network';
  readonly mcsChannelId: number;
  /** In the order of the client's channels. */
  readonly channelIds: readonly number[];
}

export type ServerBlock = ServerCore | ServerSecurity | ServerNetwork | UnknownBlock;

/** Concatenates the blocks in the order given. */
export function encodeServerBlocks(blocks: readonly ServerBlock[]): Uint8Array {
  return concat(...blocks.map(encodeServerBlock));
}

/** The blocks of a Conference Create Response's user data, in their order. Throws DecodeError. */
export function decodeServerBlocks(userData: Uint8Array): readonly ServerBlock[] {
  return readBlocks(userData, (type, r): ServerBlock => {
    switch (type) {
      case SC_CORE:
        return readCore(r);
      case SC_SECURITY:
        return readSecurity(r);
      case SC_NET: {
        const mcsChannelId = r.u16le();
        const count = r.u16le();
        const ids = r.sub(count * 2);
        // An odd count is followed by two bytes of padding, which some servers leave out.
        return {
          kind: 'network',
          mcsChannelId,
          channelIds: Array.from({ length: count }, () => ids.u16le()),
        };
      }
      default:
        return { kind: 'unknown', type, bytes: r.rest() };
    }
  });
}

function encodeServerBlock(block: ServerBlock): Uint8Array {
  const w = new Writer();
  switch (block.kind) {
    case 'core':
      w.u32le(block.version);
      if (block.clientRequestedProtocols !== undefined) {
        w.u32le(block.clientRequestedProtocols);
        if (block.earlyCapabilityFlags !== undefined) w.u32le(block.earlyCapabilityFlags);
      }
      return encodeBlock(SC_CORE, w.toBytes());
    case 'security':
      w.u32le(block.encryptionMethod).u32le(block.encryptionLevel);
      if (block.keyExchange !== undefined) {
        const { serverRandom, serverCertificate } = block.keyExchange;
        w.u32le(serverRandom.length).u32le(serverCertificate.length);
        w.bytes(serverRandom).bytes(serverCertificate);
      }
      return encodeBlock(SC_SECURITY, w.toBytes());
    case 'network':
      w.u16le(block.mcsChannelId).u16le(block.channelIds.length);
      for (const id of block.channelIds) w.u16le(id);
      w.zeros((block.channelIds.length % 2) * 2);
      return encodeBlock(SC_NET, w.toBytes());
    case 'unknown':
      return encodeBlock(block.type, block.bytes);
    default:
      return unreachable(block);
  }
}

function readCore(r: Reader): ServerCore {
  const version = r.u32le();
  if (r.remaining < 4) return { kind: 'core', version };
  const clientRequestedProtocols = r.u32le();
  if (r.remaining < 4) return { kind: 'core', version, clientRequestedProtocols };
  return { kind: 'core', version, clientRequestedProtocols, earlyCapabilityFlags: r.u32le() };
}

function readSecurity(r: Reader): ServerSecurity {
  const methodAndLevel = { encryptionMethod: r.u32le(), encryptionLevel: r.u32le() };
  if (r.remaining === 0) return { kind: 'security', ...methodAndLevel };
  const serverRandomLength = r.u32le();
  const serverCertificateLength = r.u32le();
  const serverRandom = r.bytes(serverRandomLength);
  return {
    kind: 'security',
    ...methodAndLevel,
    keyExchange: { serverRandom, serverCertificate: r.bytes(serverCertificateLength) },
  };
}
