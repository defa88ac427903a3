// [MS-RDPBCGR] 2.2.1.3.2 Client Core Data (TS_UD_CS_CORE), 2.2.1.3.3 Client Security Data (TS_UD_CS_SEC),
// 2.2.1.3.4 Client Network Data (TS_UD_CS_NET), 2.2.1.3.5 Client Cluster Data (TS_UD_CS_CLUSTER)
import type { Reader } from '../bytes/reader.ts';
import { unreachable } from '../bytes/unreachable.ts';
import { decodeUtf16le, encodeUtf16le } from '../bytes/utf16.ts';
import { concat, Writer } from '../bytes/writer.ts';
import { encodeBlock, readBlocks, type UnknownBlock } from './gcc-blocks.ts';

const CS_CORE = 0xc001;
const CS_SECURITY = 0xc002;
const CS_NET = 0xc003;
const CS_CLUSTER = 0xc004;

/** UTF-16 text in fields of fixed size, terminator included. */
const CLIENT_NAME_BYTES = 32;
const IME_FILE_NAME_BYTES = 64;
const DIG_PRODUCT_ID_BYTES = 64;
/** 2.2.1.3.4 allows no more static virtual channels. */
const MOST_CHANNELS = 31;
/** 2.2.1.3.4.1 CHANNEL_DEF: seven ANSI characters and a terminator. */
const CHANNEL_NAME_BYTES = 8;

/** 2.2.1.3.3 encryptionMethods (a mask) and 2.2.1.4.3 encryptionMethod (one of them, or none). */
export const ENCRYPTION_METHOD = { none: 0x00, bit40: 0x01, bit128: 0x02, bit56: 0x08, fips: 0x10 } as const;

/** RDP 5.0 to 8.1; 0x00080001 is RDP 4.0, and 0x00080005 upwards name the versions from 10.0 on. */
export const RDP_VERSION_5 = 0x00080004;

export interface ClientCore {
  readonly kind: 'core';
  readonly version: number;
  /** Pixels. */
  readonly desktopWidth: number;
  readonly desktopHeight: number;
  readonly colorDepth: number;
  readonly sasSequence: number;
  readonly keyboardLayout: number;
  readonly clientBuild: number;
  /** At most 15 UTF-16 units. */
  readonly clientName: string;
  readonly keyboardType: number;
  readonly keyboardSubType: number;
  readonly keyboardFunctionKey: number;
  /** At most 31 UTF-16 units. */
  readonly imeFileName: string;
  /**
   * Fields that later versions appended, in their order. Each needs the ones before it: the block is written up to
   * the first that is missing, and read up to the first that is not there whole.
   */
  readonly optional: ClientCoreOptional;
}

export interface ClientCoreOptional {
  readonly postBeta2ColorDepth?: number;
  readonly clientProductId?: number;
  readonly serialNumber?: number;
  readonly highColorDepth?: number;
  readonly supportedColorDepths?: number;
  readonly earlyCapabilityFlags?: number;
  /** At most 31 UTF-16 units. */
  readonly clientDigProductId?: string;
  readonly connectionType?: number;
  readonly pad1octet?: number;
  /** A value of PROTOCOL: what the server selected before. */
  readonly serverSelectedProtocol?: number;
  /** Millimetres. */
  readonly desktopPhysicalWidth?: number;
  readonly desktopPhysicalHeight?: number;
  readonly desktopOrientation?: number;
  /** Per cent. */
  readonly desktopScaleFactor?: number;
  readonly deviceScaleFactor?: number;
}

export interface ClientSecurity {
  readonly kind: 'security';
  /** A mask of ENCRYPTION_METHOD. */
  readonly encryptionMethods: number;
  readonly extEncryptionMethods: number;
}

export interface ClientNetwork {
  readonly kind: 'network';
  /** Names of at most seven characters; `options` as in CHANNEL_DEF. */
  readonly channels: readonly { readonly name: string; readonly options: number }[];
}

export interface ClientCluster {
  readonly kind: 'cluster';
  readonly flags: number;
  readonly redirectedSessionId: number;
}

export type ClientBlock = ClientCore | ClientSecurity | ClientNetwork | ClientCluster | UnknownBlock;

/** TS_UD_CS_CORE after imeFileName, in order: name and size in bytes. */
const OPTIONAL_FIELDS = [
  { name: 'postBeta2ColorDepth', size: 2 },
  { name: 'clientProductId', size: 2 },
  { name: 'serialNumber', size: 4 },
  { name: 'highColorDepth', size: 2 },
  { name: 'supportedColorDepths', size: 2 },
  { name: 'earlyCapabilityFlags', size: 2 },
  { name: 'clientDigProductId', size: DIG_PRODUCT_ID_BYTES },
  { name: 'connectionType', size: 1 },
  { name: 'pad1octet', size: 1 },
  { name: 'serverSelectedProtocol', size: 4 },
  { name: 'desktopPhysicalWidth', size: 4 },
  { name: 'desktopPhysicalHeight', size: 4 },
  { name: 'desktopOrientation', size: 2 },
  { name: 'desktopScaleFactor', size: 4 },
  { name: 'deviceScaleFactor', size: 4 },
] as const;

