// Without this, a long comment has a scroll bar of its own.
for (const frame of document.querySelectorAll("iframe")) {
  const toContent = () => {
    const root = frame.contentDocument?.documentElement;
    if (!root) return;
    frame.style.height = "0";
    frame.style.height = `${root.scrollHeight + 2}px`;
  };
  frame.addEventListener("load", toContent);
  addEventListener("resize", toContent);
  toContent();
}
