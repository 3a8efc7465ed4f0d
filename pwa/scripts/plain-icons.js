/**
 * Lucide's icons as plain markup. Its own component builds each icon at run time out of data, through spread attributes
 * and dynamic elements: on a slow phone half the time of a first screen. Here the same drawing is a template of Svelte's.
 * Icons take `size`, `strokeWidth` and `fill`; all are hidden from screen readers, so a word stands beside each.
 */

/** @typedef {{ size: number, node: [string, Record<string, string>][] }} Icon */

const ICON = /@lucide.svelte.dist.icons.[a-z0-9-]+\.svelte$/;

/** @returns {import("vite").Plugin} */
export function plainIcons() {
  return {
    name: "plain-icons",
    enforce: "pre",
    transform: {
      filter: { id: ICON },
      handler(code, id) {
        const data = /const iconData = (\{.*\});/.exec(code)?.[1];
        if (!data) throw new Error(`Lucide writes its icons another way now: ${id}`);
        /** @type {unknown} */
        const icon = JSON.parse(data);
        return { code: markup(/** @type {Icon} */ (icon)), map: null };
      },
    },
  };
}

/** @param {Icon} icon */
function markup({ size, node }) {
  const lines = node.map(([tag, attributes]) => {
    const said = Object.entries(attributes).filter(([name]) => name !== "key");
    return `<${tag} ${said.map(([name, value]) => `${name}="${value}"`).join(" ")} />`;
  });
  return `<script>let { size = ${size}, strokeWidth = 2, fill = "none" } = $props();</script>
<svg width={size} height={size} viewBox="0 0 ${size} ${size}" {fill} stroke="currentColor" stroke-width={strokeWidth}
  stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${lines.join("")}</svg>
`;
}
