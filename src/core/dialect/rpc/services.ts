import type { ServiceStatus } from '../../model/windows-facts.ts';
import type { Dialog } from '../../protocol/dialog.ts';
import { type CallAnswer, prepare, type RpcAssociation } from '../../protocol/rpc/association.ts';
import type { Returned } from '../../protocol/rpc/operation.ts';
import {
  openManager,
  openService,
  queryServiceConfig,
  queryServiceStatusEx,
  SERVICE_ACCESS,
  SERVICE_CONFIG_ROOM,
  type ServiceConfig,
  type ServiceHandle,
  type ServiceStatus as StatusOnWire,
  SVCCTL,
} from '../../protocol/rpc/svcctl.ts';
import type { Answer, RegistryValue } from '../../windows/inquiry.ts';
import { serviceState, serviceStatus } from '../../windows/service-status.ts';
import { job, runJobs } from './jobs.ts';
import type { PipeUser } from './pipes.ts';
import { absent, ofCall, present, type Refused, refused, unknown } from './refusals.ts';

/** [MS-ERREF] 2.2. */
const ERROR_ACCESS_DENIED = 5;
const ERROR_SERVICE_DOES_NOT_EXIST = 1060;
/** The service's own exit code says why it stopped. */
const ERROR_SERVICE_SPECIFIC_ERROR = 1066;

type OpenedService =
  | { readonly kind: 'open'; readonly handle: ServiceHandle }
  | { readonly kind: 'absent' }
  | Refused;

export type ServiceAsked = { readonly name: string; readonly what: 'status' | 'config' };

/** What came of a service: its state, or how it is set to start. */
export type ServiceAnswer =
  | { readonly kind: 'status'; readonly status: ServiceStatus }
  | { readonly kind: 'config'; readonly config: ServiceConfig }
  | { readonly kind: 'absent' }
  | Refused;

/** The service control manager of the machine. */
export class RemoteServices {
  readonly #pipes: PipeUser;
  #association: RpcAssociation | undefined;
  #manager: ServiceHandle | Refused | undefined;
  #services = new Map<string, OpenedService>();

  constructor(pipes: PipeUser) {
    this.#pipes = pipes;
  }

  /** Two round trips, and for the first batch three more. */
  *ask(asked: readonly ServiceAsked[]): Dialog<readonly ServiceAnswer[] | Refused> {
    if (asked.length === 0) return [];
    return yield* this.#pipes.use(SVCCTL, (association) => this.#askOn(association, asked));
  }

  *#askOn(
    association: RpcAssociation,
    asked: readonly ServiceAsked[],
  ): Dialog<readonly ServiceAnswer[] | Refused> {
    const manager = yield* this.#managerOf(association);
    if ('kind' in manager) return manager;
    const names = [...new Set(asked.map(({ name }) => name.toLowerCase()))];
    yield* runJobs(
      association,
      names
        .filter((name) => !this.#services.has(name))
        .map((name) =>
          job(
            prepare(openService, {
              manager,
              name,
              access: SERVICE_ACCESS.SERVICE_QUERY_CONFIG | SERVICE_ACCESS.SERVICE_QUERY_STATUS,
            }),
            (answer) => this.#services.set(name, serviceIn(name, answer)),
          ),
        ),
    );
    const answers: ServiceAnswer[] = asked.map(() => NOT_ANSWERED);
    const jobs = asked.flatMap(({ name, what }, index) => {
      const service = this.#services.get(name.toLowerCase()) ?? NOT_ANSWERED;
      if (service.kind !== 'open') {
        answers[index] = service;
        return [];
      }
      return [
        what === 'status'
          ? job(prepare(queryServiceStatusEx, { service: service.handle }), (answer) => {
              answers[index] = statusIn(name, answer);
            })
          : job(
              prepare(queryServiceConfig, { service: service.handle, room: SERVICE_CONFIG_ROOM }),
              (answer) => {
                answers[index] = configIn(name, answer);
              },
            ),
      ];
    });
    yield* runJobs(association, jobs);
    return answers;
  }

  *#managerOf(association: RpcAssociation): Dialog<ServiceHandle | Refused> {
    if (this.#association !== association) {
      this.#association = association;
      this.#manager = undefined;
      this.#services = new Map();
    }
    if (this.#manager === undefined) {
      const answer = yield* association.call(openManager, { access: SERVICE_ACCESS.SC_MANAGER_CONNECT });
      const opened = serviceIn('the service control manager', answer);
      this.#manager =
        opened.kind === 'open'
          ? opened.handle
          : opened.kind === 'absent'
            ? refused('no-channel', 'the machine has no service control manager')
            : opened;
    }
    return this.#manager;
  }
}

