import { rdstlsRequired } from '../../../src/core/causes/rdstls-required.ts';
import { checkCause, failed, foreign, none, seen, selected, silence, unseen } from './evidence.ts';

const MASK = 4;
const REFUSED = [failed(0, 1), failed(1, 5), failed(0xb, 1)];

checkCause(rdstlsRequired, [
  {
    name: 'everything ordinary is refused, and it alone is taken',
    evidence: { 'rdp.negotiation': seen([...REFUSED, selected(MASK, MASK)]) },
    verdict: 'likely',
    facts: ['rdp.negotiation'],
    says: ['RDSTLS', 'broker', 'HYBRID_REQUIRED_BY_SERVER'],
  },
  {
    name: 'it is taken beside CredSSP',
    evidence: { 'rdp.negotiation': seen([failed(0, 5), selected(0xb, 8), selected(MASK, MASK)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'an old confirm lets clients in',
    evidence: {
      'rdp.negotiation': seen([{ requested: 0, answer: 'no-negotiation' }, selected(MASK, MASK)]),
    },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'it is refused like the rest',
    evidence: { 'rdp.negotiation': seen([...REFUSED, failed(MASK, 2)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'asked for it, the listener selects another one',
    evidence: { 'rdp.negotiation': seen([...REFUSED, selected(MASK, 1)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'a goodbye in words is a refusal',
    evidence: {
      'rdp.negotiation': seen([...REFUSED, { requested: MASK, answer: 'closed', detail: 'a goodbye' }]),
    },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'a bare close is no refusal',
    evidence: { 'rdp.negotiation': seen([...REFUSED, silence(MASK, 'closed')]) },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'it was not asked for',
    evidence: { 'rdp.negotiation': seen(REFUSED) },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'another program answers',
    evidence: { 'rdp.negotiation': seen([foreign(0, 'a web server')]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'there is no listener',
    evidence: { 'rdp.negotiation': none() },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'the port is closed',
    evidence: { 'rdp.negotiation': unseen('no-channel') },
    verdict: 'inconclusive',
    facts: ['rdp.negotiation'],
  },
]);
