// What a report says beside its findings, as texts.
import type { Notice } from '../src/core/model/report.ts';

export function textsOf(notices: readonly Notice[]): readonly string[] {
  return notices.map(({ text }) => text);
}
