// Runs the contract tests: node tests/contracts/run.js [words of file names]
// The last line on standard output is "contract tests: <n> passed, <n> failed, <n> skipped"; the exit code is 1 when one
// failed.
import { globSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { run } from "node:test";
import { spec } from "node:test/reporters";

// Hardhat looks for its configuration from the working folder.
process.chdir(path.resolve(import.meta.dirname, "../.."));
const { default: hre } = await import("hardhat");
await hre.tasks.getTask("build").run({ quiet: true });

const words = process.argv.slice(2);
const files = globSync("tests/contracts/*.test.js")
  .filter((file) => words.length === 0 || words.some((word) => path.basename(file).includes(word)))
  .sort();
const counts = { passed: 0, failed: 0, skipped: 0 };
// One process for all files: Hardhat is loaded and the compiler's cache is opened once.
const events = run({ files, isolation: "none" });
events.on("test:pass", ({ details, skip }) => {
  if (details.type !== "suite") counts[skip === undefined ? "passed" : "skipped"] += 1;
});
events.on("test:fail", ({ details }) => {
  if (details.type !== "suite") counts.failed += 1;
});
const report = events.compose(new spec());
for await (const text of report) process.stdout.write(text);

console.log(`contract tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
