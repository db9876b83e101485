// Run Lighthouse over many addresses in one Chromium, with its mobile settings.
// Usage: node lighthouse.mjs PORT < a JSON list of addresses; one line of JSON per address.
import { readFileSync } from "node:fs";
import lighthouse from "lighthouse";

const port = Number(process.argv[2]);
// Our pages run no script, so there is nothing to wait for after they are loaded.
const waits = {
  cpuQuietThresholdMs: 250,
  networkQuietThresholdMs: 250,
  pauseAfterFcpMs: 250,
  pauseAfterLoadMs: 250,
};
const flags = { port, output: [], logLevel: "error", disableFullPageScreenshot: true, ...waits };
// A busy machine can lose the start of a trace; that says nothing about the page.
const failed = (lhr) => lhr.runtimeError || Object.values(lhr.audits).some(({ errorMessage }) => errorMessage);

async function look(address) {
  for (let left = 2; ; left--) {
    const { lhr } = await lighthouse(address, flags);
    if (left === 0 || !failed(lhr)) return lhr;
  }
}

for (const address of JSON.parse(readFileSync(0, "utf8"))) {
  const lhr = await look(address);
  const scores = Object.fromEntries(
    Object.entries(lhr.categories).map(([name, category]) => [name, Math.round(category.score * 100)]),
  );
  const lost = Object.values(lhr.categories).flatMap((category) =>
    category.auditRefs
      .map(({ id, weight }) => ({ ...lhr.audits[id], weight }))
      .filter(({ weight, score, errorMessage }) => weight > 0 && (errorMessage || (score !== null && score < 0.9)))
      .map(({ id, errorMessage, displayValue, title }) => `${id}: ${errorMessage ?? displayValue ?? title}`),
  );
  const shift = lhr.audits["cumulative-layout-shift"].numericValue ?? null;
  console.log(JSON.stringify({ address, scores, lost, shift, warnings: lhr.runWarnings }));
}