/** Concatenates the blocks in the order given. Throws RangeError when a text or a list is too long for its field. */
export function encodeClientBlocks(blocks: readonly ClientBlock[]): Uint8Array {
  return concat(...blocks.map(encodeClientBlock));
}

/** The blocks of a Conference Create Request's user data, in their order. Throws DecodeError. */
export function decodeClientBlocks(userData: Uint8Array): readonly ClientBlock[] {
  return readBlocks(userData, (type, r): ClientBlock => {
    switch (type) {
      case CS_CORE:
        return readCore(r);
      case CS_SECURITY:
        return { kind: 'security', encryptionMethods: r.u32le(), extEncryptionMethods: r.u32le() };
      case CS_NET:
        return readNetwork(r);
      case CS_CLUSTER:
        return { kind: 'cluster', flags: r.u32le(), redirectedSessionId: r.u32le() };
      default:
        return { kind: 'unknown', type, bytes: r.rest() };
    }
  });
}

function encodeClientBlock(block: ClientBlock): Uint8Array {
  const w = new Writer();
  switch (block.kind) {
    case 'core':
      writeCore(w, block);
      return encodeBlock(CS_CORE, w.toBytes());
    case 'security':
      w.u32le(block.encryptionMethods).u32le(block.extEncryptionMethods);
      return encodeBlock(CS_SECURITY, w.toBytes());
    case 'network':
      writeNetwork(w, block);
      return encodeBlock(CS_NET, w.toBytes());
    case 'cluster':
      w.u32le(block.flags).u32le(block.redirectedSessionId);
      return encodeBlock(CS_CLUSTER, w.toBytes());
    case 'unknown':
      return encodeBlock(block.type, block.bytes);
    default:
      return unreachable(block);
  }
}

function writeCore(w: Writer, core: ClientCore): void {
  w.u32le(core.version);
  w.u16le(core.desktopWidth).u16le(core.desktopHeight).u16le(core.colorDepth).u16le(core.sasSequence);
  w.u32le(core.keyboardLayout).u32le(core.clientBuild);
  writeText(w, core.clientName, CLIENT_NAME_BYTES);
  w.u32le(core.keyboardType).u32le(core.keyboardSubType).u32le(core.keyboardFunctionKey);
  writeText(w, core.imeFileName, IME_FILE_NAME_BYTES);
  for (const { name, size } of OPTIONAL_FIELDS) {
    const value = core.optional[name];
    if (value === undefined) return;
    if (typeof value === 'string') writeText(w, value, size);
    else if (size === 1) w.u8(value);
    else if (size === 2) w.u16le(value);
    else w.u32le(value);
  }
}

function readCore(r: Reader): ClientCore {
  const fixed = {
    kind: 'core',
    version: r.u32le(),
    desktopWidth: r.u16le(),
    desktopHeight: r.u16le(),
    colorDepth: r.u16le(),
    sasSequence: r.u16le(),
    keyboardLayout: r.u32le(),
    clientBuild: r.u32le(),
    clientName: readText(r, CLIENT_NAME_BYTES),
    keyboardType: r.u32le(),
    keyboardSubType: r.u32le(),
    keyboardFunctionKey: r.u32le(),
    imeFileName: readText(r, IME_FILE_NAME_BYTES),
  } as const;
  const optional: { -readonly [Name in keyof ClientCoreOptional]: ClientCoreOptional[Name] } = {};
  for (const { name, size } of OPTIONAL_FIELDS) {
    if (r.remaining < size) break;
    if (name === 'clientDigProductId') optional[name] = readText(r, size);
    else optional[name] = size === 1 ? r.u8() : size === 2 ? r.u16le() : r.u32le();
  }
  return { ...fixed, optional };
}

function writeNetwork(w: Writer, network: ClientNetwork): void {
  if (!(network.channels.length <= MOST_CHANNELS)) {
    throw new RangeError(`${network.channels.length} channels are more than ${MOST_CHANNELS}`);
  }
  w.u32le(network.channels.length);
  for (const { name, options } of network.channels) {
    if (!(name.length < CHANNEL_NAME_BYTES)) throw new RangeError('a channel name has at most 7 characters');
    for (let index = 0; index < name.length; index += 1) w.u8(name.charCodeAt(index));
    w.zeros(CHANNEL_NAME_BYTES - name.length).u32le(options);
  }
}

function readNetwork(r: Reader): ClientNetwork {
  const count = r.u32le();
  if (!(count <= MOST_CHANNELS)) r.fail(`expected at most ${MOST_CHANNELS} channels, received ${count}`);
  const channels = Array.from({ length: count }, () => {
    const name = String.fromCharCode(...r.bytes(CHANNEL_NAME_BYTES));
    return { name: untilNull(name), options: r.u32le() };
  });
  return { kind: 'network', channels };
}

function writeText(w: Writer, text: string, size: number): void {
  const bytes = encodeUtf16le(text);
  // Room for the terminator: two bytes.
  if (!(bytes.length <= size - 2))
    throw new RangeError(`a text of ${text.length} units does not fit in ${size} bytes`);
  w.bytes(bytes).zeros(size - bytes.length);
}

function readText(r: Reader, size: number): string {
  return untilNull(decodeUtf16le(r.bytes(size)));
}

function untilNull(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
