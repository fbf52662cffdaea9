package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.Pool;
import dev.procpool.TaskSerializationException;
import dev.procpool.function.Task1;
import dev.procpool.local.ProcessPool;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A worker fetches what its class path does not have from the loader of the task's class. */
@ExtendWith(NoLeftovers.class)
class ClassFetchTest {

  /** A task with a class and a resource of its own, {@code /plugin/unit.txt}. */
  static final String PLUGIN =
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

  /** A class of a name that the class path has too, with other content. */
  private static final String TWIN =
      """
      package dev.procpool.testkit;

      public class Twin implements dev.procpool.function.Task1<Integer, String> {
        @Override
        public String call(Integer value) throws Exception {
          return "plug-in " + new Part(value) + ", " + Class.forName("dev.procpool.testkit.Twin$Part") + ", "
              + (Class.forName("dev.procpool.testkit.FileLatch").getClassLoader()
                  == ClassLoader.getSystemClassLoader());
        }

        record Part(int number) {}
      }
      """;

  private static final String SERVICE =
      """
      package plugin;

      import java.util.ServiceLoader;

      public class Services implements dev.procpool.function.Task1<Integer, String> {
        public interface Greeting {
          String text();
        }

        public static class Hello implements Greeting {
          @Override
          public String text() {
            return "hello";
          }
        }

        public static class Goodbye implements Greeting {
          @Override
          public String text() {
            return "goodbye";
          }
        }

        @Override
        public String call(Integer value) {
          StringBuilder texts = new StringBuilder();
          ServiceLoader.load(Greeting.class).forEach(found -> texts.append(found.text()).append(' '));
          return texts.toString();
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void aPluginsClassesAndResourcesAreFound() throws Exception {
    try (URLClassLoader plugins = doublers();
        Pool pool = ProcessPool.create(1)) {
      assertThat(pool.map(doubler(plugins), List.of(1, 2)))
          .containsExactly("Pair[value=1, twice=2] mm", "Pair[value=2, twice=4] mm");
    }
  }

  @Test
  void classesOfOneNameFromTwoLoadersDoNotMix() throws Exception {
    try (URLClassLoader first = doublers();
        Pool pool = ProcessPool.create(1)) {
      assertThat(pool.apply(doubler(first), 3)).isEqualTo("Pair[value=3, twice=6] mm");
      Files.writeString(folder.resolve("plugin/unit.txt"), " cm");
      try (URLClassLoader second = new Compiled(folder).loader()) {
        assertThat(pool.apply(doubler(second), 3)).isEqualTo("Pair[value=3, twice=6] cm");
      }
      assertThat(pool.apply(doubler(first), 3)).isEqualTo("Pair[value=3, twice=6] mm");
    }
  }

  @Test
  void aLoaderThatPrefersItsOwnClassesDoesSoInTheWorkerToo() throws Exception {
    Compiled twin = Compiled.of(folder, TWIN);
    try (URLClassLoader ownFirst = new OwnFirst(twin.url());
        Pool pool = ProcessPool.create(1)) {
      assertThat(pool.apply(new Twin(), 1)).isEqualTo("class path 1");
      assertThat(
              pool.apply(Compiled.<Task1<Integer, String>>make(ownFirst, Twin.class.getName()), 2))
          .isEqualTo("plug-in Part[number=2], class dev.procpool.testkit.Twin$Part, true");
      assertThat(pool.apply(new Twin(), 3)).isEqualTo("class path 3");
    }
  }

  @Test
  void servicesOfAPluginAreFound() throws Exception {
    Compiled services = Compiled.of(folder, SERVICE);
    Path declared = folder.resolve("META-INF/services/plugin.Services$Greeting");
    Files.createDirectories(declared.getParent());
    Files.writeString(declared, "plugin.Services$Hello\nplugin.Services$Goodbye\n");
    try (URLClassLoader plugins = services.loader();
        Pool pool = ProcessPool.create(1)) {
      Task1<Integer, String> task = Compiled.make(plugins, "plugin.Services");
      assertThat(pool.apply(task, 0)).isEqualTo("hello goodbye ");
    }
  }

  @Test
  void aClassRedefinedUnderItsNameIsHonouredByAWarmWorker() throws Exception {
    InMemory shell = new InMemory();
    shell.define(Compiled.of(Files.createDirectory(folder.resolve("1")), counting(1)));
    try (Pool pool = ProcessPool.create(1)) {
      Task1<Integer, String> task = Compiled.make(shell, "shell.Counting");
      assertThat(pool.map(task, List.of(1, 2))).containsExactly("version 1, 1", "version 1, 2");
      assertThat(pool.apply(task, 0)).as("the worker keeps its class").isEqualTo("version 1, 3");
      shell.define(Compiled.of(Files.createDirectory(folder.resolve("2")), counting(2)));
      assertThat(pool.apply(task, 0)).isEqualTo("version 2, 1");
      assertThat(pool.apply(task, 0)).as("the worker keeps its class").isEqualTo("version 2, 2");
    }
  }

  @Test
  void aClassWithoutAClassFileIsNamedWithTheWayOut() throws Exception {
    InMemory shell = new InMemory();
    shell.define(Compiled.of(folder, counting(1)));
    shell.keepsFiles = false;
    try (Pool pool = ProcessPool.create(1)) {
      Task1<Integer, String> task = Compiled.make(shell, "shell.Counting");
      Task1<Integer, String> lambda = lambdaOf(task);
      for (Task1<Integer, String> lost : List.of(task, lambda)) {
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(() -> pool.apply(lost, 0))
            .havingCause()
            .isInstanceOf(TaskSerializationException.class)
            .withMessageContaining("item 0: the task can't be deserialized in the worker: ")
            .withMessageContaining("class shell.Counting")
            .withMessageContaining(
                "a "
                    + InMemory.class.getName()
                    + " of the calling program, which keeps no class file of it")
            .withMessageContaining("builder().classPath(");
      }
      assertThat(pool.apply(() -> 1)).isEqualTo(1);
    }
  }

  @SuppressWarnings("unchecked") // the test knows what it compiled
  private static Task1<Integer, String> lambdaOf(Object counting) throws Exception {
    return (Task1<Integer, String>) counting.getClass().getMethod("lambda").invoke(null);
  }

  private static String counting(int version) {
    return """
    package shell;

