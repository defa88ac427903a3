/** The report as programs read it: its types, and the words that are fixed. See docs/report.md. */
export { LOOKS, type Look, type NamedUser, type Verdict } from './cause.ts';
export { type Evidence, FACT_NAMES, type FactName, type Facts } from './facts.ts';
export type { Observation, Provenance, Reading, UnknownWhy } from './observation.ts';
export {
  type Finding,
  type Next,
  type NotExamined,
  type Notice,
  type Outcome,
  type Remark,
  type Report,
  WARNING_CODES,
  type Warning,
  type WarningCode,
} from './report.ts';
export { STAGES, type Stage, type StageResult } from './stage.ts';
export {
  SUBJECT_ROLES,
  type Subject,
  type SubjectName,
  type SubjectRole,
  type Subjects,
} from './subjects.ts';
