import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lookAtDisk } from '../src/app/gather/disk/look.ts';
import { bottom, type EventQuery, openLog, queryEvents, walkBytes } from '../src/core/formats/evtx/index.ts';
import { EVENTS } from '../src/core/knowledge/events.ts';
import { openDisk } from '../src/edge/disk/open-disk.ts';
import { systemClock } from '../src/edge/system/clock.ts';
import { dataExtents } from '../test/core/formats/image/images.ts';
import { startAzurite } from '../test/peers/azurite.ts';
import { run, type Scope } from '../test/peers/processes.ts';
import { readSharedData } from '../test/shared-data.ts';
import { bundled } from './bundled.ts';
import { show, table, timeByItself, timeInTurn, timeProcess } from './measure.ts';
import { startRelay } from './relay.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Real files and where Windows keeps them. */
const FILES: Readonly<Record<string, string>> = {
  'hives/win7_domain/SYSTEM': 'config/SYSTEM',
  'hives/win7_domain/SOFTWARE': 'config/SOFTWARE',
  'hives/win81_domain/SECURITY': 'config/SECURITY',
  'evtx/szechuan_System.evtx': 'winevt/Logs/System.evtx',
  'evtx/tsevtx_Security.evtx': 'winevt/Logs/Security.evtx',
};

/** As many names as make the index of System32 a real tree. */
const FILLERS = 4000;

const LISTENER = 'Control\\Terminal Server\\WinStations\\RDP-Tcp';

/** Twenty values of SYSTEM that a diagnosis asks for, by their keys. */
const TWENTY = Object.entries({
  'Control\\Terminal Server': ['fDenyTSConnections', 'TSEnabled', 'TSUserEnabled'],
  [LISTENER]: [
    'SecurityLayer',
    'UserAuthentication',
    'MinEncryptionLevel',
    'PortNumber',
    'fEnableWinStation',
    'fLogonDisabled',
    'MaxInstanceCount',
  ],
  'Control\\Lsa': [
    'LmCompatibilityLevel',
    'LimitBlankPasswordUse',
    'Security Packages',
    'Authentication Packages',
    'SecureBoot',
  ],
  'services\\TermService': ['Start'],
  'services\\Netlogon': ['Start'],
  'services\\gpsvc': ['Start'],
  'services\\LanmanWorkstation': ['Start'],
  'services\\W32Time': ['Start'],
}).flatMap(([key, names]) => names.map((name) => ({ path: `ControlSet001\\${key}`, name })));

/**
 * The whole diagnosis of a 127 GiB disk from a local file, and the twenty values and the last day's
 * events beside the tools that do a part of the same work.
 */
export async function benchDisk(scope: Scope, rounds: number): Promise<void> {
  if (!existsSync(join(ROOT, '../shared/data'))) {
    console.log('the disk is not measured: ../shared/data is not beside the repository');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'rdpdoctor-disk-'));
  scope.after(() => rmSync(folder, { recursive: true, force: true }));
  const files = unpack(folder);
  const images = await buildDisk(folder, files);
  await timeDiagnosis(images, rounds);
  await timeAzurite(scope, images, rounds);
  await timeParts(files, images.raw, rounds);
}

function unpack(folder: string): string {
  const files = join(folder, 'System32');
  for (const [from, to] of Object.entries(FILES)) {
    mkdirSync(join(files, to, '..'), { recursive: true });
    writeFileSync(join(files, to), readSharedData(from));
  }
  return files;
}

interface Images {
  readonly raw: string;
  readonly fixed: string;
  readonly dynamic: string;
  readonly vhdx: string;
  /** Where the NTFS volume begins, in sectors. */
  readonly start: number;
}

