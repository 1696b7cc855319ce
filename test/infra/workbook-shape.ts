import { z } from "zod";

/**
 * The shape of a workbook, as far as ours uses it: github.com/microsoft/Application-Insights-Workbooks (schema/workbook.json
 * and Documentation/) and the workbooks of github.com/Azure/Azure-Sentinel. What is not named here is refused, so that a
 * misspelt field, which the portal ignores without a word, is found.
 */
const visibility = z.strictObject({
  parameterName: z.string(),
  comparison: z.enum(["isEqualTo", "isNotEqualTo"]),
  value: z.string(),
});
const timeContext = z.strictObject({ durationMs: z.number().int().positive() });
const itemFields = {
  name: z.string().min(1),
  customWidth: z.string().optional(),
  conditionalVisibility: visibility.optional(),
};

const text = z.strictObject({
  ...itemFields,
  type: z.literal(1),
  content: z.strictObject({
    json: z.string(),
    style: z.enum(["info", "warning", "error", "success", "upsell"]).optional(),
  }),
});

/** 1: text, 4: time range, 5: resource. */
const parameterTypes = [1, 4, 5] as const;

const parameter = z.strictObject({
  id: z.uuid({ version: "v4" }),
  version: z.literal("KqlParameterItem/1.0"),
  name: z.string().regex(/^[A-Za-z]\w*$/),
  label: z.string(),
  description: z.string().optional(),
  type: z.literal(parameterTypes),
  isRequired: z.boolean().optional(),
  isHiddenWhenLocked: z.boolean().optional(),
  value: z.union([z.string(), timeContext]),
  /** JSON in a string: the entries to choose from. */
  jsonData: z.string().optional(),
  typeSettings: z
    .strictObject({
      selectableValues: z.array(timeContext).optional(),
      allowCustom: z.boolean().optional(),
      additionalResourceOptions: z.array(z.never()).optional(),
    })
    .optional(),
});

const logs = { queryType: z.literal(0), resourceType: z.literal("microsoft.operationalinsights/workspaces") };

const parameters = z.strictObject({
  ...itemFields,
  type: z.literal(9),
  content: z.strictObject({
    version: z.literal("KqlParameterItem/1.0"),
    parameters: z.array(parameter).min(1),
    style: z.literal("pills"),
    ...logs,
  }),
});

const links = z.strictObject({
  ...itemFields,
  type: z.literal(11),
  content: z.strictObject({
    version: z.literal("LinkItem/1.0"),
    style: z.literal("tabs"),
    links: z.array(
      z.strictObject({
        id: z.uuid({ version: "v4" }),
        /** The parameter that the tab sets, and the value that it gives it. */
        cellValue: z.string(),
        linkTarget: z.literal("parameter"),
        linkLabel: z.string(),
        subTarget: z.string(),
        style: z.literal("link"),
      }),
    ),
  }),
});

/** 7: a link. */
const linkFormatter = z.strictObject({
  columnMatch: z.string(),
  formatter: z.literal(7),
  formatOptions: z.strictObject({ linkTarget: z.literal("Url"), linkLabel: z.string() }),
});

const threshold = z.strictObject({
  operator: z.enum(["==", "Default"]),
  thresholdValue: z.string().nullable(),
  representation: z.string(),
  text: z.string(),
});

/** 18: an icon by thresholds, the last of which is the default. */
const thresholdFormatter = z.strictObject({
  columnMatch: z.string(),
  formatter: z.literal(18),
  formatOptions: z.strictObject({
    thresholdsOptions: z.literal("icons"),
    thresholdsGrid: z.array(threshold).refine((all) => all.at(-1)?.operator === "Default"),
  }),
});

/** 1: as text, 12: with a colour by its size. */
const tileContent = z.strictObject({
  columnMatch: z.string(),
  formatter: z.literal([1, 12]),
  formatOptions: z.strictObject({ palette: z.string() }).optional(),
  numberFormat: z
    .strictObject({
      unit: z.number().int(),
      options: z.strictObject({ style: z.literal("decimal"), maximumFractionDigits: z.number().int() }),
    })
    .optional(),
});

const query = z.strictObject({
  ...itemFields,
  type: z.literal(3),
  content: z
    .strictObject({
      version: z.literal("KqlItem/1.0"),
      query: z.string(),
      size: z.literal([0, 1, 2, 3, 4]),
      title: z.string(),
      noDataMessage: z.string().optional(),
      timeContext: timeContext.optional(),
      timeContextFromParameter: z.string().optional(),
      exportFieldName: z.string().optional(),
      exportParameterName: z.string().optional(),
      exportDefaultValue: z.string().optional(),
      showExportToExcel: z.boolean().optional(),
      ...logs,
      crossComponentResources: z.array(z.string()).length(1),
      visualization: z.enum(["table", "barchart", "tiles"]),
      gridSettings: z
        .strictObject({
          formatters: z.array(z.union([linkFormatter, thresholdFormatter])).optional(),
          rowLimit: z.number().int().max(10_000),
          filter: z.boolean(),
        })
        .optional(),
      tileSettings: z
        .strictObject({ titleContent: tileContent, leftContent: tileContent, showBorder: z.boolean() })
        .optional(),
      chartSettings: z
        .strictObject({
          seriesLabelSettings: z.array(z.strictObject({ seriesName: z.string(), color: z.string() })),
        })
        .optional(),
    })
    .refine(
      ({ timeContext: fixed, timeContextFromParameter: chosen }) =>
        (fixed === undefined) !== (chosen === undefined),
      "has one time range: a fixed one or a parameter's",
    ),
});

const group = z.strictObject({
  ...itemFields,
  type: z.literal(12),
  content: z.strictObject({
    version: z.literal("NotebookGroup/1.0"),
    groupType: z.literal("editable"),
    items: z.array(z.discriminatedUnion("type", [text, parameters, query])),
  }),
});

export const workbookShape = z.strictObject({
  version: z.literal("Notebook/1.0"),
  items: z.array(z.discriminatedUnion("type", [text, parameters, links, query, group])),
  fallbackResourceIds: z.array(z.string()),
  $schema: z.literal(
    "https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json",
  ),
});

export type Workbook = z.infer<typeof workbookShape>;
export type WorkbookItem = Workbook["items"][number];
export type QueryItem = z.infer<typeof query>;
