/** What a receipt form holds and how it becomes the body of lot:receive. Pure. */
import type { LotRow, ReceiptBody } from "../../capture";

export interface Receipt {
  qr: string;
  material: string;
  grade: string;
  size: string;
  quantity: string;
  unit: string;
  supplier: string;
  manufacturer: string;
  heat_no: string;
  batch_no: string;
  delivery_note: string;
  vehicle: string;
  produced_on: string;
  place: string;
  note: string;
}

export function emptyReceipt(): Receipt {
  return {
    qr: "",
    material: "",
    grade: "",
    size: "",
    quantity: "",
    unit: "",
    supplier: "",
    manufacturer: "",
    heat_no: "",
    batch_no: "",
    delivery_note: "",
    vehicle: "",
    produced_on: "",
    place: "",
    note: "",
  };
}

/** The form of what a receipt said. */
export function receiptOf(body: ReceiptBody): Receipt {
  const empty = emptyReceipt();
  const said = Object.entries(body).filter(([name, value]) => name in empty && typeof value === "string");
  return { ...empty, ...Object.fromEntries(said) };
}

/** What the next truck has in common with the last one: never heat, batch, papers, vehicle or quantity. */
export function sameAs(lot: LotRow): Partial<Receipt> {
  return {
    material: lot.material,
    grade: lot.grade ?? "",
    size: lot.size ?? "",
    unit: lot.unit,
    supplier: lot.supplier_id ?? "",
    manufacturer: lot.manufacturer ?? "",
    place: lot.place_id ?? "",
  };
}

/** The body of the act; empty fields are left out. */
export function receiptBody(receipt: Receipt, now = new Date()): ReceiptBody {
  const { quantity, unit, material, qr, ...rest } = receipt;
  const stated = Object.entries(rest)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value !== "");
  return { material, quantity, unit, ...(qr ? { qr } : {}), delivered_at: now.toISOString(), ...Object.fromEntries(stated) };
}
