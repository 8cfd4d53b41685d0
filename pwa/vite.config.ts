import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const SHELL_PLACE = "__SHELL__";
const WORTH_PACKING = /\.(js|css|svg|webmanifest)$/;

/** Writes the list of the shell's files, with a version of their names, into sw.js. */
function shellList(): Plugin {
  return {
    name: "lightbox-shell-list",
    enforce: "post",
    generateBundle(_, bundle) {
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") this.error("sw.js was not built");
      if (!worker.code.includes(SHELL_PLACE))
        this.error("sw.js has no place for the list of the shell's files");
      const files = Object.keys(bundle)
        .filter((name) => name.startsWith("assets/"))
        .map((name) => `/${name}`)
        .sort();
      worker.code = worker.code.replace(SHELL_PLACE, () => JSON.stringify(files));
    },
  };
}

/** Packs what compresses, so that neither the gateway nor nginx has to at every request. */
function packed(): Plugin {
  let directory = "";
  return {
    name: "lightbox-packed",
    apply: "build",
    configResolved(config) {
      directory = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
      for (const name of names.filter((each) => WORTH_PACKING.test(each))) {
        const file = join(directory, name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [shellList(), packed()],
  build: {
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { main: "index.html", sw: "src/sw.ts" },
      output: {
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
