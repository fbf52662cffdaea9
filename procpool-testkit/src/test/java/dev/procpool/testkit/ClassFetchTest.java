package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.function.Task1;
import dev.procpool.local.ProcessPool;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker fetches what its class path does not have from the loader of the task's class. */
class ClassFetchTest {

  private static final String PLUGIN =
      """
      package plugin;

      public class Doubler implements dev.procpool.function.Task1<Integer, String> {
        record Pair(int value, int twice) {}

        @Override
        public String call(Integer value) throws Exception {
          try (java.io.InputStream in = Doubler.class.getResourceAsStream("/plugin/unit.txt")) {
            return new Pair(value, 2 * value) + new String(in.readAllBytes());
          }
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void aPluginsClassesAndResourcesAreFound() throws Exception {
    try (URLClassLoader plugins = compiled();
        Pool pool = ProcessPool.create(1)) {
      assertThat(pool.map(doubler(plugins), List.of(1, 2)))
          .containsExactly("Pair[value=1, twice=2] mm", "Pair[value=2, twice=4] mm");
    }
  }

  @Test
  void classesOfOneNameFromTwoLoadersDoNotMix() throws Exception {
    try (URLClassLoader first = compiled();
        Pool pool = ProcessPool.create(1)) {
      assertThat(pool.apply(doubler(first), 3)).isEqualTo("Pair[value=3, twice=6] mm");
      Files.writeString(folder.resolve("plugin/unit.txt"), " cm");
      try (URLClassLoader second = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
        assertThat(pool.apply(doubler(second), 3)).isEqualTo("Pair[value=3, twice=6] cm");
      }
      assertThat(pool.apply(doubler(first), 3)).isEqualTo("Pair[value=3, twice=6] mm");
    }
  }

  private URLClassLoader compiled() throws Exception {
    Path source = folder.resolve("Doubler.java");
    Files.writeString(source, PLUGIN);
    String core = Path.of(codeOf(Task1.class)).toString();
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", core, "-d", folder.toString(), source.toString()))
        .isZero();
    Files.writeString(folder.resolve("plugin/unit.txt"), " mm");
    return new URLClassLoader(new URL[] {folder.toUri().toURL()});
  }

  private static URI codeOf(Class<?> type) throws Exception {
    return type.getProtectionDomain().getCodeSource().getLocation().toURI();
  }

  @SuppressWarnings("unchecked")
  private static Task1<Integer, String> doubler(ClassLoader loader) throws Exception {
    return (Task1<Integer, String>)
        loader.loadClass("plugin.Doubler").getDeclaredConstructor().newInstance();
  }
}
