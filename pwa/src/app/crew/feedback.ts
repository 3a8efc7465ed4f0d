/** Good and bad told by vibration and sound, for eyes that are on the steel and not on the phone. */

let audio: AudioContext | undefined;

/** One short high tone and one buzz. */
export function good(): void {
  buzz(60);
  beep([[1320, 0.09]]);
}

/** Two low tones and two buzzes. */
export function bad(): void {
  buzz([120, 80, 120]);
  beep([
    [240, 0.14],
    [200, 0.2],
  ]);
}

/** Before the first touch of the page browsers refuse to vibrate, and report the call as an error. */
function buzz(pattern: number | number[]): void {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(pattern);
}

function beep(tones: [frequencyHz: number, seconds: number][]): void {
  try {
    audio ??= new AudioContext();
    let at = audio.currentTime;
    for (const [frequency, seconds] of tones) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.2, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + seconds);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + seconds);
      at += seconds + 0.04;
    }
  } catch {
    // A phone without sound still has the vibration and the words.
  }
}
