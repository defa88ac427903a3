// A remote registry in memory: requests and responses as [MS-RRP] 3.1.5 has them, over the keys of a fake machine.
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';
import { NdrReader } from '../../../../src/core/protocol/rpc/ndr-reader.ts';
import { NdrWriter } from '../../../../src/core/protocol/rpc/ndr-writer.ts';
import type { Data, Key } from '../../windows/fake-machine.ts';

const NOT_FOUND = 2;
const DENIED = 5;
const MORE_DATA = 234;
const NO_MORE_ITEMS = 259;
const INVALID_PARAMETER = 87;
const BACKUP_RESTORE = 4;
const WOW64_64KEY = 0x100;

export interface FakeRegistry {
  /** By hive and path: `SYSTEM\CurrentControlSet\Control\Lsa`. */
  readonly keys: Readonly<Record<string, Key>>;
  /** Keys that are denied, with all below them; an empty one is HKEY_LOCAL_MACHINE itself. */
  readonly denied?: readonly string[];
  /** SECURITY and SAM open with the backup option, since the token has SeBackupPrivilege; else they are denied. */
  readonly backup?: boolean;
  /** There is no SECURITY and no SAM, as on Samba. */
  readonly unguarded?: boolean;
  /** It knows no KEY_WOW64_64KEY; `denies`: and calls it a denied access, as Samba does for all but root. */
  readonly old?: boolean | 'denies';
  /** Each key loses its first value and its first subkey after their number was told. */
  readonly loses?: boolean;
}

/** Answers one call with the stub of its response. */
export function winreg(registry: FakeRegistry): (opnum: number, stub: Uint8Array) => Uint8Array {
  const places: string[] = [];
  const lost = registry.loses === true ? 1 : 0;
  const opened = (place: string, status: number): Uint8Array => {
    if (status !== 0) return new NdrWriter().handle(new Uint8Array(20)).u32(status).toBytes();
    places.push(place);
    return new NdrWriter().handle(handleOf(places.length)).u32(0).toBytes();
  };
  const placeIn = (r: NdrReader): string => {
    const handle = r.handle();
    return places[(handle[4] ?? 0) + 256 * (handle[5] ?? 0) - 1] ?? 'no such handle';
  };
  return (opnum, stub) => {
    const r = new NdrReader(stub, 'winreg');
    switch (opnum) {
      case 2:
        return opened('', registry.denied?.includes('') === true ? DENIED : 0);
      case 15: {
        const parent = placeIn(r);
        const path = r.unicodeString();
        const options = r.u32();
        const place = parent === '' ? path : `${parent}\\${path}`;
        return opened(place, statusOf(registry, place, options, r.u32()));
      }
      case 17: {
        const place = placeIn(r);
        const name = r.unicodeString();
        const found = Object.entries(valuesOf(registry, place)).find(([own]) => isSame(own, name));
        return data(new NdrWriter(), found?.[1], NOT_FOUND, roomIn(r));
      }
      case 16:
        return information(registry, placeIn(r));
      case 10: {
        const place = placeIn(r);
        const [name, value] = Object.entries(valuesOf(registry, place)).slice(lost)[r.u32()] ?? [''];
        r.unicodeString();
        return data(new NdrWriter().registryString(name), value, NO_MORE_ITEMS, roomIn(r));
      }
      case 9: {
        const place = placeIn(r);
        const name = subkeysOf(registry, place).slice(lost)[r.u32()];
        return new NdrWriter()
          .registryString(name ?? '')
          .pointer(false)
          .pointer(false)
          .u32(name === undefined ? NO_MORE_ITEMS : 0)
          .toBytes();
      }
      default:
        throw new Error(`winreg has no method ${opnum} here`);
    }
  };
}

