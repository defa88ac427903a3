import { type DiagnosisInput, diagnose } from '../core/engine/diagnosis.ts';
import { SUPPORTED_CLIENTS } from '../core/knowledge/clients.ts';
import type { Look, NamedUser } from '../core/model/cause.ts';
import type { ClientProfile } from '../core/model/client.ts';
import type { Report } from '../core/model/report.ts';
import { Attempts } from './attempts.ts';
import { type DiskToOpen, diskVantage } from './gather/disk/vantage.ts';
import { type MachineToAsk, machineVantage } from './gather/machine/vantage.ts';
import type { OutsidePorts, OutsideRequest } from './gather/outside/look.ts';
import { outsideVantage } from './gather/outside/vantage.ts';
import { lookFromAll } from './look-from-all.ts';

/** The vantages of one diagnosis: at least one of them. */
export interface DiagnosisRequest {
  /** As the user wrote it. */
  readonly target: string;
  /** For all vantages together. */
  readonly timeoutMillis: number;
  readonly outside?: Omit<OutsideRequest, 'client'>;
  readonly disk?: DiskToOpen;
  /** Ways to the running machine, in the order in which their readings are preferred. */
  readonly machines?: readonly MachineToAsk[];
  /** Of the attempts that were made already; left out: none. */
  readonly attempts?: Attempts;
  readonly client: ClientProfile | undefined;
  /** The account that cannot sign in, where it was named; the sign-in attempt is another matter. */
  readonly user?: NamedUser;
  /** The error that the user sees, where it was given. */
  readonly symptom?: string;
  /** Cause ids that it points to. */
  readonly suspected: readonly string[];
}

/** What this version can look at. */
export const AVAILABLE_LOOKS: readonly Look[] = [
  'HOST',
  '--user',
  '--client',
  '--full',
  '--disk',
  '--rpc',
  '--ssh',
  '--answers',
];

/** Looks from every vantage, and says what follows from all that was seen together. */
export async function diagnoseTarget(ports: OutsidePorts, request: DiagnosisRequest): Promise<Report> {
  return diagnose(await lookAtTarget(ports, request));
}

/** Looks from every vantage: what there is to judge. */
export async function lookAtTarget(ports: OutsidePorts, request: DiagnosisRequest): Promise<DiagnosisInput> {
  const { outside, disk, machines = [], client, user, attempts = new Attempts(ports.clock) } = request;
  const at = new Date(ports.clock.now()).toISOString();
  const vantages = [
    ...(outside === undefined ? [] : [outsideVantage(ports, { ...outside, client }, attempts)]),
    ...machines.map((machine) => machineVantage(ports.clock, machine, user)),
    ...(disk === undefined ? [] : [diskVantage(ports.clock, disk, user)]),
  ];
  const {
    evidence,
    subjects = {},
    warnings,
    taken,
    failed = [],
  } = await lookFromAll(ports.clock, vantages, request.timeoutMillis);
  return {
    target: request.target,
    ...(request.symptom === undefined ? {} : { symptom: request.symptom }),
    at,
    evidence,
    subjects,
    context: {
      client,
      supportedClients: SUPPORTED_CLIENTS,
      ...(user === undefined ? {} : { user }),
    },
    warnings,
    failed,
    taken: client === undefined ? taken : [...taken, '--client'],
    available: AVAILABLE_LOOKS,
    suspected: request.suspected,
  };
}
