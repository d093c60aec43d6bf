// Tells a state by shape and word; colour only helps.
import { StateIcon } from "./icons.tsx";
import type { State } from "./icons.tsx";

/** The word for each state when a page has no better one. */
const stateWords: Readonly<Record<State, string>> = {
  open: "Open",
  due: "Due soon",
  overdue: "Overdue",
  kept: "Kept",
  held: "Held",
};

/** `word` replaces the state's own word where a page can say it more exactly: "Suspended", "Waits for the owner". */
export function StateTag({ state, word }: { readonly state: State; readonly word?: string | undefined }) {
  return (
    <span class={`state state-${state}`}>
      <StateIcon state={state} />
      <span>{word ?? stateWords[state]}</span>
    </span>
  );
}
