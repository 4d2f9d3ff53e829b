// Bundles `entry.js` with all that it needs into `libraries.js`, and writes every licence beside it. Called by `make vendor`, with the folder to write to.
import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [, , out] = process.argv;
const { metafile } = await build({
  entryPoints: ["entry.js"],
  outfile: join(out, "libraries.js"),
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "libraries",
  target: "es2022",
  legalComments: "none", // they stand in libraries.txt, whole
  metafile: true,
});

const owners = Object.keys(metafile.inputs).flatMap((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
const licences = [...new Set(owners)].sort().map((name) => {
  const folder = join("node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Error(`${name} has no licence`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync(join(out, "libraries.txt"), licences.join(`\n${"=".repeat(80)}\n\n`).replace(/\r/g, ""));
