import { spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import type { Resolution } from '../../app/ports/network.ts';
import { familyOf } from './ip-literal.ts';

/** Prints the addresses of its argument as JSON, or the code of the error. */
const PROGRAM = `require('node:dns').lookup(process.argv[1], { all: true, verbatim: true }, (error, rows) =>
  process.stdout.write(JSON.stringify(error ? { code: error.code } : rows.map((row) => row.address))));`;

/** Not for the child: its options could be anything, and a password is none of its business. */
const WITHHELD: readonly string[] = ['NODE_OPTIONS', 'RDPDOCTOR_PASSWORD'];

type Lookup = { readonly addresses: readonly string[] } | { readonly code: string };

/**
 * Every address of a name, in the order in which the system would try them; an address stands for itself.
 *
 * The system's resolver is asked in a child process. It runs on a thread that nothing can stop, and
 * while it waits for a name server that is silent the process cannot end, not even by process.exit:
 * with one dead name server that takes ten seconds, with several and a search list a minute. The
 * resolvers that could be stopped know neither the hosts file nor what else the system asks.
 * @param millis how long it may take
 */
export async function resolveHost(host: string, millis: number): Promise<Resolution> {
  if (familyOf(host) !== 0) return { kind: 'addresses', addresses: [host] };
  if (millis <= 0) return failed(host, undefined);
  const found = await lookUpInChild(host, millis);
  return found !== undefined && 'addresses' in found && found.addresses.length > 0
    ? { kind: 'addresses', addresses: [...new Set(found.addresses)] }
    : failed(host, found === undefined ? undefined : 'code' in found ? found.code : 'ENOTFOUND');
}

function failed(host: string, code: string | undefined): Resolution {
  const problem = (() => {
    switch (code) {
      case undefined:
        return `the name ${host} was not resolved in time`;
      case 'ENOTFOUND':
        return `the name ${host} does not resolve to an address`;
      case 'EAI_AGAIN':
        return `no name server answered for the name ${host} (EAI_AGAIN)`;
      default:
        return `the name ${host} could not be looked up (${code})`;
    }
  })();
  return { kind: 'failed', problem };
}

/** `undefined`: not in time. */
function lookUpInChild(host: string, millis: number): Promise<Lookup | undefined> {
  return new Promise((resolve) => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !WITHHELD.includes(name)));
    const child = spawn(process.execPath, ['--input-type=commonjs', '--eval', PROGRAM, '--', host], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    });
    const end = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(() => {
      end();
      resolve(undefined);
    }, millis);
    // Whoever interrupts this process would otherwise leave the child behind.
    process.once('exit', end);
    let printed = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      printed += text;
    });
    const settle = (result: Lookup | Promise<Lookup>): void => {
      clearTimeout(timer);
      process.off('exit', end);
      resolve(result);
    };
    child.on('error', () => settle(lookUpHere(host)));
    child.on('close', () => settle(readLookup(printed) ?? { code: 'the resolver ended without an answer' }));
  });
}

/** Where no process can be started a lookup that cannot be ended is better than none. */
async function lookUpHere(host: string): Promise<Lookup> {
  try {
    return { addresses: (await lookup(host, { all: true, verbatim: true })).map((row) => row.address) };
  } catch (error) {
    return { code: error instanceof Error && 'code' in error ? String(error.code) : 'no reason given' };
  }
}

function readLookup(printed: string): Lookup | undefined {
  if (printed === '') return undefined;
  const answer: unknown = JSON.parse(printed);
  if (Array.isArray(answer)) return { addresses: answer.filter((entry) => typeof entry === 'string') };
  return typeof answer === 'object' && answer !== null && 'code' in answer
    ? { code: String(answer.code) }
    : undefined;
}
