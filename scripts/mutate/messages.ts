// What the judges are told and what they answer.
export interface TestId {
  readonly file: string;
  /** Place of the test among the tests of its file. */
  readonly nth: number;
}

export interface Point {
  readonly id: number;
  readonly file: string;
  readonly reachedAt: number;
}

export type Order =
  | {
      readonly order: "prepare";
      readonly root: string;
      readonly sources: ReadonlyMap<string, string>;
      readonly imports: ReadonlyMap<string, ReadonlyMap<string, string>>;
      readonly points: readonly Point[];
    }
  | { readonly order: "survey"; readonly file: string }
  /** Loads tests without a change, so that no mutation is charged for what is read once. */
  | { readonly order: "warm"; readonly files: readonly string[] }
  | {
      readonly order: "judge";
      readonly file: string;
      readonly source: string;
      /** The changed file and all that needs it. */
      readonly anew: ReadonlySet<string>;
      readonly tests: readonly TestId[];
    };

/** How one test of a file went on unchanged code, and which points it reached. */
export interface Surveyed {
  readonly name: string;
  readonly milliseconds: number;
  readonly failure?: string;
  readonly reached: readonly number[];
}

export type Answer =
  | { readonly answer: "prepared" }
  | { readonly answer: "warm" }
  | {
      readonly answer: "surveyed";
      readonly milliseconds: number;
      readonly failure?: string;
      readonly reachedOnLoad: readonly number[];
      readonly tests: readonly Surveyed[];
    }
  | { readonly answer: "survived"; readonly memoryBytes: number }
  | { readonly answer: "killed"; readonly by: string; readonly memoryBytes: number };
