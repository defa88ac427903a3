/** One field of what an event is about, in the order of the event. A name may come more than once. */
export interface EventField {
  /**
   * `Data` by its Name, or `param1`, `param2`, … where it has none; `binary` for Binary (in hexadecimal).
   * In UserData the names of the elements below its topmost one, joined with `/`; an attribute of
   * such an element behind an `@`.
   */
  readonly name: string;
  readonly value: string;
}
