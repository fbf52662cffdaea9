package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.WorkerContext;
import dev.procpool.local.ProcessPool;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers without the class path of this process. */
class InheritClassPathTest extends ProcessPoolTest {

  record Part(int number) {}

  @TempDir Path folder;

  private static ProcessPool.Builder builder() {
    return ProcessPool.builder().workers(2).inheritClassPath(false);
  }

  private static boolean isOnClassPath(String className) {
    try {
      ClassLoader.getSystemClassLoader().loadClass(className);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  @Test
  void workersHaveProcpoolAlone() throws Exception {
    Pool pool = built(builder());
    String classPath = pool.apply(() -> System.getProperty("java.class.path"));
    assertThat(classPath).isEqualTo(Compiled.core().toString());
    assertThat(
            pool.map(
                InheritClassPathTest::isOnClassPath,
                List.of("dev.procpool.Pool", Part.class.getName(), "org.junit.jupiter.api.Test")))
        .containsExactly(true, false, false);
  }

  @Test
  void whatTasksNeedIsFetched() throws Exception {
    Pool pool =
        built(
            builder()
                .initializer(() -> WorkerContext.current().setState(Part.class, new Part(40))));
    assertThat(
            pool.map(
                part ->
                    new Part(part.number() + WorkerContext.current().state(Part.class).number()),
                List.of(new Part(1), new Part(2))))
        .containsExactly(new Part(41), new Part(42));
  }

  @Test
  void soDoPoolsThatTasksMake() throws Exception {
    Pool pool = built(builder());
    List<Part> parts =
        pool.apply(
            () -> {
              try (Pool inner = ProcessPool.create(1)) {
                return inner.map(i -> new Part(i + 1), List.of(1, 2));
              }
            });
    assertThat(parts).containsExactly(new Part(2), new Part(3));
  }

  @Test
  void whatIsAddedIsThere() throws Exception {
    Path more = Files.createDirectory(folder.resolve("more"));
    Compiled.of(more, "package more; public class More {}");
    Pool pool = built(builder().classPath(more));
    String classPath = pool.apply(() -> System.getProperty("java.class.path"));
    assertThat(classPath.split(File.pathSeparator))
        .containsExactlyInAnyOrder(more.toString(), Compiled.core().toString());
    assertThat(pool.map(InheritClassPathTest::isOnClassPath, List.of("more.More")))
        .containsExactly(true);
  }

  @Test
  void byDefaultTheyHaveIt() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1));
    assertThat(pool.map(InheritClassPathTest::isOnClassPath, List.of(Part.class.getName())))
        .containsExactly(true);
  }
}
