import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Attempts } from '../src/app/attempts.ts';
import { lookFromOutside } from '../src/app/gather/outside/look.ts';
import { createNetwork } from '../src/edge/network/driver.ts';
import { systemClock } from '../src/edge/system/clock.ts';
import { systemRandom } from '../src/edge/system/random.ts';
import { makeCertificate } from '../test/peers/certificates.ts';
import type { Scope } from '../test/peers/processes.ts';
import { startDisplay, startShadow } from '../test/peers/shadow.ts';
import { startXrdp } from '../test/peers/xrdp.ts';
import { show, table, timeInTurn, timeProcess } from './measure.ts';
import { startRelay } from './relay.ts';

/** A conversation to the NTLM challenge takes TCP, X.224, TLS 1.2 (two) and CredSSP: nothing can be quicker. */
const FLOOR_ROUND_TRIPS = 5;

const NMAP = (port: number): string[] => [
  ...['-Pn', '-n', '-p', String(port), '--script', '+rdp-enum-encryption,+rdp-ntlm-info', '127.0.0.1'],
];

export interface OutsideBench {
  /** Rounds of the quick commands; the slow ones get a third. */
  readonly rounds: number;
}

/** The whole audit beside nmap's two scripts and sslscan, on loopback and on longer lines. */
export async function benchOutside(scope: Scope, { rounds }: OutsideBench): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rdpdoctor-bench-'));
  const certificate = await makeCertificate(folder, { commonName: 'vm1.corp.example' });
  const xrdp = await startXrdp(scope, {
    securityLayer: 'negotiate',
    cryptLevel: 'high',
    sslProtocols: ['1.0', '1.1', '1.2', '1.3'],
    certificate,
  });
  const shadow = await startShadow(scope, await startDisplay(scope), ['/sec:nla', '+auth']);
  const rows: string[][] = [];
  for (const [name, target] of [
    ['xrdp', xrdp.port],
    ['FreeRDP shadow, NLA', shadow.port],
  ] as const) {
    for (const roundTrip of [0, 50, 100]) rows.push(...(await compare(name, target, roundTrip, rounds)));
  }
  console.log(
    table(
      ['server', 'line', 'command', 'median', 'least', 'most', 'ours/its', 'connections', 'round trips'],
      rows,
    ),
  );
}

async function compare(name: string, target: number, roundTrip: number, rounds: number): Promise<string[][]> {
  const relay = roundTrip === 0 ? undefined : await startRelay(target, roundTrip);
  const port = relay?.port ?? target;
  const host = `127.0.0.1:${port}`;
  const counts = new Map<string, number>();
  const counted = (command: string, run: () => Promise<number>) => async (): Promise<number> => {
    relay?.count();
    const millis = await run();
    if (relay !== undefined) counts.set(command, relay.count());
    return millis;
  };
  const audit = 'audit, in the process';
  const quick = await timeInTurn(
    {
      [audit]: counted(audit, () => timeAudit(port)),
      'rdpdoctor diagnose': counted('rdpdoctor diagnose', () =>
        timeProcess('node', ['dist/bin.js', 'diagnose', host]),
      ),
    },
    rounds,
  );
  const slow = await timeInTurn(
    {
      'rdpdoctor --full': counted('rdpdoctor --full', () =>
        timeProcess('node', ['dist/bin.js', 'diagnose', host, '--full']),
      ),
      'nmap, two scripts': counted('nmap, two scripts', () => timeProcess('nmap', NMAP(port))),
      'sslscan --rdp': counted('sslscan --rdp', () => timeProcess('sslscan', ['--rdp', '--no-colour', host])),
    },
    Math.max(1, Math.floor(rounds / 3)),
  );
  await relay?.close();
  const ours = quick['rdpdoctor diagnose']?.median ?? Number.NaN;
  const full = slow['rdpdoctor --full'].median;
  return Object.entries({ ...quick, ...slow }).map(([command, timing]) => [
    name,
    roundTrip === 0 ? 'loopback' : `${roundTrip} ms`,
    command,
    show(timing.median),
    show(timing.least),
    show(timing.most),
    command.startsWith('nmap')
      ? (ours / timing.median).toFixed(2)
      : command.startsWith('sslscan')
        ? (full / timing.median).toFixed(2)
        : '',
    String(counts.get(command) ?? '-'),
    roundTrip === 0 ? '-' : roundTripsOf(command, timing.median, roundTrip, audit),
  ]);
}

function roundTripsOf(command: string, millis: number, roundTrip: number, audit: string): string {
  const trips = millis / roundTrip;
  return command === audit
    ? `${trips.toFixed(1)} (${(trips / FLOOR_ROUND_TRIPS).toFixed(2)} of the floor)`
    : trips.toFixed(1);
}

async function timeAudit(port: number): Promise<number> {
  const started = performance.now();
  await lookFromOutside(
    { network: createNetwork(systemClock), clock: systemClock, random: systemRandom },
    { host: '127.0.0.1', port, timeoutMillis: 10_000, full: false, client: undefined, credential: undefined },
    new Attempts(systemClock),
  );
  return performance.now() - started;
}

/** `--help` beside a Node that does nothing: what starting costs, and what of it is ours. */
export async function benchStart(rounds: number): Promise<void> {
  const timing = await timeInTurn(
    {
      'rdpdoctor --help': () => timeProcess('node', ['dist/bin.js', '--help']),
      'rdpdoctor explain 0x904': () => timeProcess('node', ['dist/bin.js', 'explain', '0x904']),
      'node -e 0': () => timeProcess('node', ['-e', '0']),
    },
    rounds,
  );
  const bare = timing['node -e 0'].median;
  console.log(
    table(
      ['start', 'median', 'least', 'most', 'of bare Node'],
      Object.entries(timing).map(([command, { median, least, most }]) => [
        command,
        show(median),
        show(least),
        show(most),
        (median / bare).toFixed(2),
      ]),
    ),
  );
}
