/**
 * Photos of a lot that are not recorded yet. A receipt takes them under the lot's own key: those for which the phone
 * had no room beside the record then lie where the form of a certificate looks, and nothing has to be copied on a full phone.
 */
import { saveDraft } from "../../capture";
import { mediaOf, type Shot } from "./shots";

export interface CertificateWords {
  chosen: string;
  number: string;
  issuer: string;
  issuedOn: string;
}

/** By section while a receipt takes them, in one row when they wait for a certificate. */
export interface LotPhotos {
  shots?: Shot[];
  tag?: Shot[];
  certificate?: Shot[];
}

export function certificateKey(project: string, lot: string): string {
  return `certificate:${project}:${lot}`;
}

export function lotPhotosKey(project: string, lot: string): string {
  return `lot:${project}:${lot}:photos`;
}

export function shotsOf({ shots = [], tag = [], certificate = [] }: LotPhotos): Shot[] {
  return [...shots, ...tag, ...certificate];
}

/** Only these are left to send. Where even that finds no room the draft stays as it was, with those that are kept. */
export async function keepForLot(project: string, lot: string, shots: Shot[]): Promise<void> {
  const photos: LotPhotos = { shots };
  await saveDraft(lotPhotosKey(project, lot), project, "photos", photos, mediaOf(shots)).catch(() => undefined);
}

/** The number of a certificate none of whose photos fitted. */
export async function keepNumber(project: string, lot: string, number: string): Promise<void> {
  const words: CertificateWords = { chosen: "", number, issuer: "", issuedOn: "" };
  await saveDraft(certificateKey(project, lot), project, "certificate", words).catch(() => undefined);
}
