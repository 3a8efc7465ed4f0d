import { afterEach, expect, test } from "vitest";
import { clock, isoDay } from "../../src/shared/i18n/format";
import { setSiteZone } from "../../src/shared/i18n/zone.svelte";

afterEach(() => setSiteZone(undefined));

test("times are those of the site, wherever the reader sits", () => {
  setSiteZone("Asia/Shanghai");
  expect(clock("2026-11-22T01:00:00Z")).toBe("09:00");
  setSiteZone("Europe/London");
  expect(clock("2026-11-22T01:00:00Z")).toBe("01:00");
});

test("today is the day on the site", () => {
  const evening = new Date("2026-11-22T20:30:00Z");
  setSiteZone("Asia/Shanghai");
  expect(isoDay(evening)).toBe("2026-11-23");
  setSiteZone("Europe/London");
  expect(isoDay(evening)).toBe("2026-11-22");
});
