import type { DiagnosisInput } from '../core/engine/diagnosis.ts';
import { diagnose, warningsOfLooking } from '../core/engine/diagnosis.ts';
import { findClient, SUPPORTED_CLIENTS } from '../core/knowledge/clients.ts';
import { explain } from '../core/knowledge/explain.ts';
import type { Evidence } from '../core/model/facts.ts';
import { isUnasked } from '../core/model/observation.ts';
import type { Report } from '../core/model/report.ts';
import { type Redacted, redact } from '../core/redact/redact.ts';
import { AVAILABLE_LOOKS } from './diagnose-target.ts';

/** What a saved report was judged by: its evidence, and whom and what it was looked at for. */
export function inputOf(report: Report): DiagnosisInput {
  const client = report.client === undefined ? undefined : findClient(report.client);
  return {
    target: report.target,
    ...(report.symptom === undefined ? {} : { symptom: report.symptom }),
    at: report.at,
    // A report names every fact; what nobody was asked for was not in the evidence.
    evidence: Object.fromEntries(
      Object.entries(report.evidence).filter(([, observation]) => !isUnasked(observation)),
    ) as Evidence,
    subjects: report.subjects,
    context: {
      client,
      supportedClients: SUPPORTED_CLIENTS,
      ...(report.user === undefined ? {} : { user: report.user }),
    },
    warnings: warningsOfLooking(report),
    taken: report.looks,
    available: AVAILABLE_LOOKS,
    suspected: suspectedIn(report),
    redacted: report.redacted === true,
  };
}

/** A log stands in the report only in short: what it points to was saved beside it. Older reports have the text alone. */
function suspectedIn({ symptom, suspected }: Report): readonly string[] {
  if (suspected !== undefined) return suspected;
  return symptom === undefined ? [] : explain(symptom).causes.map(({ id }) => id);
}

/** Judges the evidence of a saved report with the causes of today. Nothing is looked at. */
export function judgeSaved(report: Report): Report {
  return diagnose(inputOf(report));
}

export interface RedactedReport {
  readonly report: Report;
  /** Masks any further text of the same run by the same words. */
  text(text: string): string;
}

/** The same diagnosis with every name masked; one that is masked already stays as it is. */
export function judgeRedacted(input: DiagnosisInput): RedactedReport {
  if (input.redacted === true) return { report: diagnose(input), text: (text) => text };
  const { user } = input.context;
  const redacted: Redacted = redact({
    ...input,
    hasHost: input.taken.includes('HOST'),
    hasMachine: [...input.taken, ...(input.failed ?? [])].some(
      (look) => look === '--rpc' || look === '--ssh',
    ),
    ...(user === undefined ? {} : { user }),
  });
  const { target, symptom, evidence, subjects, warnings } = redacted;
  return {
    report: diagnose({
      ...input,
      target,
      ...(symptom === undefined ? {} : { symptom }),
      evidence,
      subjects,
      warnings,
      context: {
        ...input.context,
        ...(redacted.user === undefined ? {} : { user: redacted.user }),
      },
      redacted: true,
    }),
    text: redacted.text,
  };
}
