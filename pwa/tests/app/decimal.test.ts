import { describe, expect, it } from "vitest";
import { exact, stepped, text, times, typed } from "../../src/shared/decimal";

describe("exact decimals", () => {
  it("adds a tenth ten times without losing anything", () => {
    let sum = "0";
    for (let i = 0; i < 10; i += 1) sum = stepped(sum, "0.1");
    expect(sum).toBe("1");
  });

  it.each([
    ["1.25", "10", "12.5"],
    ["-0.000001", "1000000", "-1"],
  ])("multiplies %s by %s", (one, other, product) => {
    expect(text(times(exact(one) ?? 0n, exact(other) ?? 0n))).toBe(product);
  });

  it("reads numbers of definitions as they are printed", () => {
    expect(text(exact(1e-7) ?? 0n)).toBe("0.0000001");
    expect(exact("12 t")).toBeNull();
    expect(exact("")).toBeNull();
  });
});

describe("what a person types into a number field", () => {
  it.each([
    ["12.5", "12.5"],
    ["12,5", "12.5"],
    ["１２．５", "12.5"],
    ["12。5", "12.5"],
    ["1,250", "1250"],
    ["12.", "12"],
    [".5", "0.5"],
    ["−3", "-3"],
    ["", ""],
    ["185 mm", null],
    ["abc", null],
  ])("%s is read as %s", (input, value) => {
    expect(typed(input)).toBe(value);
  });
});
