import { isoDay } from "../../shared/i18n/format";

/** Hand the archive to the person as a download. */
export function saveFile(archive: Blob): void {
  const url = URL.createObjectURL(archive);
  const link = document.createElement("a");
  link.href = url;
  link.download = `plumbline-${isoDay()}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
