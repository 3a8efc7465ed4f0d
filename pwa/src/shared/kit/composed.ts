/**
 * Handlers of a text field that tell its text only when it stands. While an input method composes (pinyin, strokes,
 * kana), what is in the field are half-typed syllables: nothing may search for them, and Enter belongs to the method.
 */
type Typed = InputEvent & { currentTarget: HTMLInputElement };

export function composed(told: (text: string) => void): {
  oninput: (event: Event & { currentTarget: HTMLInputElement }) => void;
  oncompositionend: (event: Event & { currentTarget: HTMLInputElement }) => void;
} {
  return {
    oninput: (event) => {
      if (!(event as Typed).isComposing) told(event.currentTarget.value);
    },
    oncompositionend: (event) => told(event.currentTarget.value),
  };
}
