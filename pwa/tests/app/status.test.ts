import { describe, expect, it } from "vitest";
import { en } from "../../src/shared/i18n/en";
import { zh } from "../../src/shared/i18n/zh";
import { SIGNALS, gravest, signalOf } from "../../src/shared/kit/status";

type Words = Record<string, Record<string, string>>;
const states = Object.entries(SIGNALS).flatMap(([kind, table]) => Object.keys(table).map((state) => [kind, state] as const));

describe("the table of states", () => {
  it.each(states)("has a word for %s %s in both languages", (kind, state) => {
    expect((zh.status as Words)[kind]?.[state]).toMatch(/[\u4e00-\u9fff]/);
    expect((en.status as Words)[kind]?.[state]).toMatch(/^[A-Z]/);
  });

  it("shows a state it does not know as waiting, never as good", () => {
    expect(signalOf("lot", "teleported")).toBe("quarantined");
  });

  it("lets the gravest of several signs speak", () => {
    expect(gravest(["released", "expiring", "conditional"])).toBe("expiring");
    expect(gravest([])).toBe("released");
  });
});
