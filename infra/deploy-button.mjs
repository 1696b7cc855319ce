// Prints the "Deploy to Azure" button of a tag in Markdown, for the page of a release:
//   node infra/deploy-button.mjs <owner>/<repository> v<version>
// The portal fetches both files in the browser, and GitHub allows that only at raw.githubusercontent.com: a release's files
// come without Access-Control-Allow-Origin.
const [repository, tag] = process.argv.slice(2);
if (!/^[\w.-]+\/[\w.-]+$/.test(repository ?? "") || !/^v\d+\.\d+\.\d+[\w.-]*$/.test(tag ?? "")) {
  console.error("Usage: node infra/deploy-button.mjs <owner>/<repository> v<version>");
  process.exit(2);
}

const raw = (name) =>
  encodeURIComponent(`https://raw.githubusercontent.com/${repository}/${tag}/infra/${name}`);
const link = `https://portal.azure.com/#create/Microsoft.Template/uri/${raw("azuredeploy.json")}/createUIDefinitionUri/${raw("createUiDefinition.json")}`;
const zip = `https://github.com/${repository}/releases/download/${tag}/sentinel-incident-enricher-${tag.slice(1)}.zip`;
const page = `https://github.com/${repository}/blob/${tag}/docs/deploy-button.md`;

console.log(`[![Deploy to Azure](https://aka.ms/deploytoazurebutton)](${link})

URL of the released zip, for the form: \`${zip}\`. [What to do before and after](${page}).`);
