/** What tables are made of: columns, order, and the file that a table can be exported to. */
import type { StatusKind } from "../../../shared/kit/status";

/** What stands in one field of a table. */
export interface Cell {
  text: string;
  /** The record behind it. */
  href?: string | undefined;
  /** Shown as a sign with its word instead of the text. */
  status?: { of: StatusKind; state: string } | undefined;
  /** Codes and numbers of papers: figures of equal width. */
  code?: boolean;
}

export interface Column<Row> {
  id: string;
  name: string;
  cell: (row: Row) => Cell;
  /** What the column is ordered by; the text where this is absent. Null stands last either way. */
  by?: (row: Row) => string | number | null;
  /** Numbers stand right. */
  right?: boolean;
  /** Left out of the cards on phones, where the record itself is one tap away. */
  desk?: boolean;
  /** Not shown until somebody chooses it. */
  extra?: boolean;
  /** What stands in the exported file, where the text carries a unit or is shortened. */
  plain?: (row: Row) => string;
}

/** The order named in the address: a column's id, with a minus in front for the other way round. */
export function ordered<Row>(rows: readonly Row[], columns: readonly Column<Row>[], order: string): Row[] {
  const down = order.startsWith("-");
  const column = columns.find((one) => one.id === order.replace(/^-/, ""));
  if (!column) return [...rows];
  const by = column.by ?? ((row: Row) => column.cell(row).text);
  const collator = new Intl.Collator("zh-CN", { numeric: true });
  const keyed = rows.map((row) => ({ row, key: by(row) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1;
    const bigger =
      typeof a.key === "number" && typeof b.key === "number"
        ? a.key - b.key
        : collator.compare(String(a.key), String(b.key));
    return down ? -bigger : bigger;
  });
  return keyed.map(({ row }) => row);
}

/** What a click on a column's head asks for next: up, down, and back to the order as given. */
export function nextOrder(order: string, column: string): string {
  if (order === column) return `-${column}`;
  return order === `-${column}` ? "" : column;
}

/** Where a spreadsheet begins a formula. Also the signs as Chinese keyboards write them: it makes them narrow. */
const FORMULA = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/;
/** The same behind what separates fields and rows in other countries, where our commas and quotes do not hold. */
const BEHIND = /([;\t\r\n])(?=[^\S\t\r\n]*[=+\-@＝＋－＠])/g;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/**
 * One field of a CSV file. Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV
 * injection); a plain number keeps its sign.
 */
export function csvField(text: string): string {
  if (NUMBER.test(text)) return text;
  const safe = `${FORMULA.test(text) ? "'" : ""}${text.replace(BEHIND, "$1'")}`;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table as CSV text for spreadsheets: byte order mark, CRLF, heads in the reader's language. */
export function csv<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const lines = [
    columns.map((column) => csvField(column.name)),
    ...rows.map((row) => columns.map((column) => csvField((column.plain ?? ((one: Row) => column.cell(one).text))(row)))),
  ];
  return `\uFEFF${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}
