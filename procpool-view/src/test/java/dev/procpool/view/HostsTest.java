package dev.procpool.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.Pool;
import dev.procpool.inline.InlinePool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the page shows workers of several machines: the page's own table in a browser. */
class HostsTest {

  /** What the page would be told of a pool on two machines. */
  private static final String TABLE =
      """
      import('/workers.js').then(({WorkerTable}) => {
        const region = document.body.appendChild(document.createElement('div'));
        const element = region.appendChild(document.createElement('table'));
        const table = new WorkerTable(element, {});
        const worker = (n, host, item) =>
          ({n, host, pid: 100 + n, state: item ? 'BUSY' : 'IDLE', done: 1, memory: 1000000, lane: '', item});
        const item = {call: 1, index: 7, attempt: 1, ms: 5};
        table.take({workers: [worker(0, 'b.example', item), worker(1, 'a.example'), worker(2, 'b.example')]}, 0);
        table.draw({actions: false, tick: 1}, 240);
        const rows = () => [...element.querySelectorAll('tbody tr')].map(row => row.textContent);
        const both = rows();
        table.take({workers: [{n: 0, host: 'b.example', lane: ''}, worker(1, 'a.example'), {n: 2, host: 'b.example', lane: ''}]}, 0);
        table.draw({actions: false, tick: 2}, 240);
        const lost = rows();
        table.take({workers: [worker(1, 'a.example')]}, 0);
        table.draw({actions: false, tick: 3, host: 'a.example'}, 240);
        const own = rows();
        table.draw({actions: false, tick: 4, host: 'driver.example'}, 240);
        return {both, lost, own, other: rows()};
      })""";

  @TempDir Path profile;

  @Test
  void workersAreShownByHostIfThatIsNotTheProgramsOwn() throws Exception {
    assumeTrue(Browser.program().isPresent(), "no Chromium here: the live page is not tested");
    System.setProperty(ViewFiles.PROPERTY, "off");
    Browser browser = Browser.start(profile);
    try (Pool pool = InlinePool.create(1);
        PoolView view = PoolView.open(pool)) {
      browser.open(view.url());
      JsonNode told = browser.eval(TABLE);
      JsonNode rows = told.get("both");
      assertThat(rows).hasSize(5);
      assertThat(rows.get(0).asText()).startsWith("a.example – 1 worker, 0 busy");
      assertThat(rows.get(1).asText()).startsWith("#1");
      assertThat(rows.get(2).asText()).startsWith("b.example – 2 workers, 1 busy");
      assertThat(rows.get(3).asText()).startsWith("#0");
      assertThat(rows.get(4).asText()).startsWith("#2");
      assertThat(told.get("lost").get(2).asText())
          .as("those that are gone are shown, not counted")
          .startsWith("b.example – 0 workers, 0 busy");
      assertThat(told.get("lost")).hasSize(5);
      assertThat(told.get("own")).as("one machine, the program's own").hasSize(1);
      assertThat(told.get("other").get(0).asText()).startsWith("a.example – 1 worker");
      assertThat(browser.complaints).isEmpty();
    } finally {
      browser.close();
    }
  }
}
