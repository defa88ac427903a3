// Whether a report says what a case expects; each complaint is a sentence.
import type { Report } from '../../src/core/model/report.ts';
import type { Expectation } from './case.ts';

export function complaints(
  report: Report,
  { first, verdict, open = [], never = [], remark }: Expectation,
): readonly string[] {
  const found = report.findings.filter(
    (finding) => finding.verdict === 'confirmed' || finding.verdict === 'likely',
  );
  const said = found.map((finding) => `${finding.cause} ${finding.verdict}`).join(', ') || 'nothing';
  const list: string[] = [];
  const head = report.findings[0];
  const crashed = report.findings.filter((finding) => finding.verdict === 'crashed');
  list.push(...crashed.map((finding) => `${finding.cause} crashed: ${finding.explanation}`));
  if (first !== undefined) {
    const wanted = typeof first === 'string' ? [first] : first;
    if (head === undefined || !found.includes(head) || !wanted.includes(head.cause)) {
      list.push(`expected ${wanted.join(' or ')} first, found ${said}`);
    } else if (verdict !== undefined && head.verdict !== verdict) {
      list.push(`expected ${head.cause} ${verdict}, found it ${head.verdict}`);
    }
  } else if (open.length === 0 && never.length === 0 && found.length > 0) {
    list.push(`expected no finding, found ${said}`);
  }
  for (const cause of open) {
    const finding = report.findings.find((one) => one.cause === cause);
    if (finding?.verdict !== 'inconclusive')
      list.push(`expected ${cause} to stay open, found it ${finding?.verdict ?? 'not judged'}`);
  }
  for (const cause of never) {
    if (found.some((finding) => finding.cause === cause)) list.push(`expected no ${cause}, found ${said}`);
  }
  if (remark !== undefined && !report.remarks.some(({ code }) => code === remark))
    list.push(`expected a remark on ${remark}`);
  return list;
}
