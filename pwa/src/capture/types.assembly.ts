/** Bodies of the acts that make lots of lots and move them through a chain; as in backend/plumbline/assemblies and moves. */
import type { Decimal, Day, Uuid } from "./types";

export interface InputBody {
  lot: Uuid;
  quantity: Decimal;
  unit: string;
}

export interface WorkBody {
  crew?: Uuid;
  operator?: Uuid;
  equipment?: Uuid;
  parameters?: { name: string; value: string; unit: string }[];
  method?: string;
}

export interface AssemblyBodies {
  "lot:merge": { inputs: InputBody[]; place?: Uuid; qr?: string; note?: string };
  "lot:mix": { inputs: InputBody[]; place?: Uuid; qr?: string; note?: string };
  "assembly:make": WorkBody & {
    inputs: InputBody[];
    material: string;
    grade?: string;
    size?: string;
    quantity: Decimal;
    unit: string;
    serial_no?: string;
    produced_on?: Day;
    place?: Uuid;
    qr?: string;
    note?: string;
  };
  "assembly:take_apart": {
    quantity: Decimal;
    parts: { lot: Uuid; of: Uuid; quantity: Decimal; qr?: string }[];
    place?: Uuid;
    reason: string;
  };
  "unit:number": { units: { lot: Uuid; serial_no: string; qr?: string }[] };
  "unit:work": WorkBody & { station: string; note?: string };
  "lot:dispatch": { to: Uuid; lot?: Uuid; quantity?: Decimal; via?: Uuid; vehicle?: string; delivery_note?: string; qr?: string; note?: string };
  "lot:arrive": { quantity: Decimal; place?: Uuid; note?: string };
  "lot:count": { quantity: Decimal; note?: string };
  "lot:transfer_out": { quantity: Decimal; to: string; kind: "project" | "supplier" | "other"; delivery_note?: string; note?: string };
}
