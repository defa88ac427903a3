import { copyBytes } from '../../bytes/copy.ts';
import type { NdrReader } from './ndr-reader.ts';
import type { NdrWriter } from './ndr-writer.ts';
import { operationOf, type Returned, returned } from './operation.ts';
import { type KeyHandle, optionalU32, REG_STATUS, readFiletime, WINREG } from './winreg-interface.ts';

// [MS-RRP] 3.1.5 Message Processing Events and Sequencing Rules: the methods that only read.

/** Data that did not fit: how many bytes it has. */
export interface MoreData {
  readonly kind: 'more-data';
  /** Bytes; 0 where the server does not say. */
  readonly needed: number;
}

export interface RegistryData {
  /** REG_* by number, whatever it is. */
  readonly type: number;
  readonly data: Uint8Array;
}

const operation = operationOf(WINREG);

const readKey = (r: NdrReader): Returned<KeyHandle> => {
  const handle = r.handle();
  return returned(r.u32(), handle);
};

/** OpenLocalMachine, [MS-RRP] 3.1.5.3 (Opnum 2): HKEY_LOCAL_MACHINE. */
export const openLocalMachine = operation<{ readonly access: number }, Returned<KeyHandle>>(
  'OpenLocalMachine',
  2,
  (w, { access }) => w.pointer(false).u32(access),
  readKey,
);

/** BaseRegCloseKey, [MS-RRP] 3.1.5.6 (Opnum 5). */
export const closeKey = operation<{ readonly key: KeyHandle }, Returned<undefined>>(
  'BaseRegCloseKey',
  5,
  (w, { key }) => w.handle(key),
  (r) => {
    r.handle();
    return returned(r.u32(), undefined);
  },
);

/** BaseRegOpenKey, [MS-RRP] 3.1.5.15 (Opnum 15). `options`: REG_OPTION; `access`: REG_ACCESS. */
export const openKey = operation<
  {
    readonly key: KeyHandle;
    readonly path: string;
    readonly options: number;
    readonly access: number;
  },
  Returned<KeyHandle>
>(
  'BaseRegOpenKey',
  15,
  (w, { key, path, options, access }) => w.handle(key).registryString(path).u32(options).u32(access),
  readKey,
);

/**
 * BaseRegQueryValue, [MS-RRP] 3.1.5.17 (Opnum 17). `room`: bytes of data that may come back. They are
 * announced and not sent: the array that goes out has that size and no element.
 */
export const queryValue = operation<
  { readonly key: KeyHandle; readonly name: string; readonly room: number },
  Returned<RegistryData> | MoreData
>(
  'BaseRegQueryValue',
  17,
  (w, { key, name, room }) => dataParameters(w.handle(key).registryString(name), room),
  (r) => readData(r, (data) => data),
);

/** BaseRegEnumValue, [MS-RRP] 3.1.5.11 (Opnum 10). `nameRoom`: characters with the NUL, `room` as in `queryValue`. */
export const enumValue = operation<
  { readonly key: KeyHandle; readonly index: number; readonly nameRoom: number; readonly room: number },
  Returned<RegistryData & { readonly name: string }> | MoreData
>(
  'BaseRegEnumValue',
  10,
  (w, { key, index, nameRoom, room }) =>
    dataParameters(nameParameter(w.handle(key).u32(index), nameRoom), room),
  (r) => {
    const name = r.unicodeString();
    return readData(r, (data) => ({ name, ...data }));
  },
);

/** BaseRegEnumKey, [MS-RRP] 3.1.5.10 (Opnum 9). `nameRoom`: characters with the NUL; `changedAt`: FILETIME. */
export const enumKey = operation<
  { readonly key: KeyHandle; readonly index: number; readonly nameRoom: number },
  Returned<{ readonly name: string; readonly changedAt?: bigint }>
>(
  'BaseRegEnumKey',
  9,
  (w, { key, index, nameRoom }) =>
    nameParameter(w.handle(key).u32(index), nameRoom)
      // lpClassIn: an empty string, since to Samba a null pointer is an invalid parameter.
      .pointer()
      .unicodeHeader(undefined, true)
      .pointer()
      .u32(0)
      .u32(0 /* lpftLastWriteTime */),
  (r) => {
    const name = r.unicodeString();
    if (r.pointer()) r.unicodeString(); // lplpClassOut
    const changedAt = r.pointer() ? readFiletime(r) : undefined;
    return returned(r.u32(), { name, ...(changedAt !== undefined && { changedAt }) });
  },
);

export interface KeyInfo {
  readonly subkeys: number;
  /** Bytes of the longest name of a subkey, without its NUL. */
  readonly longestSubkeyName: number;
  readonly values: number;
  /** Bytes of the longest name of a value, without its NUL. */
  readonly longestValueName: number;
  /** Bytes of the longest data of a value. */
  readonly longestValue: number;
  /** Bytes of its security descriptor. */
  readonly securitySize: number;
  /** FILETIME. */
  readonly changedAt: bigint;
}

