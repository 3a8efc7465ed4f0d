/** NFC tags by their serial numbers: Web NFC, which Chrome on Android has. Feature-detected; needs a touch first. */

/** What is used of Web NFC, which TypeScript's DOM types do not hold. */
interface TagReader extends EventTarget {
  scan(options: { signal: AbortSignal }): Promise<void>;
}

const Reader = (globalThis as { NDEFReader?: new () => TagReader }).NDEFReader;

export const hasNfc = Reader !== undefined;

/** Report the serial number of each tag held to the phone until `signal` aborts. Throws when it is not allowed. */
export async function readTags(signal: AbortSignal, report: (serial: string) => void): Promise<void> {
  if (!Reader) throw new Error("no NFC here");
  const reader = new Reader();
  reader.addEventListener("reading", (event) => {
    const { serialNumber } = event as Event & { serialNumber?: string };
    if (serialNumber) report(serialNumber);
  });
  await reader.scan({ signal });
}
