import { FakeServer, freshPhone, photo, receipt } from "./support";
import { unzipSync } from "fflate";
import { beforeEach, expect, test, vi } from "vitest";
import { db } from "../../src/capture/db";
import { exportUnsent } from "../../src/capture/export";
import { keepMedia } from "../../src/capture/media";
import { record } from "../../src/capture/record";
import { uuid7 } from "../../src/capture/uuid7";

beforeEach(async () => {
  new FakeServer();
  await freshPhone();
});

test("the archive holds the envelopes, the originals and a list of both", async () => {
  const { act_id } = await record("lot:receive", uuid7(), receipt(), { files: [photo("tag")] });
  const zip = unzipSync(new Uint8Array(await (await exportUnsent()).arrayBuffer()));
  const read = (name: string): unknown => JSON.parse(new TextDecoder().decode(zip[name]));
  const { envelope, file_hashes } = (await db.acts.get(act_id))!;
  expect(read(`acts/00000001-${act_id}.json`)).toEqual(envelope);
  expect(new TextDecoder().decode(zip[`originals/${file_hashes[0]}`])).toBe("tag");
  expect(read("manifest.json")).toMatchObject({ format: "plumbline-outbox", acts: [{ id: act_id }], files: [{ bytes: 3 }] });
});

test("a form in hand is in the archive when the database does not answer any more", async () => {
  await record("lot:receive", uuid7(), receipt(), { files: [photo("tag")] });
  vi.spyOn(console, "warn").mockReturnValue();
  const film = await keepMedia(new Blob(["film"], { type: "video/webm" }));
  const gone = { ...film, media: uuid7() };
  const inHand = {
    form: { note: "Slump 180" },
    files: [
      { name: "e1.jpg", data: new Uint8Array([1, 2, 3]).buffer },
      { name: "film.webm", data: film },
      { name: "gone.webm", data: gone },
    ],
  };
  const whole = unzipSync(new Uint8Array(await (await exportUnsent(inHand)).arrayBuffer()));
  expect(Object.keys(whole).filter((name) => /^(acts|originals)/.test(name))).toHaveLength(3);
  expect(new TextDecoder().decode(whole["form/2-film.webm"])).toBe("film");
  expect(Object.keys(whole)).not.toContain("form/3-gone.webm");

  vi.spyOn(db.acts, "where").mockImplementation(() => {
    throw new DOMException("Connection to Indexed Database server lost", "UnknownError");
  });
  const zip = unzipSync(new Uint8Array(await (await exportUnsent(inHand)).arrayBuffer()));

  expect(JSON.parse(new TextDecoder().decode(zip["form/form.json"]))).toEqual({ note: "Slump 180" });
  expect([...zip["form/1-e1.jpg"]!]).toEqual([1, 2, 3]);
  await expect(exportUnsent()).rejects.toThrow("lost");
});
