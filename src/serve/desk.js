(() => {
  let isBusy = false, isLate = false;
  const refresh = async () => {
    if (isBusy) {
      isLate = true;
      return;
    }
    isBusy = true;
    try {
      const answer = await fetch(location.pathname);
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The server is gone. When it is back, the connection is, too, and tells.
    }
    isBusy = false;
    if (isLate) {
      isLate = false;
      refresh();
    }
  };
  // What has not changed stays, with what is selected and scrolled in it.
  const show = (page) => {
    document.title = page.title;
    const focused = document.activeElement?.getAttribute("href");
    for (const part of ["header", "main"]) {
      const [old, now] = [document.querySelector(part), page.querySelector(part)];
      if (now && old.innerHTML !== now.innerHTML) old.replaceWith(now);
    }
    if (focused && document.activeElement === document.body) {
      const links = [...document.querySelectorAll("a")];
      links.find((link) => link.getAttribute("href") === focused)?.focus({ preventScroll: true });
    }
  };
  const listen = () => {
    const events = new EventSource("/_pressroom/events?desk=1");
    events.onmessage = refresh;
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
    };
    addEventListener("pagehide", () => events.close(), { once: true });
  };
  listen();
})();
