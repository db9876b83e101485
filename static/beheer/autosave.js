// Keeps what somebody types every few seconds, until the form is sent. Without it nothing is
// missing but that: the form works, and a session that ends loses nothing.
const form = document.querySelector("form[data-autosave]");
if (form) {
  const PAUSE = 4000;
  const line = document.createElement("p");
  line.className = "beheer-quiet";
  line.setAttribute("role", "status");
  form.append(line);
  let timer = null;
  let running = null;
  let isSent = false;

  const keep = async () => {
    const data = new FormData(form);
    data.append("_path", new URL(form.action).pathname);
    running = new AbortController();
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: data,
        signal: running.signal,
        redirect: "error",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      line.textContent = (await answer.json()).text;
    } catch {
      if (!isSent) line.textContent = "Tussentijds bewaren lukt nu niet. Sla zelf op.";
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(timer);
    running?.abort();
  });
}
