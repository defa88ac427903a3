import { type Attempts, FAILED_BEFORE, type Turn } from '../../../app/attempts.ts';
import { chooseAddress, MOST_ADDRESSES } from '../../../app/gather/outside/choose-address.ts';
import type { Clock } from '../../../app/ports/clock.ts';
import type { Inquiries, Machine, MachineSeen } from '../../../app/ports/machine.ts';
import type { ConnectResult, Endpoint, Network } from '../../../app/ports/network.ts';
import type { Random } from '../../../app/ports/random.ts';
import { unixMillisToFiletime } from '../../../core/bytes/filetime.ts';
import { type InquiredOverRpc, inquireOverRpc } from '../../../core/dialect/rpc/inquire.ts';
import type { NamedUser } from '../../../core/model/cause.ts';
import type { Evidence } from '../../../core/model/facts.ts';
import type { Warning } from '../../../core/model/report.ts';
import type { Dialog } from '../../../core/protocol/dialog.ts';
import type { SmbFailure } from '../../../core/protocol/smb2/failure.ts';
import { openSmbSession } from '../../../core/protocol/smb2/open-session.ts';
import type { SmbSession } from '../../../core/protocol/smb2/session.ts';
import { meaningOf } from './problems.ts';

/** As it stands in the machine's log of sign-ins: the same as for the attempt at the listener. */
const WORKSTATION = 'RDPDOCTOR';

export interface RpcRequest {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** A domain of `.` is the machine's own. */
  readonly account: NamedUser;
  readonly password: string;
}

export interface RpcPorts {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly attempts: Attempts;
}

/** A machine by RPC over SMB: one connection, one sign-in. */
export function rpcMachine(ports: RpcPorts, request: RpcRequest): Machine {
  return { inquire: (inquiries, deadline) => inquire(ports, request, inquiries, deadline) };
}

type Unreached = Extract<MachineSeen, { readonly ok: false }>;

async function inquire(
  { network, clock, random, attempts }: RpcPorts,
  request: RpcRequest,
  inquiries: Inquiries,
  deadline: number,
): Promise<MachineSeen> {
  const { host, port, account, password } = request;
  const endpoint = await findEndpoint(network, request, deadline);
  if ('ok' in endpoint) return endpoint;
  const turn = await attempts.enter(account, deadline);
  if (typeof turn === 'string') return noTurn(turn);

  const context = { channel: 'rpc', observedAt: new Date(clock.now()).toISOString() };
  const ask = (): ReturnType<Inquiries> => inquiries(context);
  const parts: (Evidence | undefined)[] = ask().map(() => undefined);
  const credential = {
    domain: account.domain === '.' ? '' : account.domain,
    user: account.name,
    password,
  };
  const bytes = (length: number): Uint8Array => random.bytes(length);
  const now = unixMillisToFiletime(clock.now());
  const shared = { credential, now, workstation: WORKSTATION };
  function* whole(opened: (session: SmbSession | SmbFailure) => void): Dialog<InquiredOverRpc | SmbFailure> {
    const session = yield* openSmbSession({
      server: host,
      ...shared,
      random: {
        clientGuid: bytes(16),
        salt: bytes(32),
        exportedSessionKey: bytes(16),
        clientChallenge: bytes(8),
      },
    });
    opened(session);
    if (session.kind === 'failed') return session;
    return yield* inquireOverRpc(session, { ...shared, random: bytes }, ask, (index, evidence) => {
      parts[index] = evidence;
    });
  }
  const { connect, result } = await network
    .converse(endpoint, settling(turn, whole), { label: 'rpc', deadline })
    // A fault of ours must not leave the others waiting for this attempt.
    .finally(() => turn.settle('not-made'));
  if (result === undefined) return notConnected(connect, host, port);
  if ('kind' in result) {
    const { why, problem, advice } = meaningOf(result);
    return { ok: false, why, problem: `${host}: ${problem}`, advice };
  }
  if (result.noPipes !== undefined) {
    const { why, detail } = result.noPipes;
    return {
      ok: false,
      why,
      problem: `${host}: the account was let in, and no further: ${detail}`,
      advice: 'Use an account that administers the machine, --ssh or rdpdoctor collect.',
    };
  }
  return { ok: true, parts, warnings: warningsOf(result, request) };
}

