/** Where clients of the task hub find it. */
interface HubAddress {
  /** Host and port, e.g. `127.0.0.1:7071`. */
  readonly authority: () => string;
  readonly hubName: string;
  /** Key that links carry as `code`; absent: they carry none. */
  readonly key?: string;
}

export interface Links {
  /** Base of the management API, without trailing slash. */
  base(): string;
  /** The links to one instance, as the answer to its start names them. */
  toInstance(instanceId: string): Readonly<Record<string, string>>;
  /** Value of a `durableClient` binding, JSON text (extension `Bindings/BindingHelper.cs`). */
  clientBinding(): string;
}

const webhookPath = "/runtime/webhooks/durabletask";

/** Below an instance; the SDK fills in what is in braces. */
const instanceLinks = {
  statusQueryGetUri: "",
  sendEventPostUri: "/raiseEvent/{eventName}",
  terminatePostUri: "/terminate?reason={text}",
  rewindPostUri: "/rewind?reason={text}",
  purgeHistoryDeleteUri: "",
  restartPostUri: "/restart",
  suspendPostUri: "/suspend?reason={text}",
  resumePostUri: "/resume?reason={text}",
};

export function createLinks({ authority, hubName, key }: HubAddress): Links {
  const code = key === undefined ? [] : [`code=${key}`];
  const base = () => `http://${authority()}${webhookPath}`;
  const required = [`taskHub=${hubName}`, "connection=Storage", ...code].join("&");

  const linksTo = (instanceId: string) =>
    Object.fromEntries(
      Object.entries(instanceLinks).map(([name, rest]) => {
        const link = `${base()}/instances/${formEncoded(instanceId)}${rest}`;
        return [name, `${link}${link.includes("?") ? "&" : "?"}${required}`];
      }),
    );

  const creation = (...query: string[]) => {
    const all = [...query, ...code].join("&");
    return `${base()}/orchestrators/{functionName}[/{instanceId}]${all && `?${all}`}`;
  };

  return {
    base,
    toInstance(instanceId) {
      // The webhook's own answer leaves this one out.
      const { rewindPostUri, ...links } = linksTo(instanceId);
      return { id: instanceId, ...links };
    },
    clientBinding: () =>
      JSON.stringify({
        taskHubName: hubName,
        connectionName: null,
        creationUrls: {
          createNewInstancePostUri: creation(),
          createAndWaitOnNewInstancePostUri: creation(
            "timeout={timeoutInSeconds}",
            "pollingInterval={intervalInSeconds}",
          ),
        },
        managementUrls: { id: "INSTANCEID", ...linksTo("INSTANCEID") },
        baseUrl: base(),
        requiredQueryStringParameters: code.join("&"),
        // The SDK makes its calls here, without a key. A real host listens on a port of its own for them.
        rpcBaseUrl: `http://${authority()}/durabletask/`,
        httpBaseUrl: null,
        maxGrpcMessageSizeInBytes: null,
        grpcHttpClientTimeout: null,
      }),
  };
}

/** As .NET's `WebUtility.UrlEncode` does. */
const formEncoded = (text: string) => encodeURIComponent(text).replaceAll("%20", "+");