function handleOf(number: number): Uint8Array {
  return new Writer().u32le(0).u32le(number).zeros(12).toBytes();
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isBelow(place: string, key: string): boolean {
  return `${place}\\`.toLowerCase().startsWith(`${key}\\`.toLowerCase());
}

function statusOf(
  { keys, denied = [], backup = false, unguarded = false, old = false }: FakeRegistry,
  place: string,
  options: number,
  access: number,
): number {
  if (old !== false && (access & WOW64_64KEY) !== 0) return old === 'denies' ? DENIED : INVALID_PARAMETER;
  const isGuarded = /^(?:SECURITY|SAM)(?:\\|$)/i.test(place);
  if (isGuarded && unguarded) return NOT_FOUND;
  if (isGuarded && !(backup && (options & BACKUP_RESTORE) !== 0)) return DENIED;
  if (denied.some((key) => key !== '' && isBelow(place, key))) return DENIED;
  const isHive = /^(?:SYSTEM|SOFTWARE|SECURITY|SAM)$/i.test(place);
  return isHive || Object.keys(keys).some((key) => isBelow(key, place)) ? 0 : NOT_FOUND;
}

function valuesOf({ keys }: FakeRegistry, place: string): Key {
  return Object.entries(keys).find(([key]) => isSame(key, place))?.[1] ?? {};
}

function subkeysOf({ keys }: FakeRegistry, place: string): readonly string[] {
  const below = Object.keys(keys).filter((key) => isBelow(key, place) && !isSame(key, place));
  return [...new Set(below.map((key) => key.slice(place.length + 1).split('\\')[0] ?? ''))];
}

function information(registry: FakeRegistry, place: string): Uint8Array {
  const values = Object.entries(valuesOf(registry, place));
  const subkeys = subkeysOf(registry, place);
  const longest = (lengths: readonly number[]): number => Math.max(0, ...lengths);
  return new NdrWriter()
    .unicodeString('')
    .u32(subkeys.length)
    .u32(2 * longest(subkeys.map(({ length }) => length)))
    .u32(0 /* lpcbMaxClassLen */)
    .u32(values.length)
    .u32(2 * longest(values.map(([name]) => name.length)))
    .u32(longest(values.map(([, value]) => rawOf(value).data.length)))
    .u32(0 /* lpcbSecurityDescriptor */)
    .u32(0)
    .u32(0)
    .u32(0)
    .toBytes();
}

/** Bytes that lpData has room for, behind the parameters before it. */
function roomIn(r: NdrReader): number {
  if (r.pointer()) r.u32(); // lpType
  return r.pointer() ? r.u32() : 0;
}

/** lpType, lpData, lpcbData, lpcbLen and the status. */
function data(w: NdrWriter, value: Data | undefined, missing: number, room: number): Uint8Array {
  const { type, data: bytes } = value === undefined ? { type: 0, data: new Uint8Array(0) } : rawOf(value);
  const status = value === undefined ? missing : bytes.length > room ? MORE_DATA : 0;
  w.pointer().u32(type);
  if (status === 0) w.pointer().varyingBytes(room, bytes);
  else w.pointer(false);
  return w
    .pointer()
    .u32(bytes.length)
    .pointer()
    .u32(status === 0 ? bytes.length : 0)
    .u32(status)
    .toBytes();
}

/** A value as a registry holds it. */
export function rawOf(value: Data): { readonly type: number; readonly data: Uint8Array } {
  if (typeof value === 'number') return { type: 4, data: new Writer().u32le(value).toBytes() };
  if (typeof value === 'string') return { type: 1, data: encodeUtf16le(`${value}\0`) };
  if (value instanceof Uint8Array) return { type: 3, data: value };
  if (!('type' in value)) return { type: 7, data: textsOf(value) };
  const { type, data: inner } = value;
  if (inner instanceof Uint8Array) return { type, data: inner };
  if (typeof inner === 'number') return { type, data: new Writer().u32le(inner).toBytes() };
  if (typeof inner === 'bigint') return { type, data: new Writer().u64le(inner).toBytes() };
  return { type, data: typeof inner === 'string' ? encodeUtf16le(`${inner}\0`) : textsOf(inner) };
}

function textsOf(texts: readonly string[]): Uint8Array {
  return concat(...texts.map((text) => encodeUtf16le(`${text}\0`)), encodeUtf16le('\0'));
}
