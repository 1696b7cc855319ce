import type { Indicator } from "../domain/indicator";
import type { Consultation, Provider } from "../domain/provider";
import type { Invocation } from "./invocation";

export interface ConsultInput {
  readonly providerId: string;
  readonly incidentId: string;
  /** At most 8, consulted side by side. */
  readonly batch: readonly {
    readonly indicator: Indicator;
    readonly continuation?: string;
    /** Whether a card is worth carrying for an indicator that turns out harmless. */
    readonly keepCard: boolean;
  }[];
}

export interface ConsultOutput {
  /** One per item of the batch, in its order. */
  readonly consultations: readonly Consultation[];
}

/** Asks one provider about a batch of indicators. Never throws: it is a branch of a fan-out. */
export function createConsult(providers: readonly Provider[]) {
  return async (input: ConsultInput, { log }: Invocation): Promise<ConsultOutput> => {
    const provider = providers.find(({ id }) => id === input.providerId);
    const consultations = await Promise.all(
      input.batch.map(async ({ indicator, continuation, keepCard }) =>
        withoutSurplusCard(await consultOne(provider, indicator, continuation), keepCard),
      ),
    );
    log("Consulted a provider", {
      incidentId: input.incidentId,
      provider: input.providerId,
      outcomes: consultations.map((c) => (c.kind === "final" ? c.outcome.kind : c.cause)),
    });
    return { consultations };
  };
}

async function consultOne(
  provider: Provider | undefined,
  indicator: Indicator,
  continuation: string | undefined,
): Promise<Consultation> {
  if (!provider) {
    return { kind: "final", outcome: { kind: "off", reason: "the provider is no longer part of this app" } };
  }
  try {
    return await provider.consult(indicator, continuation);
  } catch {
    return {
      kind: "again",
      cause: "fault",
      afterSeconds: 5,
      reason: "internal error in the provider's client",
    };
  }
}

/** Cards are carried by bad answers and by the first few others: the history of a run stays small. */
function withoutSurplusCard(consultation: Consultation, keepCard: boolean): Consultation {
  if (keepCard || consultation.kind !== "final" || consultation.outcome.kind !== "answered")
    return consultation;
  const { card, ...answer } = consultation.outcome.answer;
  if (card === undefined || answer.verdict === "malicious" || answer.verdict === "suspicious")
    return consultation;
  return { kind: "final", outcome: { kind: "answered", answer } };
}
