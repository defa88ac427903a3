/** Binary XML as it is stored: a tree with the places where the values of an instance go. */
export type Node = Element | Text | Substitution | EntityReference | ProcessingInstruction;

export interface Element {
  readonly kind: 'element';
  readonly name: string;
  /** The value without which the element is left out: an index into those of the instance. */
  readonly dependency: number | undefined;
  readonly attributes: readonly Attribute[];
  readonly content: readonly Node[];
  /** Written as one tag, `<a/>`. */
  readonly empty: boolean;
}

export interface Attribute {
  readonly name: string;
  readonly value: readonly Node[];
}

/** Character data, not escaped. */
export interface Text {
  readonly kind: 'text';
  readonly text: string;
  readonly cdata: boolean;
}

export interface Substitution {
  readonly kind: 'substitution';
  /** Index into the values of the instance. */
  readonly index: number;
  /** Leave the attribute out where the value is null. */
  readonly optional: boolean;
}

/** An entity that XML does not define itself; those it does define are text. */
export interface EntityReference {
  readonly kind: 'entity';
  readonly name: string;
}

export interface ProcessingInstruction {
  readonly kind: 'instruction';
  readonly target: string;
  readonly data: string;
}
