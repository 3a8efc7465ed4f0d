import { expect, it } from "vitest";
import { gives, may, sees } from "../../src/app/state/may";
import { MAY, ROLES } from "../../src/shared/roles.gen";

it("offers each act to the roles of the server's table and to no other", () => {
  for (const [act, allowed] of Object.entries(MAY)) {
    const offered = ROLES.filter((role) => may(act as keyof typeof MAY, [role]));
    expect([act, offered]).toEqual([act, [...allowed]]);
  }
});

it("offers nothing to people without a role, and no act that it does not know", () => {
  expect(Object.keys(MAY).filter((act) => may(act as keyof typeof MAY, []))).toEqual([]);
  expect(may("lot:vanish" as keyof typeof MAY, ["administrator"])).toBe(false);
});

it("shows keys to administrators, links to the office, and lets nobody lift a friend above himself", () => {
  expect(sees("api-keys", ["project_manager"])).toBe(false);
  expect(sees("grants", ["project_manager"])).toBe(true);
  expect(gives(["foreman"]).has("project_manager")).toBe(false);
  expect(gives(["foreman", "project_manager"]).has("administrator")).toBe(true);
});
