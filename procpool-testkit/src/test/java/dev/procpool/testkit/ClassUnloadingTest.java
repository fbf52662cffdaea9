package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.function.Task1;
import dev.procpool.local.ProcessPool;
import java.lang.ref.WeakReference;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the tasks of a plug-in are gone, so are its loader and classes, here and in the workers. */
class ClassUnloadingTest {

  private static final String PLUGIN =
      """
      package plugin;

      public class Remembered implements dev.procpool.function.Task1<Integer, Integer> {
        @Override
        public Integer call(Integer value) throws Exception {
          Class<?> memory = Class.forName("dev.procpool.testkit.ClassUnloadingTest$Memory");
          memory.getMethod("add", Class.class).invoke(null, Remembered.class);
          return value;
        }
      }
      """;

  /** Soft references, which the JDK's serialization keeps on 17, go with each collection. */
  private static final List<String> NO_SOFT_REFERENCES = List.of("-XX:SoftRefLRUPolicyMSPerMB=0");

  /** What a worker saw; on its class path, so it outlives the plug-in. */
  public static final class Memory {
    private static volatile WeakReference<Class<?>> seen = new WeakReference<>(null);

    private Memory() {}

    /** Remembers a class without holding it. */
    public static void add(Class<?> type) {
      seen = new WeakReference<>(type);
    }

    static boolean isLoaded() {
      System.gc();
      return seen.get() != null;
    }
  }

  /** The program whose plug-in comes and goes. */
  static final class Host {

    private Host() {}

    public static void main(String[] args) throws Exception {
      Compiled compiled = new Compiled(Path.of(args[0]));
      try (Pool pool = ProcessPool.builder().workers(1).jvmOptions(NO_SOFT_REFERENCES).build()) {
        URLClassLoader plugin = compiled.loader();
        WeakReference<ClassLoader> reference = new WeakReference<>(plugin);
        use(plugin, pool);
        System.out.println("in use: " + pool.apply(Memory::isLoaded));
        plugin.close();
        plugin = null;
        System.out.println("released here: " + comesTrue(() -> reference.get() == null));
        System.out.println("released there: " + comesTrue(() -> !pool.apply(Memory::isLoaded)));
      }
    }

    private static void use(ClassLoader plugin, Pool pool) throws Exception {
      Task1<Integer, Integer> task = Compiled.make(plugin, "plugin.Remembered");
      System.out.println(pool.map(task, List.of(1, 2, 3)));
      System.out.println(pool.applyAsync(task, 4).get());
    }

    private static boolean comesTrue(Callable<Boolean> condition) throws Exception {
      for (int i = 0; i < 500; i++) {
        System.gc();
        if (condition.call()) {
          return true;
        }
        Thread.sleep(10); // collection and the cleaner's thread announce nothing
      }
      return false;
    }
  }

  @TempDir Path folder;

  @Test
  void aPluginIsReleasedHereAndInTheWorkers() throws Exception {
    Compiled.of(folder, PLUGIN);
    List<String> options =
        List.of(NO_SOFT_REFERENCES.get(0), "-Xmx64m", "-cp", System.getProperty("java.class.path"));
    try (ChildJvm host = new ChildJvm(folder, options, Host.class, folder.toString())) {
      assertThat(host.exitCode()).as(host.errors()).isZero();
      assertThat(host.output())
          .containsExactly(
              "[1, 2, 3]", "4", "in use: true", "released here: true", "released there: true");
      assertThat(host.files()).isEmpty();
    }
  }
}
