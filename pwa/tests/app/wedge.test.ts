/** Readers that type like a keyboard, and what a mark fills into a receipt. */
import { describe, expect, it } from "vitest";
import { receiptFrom } from "../../src/app/marks/receipt";
import { Wedge } from "../../src/app/marks/wedge";
import { readMark } from "../../src/marks/reading";

function type(wedge: Wedge, keys: string[], everyMs: number): string | null {
  let at = 1_000;
  let text: string | null = null;
  for (const key of keys) {
    text = wedge.press({ key: key === "^]" ? "]" : key, ctrlKey: key === "^]", timeStamp: (at += everyMs) });
  }
  return text;
}

describe("a reader that types", () => {
  it("is heard by its fast burst that ends in Enter", () => {
    expect(type(new Wedge(), [..."2411-08731", "Enter"], 8)).toBe("2411-08731");
  });

  it("sends the separator of GS1 as Ctrl+] or F8", () => {
    expect(type(new Wedge(), [..."10B7", "^]", ..."2112", "Enter"], 8)).toBe("10B7\u001d2112");
    expect(type(new Wedge(), [..."10B7", "F8", ..."2112", "Tab"], 8)).toBe("10B7\u001d2112");
  });

  it("is not taken for somebody who types", () => {
    expect(type(new Wedge(), [..."2411-08731", "Enter"], 90)).toBeNull();
  });

  it("begins anew after a pause", () => {
    const wedge = new Wedge();
    type(wedge, [..."x"], 8);
    let at = 5_000;
    let text: string | null = null;
    for (const key of [..."HEAT7", "Enter"]) text = wedge.press({ key, ctrlKey: false, timeStamp: (at += 10) });
    expect(text).toBe("HEAT7");
  });

  it("does not hear shift, arrows and single keys", () => {
    expect(type(new Wedge(), ["Shift", "ArrowDown", "a", "Enter"], 8)).toBeNull();
  });
});

describe("a mark fills the receipt", () => {
  const of = (kind: "gs1" | "code128" | "nfc" | "qr", text: string): object => receiptFrom(readMark(kind, text)!, kind);

  it("with batch, day and weight of GS1", () => {
    expect(of("gs1", "010950600013435210B7\u001d112611013103001250")).toEqual({ batch_no: "B7", produced_on: "2026-11-01", quantity: "1.25", unit: "kg" });
  });

  it("with the heat number of a plain bar code", () => {
    expect(of("code128", "2411-08731")).toEqual({ heat_no: "2411-08731" });
  });

  it("with nothing from a tag or an address", () => {
    expect(of("nfc", "04:a2:3b:9c")).toEqual({});
    expect(of("qr", "https://steel.example/7")).toEqual({});
  });

  it("leaves a day open that the maker left open", () => {
    expect(of("gs1", "0109506000134352112611003100000020")).toEqual({ quantity: "20", unit: "kg" });
  });
});
