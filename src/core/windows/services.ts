import type { Evidence } from '../model/facts.ts';
import type { WindowsService } from '../model/windows-facts.ts';
import {
  type InquiryContext,
  type KeyValues,
  numberOf,
  observe,
  type Sought,
  seekIn,
  seekValues,
} from './answers.ts';
import type { Answer, Inquiry, RegistryValue } from './inquiry.ts';

/** The services that Remote Desktop and a domain sign-in rest on. */
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
] as const;

/** How each service is set to start. Whether it runs only a live machine can say. */
export function* inquireServices(context: InquiryContext): Inquiry<Evidence> {
  const answers = yield SERVICES.map((name) => ({
    kind: 'values' as const,
    hive: 'SYSTEM' as const,
    key: `CurrentControlSet\\Services\\${name}`,
  }));
  return Object.fromEntries(
    SERVICES.map((name, index) => [
      `service.${name}`,
      observe(context, 'services', serviceOf(seekValues(answers[index] ?? NO_ANSWER))),
    ]),
  );
}

const NO_ANSWER: Answer = { state: 'unknown', at: '', why: 'no-channel' };

/** A key without a start type is none of a service that could start: damage, or what an uninstaller left. */
function serviceOf(key: Sought<KeyValues>): Sought<WindowsService> {
  if (key.state !== 'present') return key;
  const startType = seekIn(key, 'Start', numberOf, 'a number');
  if (startType.state === 'unknown') return startType;
  if (startType.state === 'absent') {
    return { state: 'unknown', why: 'corrupt', detail: `${startType.at} is not there` };
  }
  const objectName = foundIn(seekIn(key, 'ObjectName', textOf, 'a text'));
  const imagePath = foundIn(seekIn(key, 'ImagePath', textOf, 'a text'));
  const type = foundIn(seekIn(key, 'Type', numberOf, 'a number'));
  return {
    state: 'present',
    at: key.at,
    value: {
      startType: startType.value,
      ...(objectName === undefined ? {} : { objectName }),
      ...(imagePath === undefined ? {} : { imagePath }),
      ...(type === undefined ? {} : { type }),
    },
  };
}

function textOf({ data }: RegistryValue): string | undefined {
  return typeof data === 'string' ? data : undefined;
}

function foundIn<T>(sought: Sought<T>): T | undefined {
  return sought.state === 'present' ? sought.value : undefined;
}