/** BaseRegQueryInfoKey, [MS-RRP] 3.1.5.16 (Opnum 16). The class goes out as a null pointer: an empty buffer is bad stub data to Samba. */
export const queryInfoKey = operation<{ readonly key: KeyHandle }, Returned<KeyInfo>>(
  'BaseRegQueryInfoKey',
  16,
  (w, { key }) => w.handle(key).unicodeHeader(undefined, true),
  (r) => {
    r.unicodeString(); // lpClassOut
    const subkeys = r.u32();
    const longestSubkeyName = r.u32();
    r.u32(); // lpcbMaxClassLen
    const values = r.u32();
    const longestValueName = r.u32();
    const longestValue = r.u32();
    const securitySize = r.u32();
    const changedAt = readFiletime(r);
    return returned(r.u32(), {
      subkeys,
      longestSubkeyName,
      values,
      longestValueName,
      longestValue,
      securitySize,
      changedAt,
    });
  },
);

/** BaseRegGetKeySecurity, [MS-RRP] 3.1.5.13 (Opnum 12). `information`: SECURITY_INFORMATION; the value is a self-relative SECURITY_DESCRIPTOR. */
export const getKeySecurity = operation<
  { readonly key: KeyHandle; readonly information: number; readonly room: number },
  Returned<Uint8Array> | MoreData
>(
  'BaseRegGetKeySecurity',
  12,
  (w, { key, information, room }) =>
    w
      .handle(key)
      .u32(information)
      .pointer()
      .u32(room /* cbInSecurityDescriptor */)
      .u32(0 /* cbOutSecurityDescriptor */)
      .varyingBytes(room, new Uint8Array(0)),
  (r) => {
    const present = r.pointer();
    const size = r.u32();
    r.u32();
    const descriptor = present ? copyBytes(r.varyingBytes()) : new Uint8Array(0);
    const status = r.u32();
    return status === REG_STATUS.ERROR_INSUFFICIENT_BUFFER
      ? { kind: 'more-data', needed: size }
      : returned(status, descriptor);
  },
);

/** Values in one answer of `queryMultipleValues`; [MS-RRP] has no limit of its own, callers ask for dozens. */
const MULTIPLE_LIMIT = 4096;

/**
 * BaseRegQueryMultipleValues, [MS-RRP] 3.1.5.26 (Opnum 29): all of them, or one status for all.
 * `room`: bytes for the data of all together; here they have to be sent.
 * [MS-RRP] 2.2.5 writes ve_valueptr of an RVALENT as a pointer, Samba 4.17 sends and takes the bare
 * offset; Windows was not tried. Where it matters, BaseRegQueryValue in flight costs as many round trips.
 */
export const queryMultipleValues = operation<
  { readonly key: KeyHandle; readonly names: readonly string[]; readonly room: number },
  Returned<readonly (RegistryData & { readonly name: string })[]> | MoreData
>(
  'BaseRegQueryMultipleValues',
  29,
  (w, { key, names, room }) => {
    w.handle(key).u32(names.length).u32(0).u32(names.length);
    for (const _ of names) w.pointer().u32(0).u32(0).u32(0);
    for (const name of names) w.registryString(name);
    return w.u32(names.length).pointer().varyingBytes(room, new Uint8Array(room)).u32(room);
  },
  (r) => {
    const count = r.varyingCount(16 /* a RVALENT */);
    if (!(count <= MULTIPLE_LIMIT)) r.fail(`more than ${MULTIPLE_LIMIT} values`);
    const heads = Array.from({ length: count }, () => ({
      named: r.pointer(),
      size: r.u32(),
      at: r.u32(),
      type: r.u32(),
    }));
    const values = heads.map(({ named, ...rest }) => ({ ...rest, name: named ? r.unicodeString() : '' }));
    const buffer = r.pointer() ? copyBytes(r.varyingBytes()) : new Uint8Array(0);
    const needed = r.u32();
    const status = r.u32();
    if (status === REG_STATUS.ERROR_MORE_DATA) return { kind: 'more-data', needed };
    if (status !== 0) return { kind: 'error', status };
    return {
      kind: 'ok',
      value: values.map(({ name, type, size, at }) => {
        if (!(at + size <= buffer.length)) r.fail(`a value of ${size} bytes at ${at} in ${buffer.length}`);
        return { name, type, data: buffer.subarray(at, at + size) };
      }),
    };
  },
);

/** lpNameIn of the enumerating methods: an empty RRP_UNICODE_STRING with room. */
function nameParameter(w: NdrWriter, room: number): NdrWriter {
  return w
    .u16(0)
    .u16(2 * room)
    .pointer()
    .u32(room)
    .u32(0)
    .u32(0);
}

/** lpType, lpData, lpcbData, lpcbLen of a method that gives data. */
function dataParameters(w: NdrWriter, room: number): NdrWriter {
  return w
    .pointer()
    .u32(0)
    .pointer()
    .varyingBytes(room, new Uint8Array(0))
    .pointer()
    .u32(room)
    .pointer()
    .u32(0);
}

/** The same on their way back, and the status behind them. */
function readData<T>(r: NdrReader, value: (data: RegistryData) => T): Returned<T> | MoreData {
  const type = optionalU32(r) ?? 0;
  const data = r.pointer() ? copyBytes(r.varyingBytes()) : new Uint8Array(0);
  const size = optionalU32(r) ?? 0;
  const length = optionalU32(r);
  const status = r.u32();
  if (status === REG_STATUS.ERROR_MORE_DATA) return { kind: 'more-data', needed: size };
  if (status !== 0) return { kind: 'error', status };
  if (length !== undefined && !(length <= data.length))
    r.fail(`${length} bytes of data, and ${data.length} were sent`);
  return { kind: 'ok', value: value({ type, data: data.subarray(0, length) }) };
}
