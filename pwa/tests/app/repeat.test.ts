import { expect, it } from "vitest";
import type { StepRow } from "../../src/capture";
import { repeated } from "../../src/app/crew/repeat";
import type { EnvironmentField, PlanStep } from "../../src/app/state/definitions";

const fields = (...types: string[]) => types.map((type) => ({ id: type, type, names: { zh: "", en: "" }, required: true }));

it("repeats choices, crew and lots, and never a figure, a time, a place, a quantity or a photo", () => {
  const types = ["text", "boolean", "enum", "number", "integer", "series", "date", "datetime", "location", "photo", "material_lots"];
  const step = { id: "placing", fields: fields(...types), evidence: [] } as unknown as PlanStep;
  const answers = Object.fromEntries(types.map((type) => [type, type === "boolean" ? true : type]));
  const record = {
    crew_id: "crew", people: ["li"], equipment_ids: ["poker"], method: "MS-4", note: "rain at noon",
    lots: [{ lot_id: "lot", quantity: "7.5", unit: "m3" }], answers, environment: { weather: "clear", air_temp: "31" }, files: [{}],
  } as unknown as StepRow;
  const around = { weather: { type: "enum" }, air_temp: { type: "number" } } as unknown as Record<string, EnvironmentField>;

  expect(repeated(step, record, around)).toEqual({
    crew: "crew", people: ["li"], equipment: ["poker"], method: "MS-4",
    lots: [{ lot: "lot", quantity: "", unit: "m3" }],
    answers: { text: "text", boolean: true, enum: "enum" },
    environment: { weather: "clear" },
  });
});