/** A sparse disk as Azure has it, made by sgdisk, mkntfs, ntfs-3g and qemu-img. */
async function buildDisk(folder: string, files: string): Promise<Images> {
  const at = (name: string): string => join(folder, name);
  const must = async (command: string, ...args: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await run(command, args);
    if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
    return stdout;
  };
  await must('truncate', '-s', '127G', at('os.raw'));
  await must(
    'sgdisk',
    '-o',
    '-n1:2048:+100M',
    '-t1:EF00',
    '-n2:0:+16M',
    '-t2:0C01',
    '-n3:0:0',
    '-t3:0700',
    at('os.raw'),
  );
  const info = await must('sgdisk', '-i3', at('os.raw'));
  const start = Number(/First sector: (\d+)/.exec(info)?.[1]);
  const last = Number(/Last sector: (\d+)/.exec(info)?.[1]);
  await must('truncate', '-s', String((last - start + 1) * 512), at('volume'));
  await must(
    'mkntfs',
    '-Q',
    '-F',
    '-c',
    '4096',
    '-s',
    '512',
    '-p',
    String(start),
    '-H',
    '255',
    '-S',
    '63',
    at('volume'),
  );
  mkdirSync(at('mount'));
  await must('ntfs-3g', at('volume'), at('mount'));
  try {
    const target = join(at('mount'), 'Windows/System32');
    mkdirSync(target, { recursive: true });
    for (let index = 0; index < FILLERS; index += 1) writeFileSync(join(target, `filler${index}.dll`), '');
    cpSync(files, target, { recursive: true });
  } finally {
    await must('umount', at('mount'));
  }
  // qemu-img copies only what is there, so the disk stays sparse.
  const target = `driver=raw,offset=${start * 512},size=${(last - start + 1) * 512},file.driver=file,file.filename=${at('os.raw')}`;
  await must('qemu-img', 'convert', '-n', '-f', 'raw', at('volume'), '--target-image-opts', target);
  rmSync(at('volume'));
  const convert = (name: string, format: string, options: string): Promise<string> =>
    must('qemu-img', 'convert', '-f', 'raw', '-O', format, '-o', options, at('os.raw'), at(name));
  await convert('os-fixed.vhd', 'vpc', 'subformat=fixed,force_size=on');
  await convert('os-dynamic.vhd', 'vpc', 'subformat=dynamic,force_size=on');
  await convert('os.vhdx', 'vhdx', 'subformat=dynamic');
  return {
    raw: at('os.raw'),
    fixed: at('os-fixed.vhd'),
    dynamic: at('os-dynamic.vhd'),
    vhdx: at('os.vhdx'),
    start,
  };
}

async function timeDiagnosis(images: Images, rounds: number): Promise<void> {
  const rows: string[][] = [];
  for (const [name, place] of [
    ['fixed VHD', images.fixed],
    ['dynamic VHD', images.dynamic],
    ['VHDX', images.vhdx],
    ['raw', images.raw],
  ] as const) {
    rows.push(await measure(name, place, 16 * 1024, rounds));
  }
  console.log(table(DIAGNOSIS_HEADER, rows));
}

/** The same disk as a page blob behind a read-only SAS, on loopback and on a line of 20 ms. */
async function timeAzurite(scope: Scope, images: Images, rounds: number): Promise<void> {
  const { status } = await run('azurite-blob', ['--version']);
  if (status !== 0) {
    console.log('\nAzurite is not on the PATH (see .ci/run), so nothing was measured over HTTP');
    return;
  }
  const azurite = await startAzurite(scope);
  await azurite.uploadPageBlob(
    'os.vhd',
    images.fixed,
    statSync(images.fixed).size,
    dataExtents('raw', images.fixed),
  );
  const near = azurite.readOnlySas('os.vhd');
  const relay = await startRelay(Number(near.port), 20);
  const far = new URL(near);
  far.port = String(relay.port);
  console.log(
    `\n${table(DIAGNOSIS_HEADER, [
      await measure('SAS URL, loopback', near.href, 128 * 1024, rounds),
      await measure('SAS URL, 20 ms', far.href, 128 * 1024, rounds),
    ])}`,
  );
  await relay.close();
}

export const DIAGNOSIS_HEADER: readonly string[] = [
  ...[
    'disk of 127 GiB',
    'whole process',
    'least',
    'most',
    'reading alone',
    'bytes read',
    'requests',
    'rounds',
    'peak memory',
  ],
];

/** One row: the command as a whole, and what reading costs. */
export async function measure(
  name: string,
  place: string,
  blockSize: number,
  rounds: number,
): Promise<string[]> {
  const { whole } = await timeInTurn(
    { whole: () => timeProcess('node', ['dist/bin.js', 'diagnose', '--disk', place]) },
    rounds,
  );
  const started = performance.now();
  const opened = await openDisk(place, 60_000);
  if (!opened.ok) throw new Error(opened.problem);
  const look = await lookAtDisk(systemClock, {
    source: opened.source,
    openParent: () => Promise.resolve({ ok: false, problem: 'there is none', advice: '' }),
    timeoutMillis: 60_000,
    blockSize,
  });
  const millis = performance.now() - started;
  if (!look.ok) throw new Error(look.problem);
  const { bytes, requests, rounds: dependent } = look.cost;
  return [
    name,
    show(whole.median),
    show(whole.least),
    show(whole.most),
    show(millis),
    `${(bytes / 1e6).toFixed(1)} MB`,
    String(requests),
    String(dependent),
    `${((await peakMemory(place)) / 1024).toFixed(0)} MiB`,
  ];
}

