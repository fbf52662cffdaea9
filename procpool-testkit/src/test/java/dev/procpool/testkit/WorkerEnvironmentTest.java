package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a worker finds in its environment. */
class WorkerEnvironmentTest extends ProcessPoolTest {

  @Test
  void nothingOfTheParentsButWhatIsNeeded() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .inheritEnvironment(false)
                .environment(Map.of("ADDED", "yes")));
    Set<String> names = pool.apply(() -> new TreeSet<>(System.getenv().keySet()));
    Set<String> expected = new TreeSet<>(System.getenv().keySet());
    assertThat(expected).as("something that is not needed").contains("HOME");
    expected.removeIf(name -> !name.matches("PATH|LANG|LANGUAGE|LC_.*|TZ|TMPDIR"));
    expected.add("ADDED");
    expected.add("PROCPOOL_WORKER"); // the processes that tasks start are found by it
    assertThat(names).isEqualTo(expected);
  }
}
