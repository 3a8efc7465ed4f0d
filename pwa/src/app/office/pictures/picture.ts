/** A drawing on its own, for files: styles resolved into attributes, so that it looks the same outside this app. */

/** An SVG that needs nothing around it: no class, no variable, no font of ours. */
export type Picture = SVGSVGElement;

const SVG = "http://www.w3.org/2000/svg";
/** What a drawing of ours uses; everything else is geometry and stands in attributes already. */
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "stroke-linejoin", "opacity",
  "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline", "paint-order",
] as const; // prettier-ignore
/** Browsers refuse canvases that are much larger; the picture then gets fewer pixels, not a part. */
const MOST_PIXELS = 8192;

/** A copy of a drawing on the page, as large as its view box, on the colour of a card. */
export function pictureOf(svg: SVGSVGElement): Picture {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, at) => {
    const style = getComputedStyle(originals[at]!);
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value) element.setAttribute(name, value);
    }
    for (const name of ["class", "style", "id", "role", "tabindex"]) {
      // Markers are found by their id.
      if (name !== "id" || element.tagName !== "marker") element.removeAttribute(name);
    }
    for (const { name } of [...element.attributes]) if (name.startsWith("aria-")) element.removeAttribute(name);
  });
  const { x, y, width, height } = svg.viewBox.baseVal;
  return paper(copy, x, y, width, height, getComputedStyle(svg).getPropertyValue("--card").trim());
}

/** Gives a drawing its size and ground. */
export function paper(svg: SVGSVGElement, x: number, y: number, width: number, height: number, ground: string): Picture {
  set(svg, { viewBox: `${x} ${y} ${width} ${height}`, width, height, xmlns: SVG });
  svg.prepend(make("rect", { x, y, width, height, fill: ground || "#ffffff", stroke: "none" }));
  return svg;
}

/** An element of SVG with its attributes. */
export function make<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | number>,
  text = "",
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  set(element, attributes);
  if (text) element.textContent = text;
  return element;
}

function set(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/** The picture as a file. */
export function svgFile(picture: Picture): Blob {
  return new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}\n`], { type: "image/svg+xml" });
}

/** The picture as pixels, twice as fine as on a plain screen. Rejects when the browser cannot draw it. */
export async function pngFile(picture: Picture): Promise<Blob> {
  const url = URL.createObjectURL(svgFile(picture));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(2, MOST_PIXELS / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(image.width * scale);
    canvas.height = Math.ceil(image.height * scale);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The canvas gave no picture."))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