/** The most memory that the command held at a time, in KiB, by its own account as it ends. */
async function peakMemory(place: string): Promise<number> {
  const report =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a program for the child
    "process.on('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS}\\n`))";
  const child = spawn(
    'node',
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(report)}`,
      'dist/bin.js',
      'diagnose',
      '--disk',
      place,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let text = '';
  child.stderr.on('data', (chunk) => (text += chunk));
  await once(child, 'close');
  return Number(/peak (\d+)/.exec(text)?.[1]);
}

async function timeParts(files: string, raw: string, rounds: number): Promise<void> {
  const system = join(files, 'config/SYSTEM');
  const log = join(files, 'winevt/Logs/System.evtx');
  const list = join(files, 'twenty.json');
  writeFileSync(list, JSON.stringify(TWENTY));
  const shell = TWENTY.map(({ path, name }) => `cd \\${path}\nlsval "${name}"\ncd \\\n`).join('');
  const script = join(files, 'twenty.hivexsh');
  writeFileSync(script, `load ${system}\n${shell}`);
  const twenty = await bundled('twenty-values.mjs', files);
  const wholeLog = await bundled('whole-log.mjs', files);
  const timings = await timeInTurn(
    {
      'ours: twenty values, Node included': () => timeProcess('node', [twenty, system, list]),
      'node -e 0': () => timeProcess('node', ['-e', '0']),
      'hivexsh: twenty values, one process': () => timeProcess('hivexsh', ['-f', script]),
      'hivexget: twenty values, a process each': () => timeHivexget(system),
    },
    rounds,
  );
  const slow = await timeInTurn(
    {
      'reged -x: all of SYSTEM': () =>
        timeProcess('reged', ['-x', system, 'HKEY_LOCAL_MACHINE\\SYSTEM', '\\', join(files, 'system.reg')]),
      'ours: the whole log, first call': () => timeByItself('node', [wholeLog, log]),
      'evtxexport: the whole log': () => timeProcess('evtxexport', [log]),
      'ntfscat: SYSTEM out of the volume': () =>
        timeProcess('sh', ['-c', `exec ntfscat --offset=0 "${raw}" Windows/System32/config/SYSTEM`]),
    },
    Math.max(1, Math.floor(rounds / 3)),
  );
  const providers = new Map<string, number[]>();
  for (const { channel, provider, id } of EVENTS) {
    if (channel === 'System') providers.set(provider, [...(providers.get(provider) ?? []), id]);
  }
  const select = [...providers].map(([provider, ids]) => ({ provider, ids }));
  // A diagnosis keeps so many of a channel; without a limit this log, of a day of brute force, is read whole.
  const asked = lastDayInside(log, select, 400);
  const relevant = lastDayInside(log, select, 100_000);
  const all = lastDayInside(log, undefined, 100_000);
  const size = `${(statSync(log).size / 1e6).toFixed(1)} MB`;
  console.log(
    `\n${table(
      ['a part of the work', 'median', 'least', 'most'],
      Object.entries({ ...timings, ...slow }).map(([name, { median, least, most }]) => [
        name,
        show(median),
        show(least),
        show(most),
      ]),
    )}`,
  );
  const share = (ours: { median: number }, theirs: { median: number }): string =>
    (ours.median / theirs.median).toFixed(2);
  console.log(
    `twenty values: ${share(timings['ours: twenty values, Node included'], timings['node -e 0'])} of bare Node; ` +
      `the whole log: ${share(slow['ours: the whole log, first call'], slow['evtxexport: the whole log'])} of evtxexport`,
  );
  console.log(`the last 24 h of a log of ${size}, once started, the file read included:`);
  for (const [what, { events, millis }] of Object.entries({
    'as a diagnosis asks': asked,
    'every one that could matter': relevant,
    'every one, all fields decoded': all,
  })) {
    console.log(`  ${what}: ${events} events in ${show(millis)}`);
  }
}

async function timeHivexget(system: string): Promise<number> {
  const started = performance.now();
  for (const { path, name } of TWENTY) await timeProcess('hivexget', [system, path, name]);
  return performance.now() - started;
}

/** In this process, the second time, so that what is measured is the reading. */
function lastDayInside(
  path: string,
  select: EventQuery['select'],
  limit: number,
): { readonly millis: number; readonly events: number } {
  let millis = 0;
  let events = 0;
  for (let turn = 0; turn < 2; turn += 1) {
    const started = performance.now();
    const bytes = new Uint8Array(readFileSync(path));
    const log = walkBytes(openLog(bottom(bytes.length)), bytes);
    const query = { select, sinceMillisBeforeNewest: 86_400_000, limit };
    events = walkBytes(queryEvents(log, query), bytes).events.length;
    millis = performance.now() - started;
  }
  return { millis, events };
}
