import type { Evidence } from '../model/facts.ts';
import type { WindowsService } from '../model/windows-facts.ts';
import { type InquiryContext, numberOf, observe, seek } from './answers.ts';
import type { AnswerValue, Inquiry } from './inquiry.ts';

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
      observe(
        context,
        'services',
        seek(answers[index] ?? { state: 'unknown', at: '', why: 'no-channel' }, serviceOf, 'a service'),
      ),
    ]),
  );
}

function serviceOf(value: AnswerValue): WindowsService | undefined {
  if (value.kind !== 'values') return undefined;
  const find = (name: string) => value.values.find((entry) => entry.name.toLowerCase() === name);
  const number = (name: string): number | undefined => {
    const found = find(name);
    return found === undefined ? undefined : numberOf(found);
  };
  const text = (name: string): string | undefined => {
    const data = find(name)?.data;
    return typeof data === 'string' ? data : undefined;
  };
  const startType = number('start');
  if (startType === undefined) return undefined;
  const objectName = text('objectname');
  const imagePath = text('imagepath');
  const type = number('type');
  return {
    startType,
    ...(objectName === undefined ? {} : { objectName }),
    ...(imagePath === undefined ? {} : { imagePath }),
    ...(type === undefined ? {} : { type }),
  };
}
