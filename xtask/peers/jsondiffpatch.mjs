// What jsondiffpatch shows of two files, items of lists known by their action. The command of 0.7.7 has
// an option `--object-keys` for that, which it does not heed.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, ...names] = process.argv.slice(2);
const resolve = createRequire(pathToFileURL(`${folder}/`)).resolve;
const load = (name) => import(pathToFileURL(resolve(name)));
const { create } = await load("jsondiffpatch/with-text-diffs");
const { default: Formatter } = await load("jsondiffpatch/formatters/console");
const objectHash = (item, at) => item.action ?? item.version ?? item.error_id ?? at;
const [before, after] = names.map((name) => JSON.parse(readFileSync(name, "utf8")));
const delta = create({ objectHash }).diff(before, after);
console.log(new Formatter().format(delta));
