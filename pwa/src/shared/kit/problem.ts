/** A problem document as cards show it; extra members are facts. */
export interface Problem {
  type?: string;
  title?: string;
  detail?: string;
  status?: number;
  [member: string]: unknown;
}