    import dev.procpool.function.Task1;

    public class Counting implements Task1<Integer, String> {
      private static final long serialVersionUID = 1L;
      private static int calls;

      @Override
      public String call(Integer value) {
        return "version " + new Version().number() + ", " + ++calls;
      }

      public static Task1<Integer, String> lambda() {
        return x -> "lambda " + x;
      }
    }

    class Version {
      int number() {
        return %d;
      }
    }
    """
        .formatted(version);
  }

  private URLClassLoader doublers() throws Exception {
    URLClassLoader loader = Compiled.of(folder, PLUGIN).loader();
    Files.writeString(folder.resolve("plugin/unit.txt"), " mm");
    return loader;
  }

  private static Task1<Integer, String> doubler(ClassLoader loader) throws Exception {
    return Compiled.make(loader, "plugin.Doubler");
  }

  /** As application servers have them. */
  private static final class OwnFirst extends URLClassLoader {
    OwnFirst(URL url) {
      super(new URL[] {url});
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null && findResource(name.replace('.', '/') + ".class") != null) {
        return findClass(name);
      }
      return loaded == null ? super.loadClass(name, resolve) : loaded;
    }

    @Override
    public URL getResource(String name) {
      URL own = findResource(name);
      return own == null ? super.getResource(name) : own;
    }
  }

  /** As a shell has it: class files come from memory and may be replaced. */
  private static final class InMemory extends ClassLoader {
    private final Map<String, byte[]> files = new HashMap<>();
    private boolean keepsFiles = true;

    void define(Compiled compiled) throws Exception {
      for (String name : List.of("shell.Counting", "shell.Version")) {
        files.put(name.replace('.', '/') + ".class", compiled.file(name));
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] file = files.get(name.replace('.', '/') + ".class");
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, file, 0, file.length);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      byte[] file = keepsFiles ? files.get(name) : null;
      return file == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(file);
    }
  }
}
