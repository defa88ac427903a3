import type { SecureChannel } from '../../model/windows-facts.ts';
import type { Dialog } from '../../protocol/dialog.ts';
import {
  type SecureChannel as ChannelOnWire,
  CONTROL_FUNCTION,
  logonControl,
  NETLOGON,
  NETLOGON_FLAG,
} from '../../protocol/rpc/netlogon.ts';
import type { Answer, LiveQuestion } from '../../windows/inquiry.ts';
import type { PipeUser } from './pipes.ts';
import { ofCall, present, type Refused, refused, unknown } from './refusals.ts';
import { RemoteServices, type ServiceAnswer } from './services.ts';

export type SecureChannelQuestion = Extract<LiveQuestion, { readonly kind: 'secure-channel' }>;

/**
 * Functions that ask, [MS-NRPC] 3.5.4.9.1. INVARIANT: nothing else is sent from here; 5 (rediscover) and 9
 * (change the password) change something.
 */
const FUNCTIONS = { query: CONTROL_FUNCTION.tcQuery, verify: CONTROL_FUNCTION.tcVerify } as const;

/** [MS-ERREF] 2.2. */
const ERROR_ACCESS_DENIED = 5;
const ERROR_NOT_SUPPORTED = 50;
const ERROR_NO_SUCH_DOMAIN = 1355;
const ERROR_NETLOGON_NOT_STARTED = 1792;

/**
 * How Netlogon of the machine sees its channel to a domain. To verify, the machine asks a controller: where
 * none answers that took 22.5 s with Samba, and 40 s are to be allowed. Until then nothing comes, so it is a
 * dialog of its own beside the others, and what ends it earlier is the run's own time limit.
 * @param pipes of this question alone: a pipe is used by one dialog at a time
 */
export function* askSecureChannel(pipes: PipeUser, { asked, domain }: SecureChannelQuestion): Dialog<Answer> {
  const at = `netlogon NetrLogonControl2Ex(${FUNCTIONS[asked]}) ${domain}`;
  const answer = yield* pipes.use(NETLOGON, (association) =>
    association.call(logonControl, { function: FUNCTIONS[asked], domain }),
  );
  if (answer.kind === 'refused')
    return unknown(at, answer.missing === true ? yield* whyNoPipe(pipes) : answer);
  if (answer.kind !== 'answered') return unknown(at, ofCall('asking Netlogon', answer));
  const { value } = answer;
  if (value.kind === 'ok')
    return present(at, { kind: 'secure-channel', channel: channelOf(asked, value.value) });
  if (value.status === ERROR_NETLOGON_NOT_STARTED) return unknown(at, yield* whyNoPipe(pipes));
  return unknown(at, ofStatus(value.status, domain));
}

/** The call succeeds while the channel is broken; only a flag says that it was tried just now. */
function channelOf(asked: SecureChannel['asked'], channel: ChannelOnWire): SecureChannel {
  const { flags, pdcStatus, channelStatus, controller } = channel;
  // What is remembered proves nothing of now, whatever flag comes with it.
  const verified = asked === 'verify' && (flags & NETLOGON_FLAG.verifyStatusReturned) !== 0;
  return {
    asked,
    ...(controller !== '' && { controller }),
    verified,
    status: channelStatus,
    ...(verified && { pdcStatus }),
    flags,
  };
}

function ofStatus(status: number, domain: string): Refused {
  switch (status) {
    case ERROR_ACCESS_DENIED:
      return refused(
        'denied',
        'asking Netlogon: access denied; it answers administrators of the machine only',
      );
    case ERROR_NO_SUCH_DOMAIN:
      return refused('no-channel', `Netlogon of the machine knows no domain ${domain} (error ${status})`);
    case ERROR_NOT_SUPPORTED:
      return refused('no-channel', `Netlogon of the machine does not answer this (error ${status})`);
    default:
      return refused('no-channel', `Netlogon of the machine answers with error ${status}`);
  }
}

/** Netlogon opens its pipe while it runs: the service control manager says why there is none. */
function* whyNoPipe(pipes: PipeUser): Dialog<Refused> {
  const name = 'Netlogon';
  const asked = yield* new RemoteServices(pipes).ask([
    { name, what: 'status' },
    { name, what: 'config' },
  ]);
  const none = 'the machine has no pipe netlogon';
  if ('kind' in asked) return refused('no-channel', `${none}, and of its services it tells nothing`);
  const [state = NOTHING, config = NOTHING] = asked;
  if (state.kind === 'absent') return refused('no-channel', `${none}, since it has no service Netlogon`);
  if (state.kind !== 'status')
    return refused('no-channel', `${none}, and of Netlogon's state it tells nothing`);
  if (state.status.state === 'running')
    return refused(
      'no-channel',
      `the service Netlogon runs, and ${none}; use --ssh or rdpdoctor collect instead`,
    );
  return refused(
    'no-channel',
    `the service Netlogon is ${state.status.state}${startOf(config)}, so there is no secure channel to ask about; ` +
      'a member of a domain needs it: sc start Netlogon on the machine',
  );
}

const NOTHING: ServiceAnswer = refused('no-channel', 'no answer');

function startOf(config: ServiceAnswer): string {
  return config.kind === 'config' && config.config.startType === SERVICE_DISABLED ? ' and disabled' : '';
}

const SERVICE_DISABLED = 4;
