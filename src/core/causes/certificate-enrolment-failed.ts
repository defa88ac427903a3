import { defineCause } from '../model/cause.ts';
import { describeEvent, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { INSIDE } from './_inside.ts';
import { cannotTell, citing, isSeen, likely, ruledOut, seenValue } from './_judge.ts';

/** RemoteConnectionManager: the subject of the template's certificate does not fit, it cannot be installed, or not be replaced. */
const FAILED = [1062, 1064, 1065];

export const certificateEnrolmentFailed = defineCause({
  id: 'certificate-enrolment-failed',
  title: 'The certificate that policy demands cannot be obtained',
  stage: 'tls',
  uses: ['listener.certificateTemplate', 'listener.certificate', 'tls.certificate', 'events.relevant'],
  ruledOutBy: [
    ['listener.certificateTemplate'],
    ['listener.certificateTemplate', 'tls.certificate'],
    ['listener.certificateTemplate', 'listener.certificate'],
  ],
  prior: 0.01,
  remedies: [],
  advice:
    'Check that the policy names the template by its short name, that the computer account may enrol with it, and that a certification authority can be reached; then run certutil -pulse on the machine. Until then Windows uses a certificate that it makes itself, if it can.',
  judge(evidence) {
    const template = evidence['listener.certificateTemplate'];
    if (!isSeen(template)) {
      return cannotTell(
        evidence,
        'whether a policy prescribes a certificate template for the listener',
        ['listener.certificateTemplate'],
        INSIDE,
      );
    }
    if (template.state === 'absent') {
      return ruledOut(
        ['listener.certificateTemplate'],
        'No policy prescribes a certificate template for the listener.',
      );
    }
    const wanted = `A policy prescribes certificates of the template ${template.value} for the listener`;
    const timeline = seenValue(evidence['events.relevant']);
    const failure =
      timeline === undefined
        ? undefined
        : weighEvents(timeline, 'certificate-enrolment-failed', {
            proves: (event) => isEvent(event, PROVIDER.connections, ...FAILED),
          }).proving;
    const shown = seenValue(evidence['tls.certificate']);
    const failed =
      failure === undefined ? undefined : `${wanted}, and that failed: ${describeEvent(failure)}.`;
    if (shown !== undefined) {
      const judgement = ruledOut(
        ['listener.certificateTemplate', 'tls.certificate'],
        `${wanted}; the listener presents a certificate: ${shown.subject}, issued by ${shown.issuer}.`,
      );
      // A certificate that Windows made itself is not of a template.
      return failed === undefined && !shown.selfSigned
        ? judgement
        : {
            ...judgement,
            remark: `${failed ?? `${wanted}.`} The listener presents ${
              shown.selfSigned ? 'a self-signed one in its place' : `one of ${shown.issuer}`
            } (${shown.subject}), which strict clients may not trust.`,
          };
    }
    const stored = seenValue(evidence['listener.certificate'])?.certificate;
    if (stored?.selfSigned === false) {
      const judgement = ruledOut(
        ['listener.certificateTemplate', 'listener.certificate'],
        `${wanted}; the listener has a certificate of ${stored.issuer}.`,
      );
      // It may have failed before that one was obtained, or when it was to be replaced.
      return failed === undefined
        ? judgement
        : { ...judgement, remark: `${failed} The listener has one of ${stored.issuer} all the same.` };
    }
    if (failed !== undefined) {
      return likely(
        citing(evidence, 'listener.certificateTemplate', 'events.relevant'),
        `${failed} Windows then uses a certificate that it makes itself, if it can; clients that trust only the prescribed ones refuse that.`,
      );
    }
    return cannotTell(
      evidence,
      `whether the listener has a certificate of the template ${template.value}, which a policy prescribes`,
      evidence['listener.certificate']?.state === 'absent' ? ['events.relevant'] : ['listener.certificate'],
      ['HOST', ...INSIDE],
    );
  },
});
