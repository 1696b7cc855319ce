// Updates the page without reloading it: what people have opened, chosen or focused stays as it is.
const isTheirs = (node) => node.nodeName === "SELECT";

const keptAttributes = { DETAILS: "open", IFRAME: "style" };

function morph(fresh) {
  Idiomorph.morph(document.body, fresh.body, {
    morphStyle: "innerHTML",
    callbacks: {
      beforeNodeMorphed: (node) => !isTheirs(node),
      beforeAttributeUpdated: (name, element) => keptAttributes[element.nodeName] !== name,
    },
  });
}

async function update() {
  try {
    const response = await fetch(location.href);
    morph(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    document.getElementById("lost").hidden = false;
  }
}

function again() {
  const { updateMs } = document.querySelector("main").dataset;
  setTimeout(async () => {
    if (!document.hidden) await update();
    again();
  }, Number(updateMs));
}

again();
