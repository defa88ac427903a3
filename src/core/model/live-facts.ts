/** Facts of the moment: what only the running machine knows, and what is over as soon as it restarts or finishes. */

/** What the service control manager says of a service. */
export interface ServiceStatus {
  readonly state:
    | 'stopped'
    | 'start-pending'
    | 'stop-pending'
    | 'running'
    | 'continue-pending'
    | 'pause-pending'
    | 'paused';
  /** Why it stopped: a Win32 error, unsigned; 1066 means that `serviceExitCode` says it. */
  readonly exitCode?: number;
  readonly serviceExitCode?: number;
  /** Left out where it does not run. */
  readonly processId?: number;
}

/** Who listens on a TCP port. */
export interface ListenerOwner {
  /** `svchost.exe`. */
  readonly process?: string;
  readonly processId?: number;
  /** `TermService`. */
  readonly service?: string;
}

/** What Netlogon answers of its channel to a domain ([MS-NRPC] 2.2.1.7, NETLOGON_INFO_2). */
export interface SecureChannel {
  /** Of its memory, or by asking a controller now. */
  readonly asked: 'query' | 'verify';
  /** `\\\\dc1.corp.example`; left out where it names none. */
  readonly controller?: string;
  /** The answer says that the channel was tried now: only then its statuses are the state of this moment. */
  readonly verified: boolean;
  /** netlog2_tc_connection_status: a Win32 error or NTSTATUS, unsigned; 0 is well. */
  readonly status: number;
  /** netlog2_pdc_connection_status, unsigned; only where the answer says that it was verified. */
  readonly pdcStatus?: number;
  /** netlog2_flags. */
  readonly flags?: number;
}

/** What a machine has left; what could not be had is left out. */
export interface ResourcesState {
  readonly memory?: { readonly totalBytes: number; readonly availableBytes: number };
  readonly commit?: { readonly limitBytes: number; readonly usedBytes: number };
  readonly handles?: number;
  readonly processes?: number;
  readonly sessions?: number;
}

/** What waits for a restart. */
export interface PendingRestart {
  readonly pending: boolean;
  readonly reasons: readonly PendingReason[];
}

export interface PendingReason {
  /**
   * *servicing*: components are to be replaced. *servicing-now*: they are being replaced, at this very start.
   * *update*: Windows Update says so. *file-renames*: files in use are to be replaced or removed, which
   * many programs leave behind. *computer-name*: the machine has been renamed. *domain-join*: it has joined a domain.
   */
  readonly reason:
    | 'servicing'
    | 'servicing-now'
    | 'update'
    | 'file-renames'
    | 'computer-name'
    | 'domain-join';
  /** The key or value that says so. */
  readonly where: string;
}

/** Whether Windows Setup is done with the machine: a first start, Sysprep and an upgrade go through it. */
export interface SetupState {
  /** SystemSetupInProgress. */
  readonly inProgress: boolean;
  /** OOBEInProgress: the questions before the first sign-in. */
  readonly firstStart: boolean;
  /** `IMAGE_STATE_COMPLETE`; left out where it does not say or could not be read. */
  readonly imageState?: string;
}

/** Whom Windows Time follows. */
export interface TimeSource {
  /** As it is set: `NT5DS` (the domain), `NTP`, `AllSync`, `NoSync`. Left out where it is not set or could not be read. */
  readonly type?: string;
  /** As it says itself while it runs: `dc1.corp.example`, `Local CMOS Clock`. */
  readonly server?: string;
  /** That server's clock minus the machine's, as last measured. */
  readonly offsetSeconds?: number;
}

/** Such facts about a Windows machine. */
export interface LiveFacts {
  readonly 'secureChannel.state': SecureChannel;
  readonly 'listener.owner': ListenerOwner;
  /** ISO 8601, UTC. */
  readonly 'policy.refreshedAt': string;
  /** ISO 8601, UTC. */
  readonly 'os.startedAt': string;
  readonly 'os.pendingRestart': PendingRestart;
  readonly 'os.setup': SetupState;
  readonly 'time.source': TimeSource;
  readonly 'resources.state': ResourcesState;
}

/** Every such fact with the sentence that `list facts` shows. */
export const LIVE_FACTS: { readonly [F in keyof LiveFacts]: string } = {
  'secureChannel.state':
    "how the machine's secure channel to its domain stands, tried at the time of looking (not from a disk)",
  'listener.owner': "who listens on the listener's port (not from a disk)",
  'policy.refreshedAt': "when the computer's policy was last applied to the end",
  'os.startedAt': 'when Windows last started (not from a disk)',
  'os.pendingRestart': 'whether the machine waits for a restart, and why',
  'os.setup': 'whether Windows Setup is still at work: first start, Sysprep, upgrade',
  'time.source': 'whom Windows Time follows, as set and, while it runs, as it says itself',
  'resources.state': 'memory, handles, processes and sessions (not from a disk)',
};

/** Why a disk does not tell: one reason for all such facts. */
export const ONLY_RUNNING = 'only the running machine knows it';

/** Who asks a running machine. */
export const LIVE_LOOKS = ['--rpc', '--ssh', '--answers', '--winrm'] as const;

/** Of these a disk tells nothing. */
export const ONLY_LIVE: readonly string[] = [
  'secureChannel.state',
  'listener.owner',
  'os.startedAt',
  'resources.state',
] satisfies readonly (keyof LiveFacts)[];

const OF_A_SERVICE: readonly (keyof ServiceStatus)[] = ['state', 'exitCode', 'serviceExitCode', 'processId'];
const OF_TIME: readonly (keyof TimeSource)[] = ['server', 'offsetSeconds'];
const NONE: readonly string[] = [];

/** The parts of a fact that only a running machine tells, of the facts of which a disk tells the rest. */
export function partsOfTheMoment(fact: string): readonly string[] {
  if (fact === 'time.source') return OF_TIME;
  return /^service\.[A-Za-z0-9]+$/.test(fact) ? OF_A_SERVICE : NONE;
}
