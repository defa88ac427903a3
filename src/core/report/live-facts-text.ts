import { counted } from '../model/counted.ts';
import type { LiveFacts, PendingReason } from '../model/live-facts.ts';
import type { FactText } from './fact-text.ts';

const REASONS: Readonly<Record<PendingReason['reason'], string>> = {
  servicing: 'components are to be replaced',
  'servicing-now': 'components are being replaced',
  update: 'Windows Update asks for it',
  'file-renames': 'files in use are to be replaced',
  'computer-name': 'the machine was renamed',
  'domain-join': 'it joined a domain',
};

/** The facts of the moment in words; an empty text is a fact not worth a line. */
export const DESCRIBE_LIVE: { readonly [F in keyof LiveFacts]: FactText<LiveFacts[F]> } = {
  'os.startedAt': { label: 'started', say: (at) => `${moment(at)} UTC` },
  'os.setup': {
    label: 'setup',
    say: ({ inProgress, firstStart, imageState }, verbose) => {
      const words = [
        ...(inProgress ? ['not finished'] : []),
        ...(firstStart ? ['at the first start'] : []),
        ...(imageState === undefined || (imageState === 'IMAGE_STATE_COMPLETE' && !verbose)
          ? []
          : [imageState]),
      ];
      return words.join(', ') || (verbose ? 'finished' : '');
    },
  },
  'os.pendingRestart': {
    label: 'restart',
    say: ({ pending, reasons }, verbose) => {
      // Programs that replaced a file in use leave that behind on half of all machines.
      const told = reasons.filter(({ reason }) => verbose || reason !== 'file-renames');
      if (!pending) return verbose ? 'none waits' : '';
      return told.length === 0 ? '' : `one waits: ${told.map(({ reason }) => REASONS[reason]).join(', ')}`;
    },
  },
  'policy.refreshedAt': {
    label: 'policy applied',
    say: (at, verbose) => (verbose ? `${moment(at)} UTC` : ''),
  },
  'secureChannel.state': {
    label: 'secure channel',
    say: ({ verified, controller, status, pdcStatus = 0 }) => {
      const failed = pdcStatus === 0 ? status : pdcStatus;
      const whom = controller === undefined || controller === '' ? '' : ` with ${controller}`;
      if (verified) {
        return failed === 0
          ? `works${whom}, as tried`
          : `fails${whom} with status ${number(failed)}, as tried`;
      }
      return `last used${whom} with status ${number(failed)}, not tried`;
    },
  },
  'listener.owner': {
    label: 'port owner',
    say: ({ process, processId, service }) => {
      const id = processId === undefined ? undefined : `process ${processId}`;
      const who = process ?? id ?? service ?? 'somebody';
      const more = [service === who ? undefined : service, who === id ? undefined : id].filter(
        (word) => word !== undefined,
      );
      return `${who}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
    },
  },
  'time.source': {
    label: 'time source',
    say: ({ type, server, offsetSeconds }, verbose) => {
      if (server === undefined && offsetSeconds === undefined) {
        return verbose && type !== undefined ? `set to ${type}` : '';
      }
      const words = [
        server ?? 'nobody',
        ...(offsetSeconds === undefined ? [] : [`${offsetSeconds} s apart`]),
        ...(type === undefined || !verbose ? [] : [`set to ${type}`]),
      ];
      return words.join(', ');
    },
  },
  'resources.state': {
    label: 'resources',
    say: ({ memory, commit, handles, processes, sessions }) =>
      [
        ...(memory === undefined
          ? []
          : [`memory ${size(memory.availableBytes)} of ${size(memory.totalBytes)} free`]),
        ...(commit === undefined
          ? []
          : [`committed ${size(commit.usedBytes)} of ${size(commit.limitBytes)}`]),
        ...(handles === undefined ? [] : [counted(handles, 'handle')]),
        ...(processes === undefined ? [] : [counted(processes, 'process', 'processes')]),
        ...(sessions === undefined ? [] : [counted(sessions, 'session')]),
      ].join(', '),
  },
};

function moment(at: string): string {
  return at.slice(0, 19).replace('T', ' ');
}

function size(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** A Win32 error as nltest prints it, an NTSTATUS as its tables do. */
function number(status: number): string {
  return status > 0xffff ? `0x${status.toString(16).toUpperCase().padStart(8, '0')}` : String(status);
}
