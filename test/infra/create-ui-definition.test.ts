import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { at, put, type Template } from "../support/arm-template";

interface Element {
  readonly name: string;
  readonly type: string;
  readonly label: string | { readonly password: string; readonly confirmPassword?: string };
  readonly toolTip?: string;
  readonly placeholder?: string;
  readonly defaultValue?: unknown;
  readonly options?: { readonly hideConfirmation?: boolean };
  readonly constraints?: {
    readonly required?: boolean;
    readonly regex?: string;
    readonly validationMessage?: string;
    readonly allowedValues?: readonly { readonly label: string; readonly value: string }[];
  };
}
interface Form {
  readonly basics: unknown[];
  readonly steps: readonly { readonly name: string; readonly elements: Element[] }[];
  readonly outputs: Record<string, unknown>;
}

const read = (): Form => JSON.parse(readFileSync("infra/createUiDefinition.json", "utf8")).parameters;
const template: Template = JSON.parse(readFileSync("infra/azuredeploy.json", "utf8"));
const elementsOf = ({ steps }: Form) => steps.flatMap(({ elements }) => elements);
const element = (form: Form, step: string, name: string): Element => {
  const found = form.steps
    .find((one) => one.name === step)
    ?.elements.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`The form has no ${step}.${name}`);
  return found;
};
const ofType = (form: Form, type: string) => elementsOf(form).filter((one) => one.type === type);
const namesOf = (elements: readonly Element[]) => elements.map(({ name }) => name);
const difference = (some: readonly string[], others: readonly string[]) =>
  some.filter((name) => !others.includes(name));

/** What the schema 0.1.2-preview and arm-ttk demand of a form, each with forms that lack it. */
const rules: readonly {
  readonly title: string;
  readonly check: (form: Form) => readonly string[];
  readonly broken: readonly ((form: Form) => void)[];
}[] = [
  {
    title: "every control says what it is for",
    check: (form) =>
      namesOf(
        elementsOf(form).filter(({ type, toolTip }) => type !== "Microsoft.Common.InfoBox" && !toolTip),
      ),
    broken: [(form) => put(element(form, "operation", "dryRun"), "toolTip", "")],
  },
  {
    title: "every text box says what it accepts",
    check: (form) =>
      namesOf(
        ["Microsoft.Common.TextBox", "Microsoft.Common.PasswordBox"]
          .flatMap((type) => ofType(form, type))
          .filter(({ constraints }) => !constraints?.regex || !constraints.validationMessage),
      ),
    broken: [
      (form) => put(element(form, "operation", "alertEmail"), "constraints.regex", undefined),
      (form) => put(element(form, "intezer", "apiKey"), "constraints", { required: false }),
    ],
  },
  {
    title: "a secret is entered twice",
    check: (form) =>
      namesOf(
        ofType(form, "Microsoft.Common.PasswordBox").filter(
          ({ label, options }) => options?.hideConfirmation || !at(label, "confirmPassword"),
        ),
      ),
    broken: [
      (form) => put(element(form, "virustotal", "apiKey"), "options", { hideConfirmation: true }),
      (form) => put(element(form, "virustotal", "apiKey"), "label", { password: "API key" }),
    ],
  },
  {
    title: "every choice has a value, and what Intezer gets is chosen by the reader only",
    check: (form) => [
      ...ofType(form, "Microsoft.Common.DropDown").flatMap(({ name, constraints }) =>
        (constraints?.allowedValues ?? []).filter(({ value }) => value === "").map(() => name),
      ),
      ...namesOf(
        ofType(form, "Microsoft.Common.DropDown").filter(
          ({ placeholder, defaultValue, constraints }) =>
            !placeholder || defaultValue !== undefined || !constraints?.required,
        ),
      ),
    ],
    broken: [
      (form) => put(element(form, "intezer", "alerts"), "constraints.allowedValues.0.value", ""),
      (form) => put(element(form, "intezer", "alerts"), "defaultValue", "off"),
      (form) => put(element(form, "intezer", "alerts"), "placeholder", undefined),
    ],
  },
  {
    title: "offers of Intezer's choices what the template accepts",
    check: (form) => {
      const offered = element(form, "intezer", "alerts").constraints?.allowedValues ?? [];
      const accepted = (template.parameters.intezerAlerts?.allowedValues ?? []).map(String);
      const values = offered.map(({ value }) => value);
      return [...difference(values, accepted), ...difference(accepted, values)];
    },
    broken: [(form) => put(element(form, "intezer", "alerts"), "constraints.allowedValues.0.value", "on")],
  },
  {
    title: "the page of the basics has only Azure's own questions",
    check: ({ basics }) => basics.map((one) => JSON.stringify(one)),
    broken: [(form) => form.basics.push({})],
  },
  {
    title: "outputs name controls that are there, and every control is used",
    check: (form) => {
      const known = form.steps.flatMap(({ name, elements }) =>
        elements
          .filter(({ type }) => type !== "Microsoft.Common.InfoBox")
          .map((one) => `${name}.${one.name}`),
      );
      const named = [...JSON.stringify(form.outputs).matchAll(/steps\('(\w+)'\)\.(\w+)/g)].map(
        ([, step, name]) => `${step}.${name}`,
      );
      return [...difference(named, known), ...difference(known, named)];
    },
    broken: [
      (form) => put(form.outputs, "alertEmail", "[steps('operation').mail]"),
      (form) => Reflect.deleteProperty(form.outputs, "vnetEnabled"),
    ],
  },
  {
    title: "outputs are parameters and settings of the template, and all that it must be given",
    check: ({ outputs }) => {
      const required = Object.keys(template.parameters).filter(
        (name) => template.parameters[name]?.defaultValue === undefined,
      );
      const settings = Object.keys(template.definitions?.optionalSettings?.properties ?? {});
      return [
        ...difference(required, Object.keys(outputs)),
        ...difference(Object.keys(outputs), Object.keys(template.parameters)),
        ...difference(Object.keys(outputs.settings ?? {}), settings),
      ];
    },
    broken: [
      (form) => Reflect.deleteProperty(form.outputs, "authClientId"),
      (form) => put(form.outputs, "nodeversion", "24"),
      (form) => put(form.outputs, "settings.DRYRUN", "true"),
    ],
  },
  {
    title: "asks for each key as a password, and says VirusTotal's terms",
    check: (form) => {
      const secure = Object.values(template.parameters).filter(({ type }) => type?.startsWith("secure"));
      const boxes = ofType(form, "Microsoft.Common.PasswordBox");
      return [
        ...(boxes.length === secure.length ? [] : [`${boxes.length} password boxes`]),
        ...(JSON.stringify(form).includes("A free key is for evaluation") ? [] : ["no terms"]),
      ];
    },
    broken: [(form) => put(element(form, "intezer", "apiKey"), "type", "Microsoft.Common.TextBox")],
  },
];

