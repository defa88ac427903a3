import { together } from '../../bytes/batched.ts';
import type { NamedUser } from '../../model/cause.ts';
import type { Answer, AnswerValue, Inquiry, Question } from '../../windows/inquiry.ts';
import { machineInquiries } from '../../windows/machine.ts';
import { placeOf } from '../../windows/question-place.ts';
import { type KeyOperation, type Operation, operationsFor, SERVICES, withoutCovered } from './operation.ts';

/**
 * Everything that the inquiry usually asks, so that one script brings it all: what it asks of a Windows that
 * has nothing but its version, and around that what later questions depend on (stores, interfaces, keys,
 * whatever a service needs).
 */
export function usualOperations(account?: NamedUser): readonly Operation[] {
  const asked = operationsFor(usualQuestions(account));
  const services = asked.flatMap((operation) => serviceNameOf(operation) ?? []);
  return withoutCovered([
    ...asked.filter((operation) => serviceNameOf(operation) === undefined),
    { kind: 'services', names: services },
    ...AROUND,
  ]);
}

/** A certificate store of a machine has some dozens, MachineKeys of a web server some thousands. */
const NEWEST_KEYS = 500;
const STORES = 'Microsoft\\SystemCertificates';

const AROUND: readonly Operation[] = [
  { kind: 'key', hive: 'SOFTWARE', key: `${STORES}\\MY\\Certificates`, depth: 1, names: ['Blob'] },
  {
    kind: 'key',
    hive: 'SOFTWARE',
    key: `${STORES}\\Remote Desktop\\Certificates`,
    depth: 1,
    names: ['Blob'],
  },
  { kind: 'key', hive: 'SYSTEM', key: 'CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL', depth: 3 },
  { kind: 'key', hive: 'SYSTEM', key: `${SERVICES}Tcpip\\Parameters\\Interfaces`, depth: 1 },
  { kind: 'listing', path: '\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys', limit: NEWEST_KEYS },
];

/** What stands for the port of the listener, whichever that is, and for the machine's own domain. */
export const OWN_PORT = 0;
export const OWN_DOMAIN = '';

function usualQuestions(account: NamedUser | undefined): readonly Question[] {
  const context = { channel: 'script', observedAt: '', ...(account === undefined ? {} : { account }) };
  const questions: Question[] = [];
  const inquiry: Inquiry<unknown> = together(machineInquiries(context));
  let step = inquiry.next();
  for (let round = 0; !step.done && round < MOST_ROUNDS; round += 1) {
    questions.push(...step.value.map(ofOwn));
    step = inquiry.next(step.value.map(usualAnswer));
  }
  return questions;
}

/** The longest chain of the inquiry has four. */
const MOST_ROUNDS = 10;

function ofOwn(question: Question): Question {
  if (question.kind === 'listener-owner') return { ...question, port: OWN_PORT };
  return question.kind === 'secure-channel' ? { ...question, domain: OWN_DOMAIN } : question;
}

/** A member of a domain, so that it is asked what a member is asked. */
function usualAnswer(question: Question): Answer {
  const at = placeOf(question);
  const value = usualValue(question);
  return value === undefined ? { state: 'absent', at } : { state: 'present', at, value };
}

function usualValue(question: Question): AnswerValue | undefined {
  if (question.kind === 'membership') {
    return { kind: 'membership', membership: { sid: 'S-1-5-21-1-2-3', domain: 'corp.example' } };
  }
  const data = question.kind === 'value' ? VERSION[question.name] : undefined;
  return data === undefined || question.kind !== 'value'
    ? undefined
    : { kind: 'value', value: { name: question.name, type: 1, data } };
}

const VERSION: Readonly<Record<string, string>> = {
  ProductName: 'Windows Server 2022 Datacenter',
  CurrentBuildNumber: '20348',
  InstallationType: 'Server',
};

function serviceNameOf(operation: Operation): string | undefined {
  if (operation.kind !== 'key' || !isService(operation)) return undefined;
  return operation.key.slice(SERVICES.length);
}

function isService({ hive, key }: KeyOperation): boolean {
  return hive === 'SYSTEM' && key.startsWith(SERVICES) && !key.slice(SERVICES.length).includes('\\');
}