const NOT_ANSWERED: Refused = refused('no-channel', 'the service control manager gave no answer');

function ofStatus(what: string, status: number): { readonly kind: 'absent' } | Refused {
  if (status === ERROR_SERVICE_DOES_NOT_EXIST) return { kind: 'absent' };
  return status === ERROR_ACCESS_DENIED
    ? refused('denied', `${what}: access denied`)
    : refused('corrupt', `${what}: the service control manager answers with error ${status}`);
}

function serviceIn(what: string, answer: CallAnswer<Returned<ServiceHandle>>): OpenedService {
  if (answer.kind !== 'answered') return ofCall(`opening ${what}`, answer);
  const { value } = answer;
  return value.kind === 'ok' ? { kind: 'open', handle: value.value } : ofStatus(what, value.status);
}

function statusIn(
  name: string,
  answer: CallAnswer<Returned<StatusOnWire & { readonly processId: number }>>,
): ServiceAnswer {
  if (answer.kind !== 'answered') return ofCall(`the state of ${name}`, answer);
  if (answer.value.kind !== 'ok') return ofStatus(name, answer.value.status);
  const { state: number, exitCode, serviceExitCode, processId } = answer.value.value;
  const state = serviceState(number);
  if (state === undefined) return refused('corrupt', `${name} is in state ${number}, which does not exist`);
  return {
    kind: 'status',
    status: serviceStatus(state, {
      exitCode,
      serviceExitCode: exitCode === ERROR_SERVICE_SPECIFIC_ERROR ? serviceExitCode : undefined,
      processId,
    }),
  };
}

function configIn(
  name: string,
  answer: CallAnswer<Returned<ServiceConfig> | { readonly kind: 'more-data' }>,
): ServiceAnswer {
  if (answer.kind !== 'answered') return ofCall(`the settings of ${name}`, answer);
  const { value } = answer;
  if (value.kind === 'more-data') return refused('corrupt', `the settings of ${name} are too long`);
  return value.kind === 'ok' ? { kind: 'config', config: value.value } : ofStatus(name, value.status);
}

/** `service-status` as an answer. */
export function statusAnswer(name: string, answer: ServiceAnswer | Refused): Answer {
  const at = `svcctl ${name}`;
  if (answer.kind === 'absent') return absent(at);
  if (answer.kind === 'status') return present(at, { kind: 'service-status', status: answer.status });
  return unknown(at, answer.kind === 'refused' ? answer : NOT_ANSWERED);
}

const REG = { SZ: 1, EXPAND_SZ: 2, DWORD: 4, MULTI_SZ: 7 } as const;

/**
 * What stands in a service's key, out of what the service control manager says of it: for a machine whose
 * registry cannot be read. Its other values are not known.
 */
export function keyAnswer(name: string, answer: ServiceAnswer | Refused): Answer {
  const at = `svcctl ${name}`;
  if (answer.kind === 'absent') return absent(at);
  if (answer.kind !== 'config') return unknown(at, answer.kind === 'refused' ? answer : NOT_ANSWERED);
  const { type, startType, program, startName, dependencies } = answer.config;
  const isGroup = (text: string): boolean => text.startsWith('+');
  const services = dependencies.filter((text) => !isGroup(text));
  const groups = dependencies.filter(isGroup).map((text) => text.slice(1));
  const values: readonly RegistryValue[] = [
    { name: 'Start', type: REG.DWORD, data: startType },
    { name: 'Type', type: REG.DWORD, data: type },
    ...(startName === '' ? [] : [{ name: 'ObjectName', type: REG.SZ, data: startName }]),
    ...(program === '' ? [] : [{ name: 'ImagePath', type: REG.EXPAND_SZ, data: program }]),
    // Always both: the manager knows all that a service needs.
    { name: 'DependOnService', type: REG.MULTI_SZ, data: services },
    { name: 'DependOnGroup', type: REG.MULTI_SZ, data: groups },
  ];
  return present(at, {
    kind: 'values',
    values,
    incomplete: 'the registry could not be read, and the service control manager tells no more than this',
  });
}
