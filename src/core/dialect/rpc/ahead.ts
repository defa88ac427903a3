import { together } from '../../bytes/batched.ts';
import type { Evidence } from '../../model/facts.ts';
import type { Answer, Inquiry, Question } from '../../windows/inquiry.ts';
import { throughRpc } from './through-rpc.ts';

/** More batches than any inquiry takes where everything is absent. */
const MOST_ROUNDS = 8;

/** What `CurrentVersion` says of a machine that is like most others. */
const USUAL: Readonly<Record<string, string>> = {
  ProductName: 'Windows Server 2022 Datacenter',
  CurrentBuildNumber: '20348',
  InstallationType: 'Server',
};

/**
 * What inquiries will ask in later batches of a machine on which nothing is set: asked ahead, it costs no
 * round trip of its own. Only what the registry answers; a guess that nobody comes to ask for is left over.
 */
export function askedLater(inquiries: readonly Inquiry<Evidence>[]): readonly Question[] {
  const all = together(inquiries.map((inquiry) => throughRpc(inquiry)));
  const later: Question[] = [];
  let step = all.next();
  for (let round = 0; !step.done && round < MOST_ROUNDS; round += 1) {
    if (round > 0) later.push(...step.value.filter(isRegistry));
    step = all.next(step.value.map(usually));
  }
  return later;
}

function isRegistry({ kind }: Question): boolean {
  return kind === 'value' || kind === 'values' || kind === 'subkeys';
}

function usually(question: Question): Answer {
  const data = question.kind === 'value' ? USUAL[question.name] : undefined;
  return question.kind === 'value' && data !== undefined
    ? { state: 'present', at: '', value: { kind: 'value', value: { name: question.name, type: 1, data } } }
    : { state: 'absent', at: '' };
}
