import type { NdrReader } from './ndr-reader.ts';
import { operationOf, type Returned, returned } from './operation.ts';
import { type KeyHandle, optionalU32, WINREG } from './winreg-interface.ts';

// [MS-RRP] 3.1.5 Message Processing Events and Sequencing Rules: the methods that change something.
// Nothing that diagnoses calls them.

interface Named {
  readonly key: KeyHandle;
  readonly name: string;
}

const changing = operationOf(WINREG);

const readStatus = (r: NdrReader): Returned<undefined> => returned(r.u32(), undefined);

/** BaseRegCreateKey, [MS-RRP] 3.1.5.7 (Opnum 6). `created`: it was not there before, so undoing deletes it. */
export const createKey = changing<
  { readonly key: KeyHandle; readonly path: string; readonly options: number; readonly access: number },
  Returned<{ readonly key: KeyHandle; readonly created: boolean }>
>(
  'BaseRegCreateKey',
  6,
  (w, { key, path, options, access }) =>
    w
      .handle(key)
      .registryString(path)
      .unicodeHeader(undefined, true /* lpClass */)
      .u32(options)
      .u32(access)
      .pointer(false /* lpSecurityAttributes */)
      .pointer()
      .u32(0 /* lpdwDisposition */),
  (r) => {
    const key = r.handle();
    const disposition = optionalU32(r);
    return returned(r.u32(), { key, created: disposition === 1 /* REG_CREATED_NEW_KEY */ });
  },
);

/** BaseRegDeleteKey, [MS-RRP] 3.1.5.8 (Opnum 7): a key without subkeys. */
export const deleteKey = changing<{ readonly key: KeyHandle; readonly path: string }, Returned<undefined>>(
  'BaseRegDeleteKey',
  7,
  (w, { key, path }) => w.handle(key).registryString(path),
  readStatus,
);

/** BaseRegDeleteValue, [MS-RRP] 3.1.5.9 (Opnum 8). */
export const deleteValue = changing<Named, Returned<undefined>>(
  'BaseRegDeleteValue',
  8,
  (w, { key, name }) => w.handle(key).registryString(name),
  readStatus,
);

/** BaseRegSetValue, [MS-RRP] 3.1.5.22 (Opnum 22). */
export const setValue = changing<
  Named & { readonly type: number; readonly data: Uint8Array },
  Returned<undefined>
>(
  'BaseRegSetValue',
  22,
  (w, { key, name, type, data }) =>
    w.handle(key).registryString(name).u32(type).conformantBytes(data).u32(data.length),
  readStatus,
);

/** BaseRegSetKeySecurity, [MS-RRP] 3.1.5.21 (Opnum 21). `descriptor`: self-relative. */
export const setKeySecurity = changing<
  { readonly key: KeyHandle; readonly information: number; readonly descriptor: Uint8Array },
  Returned<undefined>
>(
  'BaseRegSetKeySecurity',
  21,
  (w, { key, information, descriptor }) =>
    w
      .handle(key)
      .u32(information)
      .pointer()
      .u32(descriptor.length)
      .u32(descriptor.length)
      .varyingBytes(descriptor.length, descriptor),
  readStatus,
);