describe("the form of the Deploy to Azure button", () => {
  describe.each(rules.map((rule) => [rule.title, rule] as const))("%s", (_title, { check, broken }) => {
    it("holds", () => expect(check(read())).toEqual([]));
    it.each(broken.map((spoil, i) => [i + 1, spoil] as const))("is seen to be broken (%i)", (_i, spoil) => {
      const form = read();
      spoil(form);
      expect(check(form)).not.toEqual([]);
    });
  });
});

it("is quoted in the docs as it reads", () => {
  const page = readFileSync("docs/deploy-button.md", "utf8");
  const labels = elementsOf(read()).flatMap(({ label, constraints }) => [
    String(label),
    ...(constraints?.allowedValues ?? []).map((value) => value.label),
  ]);
  for (const [, quoted = ""] of page.matchAll(/\*((?:Address of|Hashes, )[^*]+)\*/g))
    expect(labels).toContain(quoted);
});

const workspace = "/subscriptions/s/resourcegroups/g/providers/Microsoft.OperationalInsights/workspaces/w";
const entries = [
  {
    step: "sentinel",
    name: "moreWorkspaces",
    accepted: ["", workspace, `${workspace}, ${workspace},`],
    refused: ["law-soc"],
  },
  {
    step: "virustotal",
    name: "apiKey",
    accepted: ["", "0123456789abcdef".repeat(4)],
    refused: ["short", "a key with blanks in it"],
  },
  {
    step: "intezer",
    name: "webhookAuthorization",
    accepted: ["", "Bearer 0123456789abcdef"],
    refused: ["short", " 0123456789abcdef"],
  },
  {
    step: "operation",
    name: "alertEmail",
    accepted: ["", "soc@example.com"],
    refused: ["soc", "soc@example", "a b@example.com"],
  },
  {
    step: "operation",
    name: "packageUri",
    accepted: ["", "https://example.com/a.zip"],
    refused: ["http://example.com/a.zip"],
  },
];

it.each(entries)("$step.$name accepts what it should", ({ step, name, accepted, refused }) => {
  const pattern = new RegExp(element(read(), step, name).constraints?.regex ?? "");
  expect(accepted.filter((text) => !pattern.test(text))).toEqual([]);
  expect(refused.filter((text) => pattern.test(text))).toEqual([]);
});
