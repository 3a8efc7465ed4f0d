/** The site's time zone: a pour at nine in Shanghai is a pour at nine for whoever reads of it, wherever they sit. */
let zone = $state.raw<string | undefined>();

/** The time zone of the project on screen; undefined, and so this device's own, until it is known. */
export function siteZone(): string | undefined {
  return zone;
}

export function setSiteZone(name: string | undefined): void {
  zone = name;
}
