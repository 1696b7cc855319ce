// Without this, a long comment has a scroll bar of its own.
function fitFrame(frame) {
  const root = frame.contentDocument?.documentElement;
  if (!root) return;
  frame.style.height = "0";
  frame.style.height = `${root.scrollHeight + 2}px`;
}

const fitAll = () => document.querySelectorAll("iframe").forEach(fitFrame);

// Load events do not bubble; a frame that comes later is heard all the same.
document.addEventListener("load", ({ target }) => target.nodeName === "IFRAME" && fitFrame(target), true);
addEventListener("resize", fitAll);
fitAll();
