// Builds what browsers get into web/static/dist: every file under a name that holds the hash of its content, and
// manifest.json, which maps plain names to those. Entry points are the .ts files of this folder and site.css, gate.css.

import { createHash } from "node:crypto";
import { globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const CLIENT = import.meta.dirname;
const STATIC = join(CLIENT, "../static");
const DIST = join(STATIC, "dist");
const COPIED = ["posters/*.svg", "drawings/*.svg", "favicon.svg", "icon-*.png"];
const READER = join(CLIENT, "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm");
// Chromium 99 and Safari 15.4 are the first with cascade layers; scripts must also parse on older WeChat cores.
const TARGETS = { script: "es2019", style: ["chrome99", "safari15.4"] };

const scripts = readdirSync(CLIENT).filter((name) => name.endsWith(".ts")).map((name) => join(CLIENT, name));
const styles = ["site.css", "gate.css"].map((name) => join(STATIC, "css", name));

const outputs = {
  ...(await bundle(scripts, { target: TARGETS.script, format: "iife" })),
  ...(await bundle(styles, { target: TARGETS.style })),
  ...copy(),
};
const manifest = Object.fromEntries(Object.entries(outputs).sort(([a], [b]) => (a < b ? -1 : 1)));
// The manifest appears whole or not at all, and only then are older files taken away.
writeFileSync(join(DIST, "manifest.new"), JSON.stringify(manifest, null, 2) + "\n");
renameSync(join(DIST, "manifest.new"), join(DIST, "manifest.json"));
sweep(new Set([...Object.values(manifest), "manifest.json"]));
report(manifest);

async function bundle(entryPoints, options) {
  const { metafile } = await build({
    entryPoints,
    outdir: DIST,
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    charset: "utf8",
    legalComments: "none",
    loader: { ".wasm": "file" },
    publicPath: "/static/dist/",
    metafile: true,
    logLevel: "warning",
    ...options,
  });
  const names = {};
  for (const [path, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
    const source = entryPoint ?? Object.keys(inputs)[0];
    names[basename(source, extname(source)) + extname(path)] = basename(path);
  }
  return names;
}

function copy() {
  const sources = Object.fromEntries(globSync(COPIED, { cwd: STATIC }).map((name) => [name, join(STATIC, name)]));
  const names = {};
  for (const [name, path] of Object.entries({ ...sources, [basename(READER)]: READER })) {
    const content = readFileSync(path);
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
    names[name] = name.replace(/(\.\w+)$/, `-${hash}$1`);
    mkdirSync(dirname(join(DIST, names[name])), { recursive: true });
    writeFileSync(join(DIST, names[name]), content);
  }
  return names;
}

function sweep(kept) {
  for (const path of globSync("**/*.*", { cwd: DIST })) {
    if (!kept.has(relative(DIST, join(DIST, path)))) rmSync(join(DIST, path));
  }
}

function report(manifest) {
  for (const [name, path] of Object.entries(manifest)) {
    if (!/\.(js|css|wasm)$/.test(name)) continue;
    const compressed = gzipSync(readFileSync(join(DIST, path))).length;
    console.log(`${name.padEnd(16)}${String(statSync(join(DIST, path)).size).padStart(8)} bytes, ${compressed} compressed`);
  }
}
