/** Prints what the first visit loads as JavaScript, gzip, without the scanner; fails above the promised 100 KB. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 100_000;
const dist = new URL("../dist/", import.meta.url);
const page = readFileSync(new URL("index.html", dist), "utf8");
const scripts = [...new Set([...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((found) => found[1] ?? ""))];
const sizes = scripts.map((name) => ({ name, bytes: gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length }));
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);

for (const { name, bytes } of sizes.sort((a, b) => b.bytes - a.bytes).slice(0, 5)) console.log(`${bytes} ${name}`);
console.log(`First load: ${(total / 1000).toFixed(1)} KB of ${LIMIT_BYTES / 1000} KB in ${sizes.length} files`);
if (total > LIMIT_BYTES) process.exit(1);
