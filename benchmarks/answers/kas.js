// Khan Academy's KAS behind JSON lines: node kas.js FOLDER, where `npm install` put it.
// In: {"teacher", "student", "functions"}. Out: {"verdict": "right" | "wrong" | "unread" | "failed",
// "ms"}, milliseconds of work to read the student's line and compare it to the teacher's, read before.
"use strict";

const path = require("node:path");
const readline = require("node:readline");

const folder = path.resolve(process.argv[2]);
const KAS = require(require.resolve("@khanacademy/kas", { paths: [folder] }));

function answered({ teacher, student, functions }) {
  const options = { functions };
  const key = KAS.parse(teacher, options);
  if (!key.parsed) return { verdict: "failed", ms: 0 };
  const start = process.cpuUsage();
  const verdict = decided(key.expr, student, options);
  const work = process.cpuUsage(start);
  return { verdict, ms: (work.user + work.system) / 1e3 };
}

function decided(key, student, options) {
  try {
    const answer = KAS.parse(student, options);
    if (!answer.parsed) return "unread";
    return KAS.compare(answer.expr, key, { simplify: false, form: false }).equal ? "right" : "wrong";
  } catch {
    return "failed";
  }
}

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => console.log(JSON.stringify(answered(JSON.parse(line)))));
