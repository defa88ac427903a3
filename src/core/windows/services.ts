import type { Evidence } from '../model/facts.ts';
import type { ServiceStatus, WindowsService } from '../model/windows-facts.ts';
import {
  type InquiryContext,
  type KeyValues,
  NO_ANSWER,
  numberOf,
  observe,
  type Sought,
  seek,
  seekIn,
  seekValues,
} from './answers.ts';
import type { Answer, AnswerValue, Inquiry, Question, RegistryValue } from './inquiry.ts';
import { chainOf, namedBy, type ServiceKeys } from './service-chain.ts';

export const SERVICES_KEY = 'CurrentControlSet\\Services';

/** The services that Remote Desktop and a domain sign-in rest on, and those of the firewall. */
const SERVICES = [
  'TermService',
  'UmRdpService',
  'SessionEnv',
  'gpsvc',
  'Netlogon',
  'KeyIso',
  'CryptSvc',
  'Dnscache',
  'W32Time',
  'MpsSvc',
  'BFE',
] as const;

/** Those of which it is told what they need. */
const WITH_CHAIN = ['TermService', 'Netlogon', 'gpsvc', 'MpsSvc'] as const;

/** What those need as Windows ships them, asked for ahead: then a chain costs no round of its own. */
const USUAL = [
  ...['RpcSs', 'RpcEptMapper', 'DcomLaunch', 'LSM', 'TermDD', 'Mup'],
  ...['LanmanWorkstation', 'NSI', 'nsiproxy', 'Bowser', 'MRxSmb10', 'MRxSmb20', 'mrxsmb', 'rdbss'],
  ...['mpsdrv', 'WfpLwfs'],
];

/** Rounds for what the usual chains do not have. Windows' own are five services deep. */
const MOST_ROUNDS = 4;

/** Services in all chains: Windows' own come to about twenty. */
const MOST_SERVICES = 100;

/** How each service is set to start, what it needs for it, and of a running machine whether it runs. */
export function* inquireServices(context: InquiryContext): Inquiry<Evidence> {
  const keys = new Map<string, Sought<KeyValues>>();
  const statuses = new Map<string, ServiceStatus>();
  let wanted: readonly string[] = [...SERVICES, ...USUAL];
  for (let round = 0; wanted.length > 0 && round < MOST_ROUNDS && keys.size < MOST_SERVICES; round += 1) {
    const running: readonly Question[] =
      round === 0 ? SERVICES.map((name) => ({ kind: 'service-status', name })) : [];
    const answers: readonly Answer[] = yield [
      ...wanted.map((name) => ({
        kind: 'values' as const,
        hive: 'SYSTEM' as const,
        key: `${SERVICES_KEY}\\${name}`,
      })),
      ...running,
    ];
    for (const [index] of running.entries()) {
      const status = seek(answers[wanted.length + index] ?? NO_ANSWER, statusOf, 'the state of a service');
      const name = SERVICES[index];
      if (status.state === 'present' && name !== undefined) statuses.set(name, status.value);
    }
    for (const [index, name] of wanted.entries()) {
      keys.set(name.toLowerCase(), seekValues(answers[index] ?? NO_ANSWER));
    }
    wanted = namedBy(WITH_CHAIN, keys);
  }
  const read: ServiceKeys = keys;
  return {
    ...Object.fromEntries(
      SERVICES.map((name) => [
        `service.${name}`,
        observe(
          context,
          'services',
          serviceOf(keys.get(name.toLowerCase()) ?? NOT_ASKED, statuses.get(name)),
        ),
      ]),
    ),
    ...Object.fromEntries(
      WITH_CHAIN.map((name) => [
        `service.${name}.dependencies`,
        observe(context, 'services', chainOf(name, read)),
      ]),
    ),
  };
}

/** SERVICE_DISABLED as start type. */
export const DISABLED = 4;

const NOT_ASKED: Sought<KeyValues> = { state: 'unknown', why: 'not-gathered' };

/** A key without a start type is none of a service that could start: damage, or what an uninstaller left. */
function serviceOf(key: Sought<KeyValues>, status: ServiceStatus | undefined): Sought<WindowsService> {
  if (key.state !== 'present') return key;
  const startType = seekIn(key, 'Start', numberOf, 'a number');
  if (startType.state === 'absent') {
    return { state: 'unknown', why: 'corrupt', detail: `${startType.at} does not exist` };
  }
  const objectName = seekIn(key, 'ObjectName', textOf, 'a text');
  const imagePath = seekIn(key, 'ImagePath', textOf, 'a text');
  const type = seekIn(key, 'Type', numberOf, 'a number');
  if (startType.state === 'unknown') return startType;
  // A service that is disabled does not start, whatever else is set.
  for (const sought of startType.value === DISABLED ? [] : [objectName, imagePath, type]) {
    if (sought.state === 'unknown') return sought;
  }
  return {
    state: 'present',
    at: key.at,
    value: {
      startType: startType.value,
      ...(objectName.state === 'present' ? { objectName: objectName.value } : {}),
      ...(imagePath.state === 'present' ? { imagePath: imagePath.value } : {}),
      ...(type.state === 'present' ? { type: type.value } : {}),
      ...status,
    },
  };
}

function statusOf(value: AnswerValue): ServiceStatus | undefined {
  return value.kind === 'service-status' ? value.status : undefined;
}

function textOf({ data }: RegistryValue): string | undefined {
  return typeof data === 'string' ? data : undefined;
}
