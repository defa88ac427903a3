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
  RDSAAD,
  RDSTLS,
  SSL,
  SSL_NOT_ALLOWED,
  SSL_REQUIRED,
} from './_negotiation.ts';
import { list } from './_words.ts';

export const listenerInconsistent = defineCause({
  id: 'listener-inconsistent',
  title: "The listener's security settings contradict each other",
  stage: 'negotiate',
  uses: [
    'rdp.negotiation',
    'listener.securityLayer',
    'listener.userAuthentication',
    'listener.fAllowSecProtocolNegotiation',
  ],
  ruledOutBy: [
    ['rdp.negotiation'],
    ['listener.securityLayer', 'listener.fAllowSecProtocolNegotiation'],
    ['listener.userAuthentication', 'listener.fAllowSecProtocolNegotiation'],
    ['listener.userAuthentication', 'listener.securityLayer'],
  ],
  prior: 0.01,
  remedies: [],
  advice:
    'Restore SecurityLayer, UserAuthentication and fAllowSecProtocolNegotiation together, to the values recorded before the last change or else to 2, 1 and 1; the usual reason is a half-applied workaround. Use --disk to see the values and any policy that sets them.',
  judge(evidence) {
    const outside = judgeOutside(evidence);
    const inside = judgeSettings(evidence);
    // Where no listener was heard, the network has no word against the settings.
    const heard = findRdpAnswer(evidence) !== undefined;
    if (!heard && outside.verdict === 'ruled-out' && inside.verdict !== 'inconclusive') return inside;
    return weigh(evidence, outside, inside);
  },
});

const SETTINGS = [
  'listener.securityLayer',
  'listener.userAuthentication',
  'listener.fAllowSecProtocolNegotiation',
] as const;
type Used = 'rdp.negotiation' | (typeof SETTINGS)[number];

const LAYER_TLS = 2;

function judgeSettings(evidence: Pick<Evidence, Used>): Judgement {
  const layer = seenValue(evidence['listener.securityLayer']);
  const nla = seenValue(evidence['listener.userAuthentication']);
  const negotiation = seenValue(evidence['listener.fAllowSecProtocolNegotiation']);
  if (layer?.effective === 0 && nla !== undefined && nla.effective !== 0) {
    return confirmed(
      ['listener.securityLayer', 'listener.userAuthentication'],
      `NLA is required but TLS, which it runs over, is not allowed, so no client can satisfy both: ${describeSetting('UserAuthentication', nla)}, ${describeSetting('SecurityLayer', layer)}.`,
    );
  }
  // No page of Microsoft's says what the value does; practice, and its name: without negotiation the
  // listener knows standard RDP security alone. So it proves nothing by itself.
  if (negotiation?.effective === 0 && nla !== undefined && nla.effective !== 0) {
    return likely(
      ['listener.userAuthentication', 'listener.fAllowSecProtocolNegotiation'],
      `NLA is required but the listener may not negotiate TLS, which it runs over: ${describeSetting('UserAuthentication', nla)}, ${describeSetting('fAllowSecProtocolNegotiation', negotiation)}.`,
    );
  }
  const mayNegotiate = negotiation !== undefined && negotiation.effective !== 0;
  if (layer !== undefined && layer.effective !== 0 && mayNegotiate) {
    return ruledOut(
      ['listener.securityLayer', 'listener.fAllowSecProtocolNegotiation'],
      `The settings allow TLS, which NLA can run over: ${describeSetting('SecurityLayer', layer)}, ${describeSetting('fAllowSecProtocolNegotiation', negotiation)}.`,
    );
  }
  if (nla?.effective === 0 && mayNegotiate) {
    return ruledOut(
      ['listener.userAuthentication', 'listener.fAllowSecProtocolNegotiation'],
      `The settings do not require NLA, so any security layer will do: ${describeSetting('UserAuthentication', nla)}.`,
    );
  }
  if (nla?.effective === 0 && layer !== undefined && layer.effective !== LAYER_TLS) {
    return ruledOut(
      ['listener.userAuthentication', 'listener.securityLayer'],
      `The settings require neither NLA nor TLS, so standard RDP security will do: ${describeSetting('UserAuthentication', nla)}, ${describeSetting('SecurityLayer', layer)}.`,
    );
  }
  return cannotTellFrom(
    evidence,
    `whether the listener's settings fit together${
      negotiation?.effective === 0
        ? ` (${describeSetting('fAllowSecProtocolNegotiation', negotiation)}, and what that does together with TLS is not documented)`
        : ''
    }`,
    layer !== undefined && nla !== undefined ? ['listener.fAllowSecProtocolNegotiation'] : SETTINGS,
  );
}

function judgeOutside(evidence: Pick<Evidence, Used>): Judgement {
  const negotiation = evidence['rdp.negotiation'];
  if (!isSeen(negotiation)) {
    return cannotTell(
      evidence,
      "whether the listener's answers are consistent",
      ['rdp.negotiation'],
      ['HOST', '--disk'],
    );
  }
  if (negotiation.state === 'absent') {
    return ruledOut(['rdp.negotiation'], 'No listener answers, so no settings can contradict each other.');
  }
  const rows = negotiation.value;
  const answered = rows.filter(isRdpAnswer);
  // One that takes RDSTLS or Entra sign-in alone refuses the rest on purpose.
  const special = answered.find(
    (row) => row.answer === 'selected' && (row.selected === RDSTLS || row.selected === RDSAAD),
  );
  if (special !== undefined) {
    return ruledOut(
      ['rdp.negotiation'],
      `The listener accepts one special protocol and refuses the rest: ${describeRow(special)}.`,
    );
  }
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
      `The listener's answers are consistent: ${list(answered.map(describeRow))}.`,
    );
  }
  const plain = rows.find((row) => row.requested === 0);
  if (overTls.length === 0) {
    const stranger = rows.find((row) => row.answer === 'foreign');
    return stranger !== undefined && answered.length === 0
      ? ruledOut(['rdp.negotiation'], `No RDP listener answers on the port: ${describeRow(stranger)}.`)
      : cannotTell(
          evidence,
          "whether the listener's answers are consistent, because no request for TLS was answered",
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
      `The listener allows only standard RDP security, which is weak but consistent: ${both}.`,
    );
  }
  if (plain !== undefined && (plain.answer === 'closed' || isRdpAnswer(plain))) {
    return likely(
      ['rdp.negotiation'],
      `The listener allows neither TLS nor standard RDP security: ${both}. A listener that requires NLA while the security layer is 0 looks like this.`,
    );
  }
  return cannotTell(
    evidence,
    `whether the listener lets anybody in (${both})`,
    ['rdp.negotiation'],
    ['HOST', '--disk'],
  );
}
