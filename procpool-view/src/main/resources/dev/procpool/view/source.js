// Where the page has its data from: a stream of server-sent events, read by fetch, since only so can
// the token go in a header. It is in the part of the URL that no browser sends anywhere.

const KEY = "procpool-token";

function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem(KEY, given); // a reload of this tab still has it
  }
  return given ?? sessionStorage.getItem(KEY) ?? "";
}

const token = takeToken();

function ask(path, options) {
  return fetch(path, { ...options, cache: "no-store", headers: { Authorization: "Bearer " + token } });
}

/** Has something done: gives what came of it, in words. Throws these if it was not done. */
export async function act(action, fields) {
  const answer = await ask("api/" + action + "?" + new URLSearchParams(fields), { method: "POST" });
  const words = (await answer.text()).trimEnd();
  if (!answer.ok) {
    throw new Error(words);
  }
  return words;
}

/** A pool's messages, until it is closed. Connects again when the connection is lost. */
export class Source {
  constructor(pool, onMessage, onLink) {
    this.pool = pool;
    this.onMessage = onMessage;
    this.onLink = onLink;
    this.told = -1;
    this.closing = new AbortController();
    this.run();
  }

  close() {
    this.closing.abort();
  }

  async run() {
    let wait = 500;
    while (!this.closing.signal.aborted) {
      let found = ["lost", "not connected: the program may have ended"];
      try {
        const answer = await ask("api/stream?pool=" + this.pool + "&since=" + this.told, {
          signal: this.closing.signal,
        });
        if (answer.status === 401 || answer.status === 403 || answer.status === 421) {
          this.onLink("refused", await answer.text());
          return;
        }
        if (!answer.ok) { // too many pages, say: that may pass
          const state = answer.status === 503 ? "full" : "status " + answer.status;
          found = [state, (await answer.text()).trim() || "the program answers with " + state];
          throw new Error(state);
        }
        wait = 500;
        this.onLink("live", "live");
        await this.read(answer.body.getReader());
      } catch (e) {
        if (this.closing.signal.aborted) {
          return;
        }
      }
      this.onLink(...found);
      await new Promise((next) => setTimeout(next, wait));
      wait = Math.min(wait * 2, 5000);
    }
  }

  async read(reader) {
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      text += decoder.decode(value, { stream: true });
      const events = text.split("\n\n");
      text = events.pop();
      for (const event of events) {
        if (event.startsWith("data: ")) {
          const message = JSON.parse(event.slice(6));
          this.told = message.tick;
          this.onMessage(message);
        }
      }
    }
  }
}
