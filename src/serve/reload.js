(() => {
  const own = document.currentScript.dataset;
  const listen = () => {
    const query = new URLSearchParams({ path: own.path, tag: own.tag });
    const events = new EventSource("/_pressroom/events?" + query);
    events.onmessage = ({ data }) => {
      const word = JSON.parse(data);
      if (word.reload) location.reload();
      if (word.go) location.replace(word.go);
      for (const [from, to] of word.styles || []) swap(from, to);
      if ("trouble" in word) show(word.trouble);
    };
    // The server says no, or is gone for good: a new connection asks anew.
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
    };
    addEventListener("pagehide", () => events.close(), { once: true });
  };
  const swap = (from, to) => {
    for (const old of document.querySelectorAll('link[rel="stylesheet"]')) {
      if (old.getAttribute("href").split("#")[0].split("?pressroom=")[0] !== from) continue;
      const link = old.cloneNode();
      link.href = to + "?pressroom=" + Date.now();
      link.onload = () => old.remove();
      old.after(link);
    }
  };
  // The words are HTML that the server has escaped, with links to the places that they name.
  const show = (words) => {
    document.getElementById("pressroom-trouble")?.remove();
    if (!words) return;
    const page = document.getElementById("pressroom-mistakes");
    if (page) {
      page.innerHTML = words;
      return;
    }
    const box = document.createElement("div");
    box.id = "pressroom-trouble";
    box.setAttribute("role", "alert");
    const head = document.createElement("p");
    head.textContent = "The files have mistakes. Pages that they concern stay as they were. ";
    if (own.desk) {
      const desk = document.createElement("a");
      desk.href = own.desk;
      desk.textContent = "Desk";
      head.append(desk);
    }
    const what = document.createElement("pre");
    what.tabIndex = 0;
    what.innerHTML = words;
    box.append(head, what);
    document.body.append(box);
  };
  listen();
})();
