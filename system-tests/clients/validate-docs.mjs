// Holds the documents of a gateway to what their formats demand, by the parsers that others read them with.
//
//   node validate-docs.mjs <address of a gateway>
//
// Prints: VALID openapi <operations> · VALID asyncapi <operations> · WRONG <what>.
import SwaggerParser from "@apidevtools/swagger-parser";
import { Parser } from "@asyncapi/parser";

const [address] = process.argv.slice(2);

async function document(name) {
  const response = await fetch(`${address}/api/docs/${name}`);
  if (response.status !== 200) {
    throw new Error(`${name}: ${response.status}`);
  }
  return response.text();
}

const openapi = await SwaggerParser.validate(JSON.parse(await document("openapi.json")));
const operations = Object.values(openapi.paths).flatMap((path) => Object.keys(path)).length;
console.log(`VALID openapi ${operations}`);

const { document: asyncapi, diagnostics } = await new Parser().parse(await document("asyncapi.json"));
const wrong = diagnostics.filter((each) => each.severity === 0);
for (const each of wrong) {
  console.log(`WRONG asyncapi ${each.path.join("/")}: ${each.message}`);
}
if (asyncapi !== undefined && wrong.length === 0) {
  console.log(`VALID asyncapi ${asyncapi.operations().length}`);
}