/** Settles the attempt as soon as it is decided: by the word on the session, once the account was named. */
function* settling<T>(
  turn: Turn,
  whole: (opened: (session: SmbSession | SmbFailure) => void) => Dialog<T>,
): Dialog<T> {
  let named = false;
  const dialog = whole(({ kind }) => {
    if (kind === 'session') turn.settle('accepted');
    else turn.settle(named ? 'failed' : 'not-made');
  });
  let step = dialog.next();
  while (!step.done) {
    named ||= step.value.kind === 'send' && step.value.secret;
    step = dialog.next(yield step.value);
  }
  return step.value;
}

async function findEndpoint(
  network: Network,
  { host, port }: RpcRequest,
  deadline: number,
): Promise<Endpoint | Unreached> {
  const resolved = await network.resolve(host, deadline);
  if (resolved.kind === 'failed') {
    return {
      ok: false,
      why: 'no-channel',
      problem: `${host}: ${resolved.problem}`,
      advice: 'Give a name that this machine can resolve, or an address.',
    };
  }
  const [first, ...others] = resolved.addresses
    .slice(0, MOST_ADDRESSES)
    .map((address): Endpoint => ({ address, port }));
  if (first === undefined)
    return { ok: false, why: 'no-channel', problem: `${host} has no address`, advice: 'Give an address.' };
  if (others.length === 0) return first;
  return (await chooseAddress(network, [first, ...others], deadline)).endpoint;
}

function noTurn(why: 'failed-before' | 'late'): Unreached {
  return why === 'late'
    ? {
        ok: false,
        why: 'timeout',
        problem: 'another attempt with an account of that name was not decided in time',
        advice: 'Allow more with --timeout.',
      }
    : {
        ok: false,
        why: 'denied',
        problem: FAILED_BEFORE,
        advice: 'Check the name and the password, and run rdpdoctor again.',
      };
}

function notConnected({ state }: ConnectResult, host: string, port: number): Unreached {
  const said = {
    refused: 'refuses connections',
    timeout: 'does not answer',
    unreachable: 'cannot be reached from here',
    open: 'closed the connection at once',
  }[state];
  return {
    ok: false,
    why: state === 'timeout' ? 'timeout' : 'no-channel',
    problem: `port ${port} of ${host} ${said}`,
    advice:
      'Let it through for this machine: firewalls, Azure networks and most providers drop SMB from outside a network. Or use --ssh or rdpdoctor collect.',
  };
}

/** What is to be said of a session that brought less than it should. */
export function warningsOf(
  { noRegistry, deniesAll, computer }: InquiredOverRpc,
  { account, host }: Pick<RpcRequest, 'account' | 'host'>,
): Warning[] {
  const code = 'machine-part-not-read';
  if (deniesAll) return [{ code, text: deniedText(account, host, computer) }];
  return noRegistry === undefined ? [] : [{ code, text: `${host}: ${noRegistry.detail}.` }];
}

/** A local administrator other than the built-in one has a filtered token over the network (KB951016). */
function deniedText({ name, domain }: NamedUser, host: string, computer: string | undefined): string {
  const isLocal = !name.includes('@') && ['', '.', computer?.toLowerCase()].includes(domain.toLowerCase());
  return isLocal
    ? `${host} let ${name} in and denied everything: over the network a local administrator other than the built-in one is given no administrator's rights, unless LocalAccountTokenFilterPolicy is 1 (KB951016). Use the built-in Administrator, an account of the domain that administers this machine, --ssh or rdpdoctor collect.`
    : `${host} let ${domain === '' ? '' : `${domain}\\`}${name} in and denied everything: the account does not administer this machine. Use one that does, --ssh or rdpdoctor collect.`;
}
