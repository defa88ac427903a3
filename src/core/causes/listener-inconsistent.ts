import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { cannotTellFrom, describeSetting, weigh } from './_inside.ts';
import { cannotTell, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import {
  asksForTls,
  choseStandard,
  describeRow,
  failedWith,
  findRdpAnswer,
  HYBRID,
  HYBRID_REQUIRED,
  INCONSISTENT_FLAGS,
  isRdpAnswer,
  SSL,
  SSL_NOT_ALLOWED,
  SSL_REQUIRED,
} from './_negotiation.ts';
import { list } from './_words.ts';

export const listenerInconsistent = defineCause({
  id: 'listener-inconsistent',
  title: "The listener's security settings contradict each other",
  stage: 'negotiate',
  uses: ['rdp.negotiation', 'listener.securityLayer', 'listener.userAuthentication'],
  prior: 0.01,
  remedies: [],
  advice:
    'Restore SecurityLayer, UserAuthentication and fAllowSecProtocolNegotiation together, to the values recorded before the last change, else to 2, 1 and 1; a half-applied workaround is the usual reason. Look with --disk for the values and for a policy that sets them.',
  judge(evidence) {
    const outside = judgeOutside(evidence);
    const inside = judgeSettings(evidence);
    // Where no listener was heard, the network has no word against the settings.
    const heard = findRdpAnswer(evidence) !== undefined;
    if (!heard && outside.verdict === 'ruled-out' && inside.verdict !== 'inconclusive') return inside;
    return weigh(evidence, outside, inside);
  },
});

const SETTINGS = ['listener.securityLayer', 'listener.userAuthentication'] as const;
type Used = 'rdp.negotiation' | (typeof SETTINGS)[number];

function judgeSettings(evidence: Pick<Evidence, Used>): Judgement {
  const layer = seenValue(evidence['listener.securityLayer']);
  const nla = seenValue(evidence['listener.userAuthentication']);
  if (layer !== undefined && layer.effective !== 0) {
    return ruledOut(
      ['listener.securityLayer'],
      `The settings allow TLS, in which NLA can run: ${describeSetting('SecurityLayer', layer)}.`,
    );
  }
  if (nla?.effective === 0) {
    return ruledOut(
      ['listener.userAuthentication'],
      `The settings require no NLA, so any security layer will do: ${describeSetting('UserAuthentication', nla)}.`,
    );
  }
  if (layer === undefined || nla === undefined) {
    return cannotTellFrom(evidence, "whether the listener's settings fit together", SETTINGS);
  }
  return confirmed(
    SETTINGS,
    `NLA is required and TLS, in which it runs, is not allowed, so no client can satisfy both: ${describeSetting('UserAuthentication', nla)}, ${describeSetting('SecurityLayer', layer)}.`,
  );
}

function judgeOutside(evidence: Pick<Evidence, Used>): Judgement {
  const negotiation = evidence['rdp.negotiation'];
  if (!isSeen(negotiation)) {
    return cannotTell(
      evidence,
      'whether the listener answers coherently',
      ['rdp.negotiation'],
      ['HOST', '--disk'],
    );
  }
  if (negotiation.state === 'absent') {
    return ruledOut(['rdp.negotiation'], 'There is no listener whose settings could contradict each other.');
  }
  const rows = negotiation.value;
  const answered = rows.filter(isRdpAnswer);
  const contradictions = answered.filter(
    (row) =>
      failedWith(row, INCONSISTENT_FLAGS) ||
      // It demands what it was offered.
      (failedWith(row, SSL_REQUIRED) && (row.requested & SSL) !== 0) ||
      (failedWith(row, HYBRID_REQUIRED) && (row.requested & (SSL | HYBRID)) === (SSL | HYBRID)),
  );
  if (contradictions.length > 0) {
    return likely(
      ['rdp.negotiation'],
      `The listener contradicts itself: ${list(contradictions.map(describeRow))}.`,
    );
  }
  const overTls = answered.filter(asksForTls);
  if (overTls.some((row) => !failedWith(row, SSL_NOT_ALLOWED))) {
    return ruledOut(
      ['rdp.negotiation'],
      `The listener's answers fit together: ${list(answered.map(describeRow))}.`,
    );
  }
  const plain = rows.find((row) => row.requested === 0);
  if (overTls.length === 0) {
    const stranger = rows.find((row) => row.answer === 'foreign');
    return stranger !== undefined && answered.length === 0
      ? ruledOut(['rdp.negotiation'], `No RDP listener answers on the port: ${describeRow(stranger)}.`)
      : cannotTell(
          evidence,
          'whether the listener answers coherently, because no request for TLS was answered',
          ['rdp.negotiation'],
          ['HOST', '--disk'],
        );
  }
  const both = `${list(overTls.map(describeRow))}, while ${
    plain === undefined ? 'standard RDP security (0x0) was not asked for' : describeRow(plain)
  }`;
  if (plain !== undefined && choseStandard(plain)) {
    return ruledOut(
      ['rdp.negotiation'],
      `The listener allows standard RDP security only, which is weak but fits together: ${both}.`,
    );
  }
  if (plain !== undefined && (plain.answer === 'closed' || isRdpAnswer(plain))) {
    return likely(
      ['rdp.negotiation'],
      `The listener allows neither TLS nor standard RDP security: ${both}. NLA required while the security layer is 0 looks like this.`,
    );
  }
  return cannotTell(
    evidence,
    `whether the listener lets anybody in (${both})`,
    ['rdp.negotiation'],
    ['HOST', '--disk'],
  );
}
