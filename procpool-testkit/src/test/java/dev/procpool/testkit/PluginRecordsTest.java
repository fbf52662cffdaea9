package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.Pool;
import dev.procpool.Shared;
import dev.procpool.TaskSerializationException;
import dev.procpool.function.Task1;
import dev.procpool.local.ProcessPool;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Records of plug-ins, which no class path has and which are not serializable, as values. */
@ExtendWith(NoLeftovers.class)
class PluginRecordsTest {

  private static final String PARTS =
      """
      package plugin;

      import java.nio.file.Path;
      import java.util.*;

      public class Parts implements dev.procpool.function.Task1<Object, Object> {
        public enum Level { LOW, HIGH }

        public record Part(int number, Optional<String> name, Path at, Level level) {}

        public record Whole(List<Part> parts, Map.Entry<String, Part> entry, Object first) {}

        public static Object whole(int number) {
          Part part = new Part(number, Optional.of("a"), Path.of("b"), Level.HIGH);
          return new Whole(List.of(part, part), Map.entry("c", part), part);
        }

        public static Object simple(int number) {
          return new ArrayList<>(List.of(new Simple(number, Level.LOW), new Simple(2, null)));
        }

        public record Simple(int number, Level level) {}

        public static class OfShared implements dev.procpool.function.Task1<dev.procpool.Shared<Object>, Object> {
          @Override
          public Object call(dev.procpool.Shared<Object> shared) {
            return shared.get();
          }
        }

        @Override
        public Object call(Object x) {
          if (x instanceof Integer number) {
            return whole(number);
          }
          Object inner = x instanceof Map<?, ?> map ? map.get("whole") : x;
          if (inner instanceof Whole whole && whole.first() != whole.parts().get(1)) {
            throw new IllegalStateException("not one object any more");
          }
          return x;
        }
      }
      """;

  /** What a later version of the plug-in has. */
  private static final String LATER =
      PARTS.replace("Simple(int number, Level level)", "Simple(int number, Object level)");

  @TempDir Path folder;
  private URLClassLoader plugin;
  private Class<?> parts;
  private Task1<Object, Object> task;
  private Pool pool;

  @BeforeEach
  void start() throws Exception {
    plugin = Compiled.of(folder, PARTS).loader();
    parts = plugin.loadClass("plugin.Parts");
    task = Compiled.make(plugin, "plugin.Parts");
    pool = ProcessPool.create(1);
  }

  @AfterEach
  void end() throws Exception {
    pool.close();
    plugin.close();
  }

  private Object make(String method, int number) throws Exception {
    return parts.getMethod(method, int.class).invoke(null, number);
  }

  private void assertReturned(Object value) throws Exception {
    Object back = pool.apply(task, value);
    assertThat(back).isEqualTo(value).isNotSameAs(value); // and so of the classes of this loader
  }

  @Test
  void argumentsAndResults() throws Exception {
    assertThat(pool.apply(task, 5)).isEqualTo(make("whole", 5));
    assertReturned(make("whole", 1));
    assertReturned(make("simple", 1));
    assertReturned(new HashMap<>(Map.of("whole", make("whole", 2))));
    assertReturned(List.of(make("simple", 3), make("simple", 4)));
  }

  @Test
  void sharedValues() throws Exception {
    Task1<Shared<Object>, Object> ofShared = Compiled.make(plugin, "plugin.Parts$OfShared");
    for (Object value : List.of(make("whole", 1), make("simple", 1))) {
      try (Shared<Object> shared = pool.share(value)) {
        assertThat(pool.apply(ofShared, shared)).isEqualTo(value);
      }
    }
  }

  @Test
  void twoPluginsDoNotMix() throws Exception {
    Path other = Files.createDirectory(folder.resolve("later"));
    try (URLClassLoader later = Compiled.of(other, LATER).loader()) {
      Task1<Object, Object> laterTask = Compiled.make(later, "plugin.Parts");
      Object ofLater =
          later.loadClass("plugin.Parts").getMethod("simple", int.class).invoke(null, 1);
      assertReturned(make("simple", 1));
      assertThat(pool.apply(laterTask, ofLater)).isEqualTo(ofLater);
      assertReturned(make("simple", 1));
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> pool.apply(laterTask, make("simple", 1)))
          .havingCause()
          .isInstanceOf(TaskSerializationException.class)
          .withMessage(
              "item 0: the argument can't be deserialized in the worker: a class differs between"
                  + " sender and receiver: the components of plugin.Parts$Simple are number int;"
                  + "level java.lang.Object; here, number int;level plugin.Parts$Level; there");
    }
  }
}
