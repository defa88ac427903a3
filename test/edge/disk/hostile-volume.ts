// A small NTFS volume with the folders of a Windows, whose files may say of themselves what they like: a few
// clusters are there, the rest is a hole of any size.
import { copyBytes } from '../../../src/core/bytes/copy.ts';
import {
  type BuiltEntry,
  type BuiltRecord,
  buildVolume,
  CLUSTER,
  FREE_LCN,
  indexRoot,
  nameNode,
  nonResident,
  resident,
  Type,
} from '../../core/formats/ntfs/build-volume.ts';
import { type BuiltHive, buildHive, dword, sz } from '../../core/formats/regf/build-hive.ts';

/** A file by what is stored of it, and by what it says of its size. */
export interface PlantedFile {
  readonly stored: Uint8Array;
  /** Bytes; a hole follows what is stored. */
  readonly size?: number;
  /** In place of a data attribute. */
  readonly attributes?: (lcn: number) => readonly Uint8Array[];
}

const FOLDERS = { windows: 24, system32: 25, config: 26, winevt: 27, logs: 28 } as const;
const FIRST_FILE = 30;

/** @param config files of System32\config; @param logs files of winevt\Logs; @param records further ones, from 50 on */
export function plantVolume(
  config: Readonly<Record<string, PlantedFile>>,
  logs: Readonly<Record<string, PlantedFile>> = {},
  records: readonly BuiltRecord[] = [],
): Uint8Array {
  const clusters: Record<number, Uint8Array> = {};
  const files: BuiltRecord[] = [];
  let nextLcn = FREE_LCN;
  const place = (planted: Readonly<Record<string, PlantedFile>>): BuiltEntry[] =>
    Object.keys(planted)
      .sort((a, b) => (a.toUpperCase() < b.toUpperCase() ? -1 : 1))
      .map((name) => {
        const { stored, size = stored.length, attributes } = planted[name] ?? { stored: new Uint8Array() };
        const lcn = nextLcn;
        const count = Math.max(1, Math.ceil(stored.length / CLUSTER));
        for (let index = 0; index < count; index += 1) {
          clusters[lcn + index] = copyBytes(stored, index * CLUSTER, (index + 1) * CLUSTER);
        }
        nextLcn += count;
        const hole = Math.ceil(size / CLUSTER) - count;
        const runs = [{ lcn, clusters: count }, ...(hole > 0 ? [{ clusters: hole }] : [])];
        const number = FIRST_FILE + files.length;
        files.push({
          number,
          attributes: attributes?.(lcn) ?? [nonResident({ type: Type.Data, runs, size })],
        });
        return { name, record: number };
      });
  const folder = (number: number, entries: readonly BuiltEntry[]): BuiltRecord => ({
    number,
    isDirectory: true,
    attributes: [indexRoot(nameNode(entries))],
  });
  const [configEntries, logEntries] = [place(config), place(logs)];
  return buildVolume({
    root: [{ name: 'Windows', record: FOLDERS.windows, isDirectory: true }],
    records: [
      folder(FOLDERS.windows, [{ name: 'System32', record: FOLDERS.system32, isDirectory: true }]),
      folder(FOLDERS.system32, [
        { name: 'config', record: FOLDERS.config, isDirectory: true },
        { name: 'winevt', record: FOLDERS.winevt, isDirectory: true },
      ]),
      folder(FOLDERS.config, configEntries),
      folder(FOLDERS.winevt, [{ name: 'Logs', record: FOLDERS.logs, isDirectory: true }]),
      folder(FOLDERS.logs, logEntries),
      ...files,
      ...records,
    ],
    clusters,
  });
}

/** A SYSTEM hive with a control set and little in it. */
export function smallSystem(): BuiltHive {
  return buildHive({
    name: 'ROOT',
    subkeys: [
      {
        name: 'ControlSet001',
        subkeys: [
          {
            name: 'Control',
            subkeys: [
              {
                name: 'ComputerName',
                subkeys: [
                  { name: 'ComputerName', values: [{ name: 'ComputerName', type: 1, data: sz('PLANTED') }] },
                ],
              },
            ],
          },
        ],
      },
      { name: 'Select', values: [{ name: 'Current', type: 4, data: dword(1) }] },
    ],
  });
}

export { nonResident, resident, Type };
