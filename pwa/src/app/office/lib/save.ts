/** Hands a file to the browser's own download. */
export function saveAs(name: string, content: Blob | string): void {
  const url = typeof content === "string" ? content : URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // An address that came from outside belongs to whoever made it.
  if (typeof content !== "string") setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
