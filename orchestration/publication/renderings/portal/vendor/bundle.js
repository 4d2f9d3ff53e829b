// Bundles each of `entries.js` with all that it needs into `libraries.<name>.js`, and writes every licence beside them.
// Called by `make vendor`, with the folder to write to.
import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entries } from "./entries.js";

const [, , out] = process.argv;

async function bundled([name, contents]) {
  const { metafile } = await build({
    stdin: { contents, resolveDir: "." },
    outfile: join(out, `libraries.${name}.js`),
    bundle: true,
    minify: true,
    format: "iife",
    globalName: `libraries.${name}`,
    target: "es2022",
    legalComments: "none", // they stand in libraries.txt, whole
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

const inputs = (await Promise.all(Object.entries(entries).map(bundled))).flat();
const owners = inputs.flatMap((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
const licences = [...new Set(owners)].sort().map((name) => {
  const folder = join("node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Error(`${name} has no licence`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync(join(out, "libraries.txt"), licences.join(`\n${"=".repeat(80)}\n\n`).replace(/\r/g, ""));
