// Compares pictures with their references and prints what differs, as JSON: {"name.png": "why"}.
//
// usage: node compare.js TAKEN REFERENCE DIFFERENCES name.png...
//
// pixelmatch measures the distance of two colours as people see them (YIQ) and finds out which pixels are only the
// smoothed edge of a shape; those do not count. The differences are drawn in red into a picture of their own.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

// Strongly other colours may be few (a caret, a hinted stroke; a changed word is more); slightly other ones, such as
// smoothed edges, may be some, but not a whole ground: two neighbouring greys of the token table differ by 0.03.
const LIMITS = [
  { colourDistance: 0.1, tolerated: 0.0002 },
  { colourDistance: 0.02, tolerated: 0.01 },
];

const [taken, reference, differences, ...names] = process.argv.slice(2);

function verdict(name) {
  const expected = join(reference, name);
  if (!existsSync(expected)) return "there is no reference picture";
  const [before, after] = [expected, join(taken, name)].map((file) => PNG.sync.read(readFileSync(file)));
  const { width, height } = before;
  if (after.width !== width || after.height !== height) {
    return `${after.width} x ${after.height} pixels instead of ${width} x ${height}`;
  }
  for (const { colourDistance, tolerated } of LIMITS) {
    const drawn = new PNG({ width, height });
    const changed = pixelmatch(before.data, after.data, drawn.data, width, height, { threshold: colourDistance });
    if (changed > width * height * tolerated) {
      mkdirSync(differences, { recursive: true });
      writeFileSync(join(differences, name), PNG.sync.write(drawn));
      return `${changed} of ${width * height} pixels differ, see ${join(differences, name)}`;
    }
  }
  return null;
}

const found = names.map((name) => [name, verdict(name)]).filter(([, why]) => why !== null);
console.log(JSON.stringify(Object.fromEntries(found)));
