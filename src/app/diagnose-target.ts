import { type DiagnosisInput, diagnose } from '../core/engine/diagnosis.ts';
import { SUPPORTED_CLIENTS } from '../core/knowledge/clients.ts';
import type { Look, NamedUser } from '../core/model/cause.ts';
import type { ClientProfile } from '../core/model/client.ts';
import type { Evidence } from '../core/model/facts.ts';
import type { Report, Warning } from '../core/model/report.ts';
import type { DiskLook, DiskRequest } from './gather/disk/look.ts';
import { lookFromOutside, type OutsidePorts, type OutsideRequest } from './gather/outside/look.ts';
import type { Clock } from './ports/clock.ts';

/** A disk that is opened beside everything else: a server that keeps it waiting must not keep the listener's look. */
export interface DiskToOpen {
  /** For opening and reading together. */
  readonly timeoutMillis: number;
  open(): Promise<DiskOpened>;
}

export type DiskOpened =
  | { readonly ok: true; readonly disk: Omit<DiskRequest, 'timeoutMillis'> }
  /** `problem`: lower case, no final stop. `advice`: a sentence. */
  | { readonly ok: false; readonly problem: string; readonly advice: string };

/** The vantages of one diagnosis: at least one of them. */
export interface DiagnosisRequest {
  /** As the user wrote it. */
  readonly target: string;
  readonly outside?: Omit<OutsideRequest, 'client'>;
  readonly disk?: DiskToOpen;
  readonly client: ClientProfile | undefined;
  /** The account that cannot sign in, where it was named; the sign-in attempt is another matter. */
  readonly user?: NamedUser;
  /** The error that the user sees, where it was given. */
  readonly symptom?: string;
  /** Cause ids that it points to. */
  readonly suspected: readonly string[];
}

/** What this version can look at. */
export const AVAILABLE_LOOKS: readonly Look[] = ['HOST', '--user', '--client', '--full', '--disk'];

/** Looks from every vantage at once, and says what follows from all that was seen together. */
export async function diagnoseTarget(ports: OutsidePorts, request: DiagnosisRequest): Promise<Report> {
  return diagnose(await lookAtTarget(ports, request));
}

/** Looks from every vantage at once: what there is to judge. */
export async function lookAtTarget(ports: OutsidePorts, request: DiagnosisRequest): Promise<DiagnosisInput> {
  const { outside, disk, client, user } = request;
  const at = new Date(ports.clock.now()).toISOString();
  const [listener, machine] = await Promise.all([
    outside === undefined ? undefined : lookFromOutside(ports, { ...outside, client }),
    disk === undefined ? undefined : lookAtDiskLater(ports.clock, disk, user),
  ]);
  const evidence: Evidence = { ...(machine?.ok === true ? machine.evidence : {}), ...listener?.evidence };
  const diskWarnings: readonly Warning[] =
    machine === undefined
      ? []
      : machine.ok
        ? machine.warnings
        : [{ code: 'disk-not-read', text: `the disk was not read: ${machine.problem}. ${machine.advice}` }];
  const taken: Look[] = [];
  if (outside !== undefined) taken.push('HOST');
  if (outside?.full === true) taken.push('--full');
  if (client !== undefined) taken.push('--client');
  if (outside?.credential !== undefined) taken.push('--user');
  if (machine?.ok === true) taken.push('--disk');
  return {
    target: request.target,
    ...(request.symptom === undefined ? {} : { symptom: request.symptom }),
    at,
    evidence,
    context: {
      client,
      supportedClients: SUPPORTED_CLIENTS,
      ...(user === undefined ? {} : { user }),
    },
    warnings: [...(listener?.warnings ?? []), ...diskWarnings],
    taken,
    available: AVAILABLE_LOOKS,
    suspected: request.suspected,
  };
}

/** The readers of disk formats are half of the program: they are loaded when there is a disk to read. */
async function lookAtDiskLater(
  clock: Clock,
  { timeoutMillis, open }: DiskToOpen,
  account: NamedUser | undefined,
): Promise<DiskLook> {
  const deadline = clock.monotonic() + timeoutMillis;
  const loading = import('./gather/disk/look.ts');
  // Loading goes on beside the opening, and is not left behind where that fails.
  const opened = await open().finally(() => loading);
  if (!opened.ok) return opened;
  const { lookAtDisk } = await loading;
  return lookAtDisk(clock, {
    ...opened.disk,
    ...(account === undefined ? {} : { account }),
    timeoutMillis: deadline - clock.monotonic(),
  });
}
